"""Summary of a recording: its overall mood, its segments, and the shares of time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32
from moodstream.messages.published import Message, belief
from moodstream.mood.circumplex import MOODS, QUADRANT_OF, QUADRANTS
from moodstream.mood.smoothing import softmax, summed_up
from moodstream.mood.softmax import log_softmax
from moodstream.mood.state import Heard, Moods
from moodstream.pipeline import Step


@dataclass
class _Segment:
    start_n: int
    end_n: int
    mood: str | None


class Summary:
    """Overall result for one recording, consistent with its live stream.

    The quadrant is the one named for the longest time, and the mood the one named longest within
    it; evidence breaks ties. The scores are the mean evidence over the whole recording, where
    published ones are means over the last seconds. If no mood was named, the recording has none.

    A short recording may end before the stream could name a mood, which takes a full window and
    some hops. Then all of its evidence decides.

    Args:
        rate: hertz, of the positions.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._times_n = Counter[str]()
        """Samples by mood, or by status where there is no mood."""
        self._sum: Float32 | None = None
        self._weight = 0
        self._last: Float32 | None = None
        # Sums of the evidence, then of valence and arousal, in the layout of the smoothing.
        self._heard = [0.0] * 3
        self._heard_n = 0
        self._segments: list[_Segment] = []
        self._end_n = 0

    def add(self, step: Step) -> None:
        """Add the next step."""
        state = step.state
        length_n = state.position_n - self._end_n
        self._times_n[state.mood or state.status] += length_n
        if state.heard is not None:
            heard = (state.heard.voice, state.heard.music, state.heard.other)
            self._heard = [
                total + length_n * value for total, value in zip(self._heard, heard, strict=True)
            ]
            self._heard_n += length_n
        if step.evidence is not None and step.place is not None:
            values = np.concatenate((step.evidence.ravel(), step.place))
            self._last = values
            if state.status != "warming_up":
                weighed = values * np.float32(step.length_n)
                self._sum = weighed if self._sum is None else self._sum + weighed
                self._weight += step.length_n
        if self._segments and self._segments[-1].mood == state.mood:
            self._segments[-1].end_n = state.position_n
        else:
            self._segments.append(_Segment(self._end_n, state.position_n, state.mood))
        self._end_n = state.position_n

    @property
    def evidence(self) -> Float32 | None:
        """Mean log probabilities of the recording [shape=(3, moods)]; None if nothing was heard."""
        values = self._values
        return None if values is None else log_softmax(values[:-2].reshape(-1, len(MOODS)))

    @property
    def _values(self) -> Float32 | None:
        if self._sum is not None:
            mean: Float32 = self._sum / np.float32(self._weight)
            return mean
        return self._last

    @property
    def heard(self) -> Heard | None:
        """Mean probability of each kind of sound; None if all was silence."""
        return Heard(*(each / self._heard_n for each in self._heard)) if self._heard_n else None

    @property
    def shares(self) -> dict[str, float]:
        """Share of time for each mood, and for each status without a mood; they sum to one."""
        return {key: n / self._end_n for key, n in self._times_n.most_common() if n}

    def message(self, file: str, duration_s: float, settings: str) -> Message:
        """Return the summary as it is published.

        Args:
            file: name of the recording.
            duration_s: seconds.
            settings: fingerprint of everything that the results depend on, except the recording.
        """
        mood, moods = self._verdict()
        return {
            "type": "summary",
            "file": file,
            "duration": round(duration_s, 3),
            "mood": mood,
            **belief(moods, mood, self.heard),
            **({} if mood else {"quadrant": None}),
            "segments": [
                {
                    "start": round(segment.start_n / self._rate, 3),
                    "end": round(segment.end_n / self._rate, 3),
                    "mood": segment.mood,
                }
                for segment in self._segments
            ],
            "shares": {key: round(share, 4) for key, share in self.shares.items()},
            "settings": settings,
        }

    def _verdict(self) -> tuple[str | None, Moods | None]:
        mean = self._values
        if mean is None:
            return None, None
        values: list[float] = mean.tolist()
        scores = dict(zip(MOODS, softmax(values[: len(MOODS)]), strict=True))
        if any(self._times_n[mood] for mood in MOODS):
            mood = self._first(self._times_n, scores)
        elif self._is_short:
            mood = self._first(scores, scores)
        else:
            return None, summed_up(values, None)
        return mood, summed_up(values, MOODS.index(mood))

    @staticmethod
    def _first(weights: Mapping[str, float], scores: Mapping[str, float]) -> str:
        """Return the mood with the largest weight in the quadrant with the largest weight.

        Args:
            weights: of the moods.
            scores: break ties.
        """
        within = {name: [m for m in MOODS if QUADRANT_OF[m] == name] for name in QUADRANTS}

        def total(name: str) -> tuple[float, float]:
            return sum(weights[m] for m in within[name]), sum(scores[m] for m in within[name])

        best = max(QUADRANTS, key=total)
        return max(within[best], key=lambda mood: (weights[mood], scores[mood]))

    @property
    def _is_short(self) -> bool:
        """Whether warming up took at least half of the recording, and none of it was silence."""
        warming_n, uncertain_n = self._times_n["warming_up"], self._times_n["uncertain"]
        return warming_n >= uncertain_n and warming_n + uncertain_n == self._end_n
