"""Many rooms: the list, the metrics, and five hundred of them."""

import json
import re
import subprocess
import time

from paho.mqtt import client as paho
from selenium.webdriver.common.by import By

from tests.support.program import program, wait_until
from tests.web.page import served, state, text, until, without_mood

HEALTH = json.dumps(
    {"v": 1, "version": "1.2.3", "lost_samples": 7, "cpu_s": 3.5, "memory_mb": 80.5, "uptime_s": 9}
)


def metrics(page):
    found = {}
    for line in page.ask("/metrics")[2].decode().splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


def test_silent_rooms_come_first(tmp_path, mosquitto, browser):
    for room in ("bath", "den", "kitchen"):
        mosquitto.publish(f"home/{room}/mood/availability", "online", "-r")
    mosquitto.publish("home/attic/mood/availability", "offline", "-r")
    mosquitto.publish("home/bath/mood/current", state(), "-r")
    mosquitto.publish("home/den/mood/current", state(mood="calm"), "-r")
    mosquitto.publish("home/kitchen/mood/current", without_mood("no_audio"), "-r")
    mosquitto.publish("home/den/mood/health", HEALTH, "-r")
    mosquitto.publish("elsewhere/mood/current", state(), "-r")
    with served(tmp_path, mosquitto, MOODSTREAM_WEB_PREFIXES="home/+/mood") as page:
        wait_until(lambda: b"home/den/mood" in page.ask("/about")[2])
        browser.get(page.url)
        until(browser, "#rows", "calm")
        rows = [row.text for row in browser.find_elements(By.CSS_SELECTOR, "#rows tr")]
        assert [row.split("/")[1] for row in rows] == ["attic", "kitchen", "bath", "den"]
        assert "switched off" in rows[0]
        assert rows[3].endswith("1.2.3")
        assert text(browser, "#rooms-sub") == "4 rooms, 2 of them away or without audio."
        browser.find_element(By.ID, "find").send_keys("KIT")
        wait_until(lambda: len(browser.find_elements(By.CSS_SELECTOR, "#rows tr")) == 1)
        browser.find_element(By.LINK_TEXT, "home/kitchen/mood").click()
        until(browser, "#word", "no audio")
        mosquitto.publish("home/den/mood/current", state(mood="sad"))
        browser.get(f"{page.url}#now=home%2Fden%2Fmood")
        until(browser, "#word", "sad")


def test_the_metrics_are_of_each_room(tmp_path, mosquitto):
    mosquitto.publish("home/den/mood/availability", "online", "-r")
    mosquitto.publish("home/den/mood/health", HEALTH, "-r")
    mosquitto.publish("home/den/mood/current", state(), "-r")
    with served(tmp_path, mosquitto, MOODSTREAM_WEB_PREFIXES="home/+/mood") as page:
        room = 'room="home/den/mood"'
        wait_until(lambda: metrics(page).get(f"moodstream_up{{{room}}}") == 1)
        found = metrics(page)
        assert found["moodstream_broker_up"] == 1
        assert found[f'moodstream_state{{key="happy",{room}}}'] == 1
        assert found[f"moodstream_valence{{{room}}}"] == 0.62
        assert found[f"moodstream_lost_samples_total{{{room}}}"] == 7
        assert found[f"moodstream_cpu_seconds_total{{{room}}}"] == 3.5
        assert found[f'moodstream_daemon_info{{{room},version="1.2.3"}}'] == 1
        assert found[f"moodstream_age_seconds{{{room}}}"] < 20
        checked = subprocess.run(
            [program("promtool"), "check", "metrics"],
            input=page.ask("/metrics")[2],
            capture_output=True,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        mosquitto.publish("home/den/mood/availability", "offline", "-r")
        wait_until(lambda: metrics(page)[f"moodstream_up{{{room}}}"] == 0)
        assert f"moodstream_valence{{{room}}}" not in metrics(page)


def test_missing_events_are_counted_and_repeated_ones_ignored(tmp_path, mosquitto):
    with served(tmp_path, mosquitto) as page:
        for seq in (4, 5, 5, 8, 8, 6):
            event = json.loads(state())
            event |= {"seq": seq, "time": f"2026-11-22T20:15:0{seq}.250Z"}
            mosquitto.publish("mood/event", json.dumps(event))
        wait_until(lambda: metrics(page)['moodstream_missing_events_total{room="mood"}'] == 2)
        time.sleep(1.5)
        assert metrics(page)['moodstream_missing_events_total{room="mood"}'] == 2


def test_five_hundred_rooms_at_two_states_a_second(tmp_path, mosquitto):
    rooms, seconds = 500, 10
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", mosquitto.port)
    client.loop_start()
    for n in range(rooms):
        client.publish(f"home/{n}/mood/availability", "online", 1)
    with served(tmp_path, mosquitto, MOODSTREAM_WEB_PREFIXES="home/+/mood") as page:
        payload, begun_s = state(), time.monotonic()
        for sent in range(2 * rooms * seconds):
            client.publish(f"home/{sent % rooms}/mood/current", payload)
            time.sleep(max(0.0, begun_s + sent / (2 * rooms) - time.monotonic()))
        found = metrics(page)
        ages = [v for name, v in found.items() if re.match(r"moodstream_age_seconds\{", name)]
        assert len(ages) == rooms
        assert max(ages) < 3
        client.disconnect()
        client.loop_stop()


def test_prometheus_takes_the_alert_rules():
    command = [program("promtool"), "check", "rules", "docs/moodstream-alerts.yml"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_dashboard_asks_for_metrics_that_exist(tmp_path, mosquitto):
    mosquitto.publish("mood/availability", "online", "-r")
    mosquitto.publish("mood/health", HEALTH, "-r")
    mosquitto.publish("mood/current", state(), "-r")
    with served(tmp_path, mosquitto) as page:
        wait_until(lambda: 'moodstream_up{room="mood"}' in metrics(page))
        known = {name.partition("{")[0] for name in metrics(page)}
        text_ = page.ask("/metrics")[2].decode()
        known |= set(re.findall(r"^# TYPE (\w+)", text_, re.MULTILINE))
        for path in ("docs/moodstream-dashboard.json", "docs/moodstream-alerts.yml"):
            with open(path, encoding="utf-8") as file:  # noqa: PTH123
                named = set(re.findall(r"moodstream_\w+", file.read()))
            assert named
            assert named <= known, path
