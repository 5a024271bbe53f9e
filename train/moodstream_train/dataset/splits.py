"""Who is trained on and who is tested on: never the same voice, artist or song on both sides."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError

ACTOR_FOLDS = (
    (2, 5, 14, 15, 16),
    (3, 6, 7, 13, 18),
    (10, 11, 12, 19, 20),
    (8, 17, 21, 23, 24),
    (1, 4, 9, 22),
)
"""Luna-Jimenez et al. (2021), "Multimodal emotion recognition on RAVDESS dataset using transfer
learning": the folds that published figures are measured on."""
FOLDS = len(ACTOR_FOLDS)
BALANCED = ("music", "emopia", "own")
"""Corpora whose groups are dealt to the folds; those of the others follow from their numbers."""
INNER_SHARE = 10
"""Every tenth group of these calibrates the models of a fold."""
INNER_PEOPLE = ((("speech", "song"), 1), (("cremad",), 2))
"""And so many women and as many men of these."""


class SplitError(TrainingError):
    """A group is on two sides of a split."""


@dataclass(frozen=True)
class Split:
    """Indices into the list of clips."""

    train: tuple[int, ...]
    inner: tuple[int, ...]
    """Held out of the training side: curves, temperature and fusion weight come from here."""
    test: tuple[int, ...]


def fold_of_groups(clips: Sequence[Clip]) -> dict[str, int]:
    """The fold that each group is held out in.

    The actors of RAVDESS are as published, those of CREMA-D and noises go by their number. Artists,
    songs and groups of one's own are dealt so that the folds are of one size and balanced.
    """
    folds = {f"actor {actor:02}": k for k, fold in enumerate(ACTOR_FOLDS) for actor in fold}
    for clip in clips:
        if clip.corpus in ("cremad", "noise"):
            folds[clip.group] = int(clip.group.split()[1]) % FOLDS
    for corpus in BALANCED:
        folds |= _dealt(clip for clip in clips if clip.corpus == corpus)
    return folds


def split(clips: Sequence[Clip], fold: int | None) -> Split:
    """Hold out a fold of the groups of all corpora at once; with ``None``, train on everything.

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


def check_disjoint(clips: Sequence[Clip], made: Split) -> None:
    """Make sure that no group is on two sides.

    Raises:
        SplitError: with the groups that are.
    """
    sides = [{clips[i].group for i in side} for side in (made.train, made.inner, made.test)]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        if shared := sides[a] & sides[b]:
            raise SplitError(f"on two sides of a split: {', '.join(sorted(shared))}")


def _dealt(clips: Iterable[Clip]) -> dict[str, int]:
    """Groups, those with most clips first and then by name, each to where its labels are fewest."""
    works: dict[str, Counter[str]] = {}
    for clip in clips:
        works.setdefault(clip.group, Counter())[clip.label] += 1
    loads: list[Counter[str]] = [Counter() for _ in range(FOLDS)]
    folds = {}
    for group in sorted(works, key=lambda name: (-works[name].total(), name)):
        own = works[group]

        def load(k: int, own: Counter[str] = own) -> tuple[int, int]:
            return sum(loads[k][label] * n for label, n in own.items()), loads[k].total()

        folds[group] = min(range(FOLDS), key=load)
        loads[folds[group]].update(own)
    return folds


def _inner(rest: Sequence[Clip], fold: int) -> set[str]:
    """The groups of the training side that calibrate, others in each fold."""
    inner: set[str] = set()
    for corpora, each in INNER_PEOPLE:
        sexes = {clip.group: clip.sex for clip in rest if clip.corpus in corpora}
        people = sorted(sexes)
        women = [person for person in people if sexes[person] == "female"]
        men = [person for person in people if sexes[person] == "male"]
        if women and men:
            inner.update(women[fold * each :][:each], men[fold * each :][:each])
        else:  # not known: as many people, whoever they are
            inner.update(people[fold * 2 * each :][: 2 * each])
    for corpus in BALANCED:
        groups = sorted({clip.group for clip in rest if clip.corpus == corpus})
        inner.update(groups[fold::INNER_SHARE])
    return inner
