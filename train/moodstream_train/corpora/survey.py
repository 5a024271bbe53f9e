"""Survey of own recordings, to judge what can be learned from them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from moodstream_train.corpora.clip import Clip, CorpusError

FEW_CLIPS = 20
"""Number of clips below which only a tendency can be learned or measured."""
FEW_OF_LABEL = 5
FEW_GROUPS = 5
"""Number of groups below which a part of a cross-validation has nothing to hold out."""
LOPSIDED = 5.0
"""Ratio of clips of the most and the least frequent label above which there is a warning."""
LEAST_MINUTES = 2.0


@dataclass(frozen=True)
class Hearing:
    """Sounds that the start bundle hears in a recording."""

    seconds: float
    silent: bool
    """Whether it is silent from beginning to end."""
    mood: str | None
    """Mood that the bundle names; None if it names none."""
    voice: float
    """Probability of a voice."""
    music: float
    """Probability of music."""

    @property
    def is_heard(self) -> bool:
        """Whether a voice or music is heard in it."""
        return max(self.voice, self.music) >= 0.5


@dataclass(frozen=True)
class Survey:
    """Counts of own recordings, which show how useful they are."""

    clips: int
    groups: int
    alone: int
    """Number of clips that are alone in their group."""
    minutes: float
    labels: dict[str, int]
    """Clips of each label."""
    groups_of: dict[str, int]
    """Groups of each label."""
    cut: int
    """Clips of which only the beginning is used."""
    unheard: int
    """Clips in which neither a voice nor music is heard."""

    @property
    def summary(self) -> str:
        """Counts in one line."""
        each = ", ".join(f"{name} {count}" for name, count in self.labels.items())
        return (
            f"own recordings: {self.clips} clips, {self.groups} groups, {self.minutes:.1f} min; "
            f"{each}"
        )

    def warnings(self) -> list[str]:
        """Return the limits of these recordings, in one or two sentences each."""
        return [*self._of_number(), *self._of_groups(), *self._of_labels(), *self._of_sound()]

    def _of_number(self) -> Iterator[str]:
        if self.clips < FEW_CLIPS:
            yield (
                f"{self.clips} clips can change the networks a little, but cannot show whether "
                f"that helps; {FEW_CLIPS} clips show a tendency, 100 a result"
            )
        if self.minutes < LEAST_MINUTES:
            yield f"{self.minutes:.1f} min of sound is little; {LEAST_MINUTES:g} min teach more"

    def _of_groups(self) -> Iterator[str]:
        if self.groups == 1:
            yield (
                "all clips are in one group, so nothing can be held out and measured; label at "
                "least two people, records or evenings as groups"
            )
        elif self.groups < FEW_GROUPS:
            yield f"results from {self.groups} groups say little about other groups"
        if self.alone == self.clips:
            yield (
                "no two clips share a group; if some come from the same person, record or "
                "evening, group them, or the results are too good"
            )

    def _of_labels(self) -> Iterator[str]:
        few = [name for name, count in self.labels.items() if count < FEW_OF_LABEL]
        if few:
            names = " or ".join(few)
            yield f"fewer than {FEW_OF_LABEL} clips are {names}, which can hardly be learned"
        once = [name for name, count in self.groups_of.items() if count == 1 < self.groups]
        if once:
            yield (
                f"only one group has {' or '.join(once)}; where it is held out, your recordings "
                "have not taught that"
            )
        if max(self.labels.values()) > LOPSIDED * min(self.labels.values()):
            yield (
                "the labels differ much in number; each is drawn equally often, so the "
                "networks memorise the few clips of the rare ones"
            )

    def _of_sound(self) -> Iterator[str]:
        if self.cut:
            yield (
                f"{self.cut} clips are long, and only their beginning is used; cut them into pieces"
            )
        if self.unheard:
            yield (
                f"in {self.unheard} clips, the bundle hears neither a voice nor music; they "
                f"count as the likelier of the two"
            )


def survey(clips: Sequence[Clip], heard: Mapping[str, Hearing], clip_s: float) -> Survey:
    """Count own recordings.

    Args:
        clips: own recordings.
        heard: what the bundle hears in each, by its path.
        clip_s: longest part of a clip that is used, seconds.

    Raises:
        CorpusError: nothing can be learned from them; the message says why, and what is needed.
    """
    silent = [clip for clip in clips if heard[str(clip.path)].silent]
    if silent:
        raise CorpusError(
            "\n".join(f"{clip.path}: silent from beginning to end; remove it" for clip in silent)
        )
    _check(clips)
    of_group: dict[str, int] = defaultdict(int)
    labels: dict[str, int] = defaultdict(int)
    groups_of: dict[str, set[str]] = defaultdict(set)
    for clip in clips:
        of_group[clip.group] += 1
        labels[clip.label] += 1
        groups_of[clip.label].add(clip.group)
    seconds = [heard[str(clip.path)].seconds for clip in clips]
    return Survey(
        clips=len(clips),
        groups=len(of_group),
        alone=sum(count == 1 for count in of_group.values()),
        minutes=sum(min(one, clip_s) for one in seconds) / 60,
        labels=dict(sorted(labels.items())),
        groups_of={name: len(groups) for name, groups in sorted(groups_of.items())},
        cut=sum(one > clip_s for one in seconds),
        unheard=sum(not heard[str(clip.path)].is_heard for clip in clips),
    )


def _check(clips: Sequence[Clip]) -> None:
    """Check that there is more than one label.

    Raises:
        CorpusError: one answer is correct for all clips.
    """
    if len(clips) == 1:
        raise CorpusError(
            f"{clips[0].path}: a single clip teaches nothing; give some of each of two moods"
        )
    shared = set.intersection(*({*clip.moods} for clip in clips))
    if shared:
        labels = ", ".join(sorted({clip.label for clip in clips}))
        raise CorpusError(
            f"all {len(clips)} clips are {labels}: one answer is correct for all of them, so "
            f"there is nothing to learn; add clips of another mood or quadrant"
        )
