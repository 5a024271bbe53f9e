from collections import Counter

import numpy as np

from moodstream.mood.circumplex import MOODS, QUADRANT_OF
from moodstream.mood.smoothing import Average, Belief, Decision, Smoother
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.mood.softmax import log_softmax
from tests.support.signals import noise

HOP_N = 8000


def scores(**probabilities):
    rest = (1 - sum(probabilities.values())) / (len(MOODS) - len(probabilities))
    return np.array([probabilities.get(mood, rest) for mood in MOODS], np.float32)


SPEC = SmoothingSpec(
    time_constant_s=3.0, evidence_scale=1.0, lasting_s=30.0, confident=0.6, doubtful=0.4
)


def named(probabilities):
    decision = Decision(SPEC, 16000)
    moods = (decision.process(np.log(one), HOP_N) for one in probabilities)
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
        np.testing.assert_allclose(belief.process(np.log(one), HOP_N), expected, rtol=1e-4)


def test_belief_does_not_depend_on_how_often_it_is_told():
    often, seldom = Belief(4, SPEC, 16000), Belief(4, SPEC, 16000)
    evidence = np.log(np.array([0.4, 0.3, 0.2, 0.1], np.float32))
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
    average = Average(3.0, 16000)
    np.testing.assert_allclose(average.process(evidence[0], HOP_N), evidence[0], atol=1e-5)
    found = average.process(evidence[1], HOP_N)
    keep = np.exp(-0.5 / 3)
    expected = log_softmax((keep * evidence[0] + evidence[1]) / (keep + 1))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    average.reset()
    np.testing.assert_allclose(average.process(evidence[1], HOP_N), evidence[1], atol=1e-5)


def test_no_time_constant_averages_nothing():
    evidence = log_softmax(noise(0.003).reshape(6, 8))
    average = Average(0.0, 16000)
    for one in evidence:
        np.testing.assert_allclose(average.process(one, HOP_N), one, atol=1e-5)


def test_smoothing_suppresses_a_moment_and_follows_a_change():
    smoother = Smoother(SPEC, 16000)
    sad, angry = (np.tile(np.log(scores(**{m: 0.7})), (3, 1)) for m in ("sad", "angry"))
    moods = [smoother.process(one, HOP_N)[1] for one in [*[sad] * 12, angry, *[sad] * 8]]
    assert set(moods[2:]) == {"sad"}
    moods = [smoother.process(angry, HOP_N)[1] for _ in range(20)]
    assert moods[0] == "sad"
    assert moods[-1] == "angry"
    assert moods == sorted(moods, key=["sad", "angry"].index)
