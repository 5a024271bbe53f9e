"""Random batches: windows for the CNN and sequences for the RNN, drawn evenly over the moods."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moodstream.arrays import Float32
from moodstream.mood.circumplex import MOODS
from moodstream_train.corpora import Clip
from moodstream_train.dataset import features
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior, masks_of, normalised, warps
from moodstream_train.recipe import Recipe


class Batch(NamedTuple):
    """Inputs and targets of one training step. The first axis of masks and weights is mixup's."""

    inputs: tuple[Float32, ...]
    """For the CNN, windows [shape=(batch, window_frames, n_mfcc)] and textures [shape=(batch,
    width)]. For the RNN, sequences [shape=(batch, steps, step_frames * n_mfcc)]."""
    masks: Float32
    """1 for each right mood, 0 elsewhere [shape=(mixed, batch, [steps,] moods)]."""
    weights: Float32
    """Weight of each target in the loss [shape=(mixed, batch, [steps])]."""


class Examples:
    """A source of random examples from one side of a split.

    Args:
        clips: all clips, in the order of the features.
        variants: features of the clips, then of their waveform variants. A side that is not
            augmented needs only the first.
        indices: clips on this side.
        prior: statistics that the bundle begins with.
        recipe: shares, augmentation and sizes.
        varied: whether examples are augmented.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        variants: Sequence[Features],
        indices: Sequence[int],
        prior: Prior,
        recipe: Recipe,
        varied: bool,
    ) -> None:
        self._variants = variants
        self._recipe = recipe
        self._varied = varied
        self._prior = prior
        self._masks = masks_of(clips)
        self._by_label: list[list[NDArray[np.int64]]] = []
        self._rooms: list[tuple[Float32, Float32]] = []
        shares = []
        for corpus, share in asdict(recipe.shares).items():
            own = [i for i in indices if clips[i].corpus == corpus]
            if share and own:
                labels = sorted({clips[i].label for i in own})
                self._by_label.append(
                    [np.array([i for i in own if clips[i].label == label]) for label in labels]
                )
                self._rooms.append(features.statistics(variants[0], own, recipe))
                shares.append(share)
        self._shares = np.array(shares) / sum(shares)
        self._warps = warps(recipe.augmentation.warp, recipe.features.n_mels, len(prior.mean))

    def windows(self, rng: np.random.Generator) -> Batch:
        """Draw a batch for the CNN."""
        count = self._recipe.cnn.schedule.batch
        length = self._recipe.cnn.window_frames
        rooms = rng.choice(len(self._shares), size=count, p=self._shares)
        clips = np.array([rng.choice(self._draw_label(room, rng)) for room in rooms])
        frames = np.empty((count, length, len(self._prior.mean)), np.float32)
        textures = np.empty((count, len(self._prior.texture_mean)), np.float32)
        chosen = self._draw_variants(count, rng)
        for k, source in enumerate(self._variants):
            own = np.flatnonzero(chosen == k)
            frames[own], textures[own] = self._windows_of(source, clips[own], length, rng)
        masks = self._masks[clips]
        if not self._varied:
            return Batch(self._normalised(frames, textures), masks[None], np.ones((1, count), "f"))
        n_mfcc = frames.shape[2]
        drawn = self._warps[rng.integers(len(self._warps), size=count)]
        frames = frames @ drawn
        textures[:, :n_mfcc] = (textures[:, None, :n_mfcc] @ drawn)[:, 0]
        shifts = np.stack([self._channel(rng) for _ in range(count)])
        heard = [self._room(room, shift, rng) for room, shift in zip(rooms, shifts, strict=True)]
        means, stds = (np.stack(each) for each in zip(*heard, strict=True))
        inputs = list(self._normalised(frames, textures, means - shifts, stds))
        self._mask_in_time(inputs[0], rng)
        mixup = self._recipe.augmentation.mixup
        drawn_shares = rng.beta(mixup, mixup, count) if mixup else np.ones(count)
        share = drawn_shares.astype(np.float32)
        other = rng.permutation(count)
        if mixup:
            for k, part in enumerate(inputs):
                kept = share.reshape(-1, *(1,) * (part.ndim - 1))
                inputs[k] = kept * part + (1 - kept) * part[other]
        return Batch(tuple(inputs), np.stack((masks, masks[other])), np.stack((share, 1 - share)))

    def sequences(self, rng: np.random.Generator) -> Batch:
        """Draw a batch for the RNN. Each sequence begins with a zero state."""
        recipe, spec = self._recipe.rnn, self._recipe.features
        count, steps, width = recipe.schedule.batch, recipe.sequence_steps, recipe.step_frames
        settle = round(recipe.settle_s * spec.sample_rate / spec.hop_length / width)
        frames = np.empty((count, steps * width, len(self._prior.mean)), np.float32)
        masks = np.empty((count, steps, len(MOODS)), np.float32)
        weights = np.ones((count, steps), np.float32)
        for k in range(count):
            change = steps
            if rng.random() < recipe.change_share:
                change = int(rng.integers(steps // 4, steps * 3 // 4))
            for begin, end in ((0, change), (change, steps)):
                if begin == end:
                    continue
                room = int(rng.choice(len(self._shares), p=self._shares))
                clips = self._draw_label(room, rng)
                part = self._segment(clips, (end - begin) * width, rng)
                frames[k, begin * width : end * width] = part
                masks[k, begin:end] = self._masks[clips[0]]
                weights[k, begin : begin + settle] = 0
            mean, std = self._prior.mean, self._prior.std
            if self._varied:
                shift = self._channel(rng)
                mean, std = self._room(room, shift, rng)
                mean = mean - shift
            frames[k] = (frames[k] - mean) / std
        if self._varied:
            self._mask_in_time(frames, rng)
        return Batch((frames.reshape(count, steps, -1),), masks[None], weights[None])

    def _draw_label(self, room: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw a label of a corpus, and return all clips that have it."""
        labels = self._by_label[room]
        return labels[int(rng.integers(len(labels)))]

    def _draw_variants(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        others = len(self._variants) - 1
        varied = rng.random(count) < self._recipe.augmentation.variant_share
        if not self._varied or not others:
            return np.zeros(count, np.int64)
        return np.where(varied, rng.integers(1, others + 1, size=count), 0)

    def _windows_of(
        self, source: Features, clips: NDArray[np.int64], length: int, rng: np.random.Generator
    ) -> tuple[Float32, Float32]:
        """Draw windows that end anywhere in some clips, and the textures of their last hops.

        A window that begins before its clip repeats the clip, as in the runtime.
        """
        hop, count = self._recipe.hop_frames, len(clips)
        frames_n = source.starts[clips + 1] - source.starts[clips]
        hops_n = source.hop_starts[clips + 1] - source.hop_starts[clips]
        first = np.minimum(hops_n - 1, length // hop - 1)
        hops = first + (rng.random(count) * (hops_n - first)).astype(np.int64)
        stretch = self._recipe.augmentation.stretch if self._varied else 0
        jitter = rng.integers(hop, size=count) if self._varied else 0
        ends = np.minimum((hops + 1) * hop + jitter, frames_n)
        pace = 1 + rng.uniform(-stretch, stretch, count)
        ago = np.round(pace[:, None] * np.arange(length - 1, -1, -1)).astype(np.int64)
        places = source.starts[clips][:, None] + ends[:, None] - 1 - ago % ends[:, None]
        return source.frames[places], source.textures[source.hop_starts[clips] + hops]

    def _segment(self, clips: NDArray[np.int64], length: int, rng: np.random.Generator) -> Float32:
        """Join clips of one label. A long clip begins at a random place."""
        parts: list[Float32] = []
        missing = length
        stretch = self._recipe.augmentation.stretch if self._varied else 0
        while missing > 0:
            source = self._variants[int(self._draw_variants(1, rng)[0])]
            frames = source.clip(int(rng.choice(clips)))
            begin = int(rng.integers(max(1, len(frames) - missing + 1)))
            pace = 1 + rng.uniform(-stretch, stretch)
            places = begin + np.round(pace * np.arange(missing)).astype(np.int64)
            parts.append(frames[places[places < len(frames)]])
            missing -= len(parts[-1])
        segment = np.concatenate(parts)
        if self._varied:
            segment = segment @ self._warps[int(rng.integers(len(self._warps)))]
            widest = self._recipe.augmentation.segment_gain_db
            gain = rng.uniform(-widest, widest)
            segment[:, 0] += np.float32(gain * np.sqrt(self._recipe.features.n_mels))
        return segment

    def _normalised(
        self,
        frames: Float32,
        textures: Float32,
        mean: Float32 | None = None,
        std: Float32 | None = None,
    ) -> tuple[Float32, ...]:
        """Normalise by the prior, or by a mean and a deviation for each example."""
        return normalised(self._prior, self._recipe, frames, textures, mean, std)

    def _room(self, room: int, shift: Float32, rng: np.random.Generator) -> tuple[Float32, Float32]:
        """Draw the mean and deviation that a normaliser has after some time in a room.

        The room's statistics are those of its corpus. They are blended with the prior by a random
        trust, as :class:`Normaliser` does.
        """
        mean, std = self._prior.mean, self._prior.std
        if rng.random() < self._recipe.augmentation.room_share:
            trust = np.float32(rng.random())
            room_mean, room_std = self._rooms[room]
            room_mean = room_mean + shift
            square = std**2 + mean**2
            square = square + trust * (room_std**2 + room_mean**2 - square)
            mean = mean + trust * (room_mean - mean)
            std = np.sqrt(np.maximum(square - mean**2, 1e-6))
        return mean, std

    def _channel(self, rng: np.random.Generator) -> Float32:
        """Draw the offset of a gain and a gentle equaliser, for every frame [shape=(n_mfcc,)].

        A curve of ``a * cos`` decibels over the mel bands is one basis function of the DCT. It
        therefore adds to one coefficient. A gain adds to the first.
        """
        augmentation = self._recipe.augmentation
        n_mels, n_mfcc = self._recipe.features.n_mels, self._recipe.features.n_mfcc
        order = np.arange(1, min(6, n_mfcc))
        shift = np.zeros(n_mfcc, np.float32)
        shift[order] = rng.normal(0, augmentation.channel_db / order) * np.sqrt(n_mels / 2)
        low_db, high_db = augmentation.gain_db
        if rng.random() < augmentation.gain_share:
            shift[0] = rng.uniform(low_db, high_db) * np.sqrt(n_mels)
        return shift

    def _mask_in_time(self, frames: Float32, rng: np.random.Generator) -> None:
        """Set random stretches of each example [shape=(batch, n, n_mfcc)] to the mean."""
        augmentation, spec = self._recipe.augmentation, self._recipe.features
        rate = spec.sample_rate / spec.hop_length
        longest = augmentation.mask_s * rate
        count = round(augmentation.masks_a_second * frames.shape[1] / rate)
        lengths = rng.uniform(0, longest, (len(frames), count)).astype(np.int64)
        begins = (rng.random((len(frames), count)) * (frames.shape[1] - lengths)).astype(np.int64)
        for example, begin, length in zip(frames, begins, lengths, strict=True):
            for k in range(count):
                example[begin[k] : begin[k] + length[k]] = 0
