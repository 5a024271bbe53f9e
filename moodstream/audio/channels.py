"""Channels to mono, without those that would spoil the sum."""

from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32, Numbers
from moodstream.audio.chunk import INT16_FULL_SCALE, mono

UNIT_S = 0.5
"""Seconds after which the channels are judged anew, from all that was heard before."""
MEMORY = 0.9
"""Share of the older units in an average: it forgets half in 3 s."""
SPARSE = 4
"""Every so many samples are looked at: enough for powers and correlations."""
UNITS_MIN = 2
"""Units that must have been heard before any judgement."""
AUDIBLE = 1e-9
"""Power of -90 dBFS; below it, nothing is learnt about dead or opposite channels."""
DEAD, ALIVE = 1e-4, 4e-4
"""Power relative to the loudest channel: dead below -40 dB, alive again above -34 dB."""
OPPOSITE, ALIKE = -0.7, -0.3
"""Correlation with the loudest channel: turned over below the first, back above the second."""
OFFSET_MIN = 5e-4
"""Least constant offset that is removed: -66 dBFS, near the thresholds of silence."""
STEADY = 16.0
"""Square of an offset over the variance of the units' means; bass and knocks are below."""


@dataclass(frozen=True)
class Judgement:
    """The way in which channels are summed."""

    weights: tuple[float, ...]
    """Factors of the channels."""
    offsets: tuple[float, ...]
    """Constants that are taken from the channels, full scale 1."""


class Mix:
    """Mixes channels to mono: the mean, without dead ones, offsets, and opposite phases.

    The judgement of a unit rests on the units before it, and units are counted in samples. So the
    same audio gives the same result whatever blocks it is cut into. Ordinary channels give the
    plain mean, bit by bit.

    Args:
        channels: how many come.
        rate: hertz.
        chosen: numbers of those to hear, from 0; none for all.
    """

    def __init__(self, channels: int, rate: int, chosen: tuple[int, ...] = ()) -> None:
        self.form = (channels, rate)
        """Channels and rate that this was made for."""
        self._chosen = list(chosen)
        count = len(chosen) or channels
        self._plain = Judgement((1 / count,) * count, (0.0,) * count)
        self._unit_n = max(1, round(UNIT_S * rate))
        self._statistics = _Statistics(count)
        self._unit: Numbers | None = None
        self._filled_n = 0
        self._before = self._now = self._plain

    def process(self, samples: Numbers) -> Float32:
        """Mix a block.

        Args:
            samples: float32 of full scale 1, or int16 [shape=(n, channels)].

        Returns:
            mono [shape=(n,), float32]
        """
        if self._chosen:
            samples = samples[:, self._chosen]
        if self._unit is None or self._unit.dtype != samples.dtype:
            self._unit = np.zeros((self._unit_n, samples.shape[1]), samples.dtype)
        mixed = np.empty(len(samples), np.float32)
        begin = 0
        while begin < len(samples):
            end = min(len(samples), begin + self._unit_n - self._filled_n)
            part = samples[begin:end]
            mixed[begin:end] = self._mixed(part)
            self._unit[self._filled_n : self._filled_n + len(part)] = part
            self._filled_n += len(part)
            if self._filled_n == self._unit_n:
                self._judge(self._unit)
            begin = end
        return mixed

    def _judge(self, unit: Numbers) -> None:
        scale = INT16_FULL_SCALE if unit.dtype == np.int16 else 1
        self._statistics.add(unit[::SPARSE].astype(np.float32) / np.float32(scale))
        self._before, self._now = self._now, self._statistics.judgement()
        self._filled_n = 0

    @np.errstate(invalid="ignore", over="ignore")  # the resampler finds what is no number
    def _mixed(self, part: Numbers) -> Float32:
        if self._before == self._now == self._plain:
            return mono(part)
        scale = np.float32(1 / INT16_FULL_SCALE if part.dtype == np.int16 else 1)
        mixed = np.zeros(len(part), np.float32)
        ramp = self._ramp(len(part))
        for channel, *change in zip(
            part.T,
            self._before.weights,
            self._now.weights,
            self._before.offsets,
            self._now.offsets,
            strict=True,
        ):
            weight_before, weight, offset_before, offset = map(np.float32, change)
            weights = weight_before + ramp * (weight - weight_before)
            offsets = offset_before + ramp * (offset - offset_before)
            mixed += (channel * scale - offsets) * weights
        return mixed

    def _ramp(self, length_n: int) -> Float32 | np.float32:
        """Return how far the change to this unit's judgement has gone, from 0 to 1."""
        if self._before == self._now:
            return np.float32(1)
        steps = np.arange(self._filled_n + 1, self._filled_n + length_n + 1, dtype=np.float32)
        return steps / np.float32(self._unit_n)


class _Statistics:
    """Averages of what channels carry, and the judgement that follows.

    Args:
        count: of the channels.
    """

    def __init__(self, count: int) -> None:
        self._units = 0
        self._weight = 0.0
        self._mean = np.zeros(count)
        self._mean_square = np.zeros(count)
        self._audible_weight = 0.0
        self._products = np.zeros((count, count))
        self._audible_units = 0
        self._dead = np.zeros(count, bool)
        self._turned = np.zeros(count, bool)
        self._has_offset = np.zeros(count, bool)

    def add(self, samples: Float32) -> None:
        """Take a unit [shape=(n, channels)]."""
        if not np.isfinite(samples).all():
            return
        mean = samples.mean(axis=0, dtype=np.float64)
        self._units += 1
        self._weight = self._weight * MEMORY + 1
        self._mean = self._mean * MEMORY + mean
        self._mean_square = self._mean_square * MEMORY + mean**2
        centred = samples - mean.astype(np.float32)
        products = (centred.T @ centred).astype(np.float64) / len(samples)
        if products.diagonal().max() > AUDIBLE:
            self._audible_units += 1
            self._audible_weight = self._audible_weight * MEMORY + 1
            self._products = self._products * MEMORY + products

    def judgement(self) -> Judgement:
        """Return how the next unit is mixed."""
        if self._audible_units >= UNITS_MIN:
            self._judge_channels()
        offsets = self._offsets() if self._units >= UNITS_MIN else np.zeros_like(self._mean)
        alive = max(1, int((~self._dead).sum()))
        weights = np.where(self._dead, 0.0, np.where(self._turned, -1.0, 1.0)) / alive
        return Judgement(tuple(weights.tolist()), tuple(offsets.tolist()))

    def _judge_channels(self) -> None:
        powers = self._products.diagonal() / self._audible_weight
        loudest = int(powers.argmax())
        self._dead = powers < powers[loudest] * np.where(self._dead, ALIVE, DEAD)
        scale = np.sqrt(powers * powers[loudest]) * self._audible_weight
        correlation = self._products[loudest] / np.maximum(scale, 1e-30)
        if self._turned[loudest]:  # another channel is the loudest now: the others turn to it
            self._turned = ~self._turned
        self._turned = correlation < np.where(self._turned, ALIKE, OPPOSITE)
        self._turned[loudest] = False

    def _offsets(self) -> Float32:
        mean = self._mean / self._weight
        variance = np.maximum(0, self._mean_square / self._weight - mean**2)
        is_steady = mean**2 > np.where(self._has_offset, STEADY / 4, STEADY) * variance
        is_large = np.abs(mean) > np.where(self._has_offset, OFFSET_MIN / 2, OFFSET_MIN)
        self._has_offset = is_steady & is_large
        return np.where(self._has_offset, mean, 0.0)
