"""Start of the app: options become settings, doctor examines the machine, the daemon runs."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OPTIONS = Path("/data/options.json")
"""Options of the person, as the Supervisor writes them."""
SERVICE = "http://supervisor/services/mqtt"
"""Where the Supervisor tells the broker of Home Assistant."""
STATE = "/data"
"""Directory that outlives the container."""
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
    }


def main() -> None:
    """Write what doctor finds to the log, and become the daemon."""
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
    os.execve(program, [program, "run"], environment)  # noqa: S606


if __name__ == "__main__":
    main()
