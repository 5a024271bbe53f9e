"""Is there anything to hear? A gate on the level, with hysteresis."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moodstream.schema import between

if TYPE_CHECKING:  # the configuration reads SilenceSpec without numpy
    from moodstream.arrays import Float32

LEVEL_FLOOR_DBFS = -120.0
"""What digital silence measures."""


@dataclass(frozen=True)
class SilenceSpec:
    """When there is nothing in a room that has a mood."""

    open_dbfs: float = field(metadata=between(LEVEL_FLOOR_DBFS, 0))
    """A hop at or above this level ends the silence."""
    close_dbfs: float = field(metadata=between(LEVEL_FLOOR_DBFS, 0))
    """Hops below this level, for ``hold_s``, begin it."""
    hold_s: float = field(metadata=between(0, 3600))
    """Seconds."""
    stationary: float = field(metadata=between(0, 1000))
    """Sound whose MFCC deviate by less than this over a window is noise, a hum or a fan, and as
    good as silence: the root mean square over the coefficients, before they are normalised."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        if self.close_dbfs > self.open_dbfs:
            return [f"close_dbfs {self.close_dbfs:g} is above open_dbfs {self.open_dbfs:g}"]
        return []


class SilenceGate:
    """Tells hop by hop whether the room is silent; counts samples, knows no clock."""

    def __init__(self, spec: SilenceSpec, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self.retune(spec)
        self.reset()

    def retune(self, spec: SilenceSpec) -> None:
        """Go by another spec from now on."""
        self._spec = spec
        self._hold_n = round(spec.hold_s * self._sample_rate)

    def reset(self) -> None:
        """Begin again: silent until something is heard."""
        self.silent = True
        self._quiet_n = 0

    def process(self, level_dbfs: float, length_n: int) -> bool:
        """Take the level of the next hop and its length in samples; is the room silent?"""
        if level_dbfs >= self._spec.open_dbfs:
            self.silent = False
        self._quiet_n = self._quiet_n + length_n if level_dbfs < self._spec.close_dbfs else 0
        if self._quiet_n > self._hold_n:
            self.silent = True
        return self.silent


def level_dbfs(samples: "Float32") -> float:
    """Root mean square in decibels below full scale (a square wave at full scale has 0)."""
    power = float(samples @ samples) / len(samples)
    return max(LEVEL_FLOOR_DBFS, 10 * math.log10(max(power, 1e-12)))
