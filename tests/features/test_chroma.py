import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.features.chroma import Chroma, ChromaSpec
from tests.support.signals import noise

RATE = 16000
SPEC = ChromaSpec(
    frame_length=4096,
    hop_length=2000,
    fmin=80,
    fmax=2100,
)
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def oracle(spec, samples, rate):
    """By the definitions, in double precision, bin by bin."""
    signal = np.concatenate((np.zeros(spec.frame_length - spec.hop_length), samples.astype("d")))
    window = np.hanning(spec.frame_length + 1)[:-1]
    bins = np.arange(spec.frame_length // 2 + 1) * rate / spec.frame_length
    result = []
    for end in range(spec.frame_length, len(signal) + 1, spec.hop_length):
        power = np.abs(np.fft.rfft(signal[end - spec.frame_length : end] * window)) ** 2
        loudness = np.log1p(1000 * power / max(power.max(), 1e-10))
        chroma = np.zeros(12)
        for hertz, value in zip(bins, loudness, strict=True):
            if spec.fmin <= hertz <= spec.fmax:
                semitone = 69 + 12 * np.log2(hertz / 440)
                below = int(semitone // 1)
                chroma[below % 12] += value * (1 - semitone % 1)
                chroma[(below + 1) % 12] += value * (semitone % 1)
        result.append(chroma / max(chroma.sum(), 1e-30))
    return np.array(result)


def tones(*frequencies, seconds=1.0, rate=RATE):
    t = np.arange(round(seconds * rate)) / rate
    return (0.1 * sum(np.sin(2 * np.pi * f * t) for f in frequencies)).astype("f")


@pytest.mark.parametrize(
    ("spec", "rate"),
    [(SPEC, RATE), (ChromaSpec(1024, 300, 100, 4000), 22050)],
)
def test_equals_the_definitions(spec, rate):
    for samples in (noise(1), tones(220, 277.18, 329.63, rate=rate) + noise(1, rate, 0.001)):
        found = Chroma(spec, rate).process(samples)
        expected = oracle(spec, samples, rate)
        assert found.shape == (len(samples) // spec.hop_length, 12) == expected.shape
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_music_equals_the_definitions(recording):
    samples = recording[0][40 * 32000 : 44 * 32000 : 2]
    np.testing.assert_allclose(
        Chroma(SPEC, RATE).process(samples), oracle(SPEC, samples, RATE), atol=1e-5
    )


@given(sizes=st.lists(st.integers(0, 9000), min_size=1, max_size=20))
def test_any_block_sizes_give_the_same_frames(sizes):
    samples = noise(12)[: sum(sizes)]
    chroma = Chroma(SPEC, RATE)
    ends = np.cumsum(sizes)
    parts = [
        chroma.process(samples[max(0, end - size) : end])
        for end, size in zip(ends, sizes, strict=True)
    ]
    whole = Chroma(SPEC, RATE).process(samples)
    assert len(whole) == len(samples) // SPEC.hop_length
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-4)


def test_reset_gives_the_same_frames_again():
    chroma, samples = Chroma(SPEC, RATE), noise(1)
    first = chroma.process(samples)
    chroma.process(samples[:999])
    chroma.reset()
    np.testing.assert_array_equal(chroma.process(samples), first)


@pytest.mark.parametrize(("hertz", "name"), [(261.63, "C"), (440, "A"), (880, "A"), (185, "F#")])
def test_a_tone_sounds_in_its_pitch_class(hertz, name):
    frame = Chroma(SPEC, RATE).process(tones(hertz))[-1]
    assert NAMES[frame.argmax()] == name
    assert frame.max() > 0.6


def test_a_chord_sounds_in_three():
    frame = Chroma(SPEC, RATE).process(tones(261.63, 329.63, 392.0))[-1]
    assert {NAMES[i] for i in frame.argsort()[-3:]} == {"C", "E", "G"}


def test_the_level_does_not_matter():
    samples = tones(220, 330) + noise(1, level=0.01)
    loud, soft = (Chroma(SPEC, RATE).process(samples * gain) for gain in (1.0, 0.1))
    np.testing.assert_allclose(loud, soft, atol=1e-4)


def test_silence_is_all_zero():
    frames = Chroma(SPEC, RATE).process(np.zeros(RATE, "f"))
    np.testing.assert_array_equal(frames, np.zeros((8, 12)))


def test_what_cannot_be_is_told():
    assert SPEC.problems() == SPEC.problems_at(RATE) == []
    wrong = ChromaSpec(512, 600, 500, 80)
    assert "hop_length 600 is above frame_length 512" in wrong.problems()
    assert "500 .. 80 Hz must rise" in wrong.problems_at(RATE)[0]
    (band,) = ChromaSpec(4096, 2000, 80, 9000).problems_at(RATE)
    assert "end by 8000 Hz" in band
