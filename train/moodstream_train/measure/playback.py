"""Playback of clips through the runtime. Only this module knows how a bundle is run."""

import copy
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from moodstream import self_test
from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.audio.file import BLOCK_N, AudioFile, AudioFileError
from moodstream.bundle.bundle import Bundle
from moodstream.features.normalise import Normaliser
from moodstream.pipeline import Pipeline, Step
from moodstream.replay import recording as replay
from moodstream.replay.summary import Summary
from moodstream_train.corpora import Clip
from moodstream_train.errors import TrainingError
from moodstream_train.measure.verdict import Verdict

PROCESSES = 2
"""Processes at once. Each holds a bundle and some audio; a small computer has memory for two."""
CHUNK = 40

Change = Callable[[Float32, int, np.random.Generator], Float32]
"""Changes samples [shape=(n,)] at a rate in hertz before they are played."""

Result = TypeVar("Result")


def judge(folder: Path, clips: Sequence[Clip], change: Change | None = None) -> list[Verdict]:
    """Judge each clip alone, beginning with the bundle's own normalisation."""
    chunks = [clips[begin : begin + CHUNK] for begin in range(0, len(clips), CHUNK)]
    parts = spread(_judge_some, [(folder, chunk, change) for chunk in chunks])
    return [verdict for part in parts for verdict in part]


def spread(work: Callable[..., Result], jobs: Sequence[tuple[object, ...]]) -> list[Result]:
    """Run jobs in up to :data:`PROCESSES` processes, and return their results in order.

    Args:
        work: a function of a module. It is sent to the processes with the jobs.
        jobs: the arguments of each call.
    """
    workers = min(PROCESSES, len(os.sched_getaffinity(0)), len(jobs))
    if workers < 2:
        return [work(*job) for job in jobs]
    # Spawned, not forked: TensorFlow's threads do not survive a fork. Ctrl-C ends them at once.
    pool = ProcessPoolExecutor(
        workers,
        multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        return list(pool.map(work, *zip(*jobs, strict=True)))
    finally:
        pool.shutdown(cancel_futures=True)


def verdict(
    clip: Clip, bundle: Bundle, room: Normaliser | None = None, change: Change | None = None
) -> Verdict:
    """Return the verdict of a bundle on one clip.

    Args:
        clip: is read from its file.
        bundle: judges the clip.
        room: knowledge of the room, which learns from the clip.
        change: changes the samples first. Its random numbers depend on the clip's name.

    Raises:
        TrainingError: the file cannot be read.
    """
    samples, rate = read(clip.path)
    if change is not None:
        samples = change(samples, rate, chance(clip.name))
    summary = Summary(bundle.card.features.sample_rate)
    for step in steps(samples, rate, bundle, room):
        summary.add(step)
    evidence = summary.evidence
    message = summary.message(clip.name, len(samples) / rate, settings="")
    return Verdict(
        clip=clip.name,
        corpus=clip.corpus,
        group=clip.group,
        sex=clip.sex,
        label=clip.label,
        scores=None if evidence is None else np.exp(evidence).astype(float).round(7).tolist(),
        place=None if evidence is None else (message["valence"], message["arousal"]),
    )


def steps(
    samples: Float32, rate: int, bundle: Bundle, room: Normaliser | None = None
) -> Iterator[Step]:
    """Run the pipeline over samples [shape=(n,)] with the bundle's own settings."""
    pipeline = Pipeline.of(bundle, room)
    blocks = (
        Block(samples[begin : begin + BLOCK_N], rate) for begin in range(0, len(samples), BLOCK_N)
    )
    return replay.steps(pipeline, blocks)


def read(path: Path) -> tuple[Float32, int]:
    """Read a recording as the runtime does: mono samples [shape=(n,)], and the rate in hertz.

    Raises:
        TrainingError: the file cannot be read.
    """
    try:
        with AudioFile(path) as file:
            return np.concatenate([block.samples for block in file.blocks()]), file.rate
    except AudioFileError as error:
        raise TrainingError(f"{error}; repair the file or remove it from the corpus") from error


def chance(name: str) -> np.random.Generator:
    """Return random numbers that depend only on a name."""
    return np.random.default_rng(list(name.encode()))


def room(
    bundle: Bundle, prior_frames: int | None = None, memory_frames: int | None = None
) -> Normaliser:
    """Return a normaliser that knows nothing of its room yet.

    Args:
        bundle: gives the normalisation.
        prior_frames: weight of the prior, frames; None for the card's.
        memory_frames: longest memory, frames; None for the card's.
    """
    spec = bundle.card.normalisation
    return Normaliser(
        replace(
            spec,
            prior_frames=prior_frames or spec.prior_frames,
            memory_frames=memory_frames or spec.memory_frames,
        )
    )


def as_now(known: Normaliser) -> Normaliser:
    """Return a copy of a normaliser that learns on its own."""
    return copy.deepcopy(known)


def _judge_some(folder: Path, clips: Sequence[Clip], change: Change | None) -> list[Verdict]:
    bundle = self_test.load(folder)
    return [verdict(clip, bundle, change=change) for clip in clips]
