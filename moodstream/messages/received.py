"""Messages from the broker. Anybody may have written them, so they are limited and checked."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, get_args

from moodstream.messages.published import VERSION
from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream.mood.state import Heard, Status
from moodstream.schema import between, checked_by, decode, one_of
from moodstream.text import pad, printable

STATUSES: tuple[str, ...] = get_args(Status)
HEARD = tuple(kind.name for kind in fields(Heard))
"""Kinds of sound that ``heard`` gives a probability of."""
MAX_BYTES = 1 << 14
"""Longest message that is read, bytes; our own are thirty times shorter."""
MAX_COUNTERS = 32
MAX_WORD = 40
"""Width for a foreign name or value, cells."""
MAX_TEXT = 160
"""Width for a foreign message, cells."""
MAX_TOPIC = 200
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def _check_time(text: str) -> None:
    try:
        datetime.fromisoformat(text if _TIME.fullmatch(text) else "")
    except ValueError:
        raise ValueError("expected a time in UTC, as 2026-11-22T20:15:03.250Z") from None


@dataclass(frozen=True)
class Received:
    """Fields of a state or an event that are shown."""

    status: str = field(metadata=one_of(*STATUSES))
    mood: str | None = field(metadata=one_of(*MOODS))
    confidence: float | None = field(metadata=between(0, 1))
    quadrant: str | None = field(metadata=one_of(*QUADRANTS))
    valence: float | None = field(metadata=between(-1, 1))
    arousal: float | None = field(metadata=between(-1, 1))
    scores: dict[str, float] | None = field(metadata=between(0, 1))
    level_dbfs: float | None = field(metadata=between(-1000, 1000))
    since: str = field(metadata=checked_by(_check_time))
    time: str = field(metadata=checked_by(_check_time))
    source: str
    v: int = field(metadata=between(VERSION, VERSION))
    heard: dict[str, float] | None = field(default=None, metadata=between(0, 1))
    """Probability of each of :data:`HEARD`; None where nothing is heard."""
    seq: int | None = field(default=None, metadata=between(0, 1 << 53))

    def problems(self) -> list[str]:
        """Return contradictions, a sentence each."""
        found = []
        if self.mood is not None and self.status != "ok":
            found.append("a mood comes with the status ok alone")
        if self.scores is not None and set(self.scores) != set(MOODS):
            found.append("scores are not those of the eight moods")
        if self.heard is not None and not set(HEARD) <= set(self.heard):
            found.append("heard is not of voice, music and other")
        return found

    @property
    def word(self) -> str:
        """The mood, or the status where there is none."""
        return self.mood or self.status.replace("_", " ")


_KNOWN = frozenset(key.name for key in fields(Received))


def parse(payload: bytes) -> Received | None:
    """Return the state or the event in a payload, None for anything else; ignore new fields."""
    tree = _object(payload)
    return decode(Received, {k: v for k, v in tree.items() if k in _KNOWN}, "", [])


def counters(payload: bytes) -> dict[str, str]:
    """Return the names and values of an object of counters and of nested objects, for display."""
    found: dict[str, str] = {}
    for name, value in _flat(_object(payload)):
        found[printable(name, MAX_WORD)] = _shown(value)
        if len(found) == MAX_COUNTERS:
            break
    return found


def line(topic: str, payload: bytes) -> str:
    """Return a message on one line, for people."""
    name = pad(printable(topic, MAX_TOPIC), 18)
    message = parse(payload)
    if message is None:
        text = "  ".join(f"{key} {value}" for key, value in counters(payload).items())
        text = text or payload[: 4 * MAX_TEXT].decode(errors="replace")
        return f"{name}  {printable(text, MAX_TEXT)}"
    parts = [message.time[11:19], f"{message.status:<10}", f"{message.mood or '-':<9}"]
    for value, form in (
        (message.confidence, "{:4.0%}"),
        (message.quadrant, "{}"),
        (message.valence, "valence {:+.2f}"),
        (message.arousal, "arousal {:+.2f}"),
        (message.level_dbfs, "{:6.1f} dBFS"),
        (message.seq, "#{}"),
    ):
        if value is not None:
            parts.append(form.format(value))
    if message.heard:
        parts.append(heard_text(message.heard))
    return f"{name}  {'  '.join(parts)}"


def heard_text(heard: dict[str, float]) -> str:
    """Return the probabilities of voice, music and anything else as text."""
    return " ".join(f"{kind} {heard[kind]:.0%}" for kind in HEARD)


def _object(payload: bytes) -> dict[str, Any]:
    """Return the JSON object in a payload; an empty one for anything else."""
    if len(payload) > MAX_BYTES:
        return {}
    try:
        tree = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _flat(tree: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return printable(value, MAX_WORD)
    if isinstance(value, int) and abs(value) < 1 << 53:
        return str(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return "-" if value is None else "…"
