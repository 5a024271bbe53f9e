"""The summary of a recording: what its mood was, over the whole and in segments."""

from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32
from moodstream.messages.published import Message, belief
from moodstream.mood.softmax import log_softmax
from moodstream.mood.state import Moods
from moodstream.pipeline import Step


@dataclass
class _Segment:
    start_n: int
    end_n: int
    mood: str | None


class Summary:
    """Gathers the steps of one recording.

    The scores are the mean of the unsmoothed log probabilities over what was audible, as the
    smoothing averages them too. A recording shorter than a window is judged by all there is.

    Args:
        rate: of the positions, hertz.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._sum: Float32 | None = None
        self._weight = 0
        self._last_evidence: Float32 | None = None
        self._segments: list[_Segment] = []
        self._end_n = 0

    def add(self, step: Step) -> None:
        """Take the next step."""
        state = step.state
        if step.evidence is not None:
            self._last_evidence = step.evidence
            if state.status != "warming_up":
                weighed = step.evidence * np.float32(step.length_n)
                self._sum = weighed if self._sum is None else self._sum + weighed
                self._weight += step.length_n
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
    def moods(self) -> Moods | None:
        """What is believed of the whole; None if nothing was heard."""
        evidence = self.evidence
        return None if evidence is None else Moods.of(evidence)

    def message(self, file: str, duration_s: float) -> Message:
        """The summary as it is published."""
        moods = self.moods
        mood = moods.best if moods else None
        return {
            "type": "summary",
            "file": file,
            "duration": round(duration_s, 3),
            "mood": mood,
            **belief(moods, mood),
            "segments": [
                {
                    "start": round(segment.start_n / self._rate, 3),
                    "end": round(segment.end_n / self._rate, 3),
                    "mood": segment.mood,
                }
                for segment in self._segments
            ],
        }
