"""Who is trained on and who is tested on: never the same voice or artist on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

from moodstream.mood import QUADRANTS
from moodstream_train.corpora import Clip

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
INNER_SHARE = 10
"""Every tenth artist of the training side, one woman and one man calibrate the models of a fold."""


class SplitError(Exception):
    """A group is on two sides of a split."""


@dataclass(frozen=True)
class Split:
    """Indices into the list of clips."""

    train: tuple[int, ...]
    inner: tuple[int, ...]
    """Held out of the training side: curves, temperature and fusion weight come from here."""
    test: tuple[int, ...]


def fold_of_groups(clips: Sequence[Clip]) -> dict[str, int]:
    """The fold that each actor and artist is held out in.

    Actors are as published. Artists go, those with most clips first and then by name, to the fold
    that has the fewest clips of their quadrants, so that the folds are of one size and balanced.
    """
    folds = {f"actor {actor:02}": k for k, fold in enumerate(ACTOR_FOLDS) for actor in fold}
    works: dict[str, dict[str, int]] = {}
    for clip in clips:
        if clip.corpus == "music":
            counts = works.setdefault(clip.group, dict.fromkeys(QUADRANTS, 0))
            counts[clip.label] += 1
    loads = [dict.fromkeys(QUADRANTS, 0) for _ in range(FOLDS)]
    for artist in sorted(works, key=lambda name: (-sum(works[name].values()), name)):
        own = works[artist]

        def load(k: int, own: dict[str, int] = own) -> tuple[int, int]:
            return sum(loads[k][q] * n for q, n in own.items()), sum(loads[k].values())

        chosen = min(range(FOLDS), key=load)
        folds[artist] = chosen
        for quadrant, count in own.items():
            loads[chosen][quadrant] += count
    return folds


def split(clips: Sequence[Clip], fold: int | None) -> Split:
    """Hold out a fold of actors and of artists at once; with ``None``, train on everything.

    Raises:
        SplitError: a group is on two sides.
    """
    if fold is None:
        return Split(tuple(range(len(clips))), (), ())
    folds = fold_of_groups(clips)
    rest = sorted({clip.group for clip in clips if folds[clip.group] != fold})
    actors = [group for group in rest if clips_of_actor(group)]
    artists = [group for group in rest if not clips_of_actor(group)]
    women = [actor for actor in actors if int(actor.split()[1]) % 2 == 0]
    men = [actor for actor in actors if int(actor.split()[1]) % 2 == 1]
    inner = {*women[fold : fold + 1], *men[fold : fold + 1], *artists[fold::INNER_SHARE]}
    sides: dict[str, list[int]] = {"train": [], "inner": [], "test": []}
    for i, clip in enumerate(clips):
        test = folds[clip.group] == fold
        sides["test" if test else "inner" if clip.group in inner else "train"].append(i)
    made = Split(tuple(sides["train"]), tuple(sides["inner"]), tuple(sides["test"]))
    check_disjoint(clips, made)
    return made


def clips_of_actor(group: str) -> bool:
    """Whether a group is an actor of RAVDESS."""
    return group.startswith("actor ") and group[6:].isdigit()


def check_disjoint(clips: Sequence[Clip], made: Split) -> None:
    """Make sure that no group is on two sides.

    Raises:
        SplitError: with the groups that are.
    """
    sides = [{clips[i].group for i in side} for side in (made.train, made.inner, made.test)]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        if shared := sides[a] & sides[b]:
            raise SplitError(f"on two sides of a split: {', '.join(sorted(shared))}")
