"""Measures of faults that microphones and cables cause."""

from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.channels import AUDIBLE, DEAD, OFFSET_MIN, OPPOSITE

FULL_SCALE = 0.999
"""Magnitude from which a sample counts as clipped; converters stop one step below 1."""
CLIPPED_MIN = 1e-4
"""Share of clipped samples that is audible; a single peak is not."""
HUM_MIN = 0.5
"""Share of the power at mains frequencies that counts as hum; speech and music have less."""
MAINS_HZ = (50.0, 60.0)
HARMONICS = 8
"""Multiples of the mains frequency that are counted."""
SEARCHED_HZ = 0.5
"""Distance from a multiple within which its power is counted: mains and clocks drift."""


@dataclass(frozen=True)
class Faults:
    """Measures of a recording."""

    offsets: tuple[float, ...]
    """Mean of each channel, full scale 1."""
    clipped: tuple[float, ...]
    """Share of the samples of each channel that are at full scale."""
    dead: tuple[int, ...]
    """Numbers of the silent channels, if another channel is not silent."""
    opposite: tuple[int, ...]
    """Numbers of the channels that are the negative of the loudest one."""
    hum: float
    """Share of the power of the loudest channel at the mains frequency and its multiples."""
    hum_hz: float
    """The mains frequency that has the larger share, hertz."""

    def sentences(self) -> list[str]:
        """Return the faults, a sentence each; none for a good signal."""
        said = []
        worst = max((abs(offset) for offset in self.offsets), default=0.0)
        if worst > OFFSET_MIN:
            said.append(f"a constant offset of {100 * worst:.3g} % of full scale")
        if max(self.clipped, default=0.0) > CLIPPED_MIN:
            said.append(f"{100 * max(self.clipped):.3g} % of the samples are clipped")
        if self.dead:
            said.append(f"channel {_numbers(self.dead)} carries nothing")
        if self.opposite:
            said.append(f"channel {_numbers(self.opposite)} has the opposite phase of the others")
        if self.hum > HUM_MIN:
            said.append(f"{100 * self.hum:.0f} % of the power is hum of {self.hum_hz:g} Hz")
        return said


def faults(samples: Float32, rate: int) -> Faults:
    """Measure a recording of a second or more; longer ones distinguish hum from bass better.

    Args:
        samples: full scale 1 [shape=(n, channels), float32]
        rate: hertz.
    """
    means = offsets(samples)
    centred = samples - means
    powers = (centred**2).mean(axis=0)
    loudest = int(powers.argmax())
    hum_hz = max(MAINS_HZ, key=lambda mains: hum_share(centred[:, loudest], rate, mains))
    is_dead = (powers < DEAD * powers[loudest]) & (powers[loudest] > AUDIBLE)
    correlation = phase_correlation(samples)
    return Faults(
        tuple(means.tolist()),
        tuple(clipped_share(samples).tolist()),
        tuple(int(number) for number in np.flatnonzero(is_dead)),
        tuple(int(number) for number in np.flatnonzero(correlation < OPPOSITE)),
        hum_share(centred[:, loudest], rate, hum_hz),
        hum_hz,
    )


def offsets(samples: Float32) -> Float32:
    """Return the mean of each channel [shape=(channels,)]."""
    means: Float32 = samples.mean(axis=0, dtype=np.float64).astype(np.float32)
    return means


def clipped_share(samples: Float32) -> Float32:
    """Return the share of samples of each channel that are at full scale [shape=(channels,)]."""
    share: Float32 = (np.abs(samples) >= FULL_SCALE).mean(axis=0)
    return share


def phase_correlation(samples: Float32) -> Float32:
    """Return the correlation of each channel with the loudest one [shape=(channels,)].

    It is 1 for the same signal, -1 for the opposite one, and 0 for silence.
    """
    centred = (samples - samples.mean(axis=0)).astype(np.float64)
    powers = (centred**2).mean(axis=0)
    loudest = int(powers.argmax())
    products = (centred * centred[:, [loudest]]).mean(axis=0)
    scale = np.sqrt(powers * powers[loudest])
    is_audible = powers > AUDIBLE
    correlation: Float32 = np.where(is_audible, products / np.maximum(scale, 1e-30), 0.0)
    return correlation


def hum_share(samples: Float32, rate: int, mains_hz: float) -> float:
    """Return the share of the power at a mains frequency and its multiples.

    Args:
        samples: one channel [shape=(n,), float32]
        rate: hertz.
        mains_hz: 50 or 60.
    """
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    width_hz = max(SEARCHED_HZ, 2 * rate / max(1, len(samples)))  # of the window's main lobe
    frequencies = np.fft.rfftfreq(len(samples), 1 / rate)
    harmonic = np.rint(frequencies / mains_hz)
    is_mains = np.abs(frequencies - harmonic * mains_hz) <= width_hz
    is_mains &= (harmonic >= 1) & (harmonic <= HARMONICS)
    whole = float(spectrum.sum())
    return float(spectrum[is_mains].sum()) / whole if whole > 0 else 0.0


def _numbers(channels: tuple[int, ...]) -> str:
    return " and ".join(map(str, channels))
