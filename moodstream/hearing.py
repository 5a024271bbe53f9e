"""The public Python interface: arrays, streams and files of audio in, moods out.

``docs/python.md`` explains it and says what stays stable between versions.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.audio.channels import Mix
from moodstream.audio.chunk import Block, Gap
from moodstream.audio.file import BLOCK_N, RATES, AudioFile, AudioFileError, DamagedFileError
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle, BundleError
from moodstream.config.sections import Config
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.messages.published import Message
from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream.mood.state import MoodState
from moodstream.pipeline import Pipeline, Step
from moodstream.replay.files import find, message_name
from moodstream.replay.processes.worker import Outcome, Task
from moodstream.replay.processes.workers import Workers, cores
from moodstream.replay.progress import Progress
from moodstream.replay.settings import fingerprint
from moodstream.replay.summary import Summary as Collected

__all__ = [
    "MOODS",
    "QUADRANTS",
    "AudioFileError",
    "Block",
    "Bundle",
    "BundleError",
    "Gap",
    "Hearing",
    "MoodState",
    "Pipeline",
    "Segment",
    "Step",
    "Summary",
    "Unheard",
    "hear",
    "hear_many",
    "load_bundle",
]


@dataclass(frozen=True)
class Segment:
    """Part of a recording in which one mood was named, or none."""

    start_s: float
    """Beginning, seconds."""
    end_s: float
    """End, seconds."""
    mood: str | None
    """One of :data:`MOODS`; None where no mood was named."""


@dataclass(frozen=True)
class Summary:
    """Mood of a recording as a whole."""

    mood: str | None
    """One of :data:`MOODS`; None if no mood was named."""
    quadrant: str | None
    """One of :data:`QUADRANTS`; None without a mood."""
    confidence: float | None
    """Probability of the mood, 0 .. 1; None without a mood."""
    valence: float | None
    """Pleasantness, -1 .. 1; None if nothing was heard."""
    arousal: float | None
    """Arousal (excitement), -1 .. 1; None if nothing was heard."""
    scores: dict[str, float]
    """Probability of each mood; empty if nothing was heard."""
    shares: dict[str, float]
    """Share of time for each mood, and for each status without a mood."""
    segments: tuple[Segment, ...]
    """Moods in chronological order."""
    duration_s: float
    """Length of the recording, seconds."""
    message: Message
    """Object that ``moodstream replay --format jsonl`` writes for the recording."""


@dataclass(frozen=True)
class Hearing:
    """Result for a recording."""

    file: str | None
    """Name of the file; None for an array."""
    summary: Summary
    states: tuple[MoodState, ...]
    """State after each hop of half a second; empty from :func:`hear_many`."""
    rate: int
    """Sample rate at which the states count ``position_n`` and ``since_n``, hertz."""
    complaints: tuple[str, ...]
    """Sentences about damage to the recording; empty if it is whole."""


@dataclass(frozen=True)
class Unheard:
    """File that could not be heard."""

    file: str
    """Name of the file."""
    complaints: tuple[str, ...]
    """Reasons, a sentence each."""


def load_bundle(directory: str | os.PathLike[str] | None = None) -> Bundle:
    """Load the models, and check them with the self-test.

    Args:
        directory: directory of a bundle; None loads the installed one.

    Raises:
        BundleError: it cannot be used; the message says why.

    >>> from moodstream import load_bundle
    >>> load_bundle().card.features.sample_rate
    16000
    """
    return self_test.load(disk.shipped() if directory is None else Path(directory))


def hear(
    source: str | os.PathLike[str] | NDArray[Any],
    rate: int | None = None,
    *,
    bundle: Bundle | None = None,
) -> Hearing:
    """Return the moods of a file or of an array of samples.

    Args:
        source: path of a file, or samples: floats of full scale 1, or int16
            [shape=(n,) or (n, channels)].
        rate: sample rate of an array, hertz; None for a file.
        bundle: models from :func:`load_bundle`; None loads those that are installed.

    Raises:
        AudioFileError: the file cannot be read. A damaged file is heard up to the damage.
        BundleError: the models cannot be used. TypeError: the array contains neither floats nor
        int16, its rate is missing, or a rate was given for a file. ValueError: the array is empty
        or has another shape, or the rate is not plausible.

    >>> import numpy as np
    >>> from moodstream import hear
    >>> silence = hear(np.zeros(5 * 8000), 8000)
    >>> silence.summary.mood is None, silence.states[-1].status
    (True, 'silence')
    """
    models = load_bundle() if bundle is None else bundle
    if not isinstance(source, np.ndarray):
        if rate is not None:
            raise TypeError("a file has its own sample rate: leave out rate")
        with AudioFile(Path(source)) as file:
            return _heard(models, file.blocks(), file)
    if rate is None:
        raise TypeError("an array of samples needs its rate, in hertz: hear(samples, rate)")
    return _heard(models, _blocks(_checked(source, rate), rate), None)


def hear_many(
    files: Iterable[str | os.PathLike[str]], *, bundle: Bundle | None = None, jobs: int = 0
) -> Iterator[Hearing | Unheard]:
    """Yield the moods of many files, in their order; several are processed at the same time.

    Each file is processed in a child process. If a file crashes its process, or makes no progress
    for a minute, the other files are not affected. States are not kept.

    Args:
        files: paths of files, and of directories: all audio files in and below them are heard.
        bundle: models from :func:`load_bundle`; None loads those that are installed.
        jobs: number of processes; 0 means one for each core.

    Raises:
        BundleError: the models cannot be used.
        ValueError: the number of processes is negative.
        moodstream.replay.errors.WorkerError: a process cannot be started.
    """
    if jobs < 0:
        raise ValueError(f"jobs must be at least 0, found {jobs}")
    models = load_bundle() if bundle is None else bundle
    return _heard_many([Path(file) for file in files], models, jobs or cores())


def _heard_many(asked: list[Path], models: Bundle, jobs: int) -> Iterator[Hearing | Unheard]:
    found = find(asked)
    for complaint in found.unreachable:
        yield Unheard(complaint.partition(": ")[0], (complaint,))
    paths, rate = found.files, models.card.features.sample_rate
    task = Task(Config(), models, _settings(models), states=False)
    with (
        Workers(task, min(jobs, len(paths))) as workers,
        Progress(paths, hidden=True) as progress,
    ):
        outcomes = workers.replay(paths, threading.Event(), progress)
        for path, outcome in zip(paths, outcomes, strict=True):
            yield _of(outcome, message_name(path), rate)


def summary_of(message: Message) -> Summary:
    """Return a summary, made from the object that a replay writes for a recording."""
    return Summary(
        mood=message["mood"],
        quadrant=message["quadrant"],
        confidence=message["confidence"],
        valence=message["valence"],
        arousal=message["arousal"],
        scores=message["scores"] or {},
        shares=message["shares"],
        segments=tuple(
            Segment(part["start"], part["end"], part["mood"]) for part in message["segments"]
        ),
        duration_s=message["duration"],
        message=message,
    )


def _of(outcome: Outcome, name: str, rate: int) -> Hearing | Unheard:
    if outcome.summary is None:
        return Unheard(name, outcome.complaints)
    return Hearing(name, summary_of(outcome.summary), (), rate, outcome.complaints)


def _heard(models: Bundle, blocks: Iterator[Block], file: AudioFile | None) -> Hearing:
    """Pass blocks through a new pipeline, and collect everything."""
    pipeline = Pipeline.of(models)
    collected = Collected(pipeline.rate)
    states: list[MoodState] = []
    complaints = []

    def take(steps: Iterator[Step]) -> None:
        for step in steps:
            collected.add(step)
            states.append(step.state)

    heard_s = 0.0
    try:
        for block in blocks:
            heard_s += len(block.samples) / block.rate
            take(pipeline.process(block))
    except DamagedFileError as error:
        complaints.append(str(error))
    take(pipeline.finish())
    if lost_n := pipeline.resampler.unreadable_n:
        complaints.append(f"{lost_n} samples are not finite numbers; they were replaced by silence")
    name = None if file is None else message_name(file.path)
    message = collected.message(name or "", file.read_s if file else heard_s, _settings(models))
    return Hearing(name, summary_of(message), tuple(states), pipeline.rate, tuple(complaints))


def _checked(samples: NDArray[Any], rate: int) -> Float32 | NDArray[np.int16]:
    """Return the samples in the form that the mixer takes [shape=(n, channels)].

    Raises:
        TypeError: they are neither floats nor int16.
        ValueError: there are none, or the shape or the rate is wrong.
    """
    if samples.dtype != np.int16 and samples.dtype.kind != "f":
        raise TypeError(
            f"samples of {samples.dtype} have no known full scale: "
            "convert them to floats of full scale 1"
        )
    if not 1 <= samples.ndim <= 2 or not samples.size:
        raise ValueError(f"samples need the shape (n,) or (n, channels), found {samples.shape}")
    if rate not in RATES:
        raise ValueError(f"a sample rate of {rate} Hz is not audio")
    plain = samples if samples.dtype == np.int16 else samples.astype(np.float32, copy=False)
    return plain[:, None] if samples.ndim == 1 else plain


def _blocks(samples: Float32 | NDArray[np.int16], rate: int) -> Iterator[Block]:
    mix = Mix(samples.shape[1], rate)
    for at in range(0, len(samples), BLOCK_N):
        yield Block(mix.process(samples[at : at + BLOCK_N]), rate)


def _settings(models: Bundle) -> str:
    card = models.card
    return fingerprint(models.sha256, DEFAULT_HOP_S, card.silence, card.smoothing, adapt=False)
