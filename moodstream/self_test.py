"""Does this machine hear what the one that made the bundle heard? Asked of every bundle loaded.

A known signal goes the whole way from samples to evidence. It tells a wrong model file, an older
layout of the statistics, or a faulty kernel of the TFLite runtime, where shapes and checksums
would all be right.
"""

import math
from pathlib import Path

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle, BundleError
from moodstream.bundle.card import SelfTestSpec
from moodstream.pipeline import Pipeline

TOLERANCE = 0.05
HOPS = 3
"""The last ones are enough: they rest on all of the signal."""
SECONDS = 4
CHORD_HZ = (261.63, 329.63, 392.0)
"""C major."""


def load(directory: Path) -> Bundle:
    """Read a bundle, check all of it, and try it on this machine.

    Raises:
        BundleError: with what is wrong, where, and what to do.
    """
    bundle = disk.read(directory)
    _try(directory, bundle)
    return bundle


def signal(rate: int) -> Float32:
    """Four seconds by formula, the same on every machine [shape=(n,), float32].

    Six harmonics that glide, a chirp over all bands and a chord, all of them swelling twice, over
    a little noise.
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
    """What the bundle says here, for its card; the card's own expectation is not looked at."""
    found = _probabilities(bundle)
    expected = tuple(tuple(tuple(row) for row in hop) for hop in found.round(4).tolist())
    return SelfTestSpec(expected, TOLERANCE)


def deviation(bundle: Bundle) -> float:
    """How far a probability is off what the card expects at most; infinite where one is missing.

    Raises:
        BundleError: a model cannot be loaded, or is not of the card's shapes.
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
            f"{tolerance:g} is allowed; the models are not those that the card was written for, "
            "or compute wrongly on this machine: install the bundle again, and if that does not "
            "help, another version of ai-edge-litert"
        )


def _probabilities(bundle: Bundle) -> Float32:
    """At the last hops of the signal [shape=(hops, 3, moods)]."""
    pipeline = Pipeline.of(bundle)
    block = Block(signal(pipeline.rate), pipeline.rate)
    steps = [*pipeline.process(block), *pipeline.finish()]
    return np.exp(np.array([step.evidence for step in steps if step.evidence is not None][-HOPS:]))


def _noise(length: int) -> Float32:
    """Uniform in -1 .. 1, from integers: the finaliser of MurmurHash3 (Appleby 2011)."""
    n = np.arange(length, dtype=np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        n = (n ^ (n >> np.uint32(shift))) * np.uint32(factor)
    return ((n ^ (n >> np.uint32(16))) / 2**31 - 1).astype(np.float32)
