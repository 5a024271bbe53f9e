"""The published objects, version 1 of the contract: what subscribers and replays read."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from moodstream.mood.circumplex import MOODS, QUADRANT_OF, quadrant, valence_arousal
from moodstream.mood.state import Moods, MoodState

VERSION = 1

Message = dict[str, Any]
"""An object as it is published, ready for JSON."""

Clock = Callable[[float], datetime]
"""From a position in the stream, in seconds, to a time."""


def wall_clock(position_s: float) -> datetime:
    """The time now: what is heard live is said at once."""
    del position_s
    return datetime.now(UTC)


def recording_clock(position_s: float) -> datetime:
    """A recording begins at 1970-01-01T00:00:00Z, so that it gives the same bytes every time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=position_s)


class Announcer:
    """States to messages: adds the times, and makes an event of each change.

    Args:
        source: what is heard, as the user calls it.
        bundle: the sha256 of the bundle that hears it.
        rate: of the positions, hertz.
        clock: gives the times.
        seq: running number of the last event that there was before.
    """

    def __init__(self, source: str, bundle: str, rate: int, clock: Clock, seq: int = 0) -> None:
        self._source, self._bundle = source, bundle
        self._rate, self._clock = rate, clock
        self._before: MoodState | None = None
        self._since = datetime.min.replace(tzinfo=UTC)
        self._seq = seq

    def process(self, state: MoodState) -> tuple[Message, Message | None]:
        """The message for a state, and the event if status or mood changed."""
        position_s = state.position_n / self._rate
        now = self._clock(position_s)
        before, self._before = self._before, state
        changed = before is None or before.key != state.key
        if changed:
            self._since = now
        message = {
            "v": VERSION,
            "status": state.status,
            "mood": state.mood,
            **belief(state.moods, state.mood),
            **({"quadrant": QUADRANT_OF[state.mood]} if state.mood else {}),
            "since": timestamp(self._since),
            "time": timestamp(now),
            "position": round(position_s, 3),
            "level_dbfs": None if state.level_dbfs is None else round(state.level_dbfs, 1),
            "source": self._source,
            "bundle": self._bundle,
        }
        if not changed:
            return message, None
        self._seq += 1
        previous = None if before is None else {"status": before.status, "mood": before.mood}
        return message, {**message, "previous": previous, "seq": self._seq}


def encode(message: Message) -> str:
    """JSON on one line."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def timestamp(time: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: 2026-11-22T20:15:03.250Z."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def belief(moods: Moods | None, mood: str | None) -> Message:
    """The fields that follow from what is believed; all null where nothing was heard."""
    names = ("confidence", "quadrant", "valence", "arousal", "scores", "cnn", "rnn")
    if moods is None:
        return dict.fromkeys(names)
    scores = moods.scores
    valence, arousal = valence_arousal(scores)
    return {
        "confidence": None if mood is None else round(scores[MOODS.index(mood)], 4),
        "quadrant": quadrant(scores),
        "valence": round(valence, 4),
        "arousal": round(arousal, 4),
        "scores": {name: round(score, 4) for name, score in zip(MOODS, scores, strict=True)},
        "cnn": moods.cnn,
        "rnn": moods.rnn,
    }
