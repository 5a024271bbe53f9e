"""Waves, noise, filters and reverberation, for the recordings that are composed here.

Units are seconds, hertz and linear gain. A mono sound is an array [shape=(n,)], a stereo sound
[shape=(n, 2)]. The random numbers have a fixed seed, so that each run makes the same samples.
"""

import numpy as np
import numpy.typing as npt

Wave = npt.NDArray[np.float64]

RATE = 32_000
"""Hertz."""
RNG = np.random.default_rng(20)


def seconds(length: float) -> Wave:
    """Return the sample times of a sound that lasts `length` seconds."""
    return np.arange(int(length * RATE)) / RATE


def noise(length: float) -> Wave:
    """Return white noise of unit variance."""
    return RNG.standard_normal(int(length * RATE))


def envelope(length: float, attack: float, release: float) -> Wave:
    """Return a gain that rises over `attack` seconds, holds, and falls over the last `release`."""
    t = seconds(length)
    return np.sin(np.clip(np.minimum(t / attack, (length - t) / release), 0, 1) * np.pi / 2) ** 2


def band(sound: Wave, low: float = 1.0, high: float = 1e6, poles: int = 2) -> Wave:
    """Keep `low` to `high` Hz through causal analogue-style slopes of `poles` times 6 dB/octave."""
    size = 1 << (len(sound) + RATE // 20).bit_length()  # padded, or the end would wrap round
    jf = 1j * np.fft.rfftfreq(size, 1 / RATE)
    response = (jf / (low + jf) / (1 + jf / high)) ** poles
    spectrum = np.fft.rfft(sound.T, size) * response
    return np.asarray(np.fft.irfft(spectrum, size).T[: len(sound)], np.float64)


def saw(freq: float | Wave, length: float) -> Wave:
    """Return a sawtooth from a random phase, its jump rounded (PolyBLEP) against aliasing."""
    step = np.broadcast_to(np.asarray(freq) / RATE, len(seconds(length)))
    phase = (RNG.random() + np.cumsum(step)) % 1
    after, before = np.minimum(phase / step, 1), np.maximum((phase - 1) / step, -1)
    return np.asarray(2 * phase - 1 + (1 - after) ** 2 - (1 + before) ** 2, np.float64)


def reverb(sound: Wave, decay: float) -> Wave:
    """Return the reverberation alone: noise that falls by 60 dB in `decay` seconds."""
    sides = np.stack([noise(decay), noise(decay)]) * 10 ** (-3 * seconds(decay) / decay)
    sides /= np.sqrt(np.sum(sides**2) / 2)
    tail = np.pad(band(sides.T, high=3800, poles=1), ((RATE // 50, 0), (0, 0)))  # 20 ms late
    size = 1 << (len(sound) + len(tail)).bit_length()
    spectrum = np.fft.rfft(sound.T, size) * np.fft.rfft(tail.T, size)
    return np.asarray(np.fft.irfft(spectrum, size).T[: len(sound)], np.float64)
