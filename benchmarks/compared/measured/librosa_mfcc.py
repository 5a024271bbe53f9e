"""Features by librosa, all of a window at once."""

import librosa
import numpy as np

from benchmarks.compared.measured.samples import card
from moodstream.arrays import Float32

mean = np.array(card["normalisation"]["mean"], np.float32)
std = np.array(card["normalisation"]["std"], np.float32)


def frames(window: Float32) -> Float32:
    """Return normalised coefficients [shape=(len(window) // hop_length, n_mfcc), float32]."""
    spec = card["features"]
    coefficients = librosa.feature.mfcc(
        y=window,
        sr=spec["sample_rate"],
        n_mfcc=spec["n_mfcc"],
        n_fft=spec["frame_length"],
        hop_length=spec["hop_length"],
        n_mels=spec["n_mels"],
        fmin=spec["fmin"],
        fmax=spec["fmax"],
    )
    normalised: Float32 = (coefficients.T[: len(window) // spec["hop_length"]] - mean) / std
    return normalised
