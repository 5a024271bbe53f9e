"""Batches: windows for the CNN and sequences for the RNN, drawn evenly over the moods."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from moodstream.arrays import Float32, Numbers
from moodstream.mood import MOODS
from moodstream.normalise import NormalisationSpec
from moodstream_train import features
from moodstream_train.corpora import Clip, Corpus
from moodstream_train.features import Features
from moodstream_train.recipe import Recipe

CORPORA: tuple[Corpus, ...] = ("speech", "song", "music")


class Batch(NamedTuple):
    """What a training step takes; the first axis of masks and weights is mixup's."""

    frames: Float32
    """[shape=(batch, window_frames, n_mfcc)] or [shape=(batch, steps, step_frames * n_mfcc)]"""
    masks: Float32
    """1 for each mood that is right [shape=(mixed, batch, [steps,] moods)]"""
    weights: Float32
    """What each target counts [shape=(mixed, batch, [steps])]"""


class Examples:
    """Draws examples from one side of a split.

    Args:
        clips: all clips, in the order of the features.
        variants: the features as they are, then those of the waveform variants; the first alone
            for a side that is not augmented.
        indices: of the clips on this side.
        prior: the normalisation that the bundle will begin with.
        recipe: of everything.
        varied: whether examples are augmented.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        variants: Sequence[Features],
        indices: Sequence[int],
        prior: NormalisationSpec,
        recipe: Recipe,
        varied: bool,
    ) -> None:
        self._variants = variants
        self._recipe = recipe
        self._varied = varied
        self._prior = (np.array(prior.mean, np.float32), np.array(prior.std, np.float32))
        self._masks = np.zeros((len(clips), len(MOODS)), np.float32)
        self._by_label: dict[Corpus, list[list[int]]] = {}
        self._rooms: dict[Corpus, tuple[Float32, Float32]] = {}
        for i in indices:
            self._masks[i, list(clips[i].moods)] = 1
        for corpus in CORPORA:
            own = [i for i in indices if clips[i].corpus == corpus]
            labels = sorted({clips[i].label for i in own})
            if own:
                self._by_label[corpus] = [
                    [i for i in own if clips[i].label == label] for label in labels
                ]
                self._rooms[corpus] = features.statistics(variants[0], own, recipe)
        shares = np.array(
            [
                share if corpus in self._by_label else 0.0
                for corpus, share in zip(CORPORA, recipe.shares, strict=True)
            ]
        )
        self._shares = shares / shares.sum()

    def windows(self, rng: np.random.Generator) -> Batch:
        """A batch for the CNN."""
        recipe = self._recipe.cnn
        count, length = recipe.schedule.batch, recipe.window_frames
        frames = np.empty((count, length, len(self._prior[0])), np.float32)
        masks = np.empty((count, len(MOODS)), np.float32)
        for k in range(count):
            corpus, moods = self._draw_label(rng)
            i = int(rng.choice(moods))
            frames[k] = self._normalise(self._window(i, length, rng), corpus, rng)
            masks[k] = self._masks[i]
        if not self._varied:
            return Batch(frames, masks[None], np.ones((1, count), np.float32))
        self._mask_in_time(frames, rng)
        mixup = self._recipe.augmentation.mixup
        share = (
            rng.beta(mixup, mixup, count).astype(np.float32)
            if mixup
            else np.ones(count, np.float32)
        )
        other = rng.permutation(count)
        frames = share[:, None, None] * frames + (1 - share[:, None, None]) * frames[other]
        return Batch(frames, np.stack((masks, masks[other])), np.stack((share, 1 - share)))

    def sequences(self, rng: np.random.Generator) -> Batch:
        """A batch for the RNN: from a zero state, over as many steps as it may remember."""
        recipe = self._recipe.rnn
        count, steps, width = recipe.schedule.batch, recipe.memory_steps, recipe.step_frames
        frames = np.empty((count, steps * width, len(self._prior[0])), np.float32)
        masks = np.empty((count, steps, len(MOODS)), np.float32)
        weights = np.ones((count, steps), np.float32)
        for k in range(count):
            change = steps
            if rng.random() < recipe.change_share:
                change = int(rng.integers(steps // 4, steps * 3 // 4))
            room = CORPORA[int(rng.choice(len(CORPORA), p=self._shares))]
            for begin, end in ((0, change), (change, steps)):
                if begin == end:
                    continue
                _, moods = self._draw_label(rng)
                part = self._segment(moods, (end - begin) * width, rng)
                frames[k, begin * width : end * width] = part
                masks[k, begin:end] = self._masks[moods[0]]
                weights[k, begin : begin + recipe.settle_steps] = 0
            frames[k] = self._normalise(frames[k], room, rng)
        if self._varied:
            self._mask_in_time(frames, rng)
        return Batch(frames.reshape(count, steps, -1), masks[None], weights[None])

    def _draw_label(self, rng: np.random.Generator) -> tuple[Corpus, list[int]]:
        """A corpus by its share, and all of its clips that have one of its labels."""
        corpus = CORPORA[int(rng.choice(len(CORPORA), p=self._shares))]
        labels = self._by_label[corpus]
        return corpus, labels[int(rng.integers(len(labels)))]

    def _draw_frames(self, i: int, rng: np.random.Generator) -> Float32:
        share = self._recipe.augmentation.variant_share
        if self._varied and len(self._variants) > 1 and rng.random() < share:
            return self._variants[int(rng.integers(1, len(self._variants)))].clip(i)
        return self._variants[0].clip(i)

    def _window(self, i: int, length: int, rng: np.random.Generator) -> Float32:
        """A stretch of a clip, repeated if it is short, as the runtime's window does."""
        frames = self._draw_frames(i, rng)
        begin = int(rng.integers(max(1, len(frames) - length + 1)))
        heard = frames[begin : begin + length]
        tiled: Float32 = np.tile(heard, (-(-length // len(heard)), 1))[-length:]
        return tiled

    def _segment(self, moods: list[int], length: int, rng: np.random.Generator) -> Float32:
        """Clips of one label, one after the other; a long one begins anywhere."""
        parts: list[Float32] = []
        missing = length
        while missing > 0:
            frames = self._draw_frames(int(rng.choice(moods)), rng)
            begin = int(rng.integers(max(1, len(frames) - missing + 1)))
            parts.append(frames[begin : begin + missing])
            missing -= len(parts[-1])
        segment = np.concatenate(parts)
        if self._varied:
            widest = self._recipe.augmentation.segment_gain_db
            gain = rng.uniform(-widest, widest)
            segment[:, 0] += gain * np.sqrt(self._recipe.features.n_mels)
        return segment

    def _normalise(self, frames: Float32, corpus: Corpus, rng: np.random.Generator) -> Float32:
        """Play frames [shape=(n, n_mfcc)] at some level in some room, and normalise them.

        The room's statistics are those of the corpus played there. They are blended with the
        prior as :class:`moodstream.normalise.Normaliser` does, by any trust it may have reached.
        """
        mean, std = self._prior
        if self._varied:
            augmentation = self._recipe.augmentation
            shift = self._channel(rng)
            frames = frames + shift
            if rng.random() < augmentation.room_share:
                trust = np.float32(rng.random())
                room_mean, room_std = self._rooms[corpus]
                room_mean = room_mean + shift
                square = std**2 + mean**2
                square = square + trust * (room_std**2 + room_mean**2 - square)
                mean = mean + trust * (room_mean - mean)
                std = np.sqrt(np.maximum(square - mean**2, 1e-6))
        normalised: Float32 = (frames - mean) / std
        return normalised

    def _channel(self, rng: np.random.Generator) -> Float32:
        """What a gain and a gentle equaliser add to every frame [shape=(n_mfcc,)].

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
        for example in frames:
            for _ in range(count):
                length = int(rng.uniform(0, longest))
                begin = int(rng.integers(max(1, len(example) - length)))
                example[begin : begin + length] = 0


def hop_windows(frames: Float32, length: int, hop: int) -> Float32:
    """The windows that end with each hop of a clip, as the runtime sees them.

    Args:
        frames: normalised [shape=(n, n_mfcc)].
        length: frames of a window.
        hop: frames of a hop.

    Returns:
        full windows, or one that repeats what there is [shape=(windows, length, n_mfcc)]
    """
    ends = range(-(-length // hop) * hop, len(frames) + 1, hop)
    if not ends:
        tiled: Numbers = np.tile(frames, (-(-length // len(frames)), 1))[-length:]
        return tiled[None]
    return np.stack([frames[end - length : end] for end in ends])
