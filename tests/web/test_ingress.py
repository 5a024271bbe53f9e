"""The page in a frame of Home Assistant, and behind any proxy that asks for a login itself."""

import http.client
import time

from selenium.webdriver.common.by import By

from tests.support.program import run_program, wait_until
from tests.web.ingress import ingress
from tests.web.page import served, state, text, until


def asked_from(address: str, port: int, host: str) -> int:
    """The status of an answer to a client with this address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, source_address=(address, 0))
    connection.request("GET", "/about", headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status


def test_home_assistant_shows_it_in_a_frame(tmp_path, mosquitto, browser):
    mosquitto.publish("mood/availability", "online", "-r")
    mosquitto.publish("mood/current", state(), "-r")
    with (
        served(tmp_path, mosquitto, MOODSTREAM_WEB_PROXIES="127.0.0.1") as page,
        ingress(page.port) as port,
        mosquitto.subscriber("mood/set") as heard,
    ):
        browser.get(f"http://homeassistant.localhost:{port}/")
        browser.switch_to.frame(0)
        until(browser, "#word", "happy")
        begun_s = time.monotonic()
        mosquitto.publish("mood/current", state(mood="sad"))
        until(browser, "#word", "sad")
        assert time.monotonic() - begun_s < 1
        browser.find_element(By.ID, "pause").click()
        wait_until(lambda: "pause" in heard)
        browser.find_element(By.CSS_SELECTOR, "[data-view=history]").click()
        until(browser, "#past-title", "20")
        browser.find_element(By.CSS_SELECTOR, "[data-view=now]").click()
        page.stop()
        until(browser, "#banner", "lost its server")
        page.start()
        mosquitto.publish("mood/current", state(mood="angry"), "-r")
        until(browser, "#word", "angry")
        wait_until(lambda: not text(browser, "#banner"))
        browser.switch_to.default_content()


def test_only_the_proxy_is_served(tmp_path, mosquitto):
    with served(tmp_path, mosquitto, MOODSTREAM_WEB_PROXIES="127.0.0.1,::1") as page:
        for host in ("homeassistant.local:8123", "house.duckdns.org", ""):
            assert asked_from("127.0.0.1", page.port, host) == 200
            assert asked_from("127.0.0.2", page.port, host) == 403
        # Other pages cannot command through the proxy either.
        body = {"room": "mood", "command": "pause"}
        assert page.post("/command", body, Origin="http://evil.example")[0] == 403


def test_an_address_of_a_proxy_is_checked():
    result = run_program("web", env={"MOODSTREAM_WEB_PROXIES": "proxy.local", "PATH": "/usr/bin"})
    assert result.returncode == 78
    assert "web.proxies" in result.stderr
