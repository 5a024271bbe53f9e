"""Subscriber at the broker that checks the running numbers."""

import json
from datetime import datetime
from itertools import pairwise
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.mosquitto import Mosquitto


class Subscriber:
    """Durable subscriber that reconnects faster than the daemon."""

    def __init__(self, broker: Mosquitto) -> None:
        self.seqs: list[int] = []
        """The running numbers of the events, in the order in which they came."""
        self.state: dict[str, Any] = {}
        self.said_s = 0.0
        """When the daemon has said this, by its own clock; seconds since 1970."""
        self.availabilities: list[str] = []
        """What was said of the daemon, the oldest first."""
        self._client = paho.Client(CallbackAPIVersion.VERSION2, "checks", clean_session=False)
        self._client.reconnect_delay_set(0.05, 0.05)
        self._client.on_connect = lambda client, *_: client.subscribe("mood/#", 1)
        self._client.on_message = self._on_message
        self._client.connect_async("127.0.0.1", broker.port)
        self._client.loop_start()

    def _on_message(self, client: object, userdata: object, message: paho.MQTTMessage) -> None:
        del client, userdata
        match message.topic:
            case "mood/event":
                self.seqs.append(json.loads(message.payload)["seq"])
            case "mood/current":
                self.state = json.loads(message.payload)
                self.said_s = datetime.fromisoformat(self.state["time"]).timestamp()
            case "mood/availability":
                self.availabilities.append(message.payload.decode())

    @property
    def availability(self) -> str:
        return self.availabilities[-1] if self.availabilities else ""

    @property
    def shows_mood(self) -> bool:
        return self.availability == "online" and self.state.get("mood") is not None

    @property
    def events(self) -> int:
        return len(set(self.seqs))

    @property
    def disorder(self) -> int:
        """Number of new events with a lower number than the new one before."""
        return sum(after < before for before, after in pairwise(dict.fromkeys(self.seqs)))

    def missing(self, last: int) -> set[int]:
        """Return the missing numbers up to this one, or up to the highest that came."""
        return set(range(1, max(last, *self.seqs, 0) + 1)).difference(self.seqs)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
