"""MFCC frames of all clips, computed once by the runtime's own code and kept in a cache."""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodstream.arrays import Float32
from moodstream.mfcc import Mfcc
from moodstream.normalise import NormalisationSpec
from moodstream.silence import SilenceGate, level_dbfs
from moodstream_train import augment, corpora
from moodstream_train.corpora import Clip
from moodstream_train.recipe import Recipe

Progress = Callable[[int, int], None]
"""Called with how many clips are done, and of how many."""


@dataclass(frozen=True)
class Features:
    """The frames of all clips, one after the other."""

    frames: Float32
    """MFCC, not normalised [shape=(total, n_mfcc)]."""
    levels: Float32
    """Root mean square of the hop that each frame lies in, dBFS [shape=(total,)]."""
    starts: NDArray[np.int64]
    """Where each clip begins, and where the last one ends [shape=(clips + 1,)]."""

    def clip(self, i: int) -> Float32:
        """The frames of one clip [shape=(frames, n_mfcc)]."""
        return self.frames[self.starts[i] : self.starts[i + 1]]

    def length(self, i: int) -> int:
        """Frames of one clip."""
        return int(self.starts[i + 1] - self.starts[i])


def load(
    clips: Sequence[Clip], recipe: Recipe, variant: int, cache: Path, progress: Progress
) -> Features:
    """The features of all clips, from the cache if they are there.

    Args:
        clips: in the order that the features are wanted in.
        recipe: of the features and of the variants.
        variant: 0 for the clips as they are, else the number of a waveform variant.
        cache: a folder outside the repository.
        progress: told of each clip that had to be computed.
    """
    path = cache / f"features-{key(clips, recipe, variant)}.npz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        made = _compute(clips, recipe, variant, progress)
        part = path.with_name(f"{path.stem}.{os.getpid()}.part.npz")
        np.savez(part, frames=made.frames, levels=made.levels, starts=made.starts)
        part.replace(path)
        return made
    with np.load(path) as stored:
        return Features(stored["frames"], stored["levels"], stored["starts"])


def key(clips: Sequence[Clip], recipe: Recipe, variant: int) -> str:
    """What the features depend on, as 16 hexadecimal digits."""
    parts = {
        "features": asdict(recipe.features),
        "hop_frames": recipe.hop_frames,
        "variant": (variant, augment.VERSION, asdict(recipe.variants)) if variant else None,
        "clips": [(clip.corpus, clip.path.name, clip.path.stat().st_size) for clip in clips],
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def audible(features: Features, i: int, recipe: Recipe) -> NDArray[np.bool_]:
    """Whether each frame of a clip lies in a hop that the runtime would not call silent."""
    spec = recipe.features
    gate = SilenceGate(recipe.silence, spec.sample_rate)
    levels = features.levels[features.starts[i] : features.starts[i + 1]]
    heard = np.zeros(len(levels), np.bool_)
    for begin in range(0, len(levels), recipe.hop_frames):
        hop = levels[begin : begin + recipe.hop_frames]
        silent = gate.process(float(hop[0]), len(hop) * spec.hop_length)
        heard[begin : begin + recipe.hop_frames] = not silent
    return heard


def statistics(
    features: Features, indices: Sequence[int], recipe: Recipe
) -> tuple[Float32, Float32]:
    """Mean and deviation of each coefficient over the audible frames of some clips."""
    count, total = 0, np.zeros(features.frames.shape[1])
    square = np.zeros_like(total)
    for i in indices:
        heard = features.clip(i)[audible(features, i, recipe)].astype(np.float64)
        count += len(heard)
        total += heard.sum(axis=0)
        square += (heard**2).sum(axis=0)
    if count == 0:
        return np.zeros(len(total), np.float32), np.ones(len(total), np.float32)
    mean = total / count
    std = np.sqrt(np.maximum(square / count - mean**2, 1e-6))
    return mean.astype(np.float32), std.astype(np.float32)


def normalisation(features: Features, indices: Sequence[int], recipe: Recipe) -> NormalisationSpec:
    """The bundle's prior, from the audible frames of the training side alone."""
    mean, std = statistics(features, indices, recipe)
    return NormalisationSpec(
        mean=tuple(round(float(value), 5) for value in mean),
        std=tuple(round(float(value), 5) for value in std),
        prior_frames=recipe.prior_frames,
        memory_frames=recipe.memory_frames,
    )


def _compute(clips: Sequence[Clip], recipe: Recipe, variant: int, progress: Progress) -> Features:
    # Spawned, not forked: TensorFlow's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    parts = []
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        work = ((clip, recipe, variant) for clip in clips)
        for part in pool.map(_one, work, chunksize=16):
            parts.append(part)
            progress(len(parts), len(clips))
    starts = np.cumsum([0, *(len(frames) for frames, _ in parts)])
    return Features(
        frames=np.concatenate([frames for frames, _ in parts]),
        levels=np.concatenate([levels for _, levels in parts]),
        starts=starts.astype(np.int64),
    )


def _one(work: tuple[Clip, Recipe, int]) -> tuple[Float32, Float32]:
    clip, recipe, variant = work
    spec = recipe.features
    samples = corpora.read(clip, spec.sample_rate)
    if variant:
        seed = hashlib.sha256(f"{clip.name} {variant}".encode()).digest()[:8]
        rng = np.random.default_rng(int.from_bytes(seed))
        samples = augment.vary(samples, spec.sample_rate, recipe.variants, rng)
    frames = Mfcc(spec).process(samples)
    hop_n = recipe.hop_frames * spec.hop_length
    hops = [level_dbfs(samples[begin : begin + hop_n]) for begin in range(0, len(samples), hop_n)]
    return frames, np.repeat(np.array(hops, np.float32), recipe.hop_frames)[: len(frames)]
