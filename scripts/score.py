"""Scores, and the mix of their sounds."""

from collections.abc import Iterator

import numpy as np
from waves import RATE, RNG, Wave, band, envelope, reverb

CEILING = 0.84
"""The largest sample, of full scale; decoded Vorbis overshoots the peaks that it was given."""


def pitch(name: str) -> float:
    """Return the frequency of a note such as "A4" or "F#3", in equal temperament."""
    semitones = "C D EF G A B".index(name[0]) + name.count("#") + 12 * int(name[-1])
    return float(440 * 2 ** ((semitones - 57) / 12))


def notes(score: str) -> Iterator[tuple[float, float, float]]:
    """Read "A4 1.5 - .5 ..." (note or rest, beats), and yield (start beat, hertz, beats)."""
    beat, tokens = 0.0, score.replace("|", " ").split()
    for name, length in zip(tokens[::2], map(float, tokens[1::2]), strict=True):
        if name != "-":
            yield beat, pitch(name), length
        beat += length


def steps(pattern: str) -> list[tuple[float, str]]:
    """Read sixteenth steps such as "x..xX..." into (start beat, mark); a dot is a rest."""
    return [(index / 4, mark) for index, mark in enumerate(pattern) if mark != "."]


class Mix:
    """A stereo timeline in beats, with a dry bus and a bus for the reverberation.

    Args:
        length: seconds.
        tempo: beats a minute.
        loose: standard deviation of the players' timing, beats.
    """

    def __init__(self, length: float, tempo: float, loose: float = 0) -> None:
        self.beat, self.loose = 60 / tempo, loose
        self.dry, self.sent = np.zeros((2, round(length * RATE), 2))

    def add(self, sound: Wave, at: float, gain: float, pan: float = 0, send: float = 0.2) -> None:
        """Place a sound at a beat; `pan` runs from -1 (left) to 1 (right)."""
        stereo = sound if sound.ndim == 2 else np.stack([sound, sound], axis=1)
        start = max(0, round((at + self.loose * RNG.normal()) * self.beat * RATE))
        stereo = stereo[: len(self.dry) - start] * gain * np.sqrt([1 - pan, 1 + pan])
        self.dry[start : start + len(stereo)] += stereo
        self.sent[start : start + len(stereo)] += stereo * send

    def drum(self, sound: Wave, pattern: str, at: float, gain: float, pan: float = 0) -> None:
        """Play a bar of one drum; "X" is an accent."""
        for step, mark in steps(pattern):
            self.add(sound, at + step, gain if mark == "X" else 0.7 * gain, pan, 0.08)

    def master(self, level: float, decay: float) -> Wave:
        """Return the mix with its reverberation, faded and limited, at `level` dBFS RMS."""
        mixed = band(self.dry + reverb(self.sent, decay), 25)
        mixed *= envelope(len(mixed) / RATE, 0.01, 1.2)[:, None]
        for _ in range(8):  # limiting lowers the level, so it takes some rounds
            mixed *= 10 ** (level / 20) / np.sqrt(np.mean(mixed**2))
            mixed = CEILING * np.tanh(mixed / CEILING)
        gap = RATE // 10  # empty at both ends: the codec would smear music into a silence
        mixed[-2 * gap :] = 0
        return np.roll(mixed, gap, axis=0)
