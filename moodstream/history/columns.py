"""Columns of the history: seconds and sums, so that minutes can be added to any span."""

from moodstream.messages.received import HEARD, STATUSES, Received
from moodstream.mood.circumplex import MOODS

KEYS = (*MOODS, *(status for status in STATUSES if status != "ok"))
"""Moods, and the statuses without a mood; each has a column of seconds."""
SUMS = (
    *("scored_s", "valence_sum", "arousal_sum"),
    *("level_s", "level_sum"),
    *("heard_s", *(f"{kind}_sum" for kind in HEARD)),
)
"""Seconds with scores, level or kinds of sound, and the sums over these seconds.

Valence, arousal and the kinds are in hundredths, the level is in decibels below full scale."""
COLUMNS = (*(f"{key}_s" for key in KEYS), *SUMS)
Span = dict[str, float]
"""A value for each of :data:`COLUMNS`."""


class Tally:
    """Sums over the seconds since the last :meth:`take`."""

    def __init__(self) -> None:
        self._span: Span = dict.fromkeys(COLUMNS, 0.0)
        self._known_s = 0.0

    def process(self, key: str, state: Received | None, took_s: float) -> None:
        """Add a stretch of time; a key that is neither a mood nor a status stays a gap.

        Args:
            key: mood or status.
            state: the state with that mood or status.
            took_s: length of the stretch, seconds.
        """
        if key not in KEYS or state is None:
            return
        span = self._span
        self._known_s += took_s
        span[f"{key}_s"] += took_s
        if state.valence is not None and state.arousal is not None:
            span["scored_s"] += took_s
            span["valence_sum"] += 100 * state.valence * took_s
            span["arousal_sum"] += 100 * state.arousal * took_s
        if state.level_dbfs is not None:
            span["level_s"] += took_s
            span["level_sum"] += state.level_dbfs * took_s
        if state.heard is not None:
            span["heard_s"] += took_s
            for kind in HEARD:
                span[f"{kind}_sum"] += 100 * state.heard[kind] * took_s

    def take(self) -> Span | None:
        """Return the sums and start again; None if half a second or less is known."""
        span, known_s = self._span, self._known_s
        self._span, self._known_s = dict.fromkeys(COLUMNS, 0.0), 0.0
        return span if known_s > 0.5 else None


def means(span: Span) -> dict[str, float | None]:
    """Return the means of a span: valence, arousal, level and kinds of sound; None if unknown."""
    found = {
        "valence": _mean(span["valence_sum"], 100 * span["scored_s"], 3),
        "arousal": _mean(span["arousal_sum"], 100 * span["scored_s"], 3),
        "level_dbfs": _mean(span["level_sum"], span["level_s"], 1),
    }
    return found | {kind: _mean(span[f"{kind}_sum"], 100 * span["heard_s"], 2) for kind in HEARD}


def _mean(total: float, weight: float, digits: int) -> float | None:
    return round(total / weight, digits) if weight else None
