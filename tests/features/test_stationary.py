"""What has no course has no mood, whatever its level and colour; what is played or spoken has."""

import numpy as np
import pytest

from moodstream.features.mfcc import Mfcc
from moodstream.features.normalise import Normaliser
from moodstream.features.stationary import StationaryGate
from tests.support.hearing import hear
from tests.support.signals import glide

RATE = 16000
SECONDS = 12


def coloured(exponent):
    """Noise whose power falls by the frequency to this exponent, at full scale."""
    rng = np.random.default_rng(11)
    spectrum = np.fft.rfft(rng.standard_normal(SECONDS * RATE))
    spectrum /= np.maximum(np.fft.rfftfreq(SECONDS * RATE), 1e-3) ** (exponent / 2)
    made = np.fft.irfft(spectrum)
    return (made / np.abs(made).max()).astype(np.float32)


def hum(hz, floor):
    """Mains and its harmonics over a little noise."""
    t = np.arange(SECONDS * RATE) / RATE
    made = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 12))
    made = made + floor * np.random.default_rng(1).standard_normal(len(t))
    return (made / np.abs(made).max()).astype(np.float32)


STILL = {
    "white": coloured(0),
    "pink": coloured(1),
    "brown": coloured(2),
    "hum": hum(50, 0),
    "hum over noise": hum(60, 0.03),
    "fan": hum(118, 0.5) + coloured(1),
}


@pytest.mark.parametrize("level", [0.02, 0.2, 1.0])
@pytest.mark.parametrize("name", STILL)
def test_noise_and_hum_have_no_mood(make_pipeline, name, level):
    steps = hear(make_pipeline(), STILL[name] * np.float32(level), RATE, [4000])
    later = [step for step in steps if step.state.position_n >= 4 * RATE]
    assert {step.state.status for step in later} == {"silence"}
    assert {step.evidence is None for step in later} == {True}
    assert {step.state.mood for step in later} == {None}


def test_a_tone_that_moves_and_music_are_heard(make_pipeline, recording):
    samples, rate = recording
    for sound, at in ((glide(SECONDS), RATE), (samples[80 * rate : 92 * rate], rate)):
        steps = hear(make_pipeline(), sound, at, [5000])
        # The first steps lack most of a window: they may be heard as neither voice nor music.
        assert all(step.evidence is not None for step in steps[3:])
        assert "silence" not in {step.state.status for step in steps}


def test_a_room_is_not_learned_from_a_fan(make_pipeline, bundle):
    room = Normaliser(bundle.card.normalisation)
    hear(make_pipeline(room=room), STILL["fan"], RATE, [8000])
    assert room.frames_heard == 0
    hear(make_pipeline(room=room), glide(SECONDS), RATE, [8000])
    # The first step may be heard as neither voice nor music; a room is not learned from that.
    assert SECONDS * 64 - 32 <= room.frames_heard <= SECONDS * 64


def test_it_judges_what_there_is_of_a_window_and_forgets_what_left_it(bundle):
    mfcc = Mfcc(bundle.card.features)
    still, moving = (np.split(mfcc.process(s), 24) for s in (STILL["white"], glide(SECONDS)))
    gate = StationaryGate(bundle.card.silence.stationary, 192)
    assert all(gate.process(hop) for hop in still[1:7])
    assert not any(gate.process(hop) for hop in moving[1:9])
    assert [gate.process(hop) for hop in still[1:7]] == [False] * 5 + [True]
    gate.reset()
    assert gate.process(still[7])


def test_the_same_as_the_deviation_of_the_window(bundle):
    frames = Mfcc(bundle.card.features).process(glide(SECONDS))
    deviation = float(np.sqrt(np.mean(frames[-192:].astype(np.float64).var(axis=0))))
    for threshold, said in ((deviation * 1.001, True), (deviation * 0.999, False)):
        gate = StationaryGate(threshold, 192)
        found = [gate.process(hop) for hop in np.split(frames, 24)]
        assert found[-1] is said
