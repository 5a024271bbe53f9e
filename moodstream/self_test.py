"""Self-test: every bundle that is loaded must give the results of the machine that exported it.

A known signal passes the whole pipeline, from samples to evidence. The test finds a wrong model
file, an older layout of the statistics and a faulty kernel of the TFLite runtime. Shapes and
checksums would not show these.
"""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle, BundleError
from moodstream.bundle.card import SelfTestSpec
from moodstream.pipeline import Pipeline

TOLERANCE = 0.05
"""Largest deviation of a probability that a new card allows."""
HOPS = 3
"""Number of hops that are compared: the last ones, which depend on the whole signal."""
SECONDS = 4
"""Length of the signal, seconds."""
CHORD_HZ = (261.63, 329.63, 392.0)
"""C major, hertz."""


def load(directory: Path) -> Bundle:
    """Read a bundle, check its files, and run the self-test.

    Raises:
        BundleError: the bundle cannot be used; the message says why and what to do.
    """
    bundle = disk.read(directory)
    _try(directory, bundle)
    return bundle


def signal(rate: int) -> Float32:
    """Return four seconds of audio by formula, the same on every machine [shape=(n,), float32].

    Six gliding harmonics, a chirp over all bands and a chord swell twice over a little noise.

    Args:
        rate: sample rate, hertz.
    """
    t = np.arange(SECONDS * rate) / rate
    glide = 2 * np.pi * (110 * t + 20 * t**2)
    tones = sum(np.sin(k * glide) / k for k in range(1, 7))
    tones += np.sin(2 * np.pi * rate / 20 * t**2)  # reaches 0.4 of the rate, below Nyquist
    tones += sum(np.sin(2 * np.pi * frequency * t) for frequency in CHORD_HZ) / 2
    swell = 0.55 - 0.45 * np.cos(np.pi * t)
    samples: Float32 = (0.1 * swell * tones + 0.003 * _noise(len(t))).astype(np.float32)
    return samples


def record(bundle: Bundle) -> SelfTestSpec:
    """Run the self-test and return its results, for the card of a new bundle."""
    found = _probabilities(bundle)
    expected = tuple(tuple(tuple(row) for row in hop) for hop in found.round(4).tolist())
    return SelfTestSpec(expected, TOLERANCE)


def deviation(bundle: Bundle) -> float:
    """Return the largest deviation of a probability from the card; infinite if one is missing.

    Raises:
        BundleError: a model cannot be loaded, or its shapes do not fit the card.
    """
    found, expected = _probabilities(bundle), np.array(bundle.card.self_test.expected)
    if found.shape != expected.shape:
        return math.inf
    return float(np.abs(found - expected).max())


def _try(directory: Path, bundle: Bundle) -> None:
    tolerance = bundle.card.self_test.tolerance
    found = deviation(bundle)
    if not found <= tolerance:
        raise BundleError(
            f"{directory}: the self-test failed: a probability is off by {found:.2g}, "
            f"{tolerance:g} is allowed. The models do not belong to this card, or compute wrong "
            "results on this machine: install the bundle again; if that does not help, install "
            "another version of ai-edge-litert"
        )


def _probabilities(bundle: Bundle) -> Float32:
    """Return the probabilities at the last hops of the signal [shape=(hops, 3, moods)]."""
    # The models are compared whatever they hear in the signal.
    hearing = replace(bundle.card.hearing, confident=0.0, doubtful=0.0)
    pipeline = Pipeline.of(replace(bundle, card=replace(bundle.card, hearing=hearing)))
    block = Block(signal(pipeline.rate), pipeline.rate)
    steps = [*pipeline.process(block), *pipeline.finish()]
    return np.exp(np.array([step.evidence for step in steps if step.evidence is not None][-HOPS:]))


def _noise(length: int) -> Float32:
    """Return uniform noise in -1 .. 1, by the finaliser of MurmurHash3 (Appleby 2011)."""
    n = np.arange(length, dtype=np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        n = (n ^ (n >> np.uint32(shift))) * np.uint32(factor)
    return ((n ^ (n >> np.uint32(16))) / 2**31 - 1).astype(np.float32)
