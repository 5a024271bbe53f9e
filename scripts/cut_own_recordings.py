"""Cut small own recordings for the tutorial in docs/training.md: three moods on two evenings.

Usage: python scripts/cut_own_recordings.py FOLDER

Writes FOLDER/MOOD/EVENING/N.flac: four seconds each, mono, 16 kHz, out of the recording that comes
with moodstream. On the second evening, the band plays slower and lower, and further away.
"""

import sys
from pathlib import Path

import numpy as np
import soundfile
import soxr
from compose_demo import PASSAGES
from waves import band

from moodstream.audio.demo import RECORDING

MOODS = ("happy", "sad", "angry")
RATE = 16_000
EVENINGS = {"friday": 1.0, "saturday": 1.12}
"""How much slower than written the band plays."""
CLIPS = 3
"""Clips of each mood and evening."""
CLIP_S = 4


def main() -> None:
    """Write the folder that the user names."""
    folder = Path(sys.argv[1])
    stereo, rate = soundfile.read(str(RECORDING))
    for passage in PASSAGES:
        if passage.mood not in MOODS:
            continue
        whole = stereo[round(passage.start * rate) : round(passage.end * rate)].mean(axis=1)
        for evening, slower in EVENINGS.items():
            sound = soxr.resample(whole, rate, RATE * slower)
            if slower > 1:
                sound = band(sound, high=1500)
            place = folder / passage.mood / evening
            place.mkdir(parents=True, exist_ok=True)
            for k, clip in enumerate(sound[: CLIPS * CLIP_S * RATE].reshape(CLIPS, -1), 1):
                soundfile.write(place / f"{k}.flac", 0.5 * clip / np.abs(clip).max(), RATE)


if __name__ == "__main__":
    main()
