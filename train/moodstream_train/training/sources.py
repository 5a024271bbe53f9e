"""The clips of a run: whole corpora, or own recordings among a few clips of each corpus."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from moodstream_train import corpora
from moodstream_train.corpora import Clip, noise, own
from moodstream_train.corpora.survey import Hearing
from moodstream_train.dataset.limits import limited, sampled
from moodstream_train.recipe import Recipe

CORPUS_OF = {"speech": "ravdess", "song": "ravdess", "cremad": "cremad"}
CORPUS_OF |= {"music": "4q"}
CORPUS_OF |= {name: name for name in corpora.NAMES if name not in ("ravdess", "cremad", "4q")}
RENDERED = "rendered"
NOISE = "noise"
MIXED_CLIPS = 120
"""Clips of each corpus that own recordings are mixed with. Their features take minutes to compute,
those of whole corpora an hour."""
MIXED_NOISES = 30
SURE, SURELY_NOT = 0.8, 0.2
"""Probabilities from which what the bundle hears in a clip counts as known."""


def load_clips(recipe: Recipe, data: Path, cache: Path) -> tuple[list[Clip], list[str]]:
    """Load the clips of the corpora that a recipe has shares of, and warnings about missing ones.

    Raises:
        corpora.CorpusError: a corpus is not there.
    """
    wanted = [name for name, share in asdict(recipe.shares).items() if share and name in CORPUS_OF]
    sources = list(dict.fromkeys(CORPUS_OF[name] for name in wanted))
    try:
        found, warnings = corpora.load(data, sources, cache / RENDERED)
    except corpora.CorpusError as error:
        raise corpora.CorpusError(f"{error}\n{_without(wanted)}") from error
    clips = [*limited([clip for clip in found if clip.corpus in wanted], recipe.limits)]
    if recipe.shares.noise:
        clips += noise.load(cache / NOISE)
    return clips, warnings


def load_own(recipe: Recipe, place: Path, data: Path, cache: Path) -> tuple[list[Clip], list[str]]:
    """Load own recordings, some clips of the corpora that the recipe has shares of, and noises.

    Args:
        recipe: of the run.
        place: folder or table of the own recordings.
        data: folder of the corpora.
        cache: folder for rendered music and noises.

    Raises:
        corpora.CorpusError: something is not there, or cannot be read.
    """
    clips, warnings = own.load(place)
    names = [name for name, share in asdict(recipe.shares).items() if share and name in CORPUS_OF]
    if sources := dict.fromkeys(CORPUS_OF[name] for name in names if name != "own"):
        found, more = corpora.load(data, [*sources], cache / RENDERED)
        clips += sampled([clip for clip in found if clip.corpus in names], MIXED_CLIPS)
        warnings += more
    if recipe.shares.noise:
        clips += noise.load(cache / NOISE, MIXED_NOISES)
    return clips, warnings


def heard_in(clip: Clip, found: Hearing) -> Clip:
    """Return an own clip with what the bundle hears in it: a voice, music, or both.

    Somebody found a mood in it, so there is a voice or music, even where the bundle is sure of
    neither. Without this, fine-tuning would forget to hear them.
    """
    voice, music = (_known(one) for one in (found.voice, found.music))
    if found.voice == found.music == 0:  # it is too even to be judged
        voice = music = None
    elif not found.is_heard:
        voice, music = (1.0, music) if found.voice >= found.music else (voice, 1.0)
    return replace(clip, voice=voice, music=music)


def _known(probability: float) -> float | None:
    if SURELY_NOT < probability < SURE:
        return None
    return float(probability >= SURE)


def _without(wanted: Sequence[str]) -> str:
    """Name the options that leave each corpus out."""
    lines = ["Options of `moodstream train` that leave a corpus out:"]
    for source in dict.fromkeys(CORPUS_OF[name] for name in wanted):
        own = [f"--set shares.{name}=0" for name in wanted if CORPUS_OF[name] == source]
        lines.append(f"  {source}: {' '.join(own)}")
    return "\n".join(lines)
