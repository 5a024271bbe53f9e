"""Half seconds as arrays, and the windows that end with them; only numpy is imported."""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.compared.measured.half_seconds import hop_n, pcm

card = json.loads((Path(sys.argv[1]) / "card.json").read_bytes())
samples = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)


def hops() -> list[NDArray[np.float32]]:
    """Return the recording in hops [shape=(hop_n,), float32]."""
    return [samples[end - hop_n : end] for end in range(hop_n, len(samples) + 1, hop_n)]


def windows() -> list[NDArray[np.float32]]:
    """Return the window of the CNN at the end of each hop [shape=(n,), float32]."""
    window_n = card["cnn"]["window_frames"] * card["features"]["hop_length"]
    padded = np.concatenate((np.zeros(window_n - hop_n, np.float32), samples))
    return [padded[end - window_n : end] for end in range(window_n, len(padded) + 1, hop_n)]
