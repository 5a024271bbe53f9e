"""Compose two recordings without voice or music for the tests: rain, and a kitchen.

Usage: python scripts/compose_rooms.py [FOLDER]      (default: tests/data)

Every sound is computed from noise and oscillators. Each run makes the same samples: ten seconds,
mono, 16 kHz. Units are seconds, hertz and linear gain.
"""

import sys
from pathlib import Path

import numpy as np
import soundfile
from waves import RATE, RNG, Wave, band, envelope, noise, reverb, seconds

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "data"
LENGTH = 10.0
OUT_RATE = RATE // 2


def scattered(length: float, rate: float) -> Wave:
    """Return the times of events that happen `rate` times a second, by chance."""
    return np.sort(RNG.uniform(0, length, RNG.poisson(rate * length)))


def add(target: Wave, sound: Wave, at: float, gain: float) -> None:
    """Add a sound to a longer one, from the time `at` on."""
    start = round(at * RATE)
    part = sound[: max(0, len(target) - start)]
    target[start : start + len(part)] += gain * part


def wavering(length: float, period: float, depth: float) -> Wave:
    """Return a gain around 1 that changes slowly and at random, with a deviation of `depth`."""
    points = RNG.normal(0, depth, int(length / period) + 2)
    return np.exp(np.interp(seconds(length) / period, np.arange(len(points)), points))


def tick(centre: float, decay: float) -> Wave:
    """Return a drop on a hard surface: a short burst of noise around a frequency."""
    length = 8 * decay
    burst = band(noise(length), centre / 1.4, centre * 1.4)
    sound = burst * np.exp(-seconds(length) / decay) / np.sqrt(np.mean(burst**2))
    return np.asarray(sound, np.float64)


def bubble(freq: float) -> Wave:
    """Return the sound of a bubble under water: a sine that rises as it decays.

    The smaller a bubble, the higher and the shorter it sounds (Minnaert 1933; van den Doel 2005).
    """
    t = seconds(min(0.12, 60 / freq))
    decay = 0.13 * freq + 0.0072 * freq**1.5
    phase = 2 * np.pi * freq * t * (1 + 0.05 * decay * t)
    return np.asarray(np.sin(phase) * np.exp(-decay * t) * np.minimum(t / 0.0006, 1), np.float64)


def dish(lowest: float, ringing: float) -> Wave:
    """Return the modes of a dish or of cutlery [shape=(modes, 2)]: frequency, seconds of ringing.

    Args:
        lowest: frequency of the lowest mode.
        ringing: seconds in which it decays by 60 dB; higher modes are shorter.
    """
    ratios = np.cumprod([1.0, *RNG.uniform(1.12, 1.6, 13)])
    freqs = lowest * ratios[lowest * ratios < 0.45 * RATE]
    lengths = ringing * (freqs / lowest) ** -0.6 * RNG.lognormal(0, 0.25, len(freqs))
    return np.stack([freqs, lengths], axis=1)


def struck(modes: Wave, hardness: float) -> Wave:
    """Return a dish that is struck at a random place, which moves some modes more than others.

    Args:
        modes: from :func:`dish`.
        hardness: strength of each mode beside the one below, 0 to 1.
    """
    t = seconds(0.6)
    sound = 1.2 * band(noise(0.6), 900, 7000) * np.exp(-t * RNG.uniform(250, 700))
    for number, (freq, ringing) in enumerate(modes):
        gain = hardness**number * abs(RNG.normal())
        for split in (0.997, 1.003):  # a dish is never quite round
            phase = 2 * np.pi * freq * split * t + 6 * RNG.random()
            sound += gain * np.sin(phase) * 10 ** (-3 * t / ringing) / 2
    return sound * envelope(0.6, 0.0004, 0.05)


def thud(freq: float) -> Wave:
    """Return a cupboard door: a low, dull knock."""
    t = seconds(0.35)
    body = np.sin(2 * np.pi * freq * t) * np.exp(-t * 28)
    panel = band(noise(0.35), 150, 700) * np.exp(-t * 45)
    return (body + panel) * envelope(0.35, 0.002, 0.05)


def rain() -> Wave:
    """Compose steady rain on leaves and stone, with drips from a gutter."""
    far = band(noise(LENGTH), 250, 6500, 1) * wavering(LENGTH, 0.8, 0.1)
    sound = 0.05 * far + 0.05 * band(noise(LENGTH), 60, 300) * wavering(LENGTH, 1.5, 0.2)
    kinds = [tick(RNG.uniform(900, 6500), RNG.uniform(0.0006, 0.004)) for _ in range(60)]
    for at in scattered(LENGTH, 260):
        add(sound, kinds[RNG.integers(60)], at, 0.022 * RNG.lognormal(0, 0.9))
    for at in scattered(LENGTH, 25):
        add(sound, bubble(RNG.uniform(1200, 4800)), at, 0.05 * RNG.lognormal(0, 0.7))
    for at in scattered(LENGTH, 1.6):  # on a window sill of metal
        add(sound, tick(RNG.uniform(350, 900), 0.012), at, 0.07 * RNG.lognormal(0, 0.4))
        add(sound, bubble(RNG.uniform(700, 1500)), at + 0.015, 0.09)
    return sound


def tap() -> Wave:
    """Compose water that runs into a sink for four seconds, and splashes."""
    length = 4.2
    flow = band(noise(length), 500, 5200) + 0.6 * band(noise(length), 120, 700)
    sound = 0.12 * flow * wavering(length, 0.12, 0.18)
    for at in scattered(length, 140):
        add(sound, bubble(RNG.lognormal(np.log(1300), 0.45)), at, 0.1 * RNG.lognormal(0, 0.6))
    return sound * envelope(length, 0.25, 0.5)


def fridge() -> Wave:
    """Compose a fridge: the hum of its compressor at the mains frequency, and its fan."""
    t = seconds(LENGTH)
    hum = np.zeros_like(t)
    for freq, gain in ((50, 0.5), (100, 1.0), (150, 0.25), (200, 0.4), (300, 0.15), (400, 0.08)):
        waver = 0.02 * np.sin(2 * np.pi * 0.3 * t + freq)
        hum += gain * np.sin(2 * np.pi * freq * t + waver) * (1 + 0.05 * np.sin(5.5 * t + freq))
    return 0.012 * hum + 0.012 * band(noise(LENGTH), 80, 1200, 1)


def kitchen() -> Wave:
    """Compose a kitchen: a fridge, dishes, cutlery, a running tap and a cupboard."""
    plates = [dish(freq, 0.45) for freq in (870, 1130, 1390)]
    cups = [dish(freq, 0.25) for freq in (1700, 2210)]
    forks = [dish(freq, 0.3) for freq in (1240, 2050, 2600)]
    near = np.zeros(round(LENGTH * RATE))
    for start, count, dishes in (
        (0.4, 6, plates),
        (1.5, 5, cups),
        (6.4, 8, plates),
        (8.2, 9, forks),
    ):
        at = start
        for _ in range(count):
            sound = struck(dishes[RNG.integers(len(dishes))], RNG.uniform(0.7, 0.9))
            add(near, sound, at, 0.2 * RNG.lognormal(0, 0.5))
            at += RNG.exponential(0.16) + 0.02
    add(near, tap(), 2.6, 0.6)
    for at, freq in ((1.2, 95.0), (7.7, 120.0)):
        add(near, thud(freq), at, 0.22)
    return near + 0.45 * reverb(near, 0.35)[:, 0] + fridge()


def write(path: Path, sound: Wave, level_dbfs: float) -> None:
    """Write a sound at a level, halved in sample rate by leaving out every second sample."""
    sound = band(sound, 30, 7000, 3)
    low = np.fft.rfft(sound)
    low[np.fft.rfftfreq(len(sound), 1 / RATE) > 0.48 * OUT_RATE] = 0
    halved = np.fft.irfft(low, len(sound))[::2]
    halved *= 10 ** (level_dbfs / 20) / np.sqrt(np.mean(halved**2))
    halved = (
        0.9
        * np.tanh(halved / 0.9)
        * np.interp(np.arange(len(halved)), [0, 400, len(halved) - 400, len(halved)], [0, 1, 1, 0])
    )
    kind = {"format": "OGG", "subtype": "VORBIS", "compression_level": 0.4}
    with soundfile.SoundFile(path, "w", OUT_RATE, 1, **kind) as file:
        for block in np.array_split(halved, 10):
            file.write(block)
    print(f"{path}  {path.stat().st_size // 1000} kB")


def main() -> None:
    """Write both recordings."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    write(folder / "rain.ogg", rain(), -28)
    write(folder / "kitchen.ogg", kitchen(), -26)


if __name__ == "__main__":
    main()
