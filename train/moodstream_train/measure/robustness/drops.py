"""Robustness: points lost under worse listening conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from moodstream_train.corpora import Clip
from moodstream_train.measure import figures, playback, sample
from moodstream_train.measure.figures import Figures
from moodstream_train.measure.playback import Change
from moodstream_train.measure.verdict import Verdict

CLEAN = "clean"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Drop:
    """Figures of one corpus under one condition."""

    condition: str
    corpus: str
    figures: Figures
    drop: float
    """Points lost against the same clips clean: UAR for voices, accuracy for music."""


def drops(
    folder: Path,
    clips: Sequence[Clip],
    conditions: Mapping[str, Change],
    share: float = 1.0,
    seed: int = 0,
    say: Say = lambda _: None,
) -> list[Drop]:
    """Judge clips without and under each condition.

    Args:
        folder: of the bundle.
        clips: clips of the test side.
        conditions: by name; see ``conditions.conditions``.
        share: share of the clips to judge, drawn evenly over labels, which bounds the time.
        seed: of that draw.
        say: prints a line for each condition.
    """
    chosen = sample.stratified(clips, share, seed)
    clean = playback.judge(folder, chosen)
    found = compare(CLEAN, clean, clean)
    for name, change in conditions.items():
        made = compare(name, playback.judge(folder, chosen, change), clean)
        say(f"{name}: " + ", ".join(f"{one.corpus} {-one.drop:+.1f}" for one in made))
        found += made
    return found


def compare(condition: str, heard: Sequence[Verdict], clean: Sequence[Verdict]) -> list[Drop]:
    """Compute the drop of each corpus against the verdicts on the same clips clean."""
    made = []
    for corpus, own in figures.by_corpus(heard).items():
        before, after = (
            figures.headline([one for one in verdicts if one.corpus == corpus])
            for verdicts in (clean, heard)
        )
        made.append(Drop(condition, corpus, own, round(before - after, 2)))
    return made
