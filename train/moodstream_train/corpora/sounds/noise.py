"""Synthetic sounds without a mood, for which the models learn to name none confidently."""

import io
from pathlib import Path

import numpy as np
import soundfile

from moodstream.arrays import Float32
from moodstream.whole_file import written_whole
from moodstream_train.corpora.clip import Clip
from moodstream_train.waveform.effects import coloured_noise

COUNT = 150
RATE = 16000
SECONDS = 10
LABEL = "none"
LEVELS_DBFS = (-58.0, -20.0)
MAINS_HZ = (50.0, 60.0)


def load(folder: Path, most: int | None = None) -> list[Clip]:
    """Return noises and hums of many colours and levels, some swelling, kept in a folder.

    Args:
        folder: for the files.
        most: number of noises; all if None.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clips = []
    for number in range(min(COUNT, most or COUNT)):
        path = folder / f"noise-{number:03}.flac"
        if not path.exists():
            content = io.BytesIO()
            soundfile.write(content, make(number), RATE, format="FLAC")
            with written_whole(path) as file:
                file.write(content.getvalue())
        group = f"noise {number:03}"
        clips.append(Clip(path, "noise", group, (), LABEL, voice=0.0, music=0.0))
    return clips


def make(number: int) -> Float32:
    """Return a noise [shape=(n,), float32] at :data:`RATE`; a number always gives the same one."""
    rng = np.random.default_rng([number, COUNT])
    length = SECONDS * RATE
    times = np.arange(length) / RATE
    sound = coloured_noise(length, float(rng.uniform(0, 1.2)), rng)
    if rng.random() < 1 / 3:  # fans, fridges and transformers
        mains = float(rng.choice(MAINS_HZ)) * (1 if rng.random() < 2 / 3 else rng.uniform(0.5, 4))
        partials = np.arange(1, int(rng.integers(2, 14)))
        heights = rng.uniform(0.2, 1, len(partials)) / partials
        hum = np.sin(2 * np.pi * mains * np.outer(times, partials)) @ heights
        sound = sound * rng.uniform(0.05, 1) + np.float32(1 / hum.std()) * hum.astype(np.float32)
    if rng.random() < 1 / 3:  # wind, traffic
        swell = coloured_noise(length, 1.5, rng)
        sound = sound * np.exp(np.float32(0.5) * swell)
    level = 10 ** (rng.uniform(*LEVELS_DBFS) / 20)
    made: Float32 = np.clip(sound * (level / sound.std()), -1, 1).astype(np.float32)
    return made
