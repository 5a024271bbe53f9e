"""Examples: windows for the CNN and sequences for the RNN, drawn from one side of a split."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moodstream.arrays import Float32
from moodstream_train.corpora.clip import Clip
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior, normalised, warps
from moodstream_train.dataset.packing import Drawn, blend, packed, with_background
from moodstream_train.dataset.statistics import statistics
from moodstream_train.dataset.targets import targets
from moodstream_train.recipe import Recipe

Indices = NDArray[np.int64]


class Batch(NamedTuple):
    """Inputs and targets of one training step."""

    inputs: tuple[Float32, ...]
    """Inputs: for the CNN, windows [shape=(batch, window_frames, n_mfcc)] and textures
    [shape=(batch, width)]; for the RNN, sequences [shape=(batch, steps, step_frames * n_mfcc)]."""
    targets: dict[str, Float32]
    """By output, packed with their weights as the losses take them."""


class Examples:
    """Examples from one side of a split.

    Args:
        clips: all clips, in the order of the features.
        variants: the features as they are, then those of the waveform variants; the first alone
            for a side that is not augmented.
        indices: of the clips on this side.
        prior: standardises the inputs.
        recipe: of everything.
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
        self._targets = [with_background(targets(clips), source) for source in variants]
        self._by_label: list[list[Indices]] = []
        self._rooms: list[tuple[Float32, Float32]] = []
        shares = []
        for corpus, share in asdict(recipe.shares).items():
            own = [i for i in indices if clips[i].corpus == corpus]
            if share and own:
                labels = sorted({clips[i].label for i in own})
                self._by_label.append(
                    [np.array([i for i in own if clips[i].label == label]) for label in labels]
                )
                self._rooms.append(statistics(variants[0], own, recipe))
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
        drawn = Drawn(
            *(np.empty((count, *each.shape[1:]), np.float32) for each in self._targets[0])
        )
        for k, source in enumerate(self._variants):
            own = np.flatnonzero(chosen == k)
            frames[own], textures[own] = self._windows_of(source, clips[own], length, rng)
            for array, known in zip(drawn, self._targets[k], strict=True):
                array[own] = known[clips[own]]
        if not self._varied:
            inputs = normalised(self._prior, self._recipe, frames, textures)
            return Batch(inputs, packed(drawn))
        n_mfcc = frames.shape[2]
        chosen_warps = self._warps[rng.integers(len(self._warps), size=count)]
        frames = frames @ chosen_warps
        textures[:, :n_mfcc] = (textures[:, None, :n_mfcc] @ chosen_warps)[:, 0]
        shifts = np.stack([self._channel(rng) for _ in range(count)])
        heard = [self._room(room, shift, rng) for room, shift in zip(rooms, shifts, strict=True)]
        means, stds = (np.stack(each) for each in zip(*heard, strict=True))
        inputs = normalised(self._prior, self._recipe, frames, textures, means - shifts, stds)
        self._mask_in_time(inputs[0], rng)
        mixup = self._recipe.augmentation.mixup
        if not mixup:
            return Batch(inputs, packed(drawn))
        share = rng.beta(mixup, mixup, count).astype(np.float32)
        other = rng.permutation(count)
        mixed = tuple(blend(part, part[other], share) for part in inputs)
        return Batch(mixed, packed(drawn, other, share))

    def sequences(self, rng: np.random.Generator) -> Batch:
        """Draw a batch for the RNN; each sequence begins with a zero state."""
        recipe, spec = self._recipe.rnn, self._recipe.features
        count, steps, width = recipe.schedule.batch, recipe.sequence_steps, recipe.step_frames
        step_s = spec.hop_length * width / spec.sample_rate
        settle, notice = round(recipe.settle_s / step_s), round(recipe.notice_s / step_s)
        frames = np.empty((count, steps * width, len(self._prior.mean)), np.float32)
        known = self._targets[0]
        drawn = Drawn(*(np.empty((count, steps, *each.shape[1:]), np.float32) for each in known))
        for k in range(count):
            change = steps
            if rng.random() < recipe.change_share:
                change = int(rng.integers(steps // 4, steps * 3 // 4))
            for begin, end in ((0, change), (change, steps)):
                if begin == end:
                    continue
                room = int(rng.choice(len(self._shares), p=self._shares))
                clips = self._draw_label(room, rng)
                variant, clip = int(self._draw_variants(1, rng)[0]), int(rng.choice(clips))
                part = self._segment(variant, clip, clips, (end - begin) * width, rng)
                frames[k, begin * width : end * width] = part
                for array, values in zip(drawn, self._targets[variant], strict=True):
                    array[k, begin:end] = values[clip]
                drawn.mood_weights[k, begin : begin + settle] = 0
                drawn.place_weights[k, begin : begin + settle] = 0
                drawn.heard_weights[k, begin : begin + notice] = 0
            mean, std = self._prior.mean, self._prior.std
            if self._varied:
                shift = self._channel(rng)
                mean, std = self._room(room, shift, rng)
                mean = mean - shift
            frames[k] = (frames[k] - mean) / std
        if self._varied:
            self._mask_in_time(frames, rng)
        return Batch((frames.reshape(count, steps, -1),), packed(drawn))

    def _draw_label(self, room: int, rng: np.random.Generator) -> Indices:
        """Return all clips that have one of the labels of a corpus."""
        labels = self._by_label[room]
        return labels[int(rng.integers(len(labels)))]

    def _draw_variants(self, count: int, rng: np.random.Generator) -> Indices:
        others = len(self._variants) - 1
        varied = rng.random(count) < self._recipe.augmentation.variant_share
        if not self._varied or not others:
            return np.zeros(count, np.int64)
        return np.where(varied, rng.integers(1, others + 1, size=count), 0)

    def _windows_of(
        self, source: Features, clips: Indices, length: int, rng: np.random.Generator
    ) -> tuple[Float32, Float32]:
        """Return windows that end anywhere in some clips, and the textures of their hops.

        A window that reaches back before its clip repeats it, as the runtime's does.
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

    def _segment(
        self, variant: int, clip: int, clips: Indices, length: int, rng: np.random.Generator
    ) -> Float32:
        """Return a clip, and others of its label behind it if it is too short.

        A long one begins anywhere. All are of one variant, as that decides what is heard in them.
        """
        source = self._variants[variant]
        same = self._alike(variant, clip, clips)
        parts: list[Float32] = []
        missing = length
        stretch = self._recipe.augmentation.stretch if self._varied else 0
        while missing > 0:
            frames = source.clip(clip)
            begin = int(rng.integers(max(1, len(frames) - missing + 1)))
            pace = 1 + rng.uniform(-stretch, stretch)
            places = begin + np.round(pace * np.arange(missing)).astype(np.int64)
            parts.append(frames[places[places < len(frames)]])
            missing -= len(parts[-1])
            clip = int(rng.choice(same))
        segment = np.concatenate(parts)
        if self._varied:
            segment = segment @ self._warps[int(rng.integers(len(self._warps)))]
            widest = self._recipe.augmentation.segment_gain_db
            gain = rng.uniform(-widest, widest)
            segment[:, 0] += np.float32(gain * np.sqrt(self._recipe.features.n_mels))
        return segment

    def _alike(self, variant: int, clip: int, clips: Indices) -> Indices:
        """Return the clips in whose variant the same is heard as in one clip's."""
        known = self._targets[variant]
        same = (known.heard[clips] == known.heard[clip]).all(axis=1)
        same &= (known.heard_weights[clips] == known.heard_weights[clip]).all(axis=1)
        alike: Indices = clips[same]
        return alike

    def _room(self, room: int, shift: Float32, rng: np.random.Generator) -> tuple[Float32, Float32]:
        """Return what the normaliser may have learned of a room, as mean and deviation.

        The room's statistics are those of the corpus played there. They are blended with the
        prior as :class:`Normaliser` does, by any trust it may have reached.
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
        """Return what a gain and a gentle equaliser add to every frame [shape=(n_mfcc,)].

        A curve of ``a * cos`` decibels over the mel bands is one basis function of the DCT, so it
        adds to one coefficient; a gain adds to the first.
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
        """Set stretches of each example [shape=(batch, n, n_mfcc)] to the mean."""
        augmentation, spec = self._recipe.augmentation, self._recipe.features
        rate = spec.sample_rate / spec.hop_length
        longest = augmentation.mask_s * rate
        count = round(augmentation.masks_a_second * frames.shape[1] / rate)
        lengths = rng.uniform(0, longest, (len(frames), count)).astype(np.int64)
        begins = (rng.random((len(frames), count)) * (frames.shape[1] - lengths)).astype(np.int64)
        for example, begin, length in zip(frames, begins, lengths, strict=True):
            for k in range(count):
                example[begin[k] : begin[k] + length[k]] = 0
