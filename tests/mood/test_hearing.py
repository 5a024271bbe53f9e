from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mood.hearing import Hearing
from moodstream.mood.hearing_spec import HearingSpec

RATE, HOP_N = 16000, 8000
SPEC = HearingSpec(
    time_constant_s=1.0,
    evidence_scale=1.5,
    lasting_s=30.0,
    confident=0.6,
    doubtful=0.4,
    prior=0.86,
)
VOICE, MUSIC, BOTH, OTHER = (
    np.array(logits, np.float32) for logits in ((4, -4), (-4, 4), (3, 3), (-3, -3))
)


def told(hearing, logits, seconds):
    """Whether voice or music is heard after each of some hops that are all alike."""
    moodful = []
    for _ in range(round(seconds * RATE / HOP_N)):
        hearing.process(logits, HOP_N)
        moodful.append(hearing.moodful)
    return moodful


@pytest.mark.parametrize("said", [VOICE, MUSIC, BOTH])
def test_a_bark_in_a_song_does_not_end_it(said):
    hearing = Hearing(SPEC, RATE)
    told(hearing, said, 20)
    assert all(told(hearing, OTHER, 0.5))
    assert all(told(hearing, said, 5))


@pytest.mark.parametrize("song_s", [5, 20, 600])
@pytest.mark.parametrize("bark_s", [0.5, 1.0])
def test_no_bark_ends_a_song_however_sure_it_is(song_s, bark_s):
    """A bark of half a second reaches into two hops."""
    hearing = Hearing(SPEC, RATE)
    told(hearing, 3 * MUSIC, song_s)
    assert all(told(hearing, 5 * OTHER, bark_s))
    assert all(told(hearing, 3 * MUSIC, 5))


@pytest.mark.parametrize("lasting_s", [5.0, 30.0, 600.0])
@pytest.mark.parametrize("evidence_scale", [0.5, 1.5, 5.0])
def test_no_setting_lets_half_a_second_end_a_song(lasting_s, evidence_scale):
    spec = replace(SPEC, lasting_s=lasting_s, evidence_scale=evidence_scale)
    hearing = Hearing(spec, RATE)
    told(hearing, 5 * MUSIC, 600)
    assert all(told(hearing, 5 * OTHER, 0.5))
    assert not told(hearing, 5 * OTHER, 10)[-1]


@pytest.mark.parametrize("said", [VOICE, MUSIC, BOTH])
def test_a_voice_that_begins_is_believed_within_two_seconds(said):
    hearing = Hearing(SPEC, RATE)
    assert not any(told(hearing, OTHER, 600))
    moodful = told(hearing, said, 6)
    assert moodful.index(True) * HOP_N / RATE < 2
    assert all(moodful[moodful.index(True) :])


def test_a_song_that_ends_is_over_within_five_seconds():
    hearing = Hearing(SPEC, RATE)
    told(hearing, MUSIC, 600)
    moodful = told(hearing, OTHER, 10)
    assert moodful.index(False) * HOP_N / RATE < 5
    assert not any(moodful[moodful.index(False) :])


def test_the_first_hop_of_a_song_is_heard_at_once():
    hearing = Hearing(SPEC, RATE)
    assert told(hearing, MUSIC, 0.5) == [True]


def test_voice_and_music_share_as_in_a_running_mean_without_a_start_value():
    hearing = Hearing(SPEC, RATE)
    likely = 1 / (1 + np.exp(-np.array([VOICE, MUSIC, OTHER], np.float64)))
    keep = np.exp(-0.5)
    found = [hearing.process(one, HOP_N) for one in (VOICE, MUSIC, OTHER)]
    for k, heard in enumerate(found):
        weights = keep ** np.arange(k, -1, -1)
        voice, music = np.average(likely[: k + 1], axis=0, weights=weights)
        shares = np.log(1 - heard.voice) / np.log(1 - heard.music)
        assert shares == pytest.approx(np.log(1 - voice) / np.log(1 - music))
        assert heard.other == pytest.approx((1 - heard.voice) * (1 - heard.music))


def test_without_a_time_constant_each_hop_speaks_for_itself():
    hearing = Hearing(replace(SPEC, time_constant_s=0.0), RATE)
    hearing.process(VOICE, HOP_N)
    heard = hearing.process(MUSIC, HOP_N)
    assert heard.voice < 0.1
    assert heard.music > 0.9


def test_presence_is_that_of_the_last_hop_alone():
    hearing = Hearing(SPEC, RATE)
    told(hearing, MUSIC, 20)
    hearing.process(OTHER, HOP_N)
    assert hearing.moodful
    assert hearing.presence < 0.1
    hearing.process(BOTH, HOP_N)
    assert hearing.presence > 0.99


LOGITS = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=60)


@given(logits=LOGITS)
def test_whatever_a_model_says_all_are_probabilities_and_it_goes_on(logits):
    hearing = Hearing(SPEC, RATE)
    for one in logits:
        heard = hearing.process(np.array(one, np.float32), HOP_N)
        for value in (heard.voice, heard.music, heard.other, hearing.presence):
            assert 0 <= value <= 1
    told(hearing, MUSIC, 5)
    assert hearing.moodful


@given(logits=LOGITS, prior=st.floats(0.05, 0.95))
def test_what_is_published_never_contradicts_the_decision(logits, prior):
    hearing = Hearing(replace(SPEC, prior=prior), RATE)
    for one in logits:
        heard = hearing.process(np.array(one, np.float32), HOP_N)
        if hearing.moodful:
            assert heard.other <= 0.5
        else:
            assert heard.other >= max(0.5, heard.voice, heard.music)


def test_music_that_says_less_than_the_training_examples_is_published_as_other():
    """By itself 0.7 is more than even; where nine of ten examples had music it is little."""
    hearing = Hearing(replace(SPEC, prior=0.9), RATE)
    logits = np.array([-30, np.log(0.7 / 0.3)], np.float32)
    for _ in range(20):
        heard = hearing.process(logits, HOP_N)
    assert not hearing.moodful
    assert heard.music < 0.1
    assert heard.other > 0.9


@given(logits=LOGITS)
def test_silence_resets(logits):
    hearing = Hearing(SPEC, RATE)
    first = [hearing.process(np.array(one, np.float32), HOP_N) for one in logits]
    hearing.reset()
    assert not hearing.moodful
    assert hearing.presence == 0
    assert [hearing.process(np.array(one, np.float32), HOP_N) for one in logits] == first


@given(shares=st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_it_counts_samples_not_hops(shares):
    """The same evidence in hops of other lengths is believed as much."""
    one, other = Hearing(SPEC, RATE), Hearing(SPEC, RATE)
    weak = np.array([-1.0, 0.2], np.float32)
    for part in shares:
        whole = one.process(weak, part * HOP_N)
        for _ in range(part):
            parts = other.process(weak, HOP_N)
        assert (whole.voice, whole.music) == pytest.approx((parts.voice, parts.music), abs=0.01)
        assert one.moodful == other.moodful


@pytest.mark.parametrize("prior", [0.2, 0.5, 0.86])
def test_a_model_that_says_what_it_always_says_tells_nothing(prior):
    """A probability like the share of the training examples is no evidence; a higher one is."""
    spec = replace(SPEC, prior=prior)

    def logits(presence):
        return np.array([np.log(presence / (1 - presence)), -30], np.float32)

    assert not any(told(Hearing(spec, RATE), logits(prior), 60))
    assert told(Hearing(spec, RATE), logits(prior + 0.1), 60)[-1]
    hearing = Hearing(spec, RATE)
    told(hearing, MUSIC, 60)
    assert not told(hearing, logits(prior - 0.15), 120)[-1]
