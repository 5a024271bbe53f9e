"""The page as a whole program, and a browser in front of it."""

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from moodstream.messages.published import timestamp
from tests.support.messages import HAPPY
from tests.support.mosquitto import Mosquitto
from tests.support.program import MOODSTREAM, free_port, program, wait_until

ALWAYS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
"""Arguments of a browser without a screen."""


class Page:
    """`moodstream web` on a free port."""

    def __init__(self, directory: Path, broker_url: str, **settings: str) -> None:
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}/"
        self.state = directory / "state"
        self._log = directory / "web.log"
        self._command = [*MOODSTREAM, "web", "--broker", broker_url, "--port", str(self.port)]
        self._environment = {**os.environ, "STATE_DIRECTORY": str(self.state), **settings}

    def start(self) -> None:
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log
            )
        wait_until(lambda: self.process.poll() is not None or self._answers(), 60)
        assert self.process.poll() is None, self.log

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        status = self.process.wait(10)
        assert "Traceback" not in self.log
        return status

    @property
    def log(self) -> str:
        return self._log.read_text()

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
        """The status, the headers and the body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def post(self, path: str, body: object, **headers: str):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask(path, "POST", content, **{"Origin": f"http://{self.host}", **headers})

    def _answers(self) -> bool:
        try:
            return self.ask("/about")[0] in (200, 401)
        except OSError:
            return False


@contextmanager
def served(directory: Path, broker: Mosquitto | str, **settings: str) -> Iterator[Page]:
    page = Page(directory, broker if isinstance(broker, str) else broker.url, **settings)
    try:
        page.start()
        yield page
    finally:
        if page.process.poll() is None:
            assert page.stop() == 0


def state(**changes) -> str:
    """A state of this moment."""
    now = timestamp(datetime.now(UTC))
    return json.dumps(HAPPY | {"time": now, "since": now} | changes)


def without_mood(status: str) -> str:
    nothing = dict.fromkeys(("mood", "confidence", "quadrant", "valence", "arousal", "scores"))
    return state(status=status, **nothing)


@contextmanager
def chromium(*arguments: str, width: int = 1280) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in (*ALWAYS, *arguments):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
    try:
        sized(driver, width)
        yield driver
    finally:
        driver.quit()


def sized(driver: webdriver.Chrome, width: int, height: int = 900) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def prefer(driver: webdriver.Chrome, **features: str) -> None:
    wanted = [
        {"name": f"prefers-{name.replace('_', '-')}", "value": value}
        for name, value in features.items()
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})


def text(driver: webdriver.Chrome, selector: str) -> str:
    return driver.execute_script(
        "return document.querySelector(arguments[0]).textContent", selector
    )


def until(driver: webdriver.Chrome, selector: str, wanted: str, timeout_s: float = 20.0) -> None:
    wait_until(lambda: wanted in text(driver, selector), timeout_s)


def took_s(begun_s: float) -> float:
    return time.monotonic() - begun_s
