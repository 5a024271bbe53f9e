"""Find the part of a recording that is nearest to a quadrant, and save it.

    python examples/best_excerpt.py symphony.flac Q4 excerpt.wav --seconds 20

Quadrants: Q1 happy, Q2 angry or tense, Q3 sad, Q4 calm. The array
that is heard is the one that is cut.
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import soundfile

from moodstream import MOODS, QUADRANTS, MoodState, hear

MOODS_OF = {
    "Q1": {"happy", "surprised"},
    "Q2": {"angry", "fearful", "disgust"},
    "Q3": {"sad"},
    "Q4": {"calm", "neutral"},
}


def closeness(state: MoodState, quadrant: str) -> float:
    """Return the probability of a quadrant at one moment; 0 where nothing is heard."""
    if state.moods is None:
        return 0.0
    pairs = zip(MOODS, state.moods.scores, strict=True)
    return sum(score for mood, score in pairs if mood in MOODS_OF[quadrant])


def best_window(values: Sequence[float], length: int) -> int:
    """Return the index at which the window with the greatest sum begins."""
    return int(np.argmax(np.convolve(values, np.ones(min(length, len(values))), "valid")))


def main() -> None:
    """Cut the best part out of the file that the user names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("quadrant", choices=QUADRANTS)
    parser.add_argument("excerpt")
    parser.add_argument("--seconds", type=float, default=20.0)
    asked = parser.parse_args()
    samples, rate = soundfile.read(asked.file, dtype="float32")
    heard = hear(samples, rate)
    values = [closeness(state, asked.quadrant) for state in heard.states]
    if not any(values):
        sys.exit("Nothing was heard: the recording is silent, or shorter than 3 s.")
    hop_s = heard.states[0].position_n / heard.rate
    length = max(1, round(asked.seconds / hop_s))
    begin = best_window(values, length)
    begin_s = begin * hop_s
    mean = float(np.mean(values[begin : begin + length]))
    part = samples[round(begin_s * rate) : round((begin_s + asked.seconds) * rate)]
    soundfile.write(asked.excerpt, part, rate)
    print(f"{begin_s:.1f} s to {begin_s + len(part) / rate:.1f} s: {asked.quadrant} {mean:.0%}")


if __name__ == "__main__":
    main()
