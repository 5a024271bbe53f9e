"""Channels to mono, without those that would spoil the sum."""

from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32, Numbers
from moodstream.audio.chunk import INT16_FULL_SCALE, mono

UNIT_S = 0.5
"""Seconds after which the channels are judged again, from all audio so far."""
MOST = 32
"""Largest number of channels that are judged; a broken header may claim a thousand."""
EAGER_UNITS, SPARSE = 8, 8
"""Units at the beginning that are all looked at, and later one of so many: that costs less.

All are looked at, too, while channels cancel each other."""
MEMORY = 0.8
"""Weight of the older units in an average: it halves every three examined units."""
OFFSET_MEMORY = 0.98
"""The same for offsets, which do not change."""
PARTS = 5
"""Parts of a unit whose means tell an offset from bass."""
UNITS_MIN = 2
"""Number of audible units needed before channels are judged."""
AUDIBLE = 1e-9
"""Power of -90 dBFS; below it, nothing is learnt about dead or opposite channels."""
DEAD, ALIVE = 1e-4, 4e-4
"""Power relative to the loudest channel: dead below -40 dB, alive again above -34 dB."""
QUIET = 1e-2
"""Power relative to the loudest channel below which another channel's phase counts as right."""
OPPOSITE, ALIKE = -0.7, -0.3
"""Correlation with the loudest channel: inverted below the first, restored above the second."""
OFFSET_MIN = 5e-4
"""Least constant offset that is removed: -66 dBFS, near the thresholds of silence."""
STEADY = 9.0
"""Square of an offset over the variance of the parts' means; bass and knocks are below."""


@dataclass(frozen=True)
class Judgement:
    """The way in which channels are summed."""

    weights: tuple[float, ...]
    """Factors of the channels."""
    offsets: tuple[float, ...]
    """Offsets that are subtracted from the channels, full scale 1."""


class Mix:
    """Mixes channels to mono: the mean, without dead ones, offsets, and opposite phases.

    A unit is judged by the units before it, and units are counted in samples. So the same audio
    gives the same result, whatever the sizes of its blocks. Ordinary channels give exactly the
    plain mean.

    Args:
        channels: number of channels.
        rate: hertz.
        chosen: numbers of those to hear, from 0; none for all.
    """

    def __init__(self, channels: int, rate: int, chosen: tuple[int, ...] = ()) -> None:
        self.form = (channels, rate)
        """Channels and rate of the input."""
        self._chosen = list(chosen)
        count = len(chosen) or channels
        self._plain = Judgement((1 / count,) * count, (0.0,) * count)
        self._unit_n = PARTS * max(1, round(UNIT_S * rate / PARTS))
        self._statistics = _Statistics(count)
        self._is_judged = count <= MOST
        self._unit = np.zeros((count if self._is_judged else 0, self._unit_n), np.float32)
        self._filled_n = 0
        self._units = 0
        self._before = self._now = self._plain
        self._is_plain = True

    def process(self, samples: Numbers) -> Float32:
        """Mix a block.

        Args:
            samples: float32 of full scale 1, or int16 [shape=(n, channels)].

        Returns:
            mono [shape=(n,), float32]
        """
        if self._chosen:
            samples = samples[:, self._chosen]
        if not self._is_judged:
            return mono(samples)
        # Ordinary channels are mixed at once, and not unit by unit.
        was_plain = self._is_plain
        mixed = mono(samples) if was_plain else np.empty(len(samples), np.float32)
        begin = 0
        while begin < len(samples):
            end = min(len(samples), begin + self._unit_n - self._filled_n)
            part = samples[begin:end]
            if not (was_plain and self._is_plain):
                mixed[begin:end] = self._mixed(part)
            is_looked_at = (
                self._units < EAGER_UNITS
                or self._units % SPARSE == 0
                or self._statistics.is_contradicted
            )
            if is_looked_at:
                self._unit[:, self._filled_n : self._filled_n + len(part)] = part.T
            self._filled_n += len(part)
            if self._filled_n == self._unit_n:
                self._filled_n = 0
                self._units += 1
                self._before = self._now
                if is_looked_at:
                    self._judge(INT16_FULL_SCALE if part.dtype == np.int16 else 1)
                self._is_plain = self._before == self._now == self._plain
            begin = end
        return mixed

    def _judge(self, full_scale: int) -> None:
        self._statistics.add(self._unit, full_scale)
        self._now = self._statistics.judgement()

    def _mixed(self, part: Numbers) -> Float32:
        if self._is_plain:
            return mono(part)
        with np.errstate(invalid="ignore", over="ignore"):  # the resampler finds what is no number
            return self._weighed(part)

    def _weighed(self, part: Numbers) -> Float32:
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
        self._weight = 0.0
        self._mean = np.zeros(count)
        self._mean_square = np.zeros(count)
        self._audible_units = 0
        self._powers = np.zeros(count)
        self._products = np.zeros(count)
        self._reference = 0  # the channel whose phase is right
        self._dead = np.zeros(count, bool)
        self._turned = np.zeros(count, bool)
        self._has_offset = np.zeros(count, bool)
        self.is_contradicted = False
        """Whether a channel of the newest unit has the other phase than the judgement says."""

    def add(self, unit: Float32, full_scale: int) -> None:
        """Take a unit [shape=(channels, n), float32]; it is overwritten."""
        with np.errstate(invalid="ignore", over="ignore"):  # what is no number teaches nothing
            self._add(unit, full_scale)

    def _add(self, unit: Float32, full_scale: int) -> None:
        # Not numpy's mean, which takes three times as long.
        parts = np.einsum("cpn->cp", unit.reshape(len(unit), PARTS, -1))
        parts /= unit.shape[1] // PARTS
        mean = parts.mean(axis=1)
        unit -= mean[:, None]
        # Not by BLAS, which would wake its threads for so little.
        powers = np.einsum("cn,cn->c", unit, unit) / (unit.shape[1] * full_scale**2)
        if not np.isfinite(powers).all():
            return
        self._weight = self._weight * OFFSET_MEMORY + 1
        self._mean = self._mean * OFFSET_MEMORY + mean / full_scale
        squares = ((parts / full_scale) ** 2).mean(axis=1)
        self._mean_square = self._mean_square * OFFSET_MEMORY + squares
        if len(unit) > 1 and powers.max() > AUDIBLE:
            self._audible_units += 1
            self._powers = self._powers * MEMORY + powers
            self._refer()
            products = np.einsum("cn,n->c", unit, unit[self._reference])
            products = products / (unit.shape[1] * full_scale**2)
            self._products = self._products * MEMORY + products
            found = _correlation(products, powers, self._reference)
            self.is_contradicted = bool((np.where(self._turned, -found, found) < OPPOSITE).any())

    def judgement(self) -> Judgement:
        """Return how the next unit is mixed."""
        if self._audible_units >= UNITS_MIN:
            self._judge_channels()
        offsets = self._offsets() if self._weight else self._mean
        alive = max(1, int((~self._dead).sum()))
        weights = np.where(self._dead, 0.0, np.where(self._turned, -1.0, 1.0)) / alive
        return Judgement(tuple(weights.tolist()), tuple(offsets.tolist()))

    def _refer(self) -> None:
        """Compare with the loudest channel if the one before has fallen silent."""
        loudest = int(self._powers.argmax())
        if self._powers[self._reference] >= QUIET * self._powers[loudest]:
            return
        if self._turned[loudest]:
            self._turned = ~self._turned
        self._reference = loudest
        self._products = np.where(self._turned, -1.0, 1.0) * self._powers

    def _judge_channels(self) -> None:
        powers = self._powers
        self._dead = powers < powers.max() * np.where(self._dead, ALIVE, DEAD)
        correlation = _correlation(self._products, powers, self._reference)
        self._turned = correlation < np.where(self._turned, ALIKE, OPPOSITE)

    def _offsets(self) -> Numbers:
        mean = self._mean / self._weight
        variance = np.maximum(0, self._mean_square / self._weight - mean**2)
        is_steady = mean**2 > np.where(self._has_offset, STEADY / 4, STEADY) * variance
        is_large = np.abs(mean) > np.where(self._has_offset, OFFSET_MIN / 2, OFFSET_MIN)
        self._has_offset = is_steady & is_large
        return np.where(self._has_offset, mean, 0.0)


def _correlation(products: Numbers, powers: Numbers, reference: int) -> Numbers:
    """Return the correlation of each channel with the one of this number [shape=(channels,)]."""
    scale = np.sqrt(powers * powers[reference])
    correlation: Numbers = products / np.maximum(scale, 1e-30)
    return correlation
