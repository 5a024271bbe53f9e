"""Features of all clips, computed by the runtime's code and kept in a cache."""

import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from moodstream.arrays import Float32
from moodstream.features import texture
from moodstream.features.chroma import Chroma
from moodstream.features.mfcc import Mfcc
from moodstream.features.silence import SilenceGate, level_dbfs
from moodstream.features.stationary import StationaryGate
from moodstream.mood.circumplex import MOODS
from moodstream.whole_file import written_whole
from moodstream_train import corpora, memory
from moodstream_train.corpora import Clip
from moodstream_train.recipe import Recipe
from moodstream_train.waveform import variants

BLOCK = 240
"""Clips in a file of the cache."""
CHUNK = 8
"""Clips that a process takes at once."""

Progress = Callable[[int, int], None]
"""Called with the number of clips that are done and their total."""


@dataclass(frozen=True)
class Features:
    """Features that the runtime computes of each clip, one clip after the other."""

    frames: Float32
    """MFCC, not normalised [shape=(frames, n_mfcc)]."""
    starts: NDArray[np.int64]
    """First frame of each clip, then the end of the last one [shape=(clips + 1,)]."""
    textures: Float32
    """Texture at the end of each hop, neither normalised nor standardised [shape=(hops, width)]."""
    levels: Float32
    """Root mean square of each hop, dBFS [shape=(hops,)]."""
    hop_starts: NDArray[np.int64]
    """First hop of each clip, then the end of the last one [shape=(clips + 1,)]."""

    def clip(self, i: int) -> Float32:
        """Return the frames of one clip [shape=(frames, n_mfcc)]."""
        return self.frames[self.starts[i] : self.starts[i + 1]]

    def length(self, i: int) -> int:
        """Return the number of frames of one clip."""
        return int(self.starts[i + 1] - self.starts[i])

    def hops(self, i: int) -> slice:
        """Return the range of the hops of one clip."""
        return slice(int(self.hop_starts[i]), int(self.hop_starts[i + 1]))


def load(
    clips: Sequence[Clip], recipe: Recipe, variant: int, cache: Path, progress: Progress
) -> Features:
    """Load the features of all clips from the cache, or compute them.

    The cache holds files of :data:`BLOCK` clips. An interrupted computation goes on after the last
    complete block.

    Args:
        clips: in the order of the features; clips of one corpus stand together.
        recipe: of the features and of the variants.
        variant: 0 for the clips as they are, else the number of a waveform variant.
        cache: a folder outside the repository.
        progress: called for each clip that was computed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    blocks = _blocks(clips, recipe, variant, cache)
    missing = {path: block for path, block in blocks.items() if not path.exists()}
    if missing:
        _compute(missing, _same_voice(clips), recipe, variant, progress)
    return _join([_read(path) for path in blocks])


def missing_n(clips: Sequence[Clip], recipe: Recipe, variant: int, cache: Path) -> int:
    """Count the clips whose features are not in the cache; the arguments are those of `load`."""
    blocks = _blocks(clips, recipe, variant, cache)
    return sum(len(block) for path, block in blocks.items() if not path.exists())


def key(clips: Sequence[Clip], recipe: Recipe, variant: int) -> str:
    """Return a hash of everything that the features depend on, as 16 hexadecimal digits."""
    how = asdict(replace(recipe.variants, count=0))  # variants do not depend on their number
    parts = {
        "features": asdict(recipe.features),
        "chroma": asdict(recipe.chroma),
        "texture": asdict(recipe.texture),
        "hop_frames": recipe.hop_frames,
        "variant": (variant, variants.VERSION, how) if variant else None,
        "clips": [(clip.corpus, clip.path.name, clip.path.stat().st_size) for clip in clips],
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def audible(features: Features, i: int, recipe: Recipe) -> NDArray[np.bool_]:
    """Tell for each frame of a clip whether the runtime counts its hop as audible."""
    gate = SilenceGate(recipe.silence, recipe.features.sample_rate)
    still = StationaryGate(recipe.silence.stationary, recipe.cnn.window_frames)
    hop_n = recipe.hop_frames * recipe.features.hop_length
    heard = []
    for k, level in enumerate(features.levels[features.hops(i)]):
        frames = features.clip(i)[k * recipe.hop_frames : (k + 1) * recipe.hop_frames]
        silent = gate.process(float(level), hop_n)
        heard.append(not (still.process(frames) or silent))
    return np.repeat(heard, recipe.hop_frames)[: features.length(i)]


def statistics(
    features: Features, indices: Sequence[int], recipe: Recipe
) -> tuple[Float32, Float32]:
    """Compute mean and deviation of each coefficient over the audible frames of some clips."""
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


def normalised(textures: Float32, mean: Float32, std: Float32, lags: int) -> Float32:
    """Return the textures of frames that are normalised by ``(frames - mean) / std``.

    The result is exact. Means move and scale with the frames, deviations and changes only scale,
    and the chroma part does not depend on the frames.

    Args:
        textures: of frames that are not normalised [shape=(n, width)].
        mean: mean of each coefficient [shape=(n_mfcc,) or (n, n_mfcc)].
        std: standard deviation of each coefficient, of the same shape.
        lags: number of lags of the textures.
    """
    made = textures.copy()
    n_mfcc = np.shape(mean)[-1]
    made[:, :n_mfcc] -= mean
    scaled = made[:, : (2 + lags) * n_mfcc].reshape(len(made), 2 + lags, n_mfcc)
    scaled /= std if np.ndim(std) == 1 else std[:, None]
    return made


def rounded(values: Float32) -> tuple[float, ...]:
    """Return values with the digits that the card holds."""
    return tuple(round(float(value), 5) for value in values)


def _blocks(
    clips: Sequence[Clip], recipe: Recipe, variant: int, cache: Path
) -> dict[Path, Sequence[Clip]]:
    """Return the files of the cache with their clips."""
    blocks: dict[Path, Sequence[Clip]] = {}
    for name in dict.fromkeys(clip.corpus for clip in clips):
        own = [clip for clip in clips if clip.corpus == name]
        stem = f"{name}-{variant}-{key(own, recipe, variant)}"
        for k in range(0, len(own), BLOCK):
            blocks[cache / f"{stem}-{k // BLOCK:03}.npz"] = own[k : k + BLOCK]
    return blocks


def _read(path: Path) -> Features:
    with np.load(path) as stored:
        return Features(**{field.name: stored[field.name] for field in fields(Features)})


def _compute(
    blocks: dict[Path, Sequence[Clip]],
    others: dict[tuple[str, str], list[Clip]],
    recipe: Recipe,
    variant: int,
    progress: Progress,
) -> None:
    """Compute blocks of clips in processes, and write each as soon as it is complete."""
    # Spawned, not forked: TensorFlow's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=start_worker)
    try:
        of, done = sum(map(len, blocks.values())), 0
        work = (
            (clip, others[clip.corpus, clip.group], recipe, variant)
            for block in blocks.values()
            for clip in block
        )
        results = pool.map(_one, work, chunksize=CHUNK)
        for path, block in blocks.items():
            parts = []
            for part in islice(results, len(block)):
                parts.append(part)
                done += 1
                progress(done, of)
            made = _join(parts)
            with written_whole(path) as file:
                np.savez(file, **{field.name: getattr(made, field.name) for field in fields(made)})
    finally:
        pool.shutdown(cancel_futures=True)


def start_worker() -> None:
    """Prepare a process that computes features.

    OpenBLAS rounds differently with another number of threads. With one thread, features are the
    same bit for bit on machines with any number of cores. Ctrl-C ends this process at once.
    """
    memory.keep_freed()
    threadpool_limits(1, user_api="blas")
    if multiprocessing.parent_process() is not None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _join(parts: Sequence[Features]) -> Features:
    def positions(each: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        ends = np.cumsum([0, *(starts[-1] for starts in each)])
        shifted = [starts[:-1] + end for starts, end in zip(each, ends, strict=False)]
        return np.concatenate([*shifted, ends[-1:]])

    return Features(
        frames=np.concatenate([part.frames for part in parts]),
        starts=positions([part.starts for part in parts]),
        textures=np.concatenate([part.textures for part in parts]),
        levels=np.concatenate([part.levels for part in parts]),
        hop_starts=positions([part.hop_starts for part in parts]),
    )


def _same_voice(clips: Sequence[Clip]) -> dict[tuple[str, str], list[Clip]]:
    """Return the clips that may talk behind those of a corpus and group.

    They are the group's own for voices, and none for music. Another actor may belong to the test
    side, and must not be heard in training.
    """
    found: dict[tuple[str, str], list[Clip]] = {(clip.corpus, clip.group): [] for clip in clips}
    for clip in clips:
        if clip.label in MOODS:
            found[clip.corpus, clip.group].append(clip)
    return found


def _one(work: tuple[Clip, Sequence[Clip], Recipe, int]) -> Features:
    clip, others, recipe, variant = work
    spec = recipe.features
    samples = corpora.read(clip, spec.sample_rate)
    if variant:
        seed = hashlib.sha256(f"{clip.name} {variant}".encode()).digest()[:8]
        rng = np.random.default_rng(int.from_bytes(seed))

        def talker() -> Float32:
            return corpora.read(others[int(rng.integers(len(others)))], spec.sample_rate)

        samples = variants.vary(
            samples, spec.sample_rate, recipe.variants, rng, talker if others else None
        )
    # The runtime cuts a recording in the same way. Its last hop holds whole chroma frames.
    samples = np.pad(samples, (0, max(0, recipe.chroma.hop_length - len(samples))))
    samples = samples[: len(samples) - len(samples) % recipe.chroma.hop_length]
    frames = Mfcc(spec).process(samples)
    chroma = Chroma(recipe.chroma, spec.sample_rate).process(samples)
    width = recipe.chroma.hop_length // spec.hop_length
    statistics = texture.Statistics(
        recipe.texture.length // width, width, spec.n_mfcc, recipe.texture.lags
    )
    textures, levels = [], []
    for begin in range(0, len(frames), recipe.hop_frames):
        end = min(begin + recipe.hop_frames, len(frames))
        statistics.push(frames[begin:end], chroma[begin // width : end // width])
        textures.append(statistics.view())
        levels.append(level_dbfs(samples[begin * spec.hop_length : end * spec.hop_length]))
    return Features(
        frames=frames,
        starts=np.array([0, len(frames)]),
        textures=np.stack(textures),
        levels=np.array(levels, np.float32),
        hop_starts=np.array([0, len(levels)]),
    )
