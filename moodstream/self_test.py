"""Self-test: every loaded bundle must give the same results as on the machine that exported it.

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
"""Tolerance in a new card: the largest deviation of a number."""
HOPS = 3
"""Number of hops compared: the last ones, which depend on the whole signal."""
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
    """Return four seconds of synthetic audio, the same on every machine [shape=(n,), float32].

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
    moods, heard, place = (each.round(4).tolist() for each in _outputs(bundle))
    return SelfTestSpec(
        moods=tuple(tuple(map(tuple, hop)) for hop in moods),
        heard=tuple(map(tuple, heard)),
        place=tuple(map(tuple, place)),
        tolerance=TOLERANCE,
    )


def deviation(bundle: Bundle) -> float:
    """Return the largest deviation of a number from the card; infinite if one is missing.

    Raises:
        BundleError: a model cannot be loaded, or its shapes do not fit the card.
    """
    spec = bundle.card.self_test
    pairs = zip(_outputs(bundle), map(np.array, (spec.moods, spec.heard, spec.place)), strict=True)
    each = [
        np.abs(found - expected).max() if found.shape == expected.shape else math.inf
        for found, expected in pairs
    ]
    # Not the max of Python, which may skip NaN.
    return float(np.max(each))


def _try(directory: Path, bundle: Bundle) -> None:
    tolerance = bundle.card.self_test.tolerance
    found = deviation(bundle)
    if not found <= tolerance:
        raise BundleError(
            f"{directory}: the self-test failed: a number deviates by {found:.2g}, the "
            f"tolerance is {tolerance:g}. The models do not belong to this card, or compute "
            f"wrong "
            "results on this machine: install the bundle again; if that does not help, install "
            "another version of ai-edge-litert"
        )


def _outputs(bundle: Bundle) -> tuple[Float32, Float32, Float32]:
    """Return the outputs of the models at the last hops of the signal.

    Returns:
        probabilities of the moods [shape=(hops, 3, moods)], probabilities of voice and of music,
        and valence and arousal [both shape=(hops, 2)].
    """
    # The outputs are compared, whatever the models hear in the signal.
    hearing = replace(bundle.card.hearing, confident=0.0, doubtful=0.0)
    pipeline = Pipeline.of(replace(bundle, card=replace(bundle.card, hearing=hearing)))
    block = Block(signal(pipeline.rate), pipeline.rate)
    steps = [*pipeline.process(block), *pipeline.finish()]
    last = [step for step in steps if step.evidence is not None][-HOPS:]
    moods, heard, place = (
        np.array([getattr(step, name) for step in last]) for name in ("evidence", "heard", "place")
    )
    return np.exp(moods), 1 / (1 + np.exp(-heard)), place


def _noise(length: int) -> Float32:
    """Return uniform noise in -1 .. 1, by the finaliser of MurmurHash3 (Appleby 2011)."""
    n = np.arange(length, dtype=np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        n = (n ^ (n >> np.uint32(shift))) * np.uint32(factor)
    return ((n ^ (n >> np.uint32(16))) / 2**31 - 1).astype(np.float32)
