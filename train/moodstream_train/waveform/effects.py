"""Effects on a waveform: noise, babble, microphones, lines and rooms."""

from collections.abc import Sequence

import numpy as np
from scipy import signal

from moodstream.arrays import Float32

STOP_DB = -60.0
"""Level at which a telephone line passes the frequencies outside its band."""
FILTER_S = 0.1
"""Length of a filter's impulse response, seconds: long enough for 20 Hz wide steps."""
POINTS_AN_OCTAVE = 24
RAMP_S = 0.005
"""Time in which a sound falls silent, and in which it comes back, seconds."""

Points = Sequence[tuple[float, float]]
"""Frequency response as (hertz, decibels): linear in octaves between points, constant beyond."""


def mixed(samples: Float32, noise: Float32, snr_db: float) -> Float32:
    """Add noise at a signal-to-noise ratio, both measured as the power of the whole.

    Args:
        samples: of the signal [shape=(n,)].
        noise: at any level [shape=(n,)].
        snr_db: signal-to-noise ratio, decibels.
    """
    power, noise_power = (float(np.mean(each.astype(np.float64) ** 2)) for each in (samples, noise))
    scale = np.sqrt(power / max(noise_power, 1e-12)) * 10 ** (-snr_db / 20)
    return samples + np.float32(scale) * noise


def babble(voices: Sequence[Float32], length: int, rng: np.random.Generator) -> Float32:
    """Return several equally loud voices at once [shape=(length,)].

    Each voice starts at a random place and repeats until the end.
    """
    made = np.zeros(length, np.float32)
    for voice in voices:
        start = int(rng.integers(len(voice)))
        loudness = max(float(voice.std()), 1e-6)
        made += np.resize(np.roll(voice, -start), length) / np.float32(loudness)
    return made


def pauses(
    length_s: float,
    until_s: tuple[float, ...],
    pause_s: tuple[float, ...],
    rng: np.random.Generator,
) -> list[tuple[float, float]]:
    """Draw pauses, each as its start and end in seconds.

    Args:
        length_s: length of the sound, seconds.
        until_s: range of the time between two pauses, seconds.
        pause_s: range of the length of a pause, seconds.
        rng: source of randomness.
    """
    drawn: list[tuple[float, float]] = []
    start = within(until_s, rng)
    while start < length_s:
        end = start + within(pause_s, rng)
        drawn.append((start, end))
        start = end + within(until_s, rng)
    return drawn


def silenced(samples: Float32, rate: int, pauses: Sequence[tuple[float, float]]) -> Float32:
    """Return samples that are silent in some pauses [shape=(n,)], given in seconds."""
    seconds = np.arange(len(samples)) / rate
    gain = np.ones(len(samples), np.float32)
    for start, end in pauses:
        outside_s = np.maximum(start - seconds, seconds - end)
        gain *= np.clip(1 + outside_s / RAMP_S, 0, 1).astype(np.float32)
    return samples * gain


def microphone(deviation_db: float, rng: np.random.Generator) -> Points:
    """Draw the response of a microphone: uneven, with less bass and less treble.

    Args:
        deviation_db: standard deviation of each point, decibels.
        rng: source of randomness.
    """
    hz = np.array([50.0, 150.0, 400.0, 1000.0, 2500.0, 4000.0, 5500.0, 8000.0])
    thin = np.array([-36.0, -16.0, -5.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    dull = np.array([0.0, 0.0, 0.0, 0.0, 0.0, -2.0, -6.0, -18.0])
    gains_db = rng.uniform() * thin + rng.uniform() * dull
    gains_db += rng.normal(0, deviation_db, len(hz))
    return list(zip(hz.tolist(), gains_db.tolist(), strict=True))


def band(low_hz: float, high_hz: float) -> Points:
    """Return the response of a line that passes only the frequencies between two limits."""
    return (
        (low_hz / 1.5, STOP_DB),
        (low_hz, 0.0),
        (high_hz, 0.0),
        (high_hz * 1.2, STOP_DB),
    )


def filtered(samples: Float32, rate: int, points: Points) -> Float32:
    """Filter samples [shape=(n,)] with a frequency response, without delay.

    Args:
        samples: of the signal.
        rate: hertz.
        points: of the frequency response.
    """
    nyquist_hz = rate / 2
    octaves = np.arange(0, np.log2(nyquist_hz), 1 / POINTS_AN_OCTAVE)
    gains_db = np.interp(octaves, np.log2([hz for hz, _ in points]), [db for _, db in points])
    hz = np.concatenate(([0], 2**octaves, [nyquist_hz]))
    gains = 10 ** (np.pad(gains_db, 1, mode="edge") / 20)
    taps = signal.firwin2(round(FILTER_S * rate) | 1, hz, gains, fs=rate)
    made = signal.fftconvolve(samples, taps)[len(taps) // 2 :]  # the filter is symmetric
    return np.asarray(made[: len(samples)], np.float32)


def convolve(samples: Float32, response: Float32) -> Float32:
    """Convolve samples with an impulse response, cut to the length of the samples [shape=(n,)]."""
    return np.asarray(signal.fftconvolve(samples, response)[: len(samples)], np.float32)


def coloured_noise(length: int, slope: float, rng: np.random.Generator) -> Float32:
    """Draw noise of unit power [shape=(length,)] whose amplitude falls as frequency**-slope.

    A slope of 0 is white noise, of 0.5 pink noise.
    """
    spectrum = np.fft.rfft(rng.standard_normal(length))
    bins = np.maximum(np.arange(len(spectrum)), 1)
    noise = np.fft.irfft(spectrum * bins**-slope, length)
    scaled: Float32 = (noise / max(float(noise.std()), 1e-9)).astype(np.float32)
    return scaled


def room_response(decay_s: float, rate: int, rng: np.random.Generator) -> Float32:
    """Draw the impulse response of a small room [shape=(n,)]: direct sound, then decaying noise.

    Args:
        decay_s: time in which the reverberation falls by 60 dB, seconds.
        rate: hertz.
        rng: source of the noise, the delay and the share of direct sound.
    """
    length = max(2, round(decay_s * rate))
    tail = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    delay = min(length - 1, round(rng.uniform(0.001, 0.01) * rate))
    tail[:delay] = 0
    direct_db = rng.uniform(0, 12)
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    response: Float32 = (tail / np.sqrt(np.sum(tail**2))).astype(np.float32)
    return response


def within(limits: tuple[float, ...], rng: np.random.Generator) -> float:
    """Draw a number between two limits."""
    low, high = limits
    return float(rng.uniform(low, high))
