"""Published objects in version 1 of the contract, for subscribers and replays."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from moodstream.mood.circumplex import MOODS, QUADRANT_OF, quadrant
from moodstream.mood.state import Heard, Moods, MoodState

VERSION = 1

Message = dict[str, Any]
"""Object of the contract, ready for JSON."""

Clock = Callable[[float], datetime]
"""Function from a position in the stream, seconds, to a time."""


def wall_clock(position_s: float) -> datetime:
    """Return the current time, for a microphone."""
    del position_s
    return datetime.now(UTC)


def recording_clock(position_s: float) -> datetime:
    """Return the time in a recording that begins at 1970-01-01T00:00:00Z, always the same."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=position_s)


class Announcer:
    """Maker of messages: adds the times to states, and makes an event of each change.

    Args:
        source: name of the microphone or the file.
        bundle: sha256 of the bundle in use.
        rate: hertz, of the positions.
        clock: gives the times.
        seq: running number of the last event before this stream.
        moved: tells by how much the clock was set since it was last asked.
    """

    def __init__(
        self,
        source: str,
        bundle: str,
        rate: int,
        clock: Clock,
        seq: int = 0,
        moved: Callable[[], timedelta] = timedelta,
    ) -> None:
        self._source, self._bundle, self._moved = source, bundle, moved
        self._rate, self._clock = rate, clock
        self._before: MoodState | None = None
        self._since = datetime.min.replace(tzinfo=UTC)
        self._seq = seq

    def process(self, state: MoodState) -> tuple[Message, Message | None]:
        """Return the message for a state, and an event if status or mood changed."""
        position_s = state.position_n / self._rate
        moved, now = self._moved(), self._clock(position_s)
        before, self._before = self._before, state
        changed = before is None or before.key != state.key
        self._since = now if changed else self._since + moved
        message = _Encodable(
            {
                "v": VERSION,
                "status": state.status,
                "mood": state.mood,
                **belief(state.moods, state.mood, state.heard),
                "since": timestamp(self._since),
                "time": timestamp(now),
                "position": round(position_s, 3),
                "level_dbfs": None if state.level_dbfs is None else round(state.level_dbfs, 1),
                "source": self._source,
                "bundle": self._bundle,
            }
        )
        if not changed:
            return message, None
        self._seq += 1
        previous = None if before is None else {"status": before.status, "mood": before.mood}
        return message, _Event({**message, "previous": previous, "seq": self._seq}, message)


def encode(message: Message) -> str:
    """Return JSON on one line; a message of an announcer is encoded once for all sinks."""
    return message.text if isinstance(message, _Encodable) else _encode(message)


def timestamp(time: datetime) -> str:
    """Return ISO 8601 in UTC with milliseconds: 2026-11-22T20:15:03.250Z."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def belief(moods: Moods | None, mood: str | None, heard: Heard | None = None) -> Message:
    """Return the fields with the evidence; all are null if nothing was heard.

    The mood and its quadrant, if one is named, are the most probable ones of the scores.
    """
    if moods is None:
        names = ("confidence", "quadrant", "valence", "arousal", "heard", "scores", "cnn", "rnn")
        return {**dict.fromkeys(names), "heard": _rounded(heard)}
    scores = moods.scores
    return {
        "confidence": None if mood is None else round(scores[MOODS.index(mood)], 4),
        "quadrant": QUADRANT_OF[mood] if mood else quadrant(scores),
        "valence": round(moods.valence, 4),
        "arousal": round(moods.arousal, 4),
        "heard": _rounded(heard),
        "scores": {name: round(score, 4) for name, score in zip(MOODS, scores, strict=True)},
        "cnn": moods.cnn,
        "rnn": moods.rnn,
    }


class _Encodable(Message):
    """Message whose JSON is made at first use, and kept."""

    @cached_property
    def text(self) -> str:
        """JSON on one line."""
        return _encode(self)


class _Event(_Encodable):
    """Message of a change; its JSON is that of the state, with more fields."""

    def __init__(self, fields: Message, state: _Encodable) -> None:
        super().__init__(fields)
        self._state = state

    @cached_property
    def text(self) -> str:
        """JSON on one line."""
        more = _encode({key: self[key] for key in self if key not in self._state})
        return f"{self._state.text[:-1]},{more[1:]}"


def _encode(message: Message) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _rounded(heard: Heard | None) -> dict[str, float] | None:
    return None if heard is None else {kind: round(p, 4) for kind, p in asdict(heard).items()}
