"""What a bundle says of recordings, through the runtime, and how right that is."""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from moodstream import bundle, replay
from moodstream.arrays import Numbers
from moodstream.mood import MOODS, QUADRANT_OF, QUADRANTS
from moodstream_train.corpora import Clip

MODELS = ("cnn", "rnn", "fused")
CHUNK = 40


@dataclass(frozen=True)
class Verdict:
    """What was said of one clip; None where nothing was heard."""

    clip: str
    corpus: str
    label: str
    fused: str | None
    """The mood of both models together."""
    cnn: str | None
    rnn: str | None
    quadrant: str | None
    """Of both models together, summed over the moods."""

    def mood_by(self, model: str) -> str | None:
        """The mood that one of :data:`MODELS` named."""
        named: str | None = asdict(self)[model]
        return named

    def quadrant_by(self, model: str) -> str | None:
        """The quadrant that one of :data:`MODELS` named."""
        if model == "fused":
            return self.quadrant
        mood = self.mood_by(model)
        return None if mood is None else QUADRANT_OF[mood]


def judge(folder: Path, clips: Sequence[Clip]) -> list[Verdict]:
    """Replay each clip alone through a bundle; uses all processors that it may."""
    chunks = [clips[begin : begin + CHUNK] for begin in range(0, len(clips), CHUNK)]
    workers = min(len(os.sched_getaffinity(0)), len(chunks))
    # Spawned, not forked: TensorFlow's threads do not survive a fork.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        parts = pool.map(_judge_some, [folder] * len(chunks), chunks)
        return [verdict for part in parts for verdict in part]


def _judge_some(folder: Path, clips: Sequence[Clip]) -> list[Verdict]:
    loaded = bundle.load(folder)
    verdicts = []
    for clip in clips:
        said = replay.summarise(clip.path, loaded)
        verdicts.append(
            Verdict(
                clip=clip.name,
                corpus=clip.corpus,
                label=clip.label,
                fused=said["mood"],
                cnn=said["cnn"],
                rnn=said["rnn"],
                quadrant=said["quadrant"],
            )
        )
    return verdicts


def figures(verdicts: Sequence[Verdict], model: str) -> dict[str, float]:
    """The figures of one model on one fold, in percent; see the protocol of the evaluation."""
    found = {}
    for corpus in ("speech", "song"):
        own = [verdict for verdict in verdicts if verdict.corpus == corpus]
        if own:
            pairs = [(verdict.label, verdict.mood_by(model)) for verdict in own]
            found[corpus] = recall(pairs)
    own = [verdict for verdict in verdicts if verdict.corpus == "music"]
    if own:
        pairs = [(verdict.label, verdict.quadrant_by(model)) for verdict in own]
        found["music"] = 100 * float(np.mean([true == named for true, named in pairs]))
        found["music_f1"] = macro_f1(pairs)
    return {name: round(value, 2) for name, value in found.items()}


def recall(pairs: Sequence[tuple[str, str | None]]) -> float:
    """Unweighted average recall of (true, named) pairs, percent."""
    labels = sorted({true for true, _ in pairs})
    each = [np.mean([named == true for true, named in pairs if true == label]) for label in labels]
    return 100 * float(np.mean(each))


def macro_f1(pairs: Sequence[tuple[str, str | None]]) -> float:
    """F1 of each label of (true, named) pairs, averaged, percent."""
    scores = []
    for label in sorted({true for true, _ in pairs}):
        hits = sum(true == named == label for true, named in pairs)
        both = sum(true == label for true, _ in pairs) + sum(named == label for _, named in pairs)
        scores.append(2 * hits / both)
    return 100 * float(np.mean(scores))


def confusion(verdicts: Sequence[Verdict], corpus: str) -> tuple[Numbers, list[str]]:
    """Counts of the fused verdicts [shape=(true, named)] and the labels of the axes."""
    own = [verdict for verdict in verdicts if verdict.corpus == corpus]
    labels = list(QUADRANTS if corpus == "music" else MOODS)
    counts = np.zeros((len(labels), len(labels)), np.int64)
    for verdict in own:
        named = verdict.quadrant if corpus == "music" else verdict.fused
        if named is not None:
            counts[labels.index(verdict.label), labels.index(named)] += 1
    return counts, labels


def agreement(one: Sequence[Verdict], other: Sequence[Verdict], model: str) -> float:
    """The share of clips of which two bundles said the same mood, percent."""
    same = [a.mood_by(model) == b.mood_by(model) for a, b in zip(one, other, strict=True)]
    return round(100 * float(np.mean(same)), 2)
