"""What came from the broker: anyone may have written it, so all of it is bounded and checked."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, get_args

from moodstream.messages.published import VERSION
from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream.mood.state import Status
from moodstream.schema import between, checked_by, decode, one_of

MAX_BYTES = 1 << 14
"""Our own messages are a thirtieth of this."""
MAX_COUNTERS = 32
MAX_WORD = 40
"""Characters of a name or a value of somebody else's that are shown."""
MAX_TEXT = 160
"""The same of a whole message that is no state."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def _check_time(text: str) -> None:
    if not _TIME.fullmatch(text):
        raise ValueError("expected a time in UTC, as 2026-11-22T20:15:03.250Z")


@dataclass(frozen=True)
class Received:
    """A state or an event, as far as it is shown; the contract is in the README."""

    status: str = field(metadata=one_of(*get_args(Status)))
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
    seq: int | None = field(default=None, metadata=between(0, 1 << 53))

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        if self.mood is not None and self.status != "ok":
            return ["a mood comes with the status ok alone"]
        if self.scores is not None and set(self.scores) != set(MOODS):
            return ["scores are not of the eight moods"]
        return []


def parse(payload: bytes) -> Received | None:
    """The state or the event in a payload, None if it is neither; what is new in it is ignored."""
    tree = _object(payload)
    known = {key.name for key in fields(Received)}
    return decode(Received, {k: v for k, v in tree.items() if k in known}, "", [])


def counters(payload: bytes) -> dict[str, str]:
    """The names and values of an object of counters, ready to be shown; objects in it as well."""
    found: dict[str, str] = {}
    for name, value in _flat(_object(payload)):
        found[printable(name, MAX_WORD)] = _shown(value)
        if len(found) == MAX_COUNTERS:
            break
    return found


def printable(text: str, limit: int) -> str:
    """The text without what would steer a terminal, cut to so many characters."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else "�" for c in cut)


def line(topic: str, payload: bytes) -> str:
    """A message on one line, for people."""
    name = f"{printable(topic, 200):<18}"
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
    return f"{name}  {'  '.join(parts)}"


def _object(payload: bytes) -> dict[str, Any]:
    """The JSON object in a payload; empty if it is something else."""
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
