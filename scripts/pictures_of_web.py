"""Make docs/pictures/web-*.png: the page of a real `moodstream demo` in a real browser.

Usage: python scripts/pictures_of_web.py [DIRECTORY]

It starts a mosquitto on a free port, `moodstream demo` with the bundled recording, and
`moodstream web`. The history is made up: the moods that `moodstream replay` hears in the recording,
each stretched twelvefold, in the mornings and evenings of the last week, and silence between them.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from picture_of_watch import mosquitto, running
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from moodstream.audio.demo import RECORDING
from moodstream.history.calendar import DAY_S, midnight
from moodstream.history.columns import COLUMNS
from moodstream.history.database import NAME, Database, Event

OUTPUT = Path(__file__).resolve().parents[1] / "docs" / "pictures"
MOODSTREAM = [sys.executable, "-m", "moodstream"]
ROOM = "home/livingroom/mood"
DAYS = 8
HEARD_AT = ((7, 9), (12, 13), (18, 23))
"""Hours of each day in which the recording plays."""
STRETCH = 12
"""Seconds that each second of the recording lasts in the history."""
SECONDS = 90
"""Seconds that the demo plays before the first picture."""
PICTURES = (
    ("web-now", 1280, "light", f"#now={ROOM}"),
    ("web-now-dark", 1280, "dark", f"#now={ROOM}"),
    ("web-phone", 360, "light", f"#now={ROOM}"),
    ("web-history", 1280, "light", f"#history={ROOM}"),
)


def main() -> None:
    """Run the programs, and write the pictures."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    seconds = float(os.environ.get("SECONDS_OF_SOUND", SECONDS))
    broker_port, port = _free_port(), _free_port()
    url = f"mqtt://127.0.0.1:{broker_port}"
    environment = {**os.environ, "MOODSTREAM_AUDIO_NAME": "living room"}
    common = ["--broker", url, "--prefix", ROOM]
    with tempfile.TemporaryDirectory() as folder, mosquitto(broker_port, Path(folder)):
        environment["STATE_DIRECTORY"] = folder
        _remember(Path(folder) / NAME)
        # A device of this name does not exist, so that the recording is played.
        demo = [*MOODSTREAM, "demo", "--device", "no microphone, please", *common]
        web = [*MOODSTREAM, "web", "--port", str(port), *common]
        with running(web, environment), running(demo, environment):
            for left in range(int(seconds), 0, -1):
                print(f"\r{left:5} s left ", end="", file=sys.stderr)
                time.sleep(1)
            for name, width, scheme, place in PICTURES:
                path = output / f"{name}.png"
                path.write_bytes(_picture(f"http://127.0.0.1:{port}/{place}", width, scheme))
                print(f"Wrote {path}")


def _remember(path: Path) -> None:
    """Write the history of the last days."""
    states = [*_states()]
    now_s = int(time.time())
    first_s = midnight(now_s - DAYS * DAY_S)
    minutes: dict[int, dict[str, float]] = {}
    events: list[Event] = []
    key, turn = "", 0
    for at_s in range(first_s, now_s):
        hour = (at_s - first_s) % DAY_S / 3600
        plays = any(begin <= hour < end for begin, end in HEARD_AT) or at_s > now_s - 3300
        state = states[turn // STRETCH % len(states)] if plays else None
        turn += plays
        now_key = (state["mood"] or state["status"]) if state else "silence"
        if now_key != key:
            key = now_key
            events.append(Event(at_s * 1000, ROOM, key, len(events)))
        _count(minutes.setdefault(at_s // 60, dict.fromkeys(COLUMNS, 0.0)), key, state)
    database = Database(path)
    database.write([(minute, ROOM, span) for minute, span in minutes.items()], events)
    database.close()


def _count(span: dict[str, float], key: str, state: dict[str, Any] | None) -> None:
    span[f"{key}_s"] += 1
    if state and state["valence"] is not None:
        span["scored_s"] += 1
        span["valence_sum"] += 100 * state["valence"]
        span["arousal_sum"] += 100 * state["arousal"]
    if state and state["level_dbfs"] is not None:
        span["level_s"] += 1
        span["level_sum"] += state["level_dbfs"]


def _states() -> Iterator[dict[str, Any]]:
    """Yield what is heard in each second of the recording."""
    command = [*MOODSTREAM, "replay", str(RECORDING), "--format", "jsonl"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    states = [message for line in lines if (message := json.loads(line))["type"] == "state"]
    yield from (state for state in states if state["position"] % 1 == 0)


def _picture(address: str, width: int, scheme: str) -> bytes:
    """Return the whole page as PNG."""
    programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    if None in programs.values():
        sys.exit("A browser is missing. Type: sudo apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = programs["chromium"] or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(programs["chromedriver"]))
    try:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        _size(driver, width, 800)
        driver.get(address)
        time.sleep(4)
        if "#history" in address:
            driver.find_element("id", "earlier").click()
            time.sleep(2)
        height = driver.execute_script("return document.documentElement.scrollHeight")
        _size(driver, width, height)
        time.sleep(2)
        shot = driver.execute_cdp_cmd("Page.captureScreenshot", {})
        return base64.b64decode(shot["data"])
    finally:
        driver.quit()


def _size(driver: webdriver.Chrome, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
