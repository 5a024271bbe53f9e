"""Training and test sides, which share no voice, artist or song, except in random splits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from moodstream_train.corpora import Clip, CorpusError
from moodstream_train.errors import TrainingError

ACTOR_FOLDS = (
    (2, 5, 14, 15, 16),
    (3, 6, 7, 13, 18),
    (10, 11, 12, 19, 20),
    (8, 17, 21, 23, 24),
    (1, 4, 9, 22),
)
"""Luna-Jimenez et al. (2021), "Multimodal emotion recognition on RAVDESS dataset using transfer
learning": published figures are measured on these folds."""
FOLD_COUNT = len(ACTOR_FOLDS)
BALANCED = (
    *("nemo", "ased", "emovo", "turev", "baved", "emogator"),
    *("music", "emopia", "musifeast", "vgmidi"),
    *("sounds", "games", "effects", "own"),
)
"""Corpora whose groups are dealt to the folds. Other groups follow their numbers."""
INNER_SHARE = 10
"""Corpora of which every tenth group calibrates the models of a fold."""
INNER_PEOPLE = ((("speech", "song"), 1), (("cremad",), 2))
"""Corpora, and the number of women and of men in them who calibrate the models of a fold."""

Indices = NDArray[np.int64]
"""Indices into the list of clips [shape=(n,)]."""


class SplitError(TrainingError):
    """A group is on two sides of a split."""


@dataclass(frozen=True)
class Split:
    """Indices into the list of clips."""

    train: tuple[int, ...]
    inner: tuple[int, ...]
    """Held out of the training side, for curves, temperatures and the fusion weight."""
    test: tuple[int, ...]


def fold_of_groups(clips: Sequence[Clip]) -> dict[str, int]:
    """Return the fold that holds out each group.

    Actors of RAVDESS are in the published folds. Actors of CREMA-D and noises follow their number.
    Artists, songs and own groups are dealt to folds of equal size and balanced labels.
    """
    folds = {f"actor {actor:02}": k for k, fold in enumerate(ACTOR_FOLDS) for actor in fold}
    for clip in clips:
        if clip.corpus in ("cremad", "noise"):
            folds[clip.group] = int(clip.group.split()[1]) % FOLD_COUNT
    for corpus in BALANCED:
        # An artist who is in two corpora stays in the fold of the first.
        dealt = _dealt(clip for clip in clips if clip.corpus == corpus)
        folds = {**dealt, **folds}
    return folds


def split(clips: Sequence[Clip], fold: int | None) -> Split:
    """Hold out one fold of the groups of all corpora; with ``None``, train on everything.

    Raises:
        SplitError: a group is on two sides.
    """
    if fold is None:
        return Split(tuple(range(len(clips))), (), ())
    folds = fold_of_groups(clips)
    inner = _inner([clip for clip in clips if folds[clip.group] != fold], fold)
    sides: dict[str, list[int]] = {"train": [], "inner": [], "test": []}
    for i, clip in enumerate(clips):
        test = folds[clip.group] == fold
        sides["test" if test else "inner" if clip.group in inner else "train"].append(i)
    made = Split(tuple(sides["train"]), tuple(sides["inner"]), tuple(sides["test"]))
    check_disjoint(clips, made)
    return made


def without(clips: Sequence[Clip], corpora: Sequence[str]) -> Split:
    """Leave whole corpora out: test on these, train on the others.

    Some artists are in two corpora of music. Their other clips are not trained on either.

    Raises:
        SplitError: a group is on two sides.
    """
    tested = {clip.group for clip in clips if clip.corpus in corpora}
    inner = _inner([clip for clip in clips if clip.group not in tested], 0)
    sides: dict[str, list[int]] = {"train": [], "inner": [], "test": []}
    for i, clip in enumerate(clips):
        if clip.corpus in corpora:
            sides["test"].append(i)
        elif clip.group not in tested:
            sides["inner" if clip.group in inner else "train"].append(i)
    made = Split(tuple(sides["train"]), tuple(sides["inner"]), tuple(sides["test"]))
    check_disjoint(clips, made)
    return made


def random_split(clips: Sequence[Clip], test_share: float, seed: int) -> tuple[Indices, Indices]:
    """Draw clips at random, each label in proportion.

    **This split leaks voices.** The same singers are on both sides. A model that knows the singer
    looks better than it is for new voices, by some 13 points on RAVDESS song. Only the protocols S1
    and S2 use it, because their reference figures were measured on such a split.

    Args:
        clips: only their labels matter.
        test_share: share of the test side, between 0 and 1.
        seed: of the draw.

    Returns:
        indices of the training side and of the test side, in order.

    Raises:
        CorpusError: a label has too few clips to be on both sides.
    """
    labels = [clip.label for clip in clips]
    try:
        train, test = train_test_split(
            np.arange(len(clips)),
            test_size=test_share,
            stratify=labels,
            random_state=seed % 2**32,
        )
        missing = {*labels} - {labels[i] for i in test} | {*labels} - {labels[i] for i in train}
    except ValueError:  # a label has a single clip, or there are more labels than test clips
        counts = Counter(labels)
        missing = {label for label, count in counts.items() if count == min(counts.values())}
    if missing:
        raise CorpusError(
            f"{len(clips)} clips, {test_share:.0%} to test on: too few of "
            f"{', '.join(sorted(missing))} to be on both sides of the split; "
            "is the corpus complete?"
        )
    return np.sort(train), np.sort(test)


def check_disjoint(clips: Sequence[Clip], made: Split) -> None:
    """Check that no group is on two sides.

    Raises:
        SplitError: some groups are; the message names them.
    """
    sides = [{clips[i].group for i in side} for side in (made.train, made.inner, made.test)]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        if shared := sides[a] & sides[b]:
            raise SplitError(f"on two sides of a split: {', '.join(sorted(shared))}")


def _dealt(clips: Iterable[Clip]) -> dict[str, int]:
    """Deal groups to folds, largest groups first, each to the fold with fewest of its labels."""
    works: dict[str, Counter[str]] = {}
    for clip in clips:
        works.setdefault(clip.group, Counter())[clip.label] += 1
    loads: list[Counter[str]] = [Counter() for _ in range(FOLD_COUNT)]
    folds = {}
    for group in sorted(works, key=lambda name: (-works[name].total(), name)):
        own = works[group]

        def load(k: int, own: Counter[str] = own) -> tuple[int, int]:
            return sum(loads[k][label] * n for label, n in own.items()), loads[k].total()

        folds[group] = min(range(FOLD_COUNT), key=load)
        loads[folds[group]].update(own)
    return folds


def _inner(rest: Sequence[Clip], fold: int) -> set[str]:
    """Return the calibration groups of the training side, different ones in each fold."""
    inner: set[str] = set()
    for corpora, each in INNER_PEOPLE:
        sexes = {clip.group: clip.sex for clip in rest if clip.corpus in corpora}
        people = sorted(sexes)
        women = [person for person in people if sexes[person] == "female"]
        men = [person for person in people if sexes[person] == "male"]
        if women and men:
            inner.update(women[fold * each :][:each], men[fold * each :][:each])
        else:  # sexes are not known
            inner.update(people[fold * 2 * each :][: 2 * each])
    for corpus in BALANCED:
        groups = sorted({clip.group for clip in rest if clip.corpus == corpus})
        inner.update(groups[fold::INNER_SHARE])
    return inner
