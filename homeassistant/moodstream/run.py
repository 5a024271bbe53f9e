"""Start of the app: options become settings, doctor examines the machine, daemon and page run."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

OPTIONS = Path("/data/options.json")
"""Options of the person, as the Supervisor writes them."""
SERVICE = "http://supervisor/services/mqtt"
"""Where the Supervisor tells the broker of Home Assistant."""
STATE = "/data"
"""Directory that outlives the container."""
PAGE = {
    "MOODSTREAM_WEB_HOST": "0.0.0.0",  # noqa: S104 - only the Supervisor is served
    "MOODSTREAM_WEB_PORT_NUMBER": "8099",
    "MOODSTREAM_WEB_PROXIES": "172.30.32.2",
}
"""Settings of the page: ``ingress_port`` of the app, and the address of the Supervisor."""
PAUSE_S = 10.0
"""Seconds from the end of a page that failed to the next one, at most."""
SETTINGS = {
    "name": "MOODSTREAM_AUDIO_NAME",
    "device": "MOODSTREAM_AUDIO_DEVICE",
    "prefix": "MOODSTREAM_MQTT_PREFIX",
    "lasting_s": "MOODSTREAM_SMOOTHING_LASTING_S",
    "log_level": "MOODSTREAM_LOG_LEVEL",
    "mqtt_url": "MOODSTREAM_MQTT_URL",
    "mqtt_username": "MOODSTREAM_MQTT_USERNAME",
    "mqtt_password": "MOODSTREAM_MQTT_PASSWORD",
}
"""Settings of moodstream by the names of the options."""


def broker(address: str, token: str) -> dict[str, Any]:
    """Return the broker that the Supervisor knows; nothing if there is none.

    Args:
        address: of the Supervisor's service.
        token: of this app.
    """
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            found: dict[str, Any] = json.load(answer).get("data") or {}
    except (OSError, urllib.error.URLError, ValueError) as error:
        print(f"Home Assistant has no MQTT broker for apps: {error}", flush=True)
        return {}
    return found


def settings(options: Mapping[str, Any], service: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings as environment variables.

    Args:
        options: of the person; a URL among them wins over the service.
        service: the broker that the Supervisor knows.
    """
    found = {SETTINGS[name]: str(value) for name, value in options.items() if value != ""}
    if "MOODSTREAM_MQTT_URL" not in found and service:
        scheme = "mqtts" if service.get("ssl") else "mqtt"
        found["MOODSTREAM_MQTT_URL"] = f"{scheme}://{service['host']}:{service['port']}"
        for key in ("username", "password"):
            if service.get(key):
                found[f"MOODSTREAM_MQTT_{key.upper()}"] = str(service[key])
    return {
        **found,
        "MOODSTREAM_HOMEASSISTANT_DISCOVERY": "true",
        "MOODSTREAM_LOG_FORMAT": "console",
        **PAGE,
    }


def run(program: str, environment: Mapping[str, str]) -> int:
    """Run the daemon with the page beside it; return the daemon's exit status.

    The page is started again whenever it ends: a page that fails stops no listening.

    Args:
        program: path of moodstream.
        environment: settings for both.
    """
    daemon = subprocess.Popen([program, "run"], env=environment)  # noqa: S603

    def stop(_number: int, _frame: FrameType | None) -> None:
        daemon.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    page: subprocess.Popen[bytes] | None = None
    while daemon.poll() is None:
        if page is None or page.poll() is not None:
            # Its address is one that only the Supervisor reaches.
            page = subprocess.Popen([program, "web"], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
        with suppress(subprocess.TimeoutExpired):
            daemon.wait(PAUSE_S)
    if page:
        page.terminate()
        page.wait()
    return daemon.returncode


def main() -> None:
    """Write what doctor finds to the log, and run the daemon and the page."""
    options = json.loads(OPTIONS.read_text(encoding="utf-8"))
    service = {}
    if not options.get("mqtt_url"):
        service = broker(SERVICE, os.environ.get("SUPERVISOR_TOKEN", ""))
    if not (service or options.get("mqtt_url")):
        sys.exit("No broker: install the app Mosquitto broker, or set one in the options.")
    environment = {
        **os.environ,
        **settings(options, service),
        "STATE_DIRECTORY": STATE,
        "HOME": STATE,
    }
    program = str(Path(sys.executable).parent / "moodstream")
    subprocess.run([program, "doctor"], env=environment, check=False)  # noqa: S603
    sys.exit(run(program, environment))


if __name__ == "__main__":
    main()
