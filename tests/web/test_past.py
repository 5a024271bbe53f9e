"""The history on the page, in a real browser, and what it costs."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from selenium.webdriver.common.by import By

from moodstream.history.calendar import start
from moodstream.history.columns import COLUMNS, KEYS
from moodstream.history.database import NAME, Database, Event
from moodstream.history.reading import opened
from tests.history.conftest import happy_minute, span
from tests.support.program import wait_until
from tests.web.page import served, sized, state, text, until

TODAY = datetime.now().astimezone().date()
YESTERDAY = TODAY - timedelta(days=1)


def ask(page, view, first, room="mood"):
    status, _, body = page.ask(f"/history?room={room}&view={view}&first={first}")
    assert status == 200, body
    return json.loads(body)


def pick(browser, field, day):
    browser.execute_script(
        "const f = document.getElementById(arguments[0]); f.value = arguments[1];"
        "f.dispatchEvent(new Event('change'))",
        field,
        f"{day}",
    )


@pytest.fixture
def recorded(tmp_path):
    database = Database(tmp_path / "state" / NAME)
    first = start(YESTERDAY) // 60
    database.write(
        [(first + 600 + i, "mood", happy_minute()) for i in range(90)]
        + [(first + 720 + i, "mood", span(silence_s=60)) for i in range(60)]
        + [(first - 1440 + 600 + i, "mood", span(sad_s=60)) for i in range(30)],
        [Event((first + 600) * 60000, "mood", "happy", 1, missing=2)],
    )
    database.close()


def test_a_day_a_week_and_a_year_are_shown(tmp_path, mosquitto, recorded, browser):
    with served(tmp_path, mosquitto) as page:
        browser.get(f"{page.url}#history=mood")
        wait_until(lambda: text(browser, "#past-title"))
        pick(browser, "first", YESTERDAY)
        until(browser, "#past-sub", "Mostly happy. 2 h 30 min known")
        shares = browser.find_element(By.CSS_SELECTOR, "#past-charts svg.strip")
        assert shares.get_attribute("aria-label") == "happy 1 h 30 min, silence 1 h"
        assert len(browser.find_elements(By.CSS_SELECTOR, ".uplot canvas")) == 2
        assert "2 missing before" in text(browser, "#past-charts")
        pick(browser, "other", YESTERDAY - timedelta(days=1))
        until(browser, "#past-charts", "sad")
        assert len(browser.find_elements(By.CSS_SELECTOR, "#past-charts svg.strip")) == 2
        assert "compared" in text(browser, "#past-charts")
        for view in ("week", "year"):
            browser.find_element(By.CSS_SELECTOR, f"[data-span={view}]").click()
            until(browser, "#past-charts", "happy")
        sized(browser, 360, 740)
        try:
            wide = "return document.documentElement.scrollWidth"
            wait_until(lambda: browser.execute_script(wide) <= 360)
        finally:
            sized(browser, 1280)
        pick(browser, "first", "2020-01-01")
        until(browser, "#past-sub", "Nothing was recorded then.")


def test_minutes_are_written_and_gaps_stay(tmp_path, mosquitto):
    with served(tmp_path, mosquitto) as page:
        mosquitto.publish("mood/availability", "online", "-r")
        mosquitto.publish("mood/current", state(level_dbfs=-20.0))
        mosquitto.publish("mood/event", state(seq=3))
        time.sleep(3)
    # What was heard is written at the end, too.
    with opened(page.state / NAME) as history:
        (row,) = [*history.spans(0, 1 << 40, 1 << 30, None)]
        events = [event.key for event in history.events(0, 1 << 40, None)]
    assert 2 <= row.span["happy_s"] <= 4
    assert row.span["level_sum"] == pytest.approx(-20 * row.span["level_s"], abs=20)
    assert events.count("happy") >= 1
    assert events[-1] == "unknown"


def test_two_years_load_in_time(tmp_path, mosquitto):
    database = Database(tmp_path / "state" / NAME)
    now = int(datetime.now(UTC).timestamp()) // 60
    row = dict.fromkeys(COLUMNS, 20)
    database.write([(now - i, "mood", row) for i in range(730 * 1440)], [])
    database.tidy(now * 60, 730, 90)
    database.close()
    with served(tmp_path, mosquitto) as page:
        wait_until(lambda: page.ask("/about")[0] == 200)
        for view, rows in (("year", 300), ("week", 1), ("day", 280)):
            first = TODAY - timedelta(days=366 if view == "year" else 8)
            took_s = []
            for _ in range(3):
                begun_s = time.perf_counter()
                found = ask(page, view, first)
                took_s.append(time.perf_counter() - begun_s)
            assert len(found["rows"]) >= rows
            assert all(len(one[2]) == len(KEYS) for one in found["rows"])
            assert min(took_s) < 0.2


@pytest.mark.parametrize(
    "query",
    [
        "view=month&first=2026-11-22",
        "view=day",
        "view=day&first=2026-02-30",
        "view=day&first=0001-01-01",
        "view=year&first=9999-12-31",
        "view=day&first=2026-11-22&room=%2B",
        "view=day&first=2026-11-22",
    ],
)
def test_wrong_questions_are_refused(page, query):
    status, _, body = page.ask(f"/history?{query}")
    assert status == 400
    assert body


def test_a_damaged_history_stops_no_page(tmp_path, mosquitto):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / NAME).write_bytes(b"this is no database" * 999)
    with served(tmp_path, mosquitto) as page:
        wait_until(lambda: [*page.state.glob("history.db.damaged-*")])
        assert ask(page, "day", YESTERDAY)["rows"] == []
        assert "the history is damaged" in page.log


def test_without_a_place_there_is_a_page_without_history(tmp_path, mosquitto, browser):
    (tmp_path / "file").write_text("")
    with served(tmp_path, mosquitto, STATE_DIRECTORY=f"{tmp_path}/file/state") as page:
        mosquitto.publish("mood/availability", "online", "-r")
        mosquitto.publish("mood/current", state(), "-r")
        browser.get(page.url)
        until(browser, "#word", "happy")
        assert ask(page, "day", YESTERDAY)["rows"] == []
