"""The live page in a real browser."""

import json
import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.support.program import wait_until
from tests.web.page import prefer, sized, state, text, took_s, until, without_mood


def hear(mosquitto, payload: str) -> None:
    mosquitto.publish("mood/availability", "online", "-r")
    mosquitto.publish("mood/current", payload, "-r")


def test_a_message_is_shown_within_a_second(page, mosquitto, browser):
    hear(mosquitto, state())
    browser.get(page.url)
    until(browser, "#word", "happy")
    begun_s = time.monotonic()
    mosquitto.publish("mood/current", state(mood="sad", confidence=0.7))
    until(browser, "#word", "sad")
    assert took_s(begun_s) < 1
    assert "70 % sure" in text(browser, "#sub")
    assert browser.title == "sad · kitchen"
    assert text(browser, "#heard-note") == "These models do not tell voice from music."
    mosquitto.publish("mood/current", state(heard={"voice": 0.1, "music": 0.9, "other": 0.0}))
    until(browser, "#heard", "90 %", 5)
    assert "\N{MINUS SIGN}18 dB" in text(browser, "#heard")
    assert "83 %" in text(browser, "#scores")
    assert "valence +0.62, arousal \N{MINUS SIGN}0.41" in browser.find_element(
        By.ID, "plane"
    ).get_attribute("aria-label")


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("silence", "silence"),
        ("other", "other"),
        ("uncertain", "uncertain"),
        ("no_audio", "no audio"),
        ("paused", "paused"),
        ("warming_up", "listening"),
    ],
)
def test_each_status_has_its_word_and_its_pattern(page, mosquitto, browser, status, word):
    browser.get(page.url)
    hear(mosquitto, without_mood(status))
    until(browser, "#word", word)
    wait_until(lambda: browser.find_elements(By.CSS_SELECTOR, f"#hour rect.k-{status}"))
    fill = browser.execute_script(
        "return getComputedStyle(document.querySelector(arguments[0])).fill",
        f"#hour rect.k-{status}",
    )
    assert f"p-{status}" in fill
    assert browser.find_elements(By.CSS_SELECTOR, f"#p-{status}")


def test_absences_are_told_apart(page, mosquitto, browser):
    browser.get(page.url)
    hear(mosquitto, state())
    until(browser, "#word", "happy")
    until(browser, "#word", "not heard from", 20)  # after 15 seconds without a message
    assert "Last heard 1" in text(browser, "#sub")
    assert not browser.find_element(By.ID, "pause").is_enabled()
    hear(mosquitto, state())
    until(browser, "#word", "happy")
    mosquitto.publish("mood/availability", "offline", "-r")
    until(browser, "#word", "switched off")
    mosquitto.kill()
    until(browser, "#word", "broker away")
    until(browser, "#banner", "Broker not reached")  # "Broker disconnected" until it is tried again
    keys = browser.execute_script(
        "return [...document.querySelectorAll('#hour rect[class]')].map((r) => r.className.baseVal)"
    )
    assert "k-unheard" in keys
    mosquitto.start()
    hear(mosquitto, state(mood="calm"))
    until(browser, "#word", "calm", 30)


def test_pause_and_resume_are_all_that_is_published(page, mosquitto, browser):
    hear(mosquitto, state())
    with mosquitto.subscriber("#", "-v") as heard:
        browser.get(page.url)
        until(browser, "#word", "happy")
        browser.find_element(By.ID, "pause").click()
        wait_until(lambda: "mood/set pause" in heard)
        mosquitto.publish("mood/current", without_mood("paused"))
        until(browser, "#pause", "Resume listening")
        assert text(browser, "#asked") == ""
        browser.find_element(By.ID, "pause").click()
        wait_until(lambda: "mood/set resume" in heard)
        time.sleep(0.5)
        sent = [line for line in heard if line.split()[0] not in ("mood/current", "sign")]
        sent = [line for line in sent if not line.startswith("mood/availability")]
        assert sent == ["mood/set pause", "mood/set resume"]


def test_the_page_recovers_from_a_restart_of_its_server(page, mosquitto, browser):
    hear(mosquitto, state())
    browser.get(page.url)
    until(browser, "#word", "happy")
    page.stop()
    until(browser, "#banner", "lost its server")
    page.start()
    hear(mosquitto, state(mood="angry"))
    until(browser, "#word", "angry")
    wait_until(lambda: not browser.find_element(By.ID, "banner").is_displayed())
    # The last hour is remembered, with the time in which the page did not run.
    keys = browser.execute_script(
        "return [...document.querySelectorAll('#hour rect[class]')].map((r) => r.className.baseVal)"
    )
    assert "k-happy" in keys


def test_it_fits_a_phone_and_needs_no_mouse(page, mosquitto, browser):
    hear(mosquitto, state())
    sized(browser, 360, 740)
    try:
        browser.get(page.url)
        until(browser, "#word", "happy")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
        reached = []
        for _ in range(12):
            browser.switch_to.active_element.send_keys(Keys.TAB)
            reached.append(browser.switch_to.active_element)
        names = [element.get_attribute("id") for element in reached]
        assert {"pause", "hour"} <= set(names)
        hour = reached[names.index("hour")]
        hour.send_keys(Keys.HOME)
        assert hour.get_attribute("aria-valuenow") == "0"
        hear(mosquitto, state())
        hour.send_keys(Keys.END)
        wait_until(lambda: "happy" in hour.get_attribute("aria-valuetext"))
        outline = "return getComputedStyle(document.activeElement).outlineStyle"
        assert browser.execute_script(outline) == "solid"
    finally:
        sized(browser, 1280)


def test_dark_light_and_reduced_motion(page, mosquitto, browser):
    hear(mosquitto, state())
    browser.get(page.url)
    until(browser, "#word", "happy")
    ground = "return getComputedStyle(document.body).backgroundColor"
    prefer(browser, color_scheme="light")
    light = browser.execute_script(ground)
    prefer(browser, color_scheme="dark", reduced_motion="reduce")
    assert browser.execute_script(ground) != light
    moving = "return getComputedStyle(document.querySelector(arguments[0])).animationName"
    assert browser.execute_script(moving, "#pulse") == "none"
    prefer(browser, color_scheme="light", reduced_motion="no-preference")
    assert browser.execute_script(moving, "#pulse") == "breathe"


def test_the_health_is_shown(page, mosquitto, browser):
    hear(mosquitto, state())
    health = {"v": 1, "version": "9.8.7", "uptime_s": 7200, "cpu_s": 72, "memory_mb": 81.5}
    mosquitto.publish("mood/health", json.dumps(health), "-r")
    browser.get(page.url)
    until(browser, "#health", "9.8.7")
    for shown in ("2 h", "81.5 MB", "1.0 % of a core"):
        assert shown in text(browser, "#health")


def test_text_from_the_broker_is_no_markup(page, mosquitto, browser):
    hear(mosquitto, state(source="<img src=x onerror=document.title='owned'>"))
    browser.get(page.url)
    until(browser, "#source", "<img src=x")
    assert not browser.find_elements(By.CSS_SELECTOR, "#source img")
