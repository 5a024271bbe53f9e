"""Background recordings of a clip, drawn from its own side of every split."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from moodstream.arrays import Float32
from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora.audio import read
from moodstream_train.corpora.clip import Clip
from moodstream_train.dataset.splits import fold_of_groups
from moodstream_train.waveform.background import Background
from moodstream_train.waveform.variants import Surroundings

BACKGROUNDS = ("sounds", "games")
"""Corpora without moods, which may play behind a clip."""


@dataclass(frozen=True)
class Around:
    """Background recordings for the clips of a run."""

    voices: dict[tuple[str, str], list[Clip]] = field(default_factory=dict)
    """Clips with a voice, by corpus and group. Only these may talk in their background."""
    backgrounds: dict[tuple[str, int], list[Clip]] = field(default_factory=dict)
    """Clips of each corpus that may play behind the clips of a fold; both are held out together."""
    rooms: list[Path] = field(default_factory=list)
    """Measured impulse responses."""
    folds: dict[str, int] = field(default_factory=dict)
    """Fold of each group."""

    def of(self, clip: Clip, rate: int, rng: np.random.Generator) -> Surroundings:
        """Return the surroundings of a clip, which draw from a random source."""
        voices = self.voices.get((clip.corpus, clip.group), [])
        backgrounds = self.behind(clip)

        def talker() -> Float32:
            return read(voices[int(rng.integers(len(voices)))], rate)

        def background() -> Background:
            corpus = backgrounds[int(rng.integers(len(backgrounds)))]
            chosen = corpus[int(rng.integers(len(corpus)))]
            return Background(read(chosen, rate), (chosen.voice, chosen.music))

        def room() -> Float32:
            path = self.rooms[int(rng.integers(len(self.rooms)))]
            response, _ = soundfile.read(path, dtype="float32")
            made: Float32 = response / np.float32(np.sqrt(np.sum(response**2)) + 1e-9)
            return made

        return Surroundings(
            talker if voices else None,
            background if backgrounds else None,
            room if self.rooms else None,
        )

    def behind(self, clip: Clip) -> list[list[Clip]]:
        """Return the clips that may play behind a clip, in a list for each corpus.

        Each corpus is equally probable, so that voices are often heard over music. No other music
        plays behind music, because the mood would be a mixture.
        """
        fold = self.folds.get(clip.group, -1)
        names = [name for name in BACKGROUNDS if name != "games" or clip.music != 1.0]
        return [self.backgrounds[name, fold] for name in names if (name, fold) in self.backgrounds]


def around(clips: Sequence[Clip], rooms: Sequence[Path]) -> Around:
    """Gather the possible background recordings of some clips.

    Args:
        clips: all clips of a run.
        rooms: impulse responses to train with.
    """
    folds = fold_of_groups(clips)
    voices: dict[tuple[str, str], list[Clip]] = defaultdict(list)
    backgrounds: dict[tuple[str, int], list[Clip]] = defaultdict(list)
    for clip in clips:
        if clip.label in MOODS and (clip.corpus != "own" or clip.voice == 1.0):
            voices[clip.corpus, clip.group].append(clip)
        if clip.corpus in BACKGROUNDS:
            backgrounds[clip.corpus, folds[clip.group]].append(clip)
    return Around(dict(voices), dict(backgrounds), list(rooms), folds)
