"""Test on music of models that were trained on singing voices alone."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from moodstream.arrays import Float32
from moodstream.mood.circumplex import QUADRANT_OF, QUADRANTS
from moodstream_train import plots
from moodstream_train.corpora import Clip
from moodstream_train.measure import figures
from moodstream_train.seed_project.models import SONG_MOODS

SONGS_OF_A_QUADRANT = 5


def name_moods(model: keras.Model, inputs: Float32) -> list[str]:
    """Return the mood that a model names for each whole clip."""
    return [SONG_MOODS[i] for i in model.predict(inputs, verbose=0).argmax(axis=1)]


def quadrants(
    music: Sequence[Clip], moods: Sequence[str], title: str, path: Path
) -> dict[str, Any]:
    """Score the quadrants of the named moods, and plot their confusion matrix."""
    pairs = [(clip.label, QUADRANT_OF[mood]) for clip, mood in zip(music, moods, strict=True)]
    counts = np.zeros((len(QUADRANTS), len(QUADRANTS)), np.int64)
    for true, named in pairs:
        counts[QUADRANTS.index(true), QUADRANTS.index(named)] += 1
    accuracy = 100 * float(np.trace(counts)) / len(pairs)
    plots.confusion(counts, QUADRANTS, f"{title}: {accuracy:.1f} %", path)
    return {
        "clips": len(pairs),
        "accuracy": round(accuracy, 2),
        "macro_f1": round(figures.macro_f1(pairs), 2),
        "moods": dict(Counter(moods).most_common()),
        "labels": list(QUADRANTS),
        "confusion": counts.tolist(),
    }


def songs(
    music: Sequence[Clip], cnn: Sequence[str], rnn: Sequence[str], seed: int
) -> list[dict[str, str]]:
    """Draw some songs of each quadrant, with the mood that each model names."""
    rng = np.random.default_rng(seed)
    labels = np.array([clip.label for clip in music])
    drawn = [
        i
        for quadrant in QUADRANTS
        for i in rng.permutation(np.flatnonzero(labels == quadrant))[:SONGS_OF_A_QUADRANT]
    ]
    return [
        {
            "song": music[i].title or music[i].name,
            "true": music[i].label,
            "cnn": cnn[i],
            "rnn": rnn[i],
        }
        for i in drawn
    ]


def table(rows: Sequence[dict[str, str]]) -> str:
    """Format the songs as lines of text; ``*`` marks a right quadrant."""
    lines = [f"{'song':48}{'true':6}{'CNN':12}RNN"]
    for row in rows:
        cnn, rnn = (
            f"{row[model]}{' *' if QUADRANT_OF[row[model]] == row['true'] else ''}"
            for model in ("cnn", "rnn")
        )
        lines.append(f"{row['song'][:46]:48}{row['true']:6}{cnn:12}{rnn}")
    return "\n".join(lines)
