"""Metrics of all rooms for Prometheus."""

import time
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from moodstream.history.columns import KEYS
from moodstream.web.room import ABSENT, Room
from moodstream.web.rooms import Rooms

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_COUNTERS = {
    "lost_samples": ("lost_samples", 1, "Audio samples that were lost"),
    "lost_events": ("lost_events", 1, "Events that the daemon dropped while the broker was away"),
    "reconnects": ("reconnects", 1, "Connections to the broker that were made again"),
    "cpu_s": ("cpu_seconds", 1, "Processor time of the daemon"),
    "frames": ("frames", 1, "Frames heard"),
}
"""Name of each metric, its unit in the field's unit, and its help, by the name in ``health``."""
_GAUGES = {
    "uptime_s": ("uptime_seconds", 1, "Time since the start of the daemon"),
    "memory_mb": ("memory_bytes", 1e6, "Memory of the daemon"),
    "waiting_events": ("waiting_events", 1, "Events that the broker does not have yet"),
    "inference_p95_ms": (
        "inference_p95_seconds",
        1e-3,
        "Time of a classification that 95 % stay below",
    ),
}


class RoomsCollector(Collector):
    """Collector of the metrics of all rooms.

    Args:
        rooms: all rooms.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics, each with a label for the room."""
        connected = GaugeMetricFamily("moodstream_broker_up", "Whether the broker is reached")
        connected.add_metric([], 0 if self._rooms.problem else 1)
        yield connected
        arrived = CounterMetricFamily("moodstream_messages", "Messages that arrived at the page")
        arrived.add_metric([], self._rooms.messages)
        yield arrived
        rooms = [*self._rooms.rooms.values()]
        yield from _states(rooms)
        yield from _from_health(rooms)


def exposition(rooms: Rooms) -> bytes:
    """Return the metrics in the text format of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RoomsCollector(rooms))
    return generate_latest(registry)


def _states(rooms: list[Room]) -> Iterator[Metric]:
    now_s = time.monotonic()
    up = GaugeMetricFamily("moodstream_up", "Whether the room is heard from", labels=["room"])
    age = GaugeMetricFamily("moodstream_age_seconds", "Age of the newest state", labels=["room"])
    key = GaugeMetricFamily("moodstream_state", "1 for the mood or status", labels=["room", "key"])
    missing = CounterMetricFamily(
        "moodstream_missing_events", "Events that never arrived", labels=["room"]
    )
    values = {
        name: GaugeMetricFamily(f"moodstream_{name}", text, labels=["room"])
        for name, text in (
            ("valence", "Valence, -1 to 1"),
            ("arousal", "Arousal, -1 to 1"),
            ("confidence", "Confidence in the mood, 0 to 1"),
            ("level_dbfs", "Loudness, decibels below full scale"),
        )
    }
    for room in rooms:
        state, present = room.scene.state, room.key(now_s)
        is_up = present in KEYS
        up.add_metric([room.prefix], int(is_up))
        missing.add_metric([room.prefix], room.missing)
        for name in (*KEYS, *ABSENT):
            if name == present:
                key.add_metric([room.prefix, name], 1)
        if state is None:
            continue
        age.add_metric([room.prefix], room.scene.age_s(now_s))
        for name, family in values.items():
            if is_up and (value := getattr(state, name)) is not None:
                family.add_metric([room.prefix], value)
    yield from (up, age, key, missing, *values.values())


def _from_health(rooms: list[Room]) -> Iterator[Metric]:
    for kind, names in ((CounterMetricFamily, _COUNTERS), (GaugeMetricFamily, _GAUGES)):
        for field, (name, unit, text) in names.items():
            family = kind(f"moodstream_{name}", text, labels=["room"])
            for room in rooms:
                value = _number(room.scene.counters.get(field, ""))
                if value is not None:
                    family.add_metric([room.prefix], value * unit)
            yield family
    info = InfoMetricFamily("moodstream_daemon", "Version of the daemon", labels=["room"])
    for room in rooms:
        if version := room.scene.counters.get("version"):
            info.add_metric([room.prefix], {"version": version})
    yield info


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
