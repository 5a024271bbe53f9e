"""Limits of the largest corpora: a fixed part of their clips, the same on every machine."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from moodstream_train.corpora.clip import Clip
from moodstream_train.recipe import Limits


def limited(clips: Sequence[Clip], limits: Limits) -> Iterator[Clip]:
    """Yield the clips in order, limiting large corpora to a number of clips chosen by name."""
    kept: dict[str, set[str]] = {}
    for corpus, most in (("emogator", limits.emogator), ("emopia", limits.emopia)):
        names = [clip.name for clip in clips if clip.corpus == corpus]
        kept[corpus] = {*sorted(names, key=_shuffled)[:most]}
    for clip in clips:
        if clip.corpus not in kept or clip.name in kept[clip.corpus]:
            yield clip


def _shuffled(name: str) -> str:
    """Return a key that sorts names in a random order, the same on every machine."""
    return hashlib.sha256(name.encode()).hexdigest()


def sampled(clips: Sequence[Clip], most: int) -> list[Clip]:
    """Return a part of each corpus in order, chosen by name, with equal numbers of each label.

    Args:
        clips: of any corpora.
        most: number of clips of a corpus to keep.
    """
    kinds: dict[tuple[str, str], list[Clip]] = {}
    for clip in sorted(clips, key=lambda clip: _shuffled(clip.name)):
        kinds.setdefault((clip.corpus, clip.label), []).append(clip)
    labels = Counter(corpus for corpus, _ in kinds)
    kept = {
        id(clip)
        for (corpus, _), own in kinds.items()
        for clip in own[: max(1, most // labels[corpus])]
    }
    return [clip for clip in clips if id(clip) in kept]
