"""Warnings for corpora that are not complete."""

from collections.abc import Sequence
from pathlib import Path

from moodstream_train.corpora.clip import Clip


def shortfall(
    folder: Path, name: str, clips: Sequence[Clip], size: int, groups: int, kind: str
) -> list[str]:
    """Return a warning for each number that differs from the published one.

    Args:
        folder: holds the corpus.
        name: of the corpus, as its authors write it.
        clips: that were found.
        size: clips in the whole corpus.
        groups: speakers, games or recordings in the whole corpus.
        kind: of group, in the plural, such as "speakers".
    """
    found = len({clip.group for clip in clips})
    warnings = []
    if len(clips) != size:
        warnings.append(
            f"{folder}: {name} holds {len(clips)} clips, the whole corpus has {size}; "
            "docs/training.md says where the rest can be found"
        )
    if found != groups:
        warnings.append(f"{folder}: {name} holds {found} {kind}, the whole corpus has {groups}")
    return warnings
