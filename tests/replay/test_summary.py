from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mood.circumplex import MOODS, QUADRANT_OF
from moodstream.mood.smoothing import summed_up
from moodstream.mood.state import Heard, MoodState
from moodstream.pipeline import Step
from moodstream.replay.summary import Summary

RATE, HOP_N = 16000, 8000
PLACE = np.array([0.5, -0.25], np.float32)
STATUSES = ("warming_up", "silence", "other", "uncertain")


def log_probabilities(**probabilities):
    rest = (1 - sum(probabilities.values())) / (len(MOODS) - len(probabilities))
    row = np.log([probabilities.get(mood, rest) for mood in MOODS])
    return np.tile(row, (3, 1)).astype(np.float32)


def step(said, number, evidence=None):
    """A hop in which a mood was named, or a status without one."""
    mood = said if said in MOODS else None
    silent = said in ("silence", "other")
    if evidence is None and not silent:
        evidence = log_probabilities(**({mood: 0.8} if mood else {"sad": 0.4, "calm": 0.35}))
    moods = None
    if mood:
        moods = summed_up([*evidence.ravel().tolist(), *PLACE.tolist()], MOODS.index(mood))
    position_n = (number + 1) * HOP_N
    state = MoodState("ok" if mood else said, mood, moods, position_n, 0, -20.0)
    place = None if evidence is None else PLACE
    return Step(state, evidence, place, HOP_N)


def summary(*said, **more):
    made = Summary(RATE)
    for number, one in enumerate(said):
        made.add(step(one, number, **more))
    return made.message("a.wav", len(said) / 2, "settings")


@given(st.lists(st.sampled_from([*STATUSES, *MOODS]), min_size=1, max_size=60))
def test_a_verdict_is_what_was_named_longest_and_agrees_with_itself(said):
    found = summary(*said)
    assert sum(found["shares"].values()) == pytest.approx(1, abs=1e-2)
    assert found["shares"] == pytest.approx(
        {key: said.count(key) / len(said) for key in said}, abs=1e-3
    )
    named = [one for one in said if one in MOODS]
    if not named:
        assert found["mood"] is None or set(said) <= {"warming_up", "uncertain"}
        assert (found["quadrant"] is None) == (found["mood"] is None)
        assert (found["confidence"] is None) == (found["mood"] is None)
        return
    quadrants = [QUADRANT_OF[mood] for mood in named]
    assert quadrants.count(found["quadrant"]) == max(map(quadrants.count, quadrants))
    assert QUADRANT_OF[found["mood"]] == found["quadrant"]
    within = [mood for mood in named if QUADRANT_OF[mood] == found["quadrant"]]
    assert within.count(found["mood"]) == max(map(within.count, within))
    assert found["confidence"] == found["scores"][found["mood"]] == max(found["scores"].values())


def test_the_quadrant_comes_first_and_the_mood_within_it():
    # Sad was named longer than any other mood, but the calm quadrant longer than the sad one.
    found = summary(*["sad"] * 8, *["calm"] * 6, *["neutral"] * 5)
    assert (found["quadrant"], found["mood"]) == ("Q4", "calm")


@pytest.mark.parametrize("stronger", ["sad", "angry"])
def test_evidence_breaks_ties(stronger):
    evidence = log_probabilities(**{stronger: 0.6})
    found = summary("sad", "angry", "sad", "angry", evidence=evidence)
    assert found["mood"] == stronger


def test_what_is_never_named_has_no_verdict():
    # A hum: most of it silence, and some hops that were heard and not believed.
    found = summary(*["warming_up"] * 5, *["uncertain"] * 2, *["silence"] * 54)
    assert (found["mood"], found["quadrant"], found["confidence"]) == (None, None, None)
    assert found["scores"] is not None
    assert max(found["shares"], key=found["shares"].get) == "silence"
    long = summary(*["warming_up"] * 5, *["uncertain"] * 20)
    assert (long["mood"], long["quadrant"]) == (None, None)


@pytest.mark.parametrize("uncertain_n", [0, 2, 5])
def test_a_recording_too_short_for_the_stream_is_judged_by_all_there_is(uncertain_n):
    said = ["warming_up"] * 5 + ["uncertain"] * uncertain_n
    found = summary(*said, evidence=log_probabilities(sad=0.42, calm=0.3, neutral=0.2))
    # The calm quadrant is more probable than the sad one, though sad is the greatest mood.
    assert (found["mood"], found["quadrant"]) == ("calm", "Q4")
    assert found["confidence"] == max(found["scores"].values())
    assert found["confidence"] == pytest.approx(found["scores"]["sad"], abs=0.02)


def test_nothing_heard_is_nothing_said():
    found = summary(*["silence"] * 10)
    assert {found[key] for key in ("mood", "quadrant", "confidence", "valence")} == {None}
    assert found["scores"] is None
    assert found["shares"] == {"silence": 1.0}


def test_segments_follow_one_another_and_cover_the_recording():
    found = summary(*["warming_up"] * 2, *["calm"] * 3, "uncertain", "silence", "calm")
    segments = [(one["start"], one["end"], one["mood"]) for one in found["segments"]]
    assert segments == [
        (0, 1, None),
        (1, 2.5, "calm"),
        (2.5, 3.5, None),
        (3.5, 4, "calm"),
    ]


def test_the_place_is_the_mean_of_what_was_heard():
    made = Summary(RATE)
    for number, place in enumerate(([0.5, -0.5], [0.0, 0.5], [0.1, 0.3])):
        one = step("happy", number)
        made.add(replace(one, place=np.array(place, np.float32)))
    made.add(step("other", 3))
    found = made.message("a.wav", 2.0, "settings")
    assert (found["valence"], found["arousal"]) == pytest.approx((0.2, 0.1), abs=1e-3)


def test_what_was_heard_is_its_mean_over_the_time_that_was_no_silence():
    made = Summary(RATE)
    for number, (said, heard) in enumerate(
        (
            ("sad", Heard(0.9, 0.1, 0.09)),
            ("other", Heard(0.1, 0.1, 0.81)),
            ("silence", None),
            ("other", Heard(0.2, 0.4, 0.48)),
        )
    ):
        one = step(said, number)
        made.add(replace(one, state=replace(one.state, heard=heard)))
    found = made.message("a.wav", 2.0, "settings")
    assert found["heard"] == pytest.approx({"voice": 0.4, "music": 0.2, "other": 0.46}, abs=1e-3)
    assert summary("silence", "silence")["heard"] is None
