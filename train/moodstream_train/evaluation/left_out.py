"""Rows L1 and L2: corpora that a model has never been trained on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream_train.corpora import Clip
from moodstream_train.evaluation.measured import Evaluation
from moodstream_train.measure import figures, rooms
from moodstream_train.measure.verdict import Verdict
from moodstream_train.parts import WITHOUT

CALM, NEUTRAL = "calm", "neutral"
"""Most corpora of voices do not distinguish these two, so calm counts as neutral."""
MUSIC_CLIPS, VOICE_CLIPS = 240, 1200
"""Largest number of clips of a corpus, drawn evenly: two hours of music, an hour of voices."""


@dataclass(frozen=True)
class Halves:
    """Accuracy of the signs of valence and arousal in the named quadrant, percent."""

    valence: float
    arousal: float


def left_out(evaluation: Evaluation) -> dict[str, Any]:
    """Measure each corpus that a finished part of the run leaves out, cold and warm.

    Cold: each clip is heard alone. Warm: all clips go through one run that learns its room, in
    random orders.
    """
    run, found = evaluation.run, dict[str, Any]()
    for part, corpora in WITHOUT.items():
        if not run.finished(part):
            continue
        folder, test = evaluation.bundle(part), evaluation.test(part)
        for corpus in corpora:
            own = sample([clip for clip in test if clip.corpus == corpus])
            if not own:
                continue

            def measure(own: Sequence[Clip] = own, folder: Any = folder) -> dict[str, Any]:
                alone, together = rooms.cold(folder, own), rooms.warm(folder, own)
                return figures_of(alone, together)

            found[corpus] = evaluation.once(part, f"left-out-{corpus}", measure)
            evaluation.say(f"{part}: {corpus} {found[corpus]['cold']:.1f} % cold")
    return found


def sample(clips: Sequence[Clip]) -> list[Clip]:
    """Return the clips to use of one corpus, spread evenly over it."""
    most = MUSIC_CLIPS if clips and clips[0].label in QUADRANTS else VOICE_CLIPS
    step = max(1.0, len(clips) / most)
    return [clips[int(k * step)] for k in range(min(most, len(clips)))]


def figures_of(cold: Sequence[Verdict], warm: Sequence[Sequence[Verdict]]) -> dict[str, Any]:
    """Return the figures of one corpus, percent: the recall of moods, or quadrants that are right.

    Args:
        cold: verdicts on each clip alone.
        warm: verdicts in one room, a list for each order.
    """
    cold, *orders = ([_calm_is_neutral(one) for one in each] for each in (cold, *warm))
    is_music = cold[0].label in QUADRANTS
    among = None if is_music else sorted({one.label for one in cold})
    heard_warm = [figures.headline(each, among) for each in orders]
    made = {
        "clips": len(cold),
        "cold": round(figures.headline(cold, among), 2),
        "warm": round(float(np.mean(heard_warm)), 2),
    }
    return {**made, **vars(halves(cold))} if is_music else made


def halves(verdicts: Sequence[Verdict]) -> Halves:
    """Return the accuracy of the named quadrant's valence, and of its arousal."""
    named = [(one.label, one.quadrant()) for one in verdicts]

    def right(half: Sequence[str]) -> float:
        hits = [found is not None and (label in half) == (found in half) for label, found in named]
        return round(100 * sum(hits) / len(hits), 2)

    return Halves(valence=right(("Q1", "Q4")), arousal=right(("Q1", "Q2")))


def _calm_is_neutral(one: Verdict) -> Verdict:
    """Return a verdict in which calm counts as neutral, in the label and in the scores."""
    if one.label in QUADRANTS:
        return one
    label = NEUTRAL if one.label == CALM else one.label
    if one.scores is None:
        return replace(one, label=label)
    scores = np.array(one.scores)
    scores[:, MOODS.index(NEUTRAL)] += scores[:, MOODS.index(CALM)]
    scores[:, MOODS.index(CALM)] = 0
    return replace(one, label=label, scores=scores.tolist())
