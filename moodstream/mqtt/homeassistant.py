"""The announcement to Home Assistant, which then shows the daemon as a device.

Format: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from moodstream import __version__
from moodstream.messages.published import Message
from moodstream.messages.received import STATUSES
from moodstream.mood.circumplex import MOODS

EXPIRE_S = 60
"""Seconds after which a state is out of date; the longest hop is 10."""


@dataclass(frozen=True)
class Discovery:
    """The announcement of a device."""

    topic: str
    """Topic of the retained announcement; an empty message there removes the device."""
    message: Message
    status_topic: str
    """Topic where Home Assistant says ``online`` when it starts, and needs the announcement."""


def discovery(homeassistant_prefix: str, prefix: str, name: str) -> Discovery:
    """Return the announcement of a daemon.

    Args:
        homeassistant_prefix: the first part of Home Assistant's own topics.
        prefix: the first part of the daemon's topics.
        name: the name of the source in the messages.
    """
    # A topic may contain characters that an id may not, and each prefix needs its own id.
    device_id = f"moodstream_{hashlib.sha256(prefix.encode()).hexdigest()[:12]}"
    entities = {
        "mood": _sensor("Mood", "{{ value_json.mood }}", _options(MOODS), "mdi:emoticon-outline"),
        "valence": _measurement("Valence", "valence", 1, "mdi:emoticon-happy-outline"),
        "arousal": _measurement("Arousal", "arousal", 1, "mdi:pulse"),
        "level": _measurement("Level", "level_dbfs", 0, "mdi:volume-medium", "dBFS"),
        "status": _sensor(
            "Status", "{{ value_json.status }}", _options(STATUSES), "mdi:ear-hearing"
        ),
        "voice": _probability("Voice", "voice", "mdi:account-voice"),
        "music": _probability("Music", "music", "mdi:music"),
        "pause": {
            "platform": "switch",
            "name": "Pause",
            "icon": "mdi:microphone-off",
            "command_topic": f"{prefix}/set",
            "payload_on": "pause",
            "payload_off": "resume",
            "value_template": "{{ 'on' if value_json.status == 'paused' else 'off' }}",
            "state_on": "on",
            "state_off": "off",
        },
    }
    message = {
        "device": {
            "identifiers": [device_id],
            "name": f"Moodstream {name}",
            "manufacturer": "moodstream",
            "sw_version": __version__,
        },
        "origin": {"name": "moodstream", "sw_version": __version__},
        "components": {
            key: {**entity, "unique_id": f"{device_id}_{key}"} for key, entity in entities.items()
        },
        "state_topic": f"{prefix}/current",
        "availability_topic": f"{prefix}/availability",
        "qos": 1,
    }
    topic = f"{homeassistant_prefix}/device/{device_id}/config"
    return Discovery(topic, message, f"{homeassistant_prefix}/status")


def _sensor(name: str, template: str, more: dict[str, Any], icon: str) -> dict[str, Any]:
    return {
        "platform": "sensor",
        "name": name,
        "icon": icon,
        "value_template": template,
        "expire_after": EXPIRE_S,
        **more,
    }


def _options(words: tuple[str, ...]) -> dict[str, Any]:
    return {"device_class": "enum", "options": list(words)}


def _measurement(
    name: str, field: str, digits: int, icon: str, unit: str | None = None
) -> dict[str, Any]:
    """Return a sensor of a number, rounded so that few hops change it and must be stored."""
    # Home Assistant treats "None" as unknown.
    template = (
        f"{{{{ none if value_json.{field} is none else value_json.{field} | round({digits}) }}}}"
    )
    more = {"unit_of_measurement": unit} if unit else {}
    return _sensor(name, template, {"state_class": "measurement", **more}, icon)


def _probability(name: str, kind: str, icon: str) -> dict[str, Any]:
    """Return a sensor of a kind of sound, in steps of 10 %; unknown if nothing is heard."""
    template = (
        f"{{{{ none if not value_json.heard else (value_json.heard.{kind} * 10) | round * 10 }}}}"
    )
    more = {"state_class": "measurement", "unit_of_measurement": "%"}
    return _sensor(name, template, more, icon)
