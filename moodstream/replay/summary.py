"""Summary of a recording: its mood as a whole, its segments, and the shares of the time."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32
from moodstream.messages.published import Message, belief
from moodstream.mood.circumplex import MOODS, QUADRANT_OF, QUADRANTS, quadrant_scores
from moodstream.mood.smoothing import Decision, softmax, summed_up
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.mood.softmax import log_softmax
from moodstream.mood.state import Moods
from moodstream.pipeline import Step


@dataclass
class _Segment:
    start_n: int
    end_n: int
    mood: str | None


class Summary:
    """Verdict on one recording, as a listener to its live stream would give it.

    The quadrant is the one that was named longest, and the mood the one named longest within it;
    evidence breaks ties. The scores are the mean belief while that mood was named. A recording in
    which nothing was named has no mood.

    A recording may end before the stream could name a mood: it says nothing until its window is
    full, and then takes some hops to be sure. Such a recording is judged by all there is.

    Args:
        rate: hertz, of the positions.
        smoothing: of the stream; a recording that is too short for it is judged by the same spec.
    """

    def __init__(self, rate: int, smoothing: SmoothingSpec) -> None:
        self._rate, self._smoothing = rate, smoothing
        self._times_n = Counter[str]()
        """Samples by mood, or by status where there is no mood."""
        self._scores: dict[str, Float32] = {}
        """Sums of the belief while each mood was named, times samples [shape=(moods,)]."""
        self._sum: Float32 | None = None
        self._weight = 0
        self._last_evidence: Float32 | None = None
        self._segments: list[_Segment] = []
        self._end_n = 0

    def add(self, step: Step) -> None:
        """Add the next step."""
        state = step.state
        length_n = state.position_n - self._end_n
        self._times_n[state.mood or state.status] += length_n
        if step.evidence is not None:
            self._last_evidence = step.evidence
            if state.status != "warming_up":
                weighed = step.evidence * np.float32(step.length_n)
                self._sum = weighed if self._sum is None else self._sum + weighed
                self._weight += step.length_n
        if state.mood and state.moods:
            weighed = np.array(state.moods.scores) * length_n
            self._scores[state.mood] = self._scores.get(state.mood, 0) + weighed
        if self._segments and self._segments[-1].mood == state.mood:
            self._segments[-1].end_n = state.position_n
        else:
            self._segments.append(_Segment(self._end_n, state.position_n, state.mood))
        self._end_n = state.position_n

    @property
    def evidence(self) -> Float32 | None:
        """Mean log probabilities over the whole [shape=(3, moods)]; None if nothing was heard."""
        if self._sum is not None:
            return log_softmax(self._sum / np.float32(self._weight))
        return self._last_evidence

    @property
    def shares(self) -> dict[str, float]:
        """Share of the time of each mood, and of each status without one; they sum to one."""
        return {key: n / self._end_n for key, n in self._times_n.most_common() if n}

    def message(self, file: str, duration_s: float, settings: str) -> Message:
        """Return the summary as it is published.

        Args:
            file: name of the recording.
            duration_s: seconds.
            settings: fingerprint of everything that the results depend on besides the recording.
        """
        mood, moods = self._verdict()
        return {
            "type": "summary",
            "file": file,
            "duration": round(duration_s, 3),
            "mood": mood,
            **belief(moods, mood),
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
        evidence = self.evidence
        if evidence is None:
            return None, None
        values: list[float] = evidence.ravel().tolist()
        fused = values[: len(MOODS)]
        if self._scores:
            mood = self._named_longest(softmax(fused))
            scores = self._scores[mood] / self._times_n[mood]
            return mood, summed_up(values, scores.tolist())
        if not self._is_short:
            return None, summed_up(values, softmax(fused))
        decision = Decision(self._smoothing, self._rate)
        decision.process(fused, self._end_n)
        best = decision.best
        return None if best is None else MOODS[best], summed_up(values, decision.scores)

    def _named_longest(self, scores: list[float]) -> str:
        """Return the mood named longest in the quadrant named longest.

        Args:
            scores: probability of each mood over the whole; breaks ties.
        """
        times_n, evidence = Counter[str](), quadrant_scores(scores)
        for mood in self._scores:
            times_n[QUADRANT_OF[mood]] += self._times_n[mood]
        quadrant = max(QUADRANTS, key=lambda name: (times_n[name], evidence[name]))
        within = [mood for mood in self._scores if QUADRANT_OF[mood] == quadrant]
        return max(within, key=lambda mood: (self._times_n[mood], scores[MOODS.index(mood)]))

    @property
    def _is_short(self) -> bool:
        """Whether at least half of the recording went into warming up, and none was silence."""
        warming_n, uncertain_n = self._times_n["warming_up"], self._times_n["uncertain"]
        return warming_n >= uncertain_n and warming_n + uncertain_n == self._end_n
