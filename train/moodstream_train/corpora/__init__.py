"""The corpora: loaders that compare a folder with the published corpus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from moodstream.schema import nearest
from moodstream_train.corpora import own
from moodstream_train.corpora.audio import read
from moodstream_train.corpora.clip import Clip, Corpus, CorpusError, Found, Sex
from moodstream_train.corpora.music import emopia, music4q, musifeast, vgmidi
from moodstream_train.corpora.music.render import Progress
from moodstream_train.corpora.sounds import games, noise, urbansound
from moodstream_train.corpora.voices import (
    ased,
    baved,
    cremad,
    emogator,
    emovo,
    nemo,
    ravdess,
    turev,
)

__all__ = [
    "NAMES",
    "Clip",
    "Corpus",
    "CorpusError",
    "Sex",
    "load",
    "noise",
    "own",
    "present",
    "read",
]


@dataclass(frozen=True)
class _Source:
    folder: str
    """Name of the corpus's folder below the folder of all corpora."""
    holds: str
    """Files that belong in the folder."""


_SOURCES = {
    "ravdess": _Source("ravdess", "the audio files of Zenodo record 1188976"),
    "cremad": _Source("cremad", "the audio files of CREMA-D and actors.csv"),
    "4q": _Source("music4q", "the clips of 4Q and their table"),
    "emopia": _Source("emopia", "the MIDI files of EMOPIA and label.csv"),
    "nemo": _Source("nemo", "the audio files of nEMO and data.tsv"),
    "ased": _Source("ased", "the audio files of ASED"),
    "emovo": _Source("emovo", "the audio files of EMOVO"),
    "turev": _Source("turev", "the sound files of TurEV-DB"),
    "baved": _Source("baved", "the audio files of BAVED"),
    "emogator": _Source("emogator", "the audio files of EmoGator"),
    "musifeast": _Source("musifeast", "the stimuli of MUSIFEAST-17 and MUSIFEAST17_all.csv"),
    "vgmidi": _Source("vgmidi", "the phrases of VGMIDI, vgmidi_labelled.csv and annotations"),
    "sounds": _Source("sounds", "the audio files of UrbanSound8K"),
    "games": _Source("games", "the folder that scripts/gather-game-audio makes"),
    "effects": _Source("games", "the same, and heard.csv of moodstream_train.teachers --write"),
    "own": _Source("own", "a folder of clips for each mood or quadrant, or labels.csv"),
}
NAMES = tuple(_SOURCES)
"""Corpora that :func:`load` knows."""


def present(folder: Path) -> list[str]:
    """Return the corpora whose folders exist, except own recordings."""
    return [
        name
        for name, source in _SOURCES.items()
        if name != "own" and (folder / source.folder).is_dir()
    ]


def load(
    folder: Path,
    corpora: Sequence[str],
    rendered: Path | None = None,
    progress: Progress = lambda _done, _of: None,
) -> Found:
    """Return all clips of some corpora.

    Args:
        folder: contains ``ravdess/``, ``cremad/``, ``music4q/``, ``own/`` and so on.
        corpora: which of them, of :data:`NAMES`.
        rendered: folder for the rendered MIDI files of EMOPIA and VGMIDI; needed for these.
        progress: called for each MIDI file that had to be rendered.

    Returns:
        the clips, sorted by corpus and name, and a warning for each thing that is missing.

    Raises:
        CorpusError: a corpus is unknown, is missing, has no clips, or cannot be rendered.
    """
    loaders: dict[str, Callable[[Path], Found]] = {
        "ravdess": ravdess.load,
        "cremad": cremad.load,
        "4q": music4q.load,
        "emopia": lambda place: emopia.load(place, rendered, progress),
        "nemo": nemo.load,
        "ased": ased.load,
        "emovo": emovo.load,
        "turev": turev.load,
        "baved": baved.load,
        "emogator": emogator.load,
        "musifeast": musifeast.load,
        "vgmidi": lambda place: vgmidi.load(place, rendered, progress),
        "sounds": urbansound.load,
        "games": games.load,
        "effects": games.load_heard_effects,
        "own": own.load,
    }
    wanted = list(dict.fromkeys(corpora))
    _check(folder, wanted)
    clips, warnings = [], []
    for name in wanted:
        place = folder / _SOURCES[name].folder
        found, more = loaders[name](place)
        if not found:
            why = "".join(f"\n{warning}" for warning in more)
            raise CorpusError(f"{place}: no clips found; {_advice(name)}{why}")
        clips += found
        warnings += more
    return sorted(clips, key=lambda clip: (clip.corpus, clip.name, clip.path)), warnings


def _check(folder: Path, wanted: list[str]) -> None:
    if not wanted:
        raise CorpusError(f"no corpus was given; known corpora are: {', '.join(NAMES)}")
    errors = [
        f"corpus '{name}': unknown; {nearest(name, list(NAMES))}"
        for name in wanted
        if name not in _SOURCES
    ]
    if not errors and not folder.is_dir():
        errors = [f"{folder}: no such folder; --data must be the folder with the corpora"]
    if not errors:
        errors = [
            f"{folder / _SOURCES[name].folder}: no such folder; {_advice(name)}"
            for name in wanted
            if not (folder / _SOURCES[name].folder).is_dir()
        ]
    if errors:
        raise CorpusError("\n".join(errors))


def _advice(name: str) -> str:
    return (
        f"put {_SOURCES[name].holds} there (docs/training.md says where to get them), "
        f"or leave {name} out"
    )
