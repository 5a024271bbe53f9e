"""Instruments: functions from a frequency and a length to a sound."""

import numpy as np
from waves import RATE, RNG, Wave, band, envelope, noise, saw, seconds


def ensemble(freq: float, length: float, cents: float, vibrato: float = 0) -> Wave:
    """Return six saws across the stereo field, detuned by up to `cents`, with some vibrato."""
    t, sound = seconds(length), np.zeros((int(length * RATE), 2))
    for side in np.linspace(-0.9, 0.9, 6):
        waver = vibrato * np.sin(2 * np.pi * (5.1 + 0.4 * side) * t + 6 * RNG.random())
        voice = saw(freq * 2 ** ((cents * side + waver) / 1200), length)
        sound += voice[:, None] * np.sqrt([1 - side, 1 + side]) / 4
    return sound


def pad(freq: float, length: float) -> Wave:
    """Return a slow, dark, still chord tone."""
    return band(ensemble(freq, length, 9), high=900) * envelope(length, 0.9, 1.2)[:, None]


def strings(freq: float, length: float) -> Wave:
    """Return a bowed section: saws with vibrato, filtered by the body."""
    return band(ensemble(freq, length, 14, 9), 120, 1100) * envelope(length, 0.7, 1)[:, None]


def pluck(freq: float, length: float, brightness: float) -> Wave:
    """Return a Karplus-Strong string: a loop of noise that is averaged once a period."""
    period, rounds = int(RATE / freq), []
    loop = band(RNG.uniform(-1, 1, period * 4), high=brightness)[-period:]
    for _ in range(int(length * freq) + 2):
        rounds.append(loop)
        loop = 0.998 * (loop + np.roll(loop, 1)) / 2
    # Averaging delays by half a sample. Reading the loops at this speed tunes the string.
    position = seconds(length) * freq * (period + 0.5)
    sound = np.interp(position, np.arange(len(rounds) * period), np.concatenate(rounds))
    return sound * envelope(length, 0.002, 0.1)


def piano(freq: float, length: float, softness: float = 0.7) -> Wave:
    """Return an additive piano: stretched partials of two strings, and a hammer."""
    t = seconds(length)
    sound = 0.02 * band(noise(length), high=900) * np.exp(-t * 60)
    for k in range(1, 16):
        phase = 2 * np.pi * k * freq * np.sqrt(1 + 0.0004 * k * k) * t
        decay = np.exp(-t * (0.5 + freq / 500) * (0.7 + 0.3 * k) - softness * (k - 1))
        sound += (np.sin(phase) + np.sin(1.0006 * phase)) * decay / 2
    return sound * envelope(length, 0.004, 0.25)


def electric_piano(freq: float, length: float) -> Wave:
    """Return a tone by frequency modulation: a mellow body (ratio 1), a short tine (ratio 14)."""
    t = seconds(length)
    w = 2 * np.pi * freq * t
    body = np.sin(w + 0.9 * np.exp(-t * 2.5) * np.sin(w))
    tine = np.sin(w + 0.4 * np.exp(-t * 9) * np.sin(14 * w)) * np.exp(-t * 6)
    return (body + 0.4 * tine) * np.exp(-t * 1.1) * envelope(length, 0.004, 0.3)


def brass(freq: float, length: float) -> Wave:
    """Return a bright synthesiser tone, with a bell an octave above."""
    t, saws = seconds(length), ensemble(freq, length, 10, 6)
    dark, bright = band(saws, high=3500), band(saws, high=8000)
    w = 4 * np.pi * freq * t
    bell = 0.3 * np.sin(w + 1.5 * np.exp(-t * 8) * np.sin(3.5 * w)) * np.exp(-t * 5)
    tone = dark + (bright - dark) * np.exp(-t * 6)[:, None] + bell[:, None]
    return tone * envelope(length, 0.004, 0.06)[:, None]


def bass(freq: float, length: float) -> Wave:
    """Return a plucked bass: a sine under a dark saw."""
    t = seconds(length)
    tone = 0.8 * band(saw(freq, length), high=900) + np.sin(2 * np.pi * freq * t)
    return tone * np.exp(-t * 3) * envelope(length, 0.004, 0.04)


def power_chord(root: float, length: float, *, muted: bool) -> Wave:
    """Return root, fifth and octave of a guitar before its amplifier."""
    tone = np.sum([saw(root * ratio, length) for ratio in (1, 1.003, 1.498, 2.002)], axis=0)
    damped = band(tone, high=1200 if muted else 8000)
    return damped * np.exp(-seconds(length) * (14 if muted else 1)) * envelope(length, 0.002, 0.02)


def distort(sound: Wave, drive: float) -> Wave:
    """Return a sound through an overdriven amplifier and its loudspeaker."""
    return band(np.tanh(drive * band(sound, 90)), 70, 5500, 3)


def screech(freq: float, length: float) -> Wave:
    """Return two distorted tones a minor second apart that bend upward."""
    t = seconds(length)
    bent = freq * 2 ** (t / length / 6)
    return distort((saw(bent, length) + saw(bent * 1.0595, length)) * (1 - 0.6 * (t * 22.4 % 1)), 6)


def machine(length: float) -> Wave:
    """Return noise that swells and is chopped ever faster."""
    t = seconds(length)
    return band(noise(length), 700) * (np.sin(230 * t * (1 + t / length)) > 0) * (t / length) ** 2


def kick(length: float, click: float) -> Wave:
    """Return a bass drum: a sine that falls from 190 to 48 Hz, and the click of the beater."""
    t = seconds(length)
    fall = np.sin(2 * np.pi * (48 * t + 142 / 34 * (1 - np.exp(-t * 34)))) * np.exp(-t * 11)
    beater = click * band(noise(length), 2000) * np.exp(-t * 350)
    return np.tanh(2 * fall + beater) * envelope(length, 1e-4, 0.05)


def snare(length: float) -> Wave:
    """Return a snare drum: the tone of the head under rattling noise."""
    t = seconds(length)
    head = np.sin(2 * np.pi * (185 * t + 2 * (1 - np.exp(-t * 40)))) * np.exp(-t * 25)
    rattle = band(noise(length), 1200) * np.exp(-t * 4 / length)
    return np.asarray(np.tanh(head + 0.7 * rattle), np.float64)


def clap(length: float) -> Wave:
    """Return hands that do not quite land together."""
    t = seconds(length)
    hands = np.zeros_like(t)
    for late, fall in ((0, 130), (0.012, 130), (0.026, 22)):
        hands += (t >= late) * np.exp(-np.abs(t - late) * fall)
    return band(noise(length), 900, 3500) * hands


def hat(length: float) -> Wave:
    """Return a hi-hat, or a cymbal if it is long."""
    return 0.5 * band(noise(length), 6500, poles=3) * np.exp(-seconds(length) * 4.5 / length)
