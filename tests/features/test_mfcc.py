import librosa
import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st

from moodstream.arrays import Float32
from moodstream.features.mfcc import FeatureSpec, Mfcc
from tests.support.signals import noise

SPEC = FeatureSpec(
    sample_rate=16000, frame_length=512, hop_length=250, n_mels=64, n_mfcc=40, fmin=20, fmax=8000
)


def librosa_mfcc(spec: FeatureSpec, samples: Float32) -> Float32:
    """The oracle: librosa on the whole signal, after the zeros that the stream begins with."""
    signal = np.concatenate((np.zeros(spec.frame_length - spec.hop_length, "f"), samples))
    mel = librosa.feature.melspectrogram(
        y=signal,
        sr=spec.sample_rate,
        n_fft=spec.frame_length,
        hop_length=spec.hop_length,
        center=False,
        n_mels=spec.n_mels,
        fmin=spec.fmin,
        fmax=spec.fmax,
    )
    decibels = librosa.power_to_db(mel, ref=1.0, amin=1e-10, top_db=None)
    return librosa.feature.mfcc(S=decibels, n_mfcc=spec.n_mfcc).T


@pytest.mark.parametrize(
    "spec",
    [
        SPEC,
        FeatureSpec(22050, 1024, 441, 40, 13, 0, 11025),
        FeatureSpec(8000, 200, 80, 26, 20, 100, 3800),
    ],
)
def test_equals_librosa_on_real_audio(spec, recording):
    samples, rate = recording
    samples = soxr.resample(samples, rate, spec.sample_rate)
    expected = librosa_mfcc(spec, samples)
    found = Mfcc(spec).process(samples)
    assert found.shape == expected.shape
    assert np.abs(expected).max() > 300
    assert np.abs(found - expected).max() < 1e-3


def test_equals_librosa_in_blocks_and_on_silence(recording):
    samples, rate = recording
    samples = soxr.resample(samples[140 * rate : 150 * rate], rate, 16000)  # silence in its midst
    mfcc = Mfcc(SPEC)
    blocks = [mfcc.process(samples[i : i + 777]) for i in range(0, len(samples), 777)]
    assert np.abs(np.concatenate(blocks) - librosa_mfcc(SPEC, samples)).max() < 1e-3


@given(sizes=st.lists(st.integers(0, 2000), min_size=1, max_size=40))
def test_any_block_sizes_give_the_same_frames(sizes):
    samples = noise(1)[: sum(sizes)]
    whole = Mfcc(SPEC).process(samples)
    mfcc = Mfcc(SPEC)
    ends = np.cumsum(sizes)
    parts = [
        mfcc.process(samples[max(0, end - size) : end])
        for end, size in zip(ends, sizes, strict=True)
    ]
    assert len(np.concatenate(parts)) == len(samples) // SPEC.hop_length == len(whole)
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-3)


def test_reset_gives_the_same_frames_again():
    mfcc, samples = Mfcc(SPEC), noise(0.5)
    first = mfcc.process(samples)
    mfcc.process(samples[:99])
    mfcc.reset()
    np.testing.assert_array_equal(mfcc.process(samples), first)
