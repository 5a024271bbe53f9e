from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mood.circumplex import MOODS, QUADRANT_OF, nearest, quadrant, quadrant_scores
from moodstream.mood.smoothing import Average, Belief, Decision, Smoother, in_favour, softmax
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.mood.softmax import log_softmax
from tests.support.signals import noise

HOP_N = 8000
NOWHERE = np.zeros(2, np.float32)


def scores(**probabilities):
    rest = (1 - sum(probabilities.values())) / (len(MOODS) - len(probabilities))
    return np.array([probabilities.get(mood, rest) for mood in MOODS], np.float32)


SPEC = SmoothingSpec(
    time_constant_s=3.0, evidence_scale=1.0, lasting_s=30.0, confident=0.6, doubtful=0.4
)
WILD = SmoothingSpec(
    time_constant_s=0.0, evidence_scale=100.0, lasting_s=86400.0, confident=0.2, doubtful=0.0
)
"""The ends of what may be set."""


def named(probabilities):
    decision = Decision(SPEC, 16000)
    moods = (decision.process(np.log(one).tolist(), HOP_N) for one in probabilities)
    return ["-" if mood is None else MOODS[mood] for mood in moods]


def test_belief_is_the_forward_recursion_of_a_hidden_markov_model():
    rng = np.random.default_rng(5)
    likelihoods = rng.uniform(0.01, 1, (20, 3)).astype(np.float32)
    belief = Belief(3, SPEC, 16000)
    leaves = 1 - np.exp(-0.5 / 30)
    transition = np.full((3, 3), leaves / 2) + np.eye(3) * (1 - leaves - leaves / 2)
    expected = np.full(3, 1 / 3)
    for one in likelihoods:
        expected = (expected @ transition) * one**0.5  # half a second, at a scale of one
        expected /= expected.sum()
        np.testing.assert_allclose(belief.process(np.log(one).tolist(), HOP_N), expected, rtol=1e-4)


def test_belief_does_not_depend_on_how_often_it_is_told():
    often, seldom = Belief(4, SPEC, 16000), Belief(4, SPEC, 16000)
    evidence = np.log([0.4, 0.3, 0.2, 0.1]).tolist()
    for _ in range(40):
        often.process(evidence, 1000)
    for _ in range(5):
        seldom.process(evidence, 8000)
    np.testing.assert_allclose(often.probabilities, seldom.probabilities, atol=0.01)


def test_a_mood_is_named_once_it_is_probable_enough():
    weak, strong = scores(sad=0.4), scores(sad=0.8)
    assert named([weak]) == ["-"]
    assert named([strong] * 4)[-1] == "sad"
    slowly = named([weak] * 60)
    assert slowly[-1] == "sad"
    assert slowly == sorted(slowly)  # and then it stays


def test_a_mood_is_given_up_when_nothing_speaks_for_it_any_more():
    sad = [scores(sad=0.9)] * 4
    # No quadrant is likelier than another, and moods do not last for ever.
    sizes = Counter(QUADRANT_OF.values())
    even = np.array([0.25 / sizes[QUADRANT_OF[mood]] for mood in MOODS], np.float32)
    assert named([*sad, even])[-1] == "sad"
    assert named([*sad, *[even] * 200])[-1] == "-"


def test_the_quadrant_is_named_first_and_the_mood_within_it():
    tense = scores(angry=0.25, fearful=0.2, disgust=0.2, sad=0.3)
    assert named([tense] * 20)[-1] == "angry"


def test_one_hop_does_not_change_a_mood_and_many_do():
    sad, calm = scores(sad=0.8), scores(calm=0.8)
    assert set(named([*[sad] * 8, calm, *[sad] * 8])[4:]) == {"sad"}
    moods = named([*[sad] * 8, *[calm] * 20])
    assert moods[-1] == "calm"
    assert moods[8] == "sad"


def test_rivals_do_not_add_up():
    sad, calm, angry = scores(sad=0.6), scores(calm=0.6), scores(angry=0.6)
    assert "angry" not in named([*[sad] * 8, calm, angry, calm, angry])


def test_not_even_what_is_impossible_rules_a_mood_out():
    never = np.zeros(8, np.float32)
    never[MOODS.index("calm")] = 1
    with np.errstate(divide="ignore"):
        found = named([never, *[scores(sad=0.9)] * 20])
    assert found[-1] == "sad"


def test_the_average_is_a_geometric_mean_without_a_start_value():
    evidence = log_softmax(np.random.default_rng(0).standard_normal((2, 3, 8)).astype(np.float32))
    first, second = evidence.reshape(2, 24).tolist()
    average = Average(3.0, 16000)
    np.testing.assert_allclose(average.process(first, HOP_N), evidence[0].ravel(), atol=1e-5)
    keep = np.exp(-0.5 / 3)
    expected = ((keep * evidence[0] + evidence[1]) / (keep + 1)).ravel()
    np.testing.assert_allclose(average.process(second, HOP_N), expected, atol=1e-5)
    average.reset()
    np.testing.assert_allclose(average.process(second, HOP_N), evidence[1].ravel(), atol=1e-5)


def test_no_time_constant_averages_nothing():
    evidence = log_softmax(noise(0.003).reshape(6, 8))
    average = Average(0.0, 16000)
    for one in evidence:
        np.testing.assert_allclose(average.process(one.tolist(), HOP_N), one, atol=1e-5)


def test_smoothing_suppresses_a_moment_and_follows_a_change():
    smoother = Smoother(SPEC, 16000)
    sad, angry = (np.tile(np.log(scores(**{m: 0.7})), (3, 1)) for m in ("sad", "angry"))
    moods = [smoother.process(one, NOWHERE, HOP_N)[1] for one in [*[sad] * 12, angry, *[sad] * 8]]
    assert set(moods[2:]) == {"sad"}
    moods = [smoother.process(angry, NOWHERE, HOP_N)[1] for _ in range(20)]
    assert moods[0] == "sad"
    assert moods[-1] == "angry"
    assert moods == sorted(moods, key=["sad", "angry"].index)


LOGITS = st.lists(st.lists(st.floats(-20, 20), min_size=8, max_size=8), min_size=1, max_size=60)


@given(streams=LOGITS, spec=st.sampled_from([SPEC, WILD]))
def test_a_mood_that_is_named_and_its_quadrant_have_the_greatest_scores(streams, spec):
    smoother = Smoother(spec, 16000)
    for logits in streams:
        evidence = np.tile(log_softmax(np.array(logits, np.float32)), (3, 1))
        moods, mood = smoother.process(evidence, NOWHERE, HOP_N)
        assert sum(moods.scores) == pytest.approx(1)
        if mood is not None:
            assert moods.scores[MOODS.index(mood)] == max(moods.scores)
            sums = quadrant_scores(moods.scores)
            assert sums[QUADRANT_OF[mood]] == pytest.approx(max(sums.values()))


@given(
    logits=st.lists(st.floats(-9, 9), min_size=8, max_size=8), mood=st.integers(0, len(MOODS) - 1)
)
def test_a_named_mood_takes_no_more_than_it_needs(logits, mood):
    given_scores = softmax(logits)
    found = in_favour(given_scores, mood)
    assert sum(found) == pytest.approx(1)
    is_best = given_scores[mood] == max(given_scores)
    sums = quadrant_scores(given_scores)
    if is_best and sums[QUADRANT_OF[MOODS[mood]]] == max(sums.values()):
        assert found == pytest.approx(given_scores, abs=0.01)
        return
    assert found[mood] == max(found)
    # All others give the same part, and one of them, or another quadrant, is close behind.
    others = [score for i, score in enumerate(found) if i != mood]
    expected = [score for i, score in enumerate(given_scores) if i != mood]
    part = sum(others) / sum(expected)
    assert others == pytest.approx([part * score for score in expected])
    sums = quadrant_scores(found)
    own = sums.pop(QUADRANT_OF[MOODS[mood]])
    assert own >= max(sums.values())
    assert min(found[mood] - max(others), own - max(sums.values())) < 0.03


@pytest.mark.parametrize("lasting_s", [0.1, 86400.0])
@given(streams=LOGITS)
def test_the_ends_of_the_settings_give_numbers(streams, lasting_s):
    belief = Belief(8, replace(WILD, lasting_s=lasting_s), 16000)
    for logits in streams:
        evidence = log_softmax(np.array(logits, np.float32)).tolist()
        assert sum(belief.process(evidence, 160_000)) == pytest.approx(1)


@given(streams=LOGITS)
def test_floats_say_what_arrays_would(streams):
    """The same recursions in numpy's float32, as a reference."""
    smoother = Smoother(SPEC, 16000)
    total, weight = np.zeros((3, 8), np.float32), 0.0
    places = np.zeros(2, np.float32)
    beliefs = Belief(8, SPEC, 16000), np.full(8, 1 / 8, np.float32)
    keep, left = np.float32(np.exp(-0.5 / 3)), np.float32(1 - np.exp(-0.5 / 30))
    for logits in streams:
        row = log_softmax(np.array(logits, np.float32))
        evidence = np.stack((row, row[::-1], np.roll(row, 3)))
        place = np.tanh(row[:2] / 20)
        moods, _ = smoother.process(evidence, place, HOP_N)
        places = keep * places + (1 - keep) * place
        total, weight = keep * total + (1 - keep) * evidence, keep * weight + (1 - keep)
        mean = log_softmax(total / np.float32(weight))
        expected = nearest(quadrant(moods.scores), *(places / np.float32(weight)).tolist())
        assert [moods.valence, moods.arousal] == pytest.approx(expected, abs=1e-4)
        for name, one in ((moods.cnn, mean[1]), (moods.rnn, mean[2])):
            assert one[MOODS.index(name)] == pytest.approx(one.max(), abs=1e-4)
        before = (1 - left) * beliefs[1] + left / 7 * (1 - beliefs[1])
        expected = np.exp(log_softmax(np.log(before) + row * np.float32(0.5)))
        beliefs = beliefs[0], expected
        assert beliefs[0].process(row.tolist(), HOP_N) == pytest.approx(expected.tolist(), abs=1e-3)


def test_a_reset_forgets_everything():
    smoother = Smoother(SPEC, 16000)
    evidence = np.tile(np.log(scores(sad=0.7)), (3, 1))
    first = [smoother.process(evidence, NOWHERE, HOP_N) for _ in range(5)]
    smoother.reset()
    assert [smoother.process(evidence, NOWHERE, HOP_N) for _ in range(5)] == first


def test_softmax_does_not_overflow():
    assert softmax([1000.0, 0.0, 1000.0]) == pytest.approx([0.5, 0, 0.5])
    assert sum(softmax([-1e5, -1e5 - 1])) == pytest.approx(1)
