"""Gate for silence, on the level of the audio, with hysteresis."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moodstream.schema import between

if TYPE_CHECKING:  # the configuration reads SilenceSpec without numpy
    from moodstream.arrays import Float32

LEVEL_FLOOR_DBFS = -120.0
"""Level of digital silence, decibels below full scale."""


@dataclass(frozen=True)
class SilenceSpec:
    """Thresholds of silence."""

    open_dbfs: float = field(metadata=between(LEVEL_FLOOR_DBFS, 0))
    """Level at which a hop ends the silence, decibels below full scale."""
    close_dbfs: float = field(metadata=between(LEVEL_FLOOR_DBFS, 0))
    """Level below which hops begin a silence after ``hold_s``, decibels below full scale."""
    hold_s: float = field(metadata=between(0, 3600))
    """Seconds that the level must stay low before a silence begins."""
    stationary: float = field(metadata=between(0, 1000))
    """Deviation of the MFCC over a window below which sound counts as silence: noise, a hum or a
    fan. It is the root mean square over the coefficients, before they are normalised."""

    def problems(self) -> list[str]:
        """Return the contradictions between the fields, a sentence each."""
        if self.close_dbfs > self.open_dbfs:
            return [f"close_dbfs {self.close_dbfs:g} is above open_dbfs {self.open_dbfs:g}"]
        return []


class SilenceGate:
    """Gate that judges hop by hop whether the room is silent; it counts samples."""

    def __init__(self, spec: SilenceSpec, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self.retune(spec)
        self.reset()

    def retune(self, spec: SilenceSpec) -> None:
        """Use other thresholds from now on."""
        self._spec = spec
        self._hold_n = round(spec.hold_s * self._sample_rate)

    def reset(self) -> None:
        """Start again: silent until something is heard."""
        self.silent = True
        self._quiet_n = 0

    def process(self, level_dbfs: float, length_n: int) -> bool:
        """Process the level of the next hop and its length in samples; return if it is silent."""
        if level_dbfs >= self._spec.open_dbfs:
            self.silent = False
        self._quiet_n = self._quiet_n + length_n if level_dbfs < self._spec.close_dbfs else 0
        if self._quiet_n > self._hold_n:
            self.silent = True
        return self.silent


def level_dbfs(samples: "Float32") -> float:
    """Return the root mean square in decibels below full scale; a full square wave has 0."""
    power = float(samples @ samples) / len(samples)
    return max(LEVEL_FLOOR_DBFS, 10 * math.log10(max(power, 1e-12)))
