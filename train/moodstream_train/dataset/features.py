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
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from moodstream.arrays import Float32
from moodstream.features import texture
from moodstream.features.chroma import Chroma
from moodstream.features.mfcc import Mfcc
from moodstream.features.silence import level_dbfs
from moodstream.whole_file import written_whole
from moodstream_train import corpora, memory
from moodstream_train.corpora import Clip
from moodstream_train.dataset import surroundings
from moodstream_train.dataset.surroundings import Around
from moodstream_train.recipe import Recipe
from moodstream_train.waveform import variants

BLOCK = 240
"""Number of clips in a file of the cache."""
CHUNK = 8
"""Number of clips that a process takes at once."""

Progress = Callable[[int, int], None]
"""Callback that receives the number of finished clips and the total."""


@dataclass(frozen=True)
class Features:
    """Features that the runtime computes for each clip, concatenated."""

    frames: Float32
    """MFCC, not normalised [shape=(frames, n_mfcc)]."""
    starts: NDArray[np.int64]
    """First frame of each clip, then the end of the last one [shape=(clips + 1,)]."""
    textures: Float32
    """Texture at the end of each hop, neither normalised nor standardised [shape=(hops, width)]."""
    levels: Float32
    """Root mean square of each hop, dBFS [shape=(hops,)]."""
    heard: Float32
    """Whether each clip contains voice and music: 1, 0, or -1 if unknown [shape=(clips, 2)]."""
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
    clips: Sequence[Clip],
    recipe: Recipe,
    variant: int,
    cache: Path,
    progress: Progress,
    around: Around | None = None,
) -> Features:
    """Load the features of all clips from the cache, or compute them.

    The cache holds files of :data:`BLOCK` clips. An interrupted computation continues after the
    last complete block.

    Args:
        clips: clips in the order of the features; clips of one corpus are adjacent.
        recipe: of the features and of the variants.
        variant: 0 for the clips as they are, else the number of a waveform variant.
        cache: a folder outside the repository.
        progress: called for each clip that was computed.
        around: recordings for the variants; None gives each clip the voices of its own group.
    """
    cache.mkdir(parents=True, exist_ok=True)
    around = around or surroundings.around(clips, [])
    blocks = _blocks(clips, recipe, variant, cache, around)
    missing = {path: block for path, block in blocks.items() if not path.exists()}
    if missing:
        _compute(missing, around, recipe, variant, progress)
    return _join([_read(path) for path in blocks])


def missing_n(
    clips: Sequence[Clip],
    recipe: Recipe,
    variant: int,
    cache: Path,
    around: Around | None = None,
) -> int:
    """Count the clips whose features are not in the cache; the arguments are those of `load`."""
    around = around or surroundings.around(clips, [])
    blocks = _blocks(clips, recipe, variant, cache, around)
    return sum(len(block) for path, block in blocks.items() if not path.exists())


def key(clips: Sequence[Clip], recipe: Recipe, variant: int, around: Around) -> str:
    """Return a hash of everything that the features depend on, as 16 hexadecimal digits."""
    how = asdict(replace(recipe.variants, count=0))  # variants do not depend on their number
    parts = {
        "features": asdict(recipe.features),
        "chroma": asdict(recipe.chroma),
        "texture": asdict(recipe.texture),
        "hop_frames": recipe.hop_frames,
        "clip_s": recipe.limits.clip_s,
        "variant": (variant, variants.VERSION, how) if variant else None,
        "clips": [_identity(clip) for clip in clips],
        "around": _around_key(clips, around) if variant else None,
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _identity(clip: Clip) -> tuple[Any, ...]:
    return clip.corpus, clip.path.name, clip.path.stat().st_size, clip.voice, clip.music


def _around_key(clips: Sequence[Clip], around: Around) -> list[Any]:
    folds = {around.folds.get(clip.group, -1) for clip in clips}
    behind = sorted((name, fold) for name, fold in around.backgrounds if fold in folds)
    return [
        [path.name for path in around.rooms],
        *([*place, *map(_identity, around.backgrounds[place])] for place in behind),
    ]


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
    """Return values rounded as in the card."""
    return tuple(round(float(value), 5) for value in values)


def _blocks(
    clips: Sequence[Clip], recipe: Recipe, variant: int, cache: Path, around: Around
) -> dict[Path, Sequence[Clip]]:
    """Return the files of the cache with their clips."""
    blocks: dict[Path, Sequence[Clip]] = {}
    for name in dict.fromkeys(clip.corpus for clip in clips):
        own = [clip for clip in clips if clip.corpus == name]
        stem = f"{name}-{variant}-{key(own, recipe, variant, around)}"
        for k in range(0, len(own), BLOCK):
            blocks[cache / f"{stem}-{k // BLOCK:03}.npz"] = own[k : k + BLOCK]
    return blocks


def _read(path: Path) -> Features:
    with np.load(path) as stored:
        return Features(**{field.name: stored[field.name] for field in fields(Features)})


def _compute(
    blocks: dict[Path, Sequence[Clip]],
    around: Around,
    recipe: Recipe,
    variant: int,
    progress: Progress,
) -> None:
    """Compute blocks of clips in processes, and write each as soon as it is complete."""
    # Spawned, not forked: TensorFlow's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        os.cpu_count(), mp_context=context, initializer=start_worker, initargs=(around,)
    )
    try:
        of, done = sum(map(len, blocks.values())), 0
        work = ((clip, recipe, variant) for block in blocks.values() for clip in block)
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


_around = Around()
# Surroundings for the clips of a worker process. They are too large to be sent with each clip.


def start_worker(around: Around) -> None:
    """Prepare a process that computes features.

    The rounding of OpenBLAS depends on the number of threads. With one thread, features are the
    same bit for bit on machines with any number of cores. Ctrl-C ends this process at once.
    """
    global _around  # noqa: PLW0603 - set once in each process
    _around = around
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
        heard=np.concatenate([part.heard for part in parts]),
        hop_starts=positions([part.hop_starts for part in parts]),
    )


def _one(work: tuple[Clip, Recipe, int]) -> Features:
    clip, recipe, variant = work
    spec = recipe.features
    longest_n = round(recipe.limits.clip_s * spec.sample_rate)
    samples, heard = corpora.read(clip, spec.sample_rate)[:longest_n], (clip.voice, clip.music)
    if variant:
        seed = hashlib.sha256(f"{clip.name} {variant}".encode()).digest()[:8]
        rng = np.random.default_rng(int.from_bytes(seed))
        near = _around.of(clip, spec.sample_rate, rng)
        samples, heard = variants.vary(samples, spec.sample_rate, heard, recipe.variants, rng, near)
    # The runtime cuts a recording in the same way. Its last hop contains whole chroma frames.
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
        heard=np.array([[-1 if each is None else each for each in heard]], np.float32),
        hop_starts=np.array([0, len(levels)]),
    )
