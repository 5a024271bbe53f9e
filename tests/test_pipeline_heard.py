"""The pipeline names a mood where there is a voice or music, and tells what it hears."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from moodstream.features.normalise import Normaliser
from moodstream.mood.circumplex import nearest, quadrant
from tests.support.hearing import hear, messages
from tests.support.signals import glide

SOUNDS = Path(__file__).parent / "data"


def sound(name):
    """Samples of a recording [shape=(n,)] and their rate."""
    samples, rate = soundfile.read(SOUNDS / name, dtype="float32", always_2d=True)
    return samples.mean(axis=1), rate


@pytest.mark.parametrize("name", ["rain.ogg", "kitchen.ogg"])
def test_a_sound_that_is_neither_voice_nor_music_has_no_mood(make_pipeline, name):
    samples, rate = sound(name)
    states = [step.state for step in hear(make_pipeline(), samples, rate, [rate])]
    assert {state.mood for state in states} == {None}
    assert {state.moods for state in states} == {None}
    statuses = [state.status for state in states]
    assert set(statuses) <= {"warming_up", "other", "silence"}
    assert statuses.count("other") > len(statuses) / 2
    for state in states:
        assert (state.heard is None) == (state.status == "silence")


def test_music_is_heard_as_music_and_told_in_every_message(make_pipeline, recording):
    samples, rate = recording
    pipeline = make_pipeline()
    steps = hear(pipeline, samples[80 * rate : 110 * rate], rate, [rate])
    found = [json.loads(message) for message in messages(pipeline, steps)]
    for message in found:
        assert set(message["heard"]) == {"voice", "music", "other"}
        voice, music, other = message["heard"].values()
        assert other == pytest.approx((1 - voice) * (1 - music), abs=1e-3)
    assert np.mean([message["heard"]["music"] for message in found]) > 0.5
    assert {message["status"] for message in found[10:]} <= {"ok", "uncertain"}
    # The place is that of the trained output, averaged, and within the quadrant; not of the scores.
    first = next(step for step in steps if step.state.moods)
    moods = first.state.moods
    expected = nearest(quadrant(moods.scores), *first.place.tolist())
    assert (moods.valence, moods.arousal) == pytest.approx(expected, abs=1e-4)


def test_in_silence_nothing_is_told_to_be_heard(make_pipeline):
    samples = np.concatenate((glide(5), np.zeros(16000 * 6, "f")))
    states = [step.state for step in hear(make_pipeline(), samples, 16000, [4000])]
    quiet = [state.heard for state in states if state.status == "silence"]
    assert quiet
    assert set(quiet) == {None}


def test_the_room_is_not_learned_from_rain(make_pipeline, bundle, recording):
    room = Normaliser(bundle.card.normalisation)
    hear(make_pipeline(room=room), *sound("rain.ogg"), [8000])
    assert room.frames_heard == 0
    samples, rate = recording
    hear(make_pipeline(room=room), samples[80 * rate : 90 * rate], rate, [rate])
    assert room.frames_heard > 5 * 64


@settings(max_examples=8)
@given(sizes=st.lists(st.integers(1, 30000), min_size=1, max_size=20))
def test_a_song_after_rain_is_the_same_in_any_blocks(make_pipeline, at_once, recording, sizes):
    rain, rate = sound("rain.ogg")
    song, song_rate = recording
    assert song_rate % rate == 0
    song = song[80 * song_rate : 90 * song_rate : song_rate // rate]
    samples = np.concatenate((rain[: 8 * rate], song))
    expected = at_once("rain", make_pipeline(), samples, rate)
    parts = make_pipeline()
    assert messages(parts, hear(parts, samples, rate, sizes)) == expected
    statuses = [json.loads(message)["status"] for message in expected]
    assert "other" in statuses
    assert statuses[-1] in ("ok", "uncertain")
