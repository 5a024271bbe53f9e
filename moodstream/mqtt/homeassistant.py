"""What Home Assistant is told, so that it shows this daemon as a device of its own accord.

Its format: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

import hashlib
from dataclasses import dataclass
from typing import Any, get_args

from moodstream import __version__
from moodstream.messages.published import Message
from moodstream.mood.circumplex import MOODS
from moodstream.mood.state import Status

EXPIRE_S = 60
"""A state is published each hop, ten seconds at most: one that is older is no longer true."""


@dataclass(frozen=True)
class Discovery:
    """The announcement of a device."""

    topic: str
    """Where it is retained; an empty message there removes the device."""
    message: Message
    status_topic: str
    """Where Home Assistant says ``online`` when it has started, and wants to hear it again."""


def discovery(homeassistant_prefix: str, prefix: str, name: str) -> Discovery:
    """Of the device whose topics begin with a prefix.

    Args:
        homeassistant_prefix: of Home Assistant's own topics.
        prefix: of ours.
        name: what the messages call the source.
    """
    # A topic may hold what an id may not, and two prefixes must never give one id.
    device_id = f"moodstream_{hashlib.sha256(prefix.encode()).hexdigest()[:12]}"
    entities = {
        "mood": _sensor("Mood", "{{ value_json.mood }}", _options(MOODS), "mdi:emoticon-outline"),
        "valence": _measurement("Valence", "valence", 1, "mdi:emoticon-happy-outline"),
        "arousal": _measurement("Arousal", "arousal", 1, "mdi:pulse"),
        "level": _measurement("Level", "level_dbfs", 0, "mdi:volume-medium", "dBFS"),
        "status": _sensor(
            "Status", "{{ value_json.status }}", _options(get_args(Status)), "mdi:ear-hearing"
        ),
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
    """A sensor of a number, rounded so that not every hop is a change worth storing."""
    # Home Assistant takes "None" for unknown.
    template = (
        f"{{{{ none if value_json.{field} is none else value_json.{field} | round({digits}) }}}}"
    )
    more = {"unit_of_measurement": unit} if unit else {}
    return _sensor(name, template, {"state_class": "measurement", **more}, icon)
