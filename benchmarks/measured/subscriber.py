"""``subscriber BROKER OUTPUT``: a line for each message: topic, position, monotonic clock.

Messages without audio are left out, as they belong to no hop.
"""

import json
import signal
import sys
import time
from pathlib import Path

from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection
from moodstream.mqtt.subscriber import subscribed

broker, path = sys.argv[1:]
with Path(path).open("w", encoding="utf-8", buffering=1) as output:

    def note(topic: str, payload: bytes) -> None:
        """Record the time of a message."""
        now_s = time.monotonic()
        message = json.loads(payload)
        if message["status"] != "no_audio":
            output.write(f"{topic} {message['position']} {now_s}\n")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with subscribed(Connection(mqtt_url.parse(broker)), "mood", note, topics=("current", "event")):
        signal.pause()
