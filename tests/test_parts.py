"""The small stateful parts of the pipeline, each held to what its docstring says."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.audio.hops import Hops
from moodstream.features.normalise import NormalisationSpec, Normaliser
from moodstream.features.silence import SilenceGate, SilenceSpec, level_dbfs
from moodstream.features.window import Window
from moodstream.mood.circumplex import CIRCUMPLEX, MOODS, QUADRANT_OF, quadrant, valence_arousal
from moodstream.mood.smoothing import Average, Belief, Decision, Smoother, SmoothingSpec
from moodstream.mood.softmax import log_softmax
from tests.support.signals import noise

HOP_N = 8000


@given(sizes=st.lists(st.integers(0, 3000), max_size=30))
def test_hops_are_whole_and_in_order(sizes):
    hops = Hops(1000, 100)
    samples = np.arange(sum(sizes), dtype=np.float32)
    ends = np.cumsum(sizes, dtype=int)
    found = [
        hop
        for end, n in zip(ends, sizes, strict=True)
        for hop in hops.process(samples[end - n : end])
    ]
    assert all(len(hop) == 1000 for hop in found)
    last = list(hops.flush())
    assert [len(hop) for hop in last] == [n for n in [sum(sizes) % 1000 // 100 * 100] if n]
    joined = np.concatenate([*found, *last, []])
    np.testing.assert_array_equal(joined, samples[: len(joined)])
    assert len(samples) - len(joined) < 100
    assert list(hops.flush()) == []


def test_window_holds_the_newest_frames_in_order():
    window = Window(5, 2)
    frames = np.arange(24, dtype=np.float32).reshape(12, 2)
    with pytest.raises(ValueError, match="empty"):
        window.view()
    window.push(frames[:2])
    assert not window.full
    np.testing.assert_array_equal(window.view(), frames[[1, 0, 1, 0, 1]])
    window.push(frames[2:4])
    window.push(frames[4:7])
    assert window.full
    np.testing.assert_array_equal(window.view(), frames[2:7])
    window.push(frames)
    np.testing.assert_array_equal(window.view(), frames[-5:])
    window.reset()
    assert not window.full


def test_silence_has_hysteresis_and_a_hold():
    gate = SilenceGate(
        SilenceSpec(open_dbfs=-50, close_dbfs=-60, hold_s=1.0, stationary=0.0), 16000
    )
    levels = [-90, -55, -50, -55, -59, -61, -61, -61, -55, -49, -61, -59, -61, -61, -61]
    silent = [gate.process(level, HOP_N) for level in levels]
    assert silent == [
        *(True, True),  # not loud enough to begin
        *(False, False, False, False, False),  # between the thresholds, then within the hold
        *(True, True),  # held for more than a second; -55 does not end it
        *(False, False, False, False, False),  # one hop above the threshold renews the hold
        True,
    ]


def test_levels():
    square = np.ones(100, np.float32)
    sine = np.sin(np.linspace(0, 20 * np.pi, 16000, endpoint=False)).astype(np.float32)
    assert level_dbfs(square) == pytest.approx(0)
    assert level_dbfs(sine * 0.1) == pytest.approx(-23.01, abs=0.01)
    assert level_dbfs(np.zeros(10, np.float32)) == -120


def test_normaliser_starts_from_the_prior_and_learns_what_is_audible():
    spec = NormalisationSpec(
        mean=(0.0, 10.0), std=(1.0, 2.0), prior_frames=1000, memory_frames=9000
    )
    normaliser = Normaliser(spec)
    frames = np.array([[1.0, 14.0]], np.float32)
    np.testing.assert_allclose(normaliser.process(frames, audible=False), [[1, 2]], rtol=1e-5)
    room = (np.random.default_rng(3).standard_normal((3200, 2)) * 4 + 5).astype(np.float32)
    for start in range(0, len(room), 32):
        normaliser.process(room[start : start + 32], audible=False)
    np.testing.assert_allclose(normaliser.process(frames, audible=False), [[1, 2]], rtol=1e-5)
    for _ in range(30):
        for start in range(0, len(room), 32):
            found = normaliser.process(room[start : start + 32], audible=True)
    assert normaliser.frames_heard == 30 * 3200
    heard = (room[-32:] - room.mean(axis=0)) / room.std(axis=0)
    np.testing.assert_allclose(found, heard, atol=0.15)
    normaliser.reset()
    np.testing.assert_allclose(normaliser.process(frames, audible=False), [[1, 2]], rtol=1e-5)


def test_what_was_heard_weighs_as_much_as_the_prior_after_its_frames():
    spec = NormalisationSpec(mean=(0.0,), std=(1.0,), prior_frames=640, memory_frames=10**6)
    normaliser = Normaliser(spec)
    for _ in range(20):
        normaliser.process(np.full((32, 1), 4, np.float32), audible=True)
    # Half of each: mean 2; mean square (1 + 16) / 2, so the variance is 8.5 - 4.
    found = normaliser.process(np.array([[5.0]], np.float32), audible=False)
    assert found[0, 0] == pytest.approx((5 - 2) / np.sqrt(4.5), rel=1e-3)


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


@pytest.mark.parametrize("mood", MOODS)
def test_a_sure_mood_lies_in_its_quadrant(mood):
    sure = tuple(float(name == mood) for name in MOODS)
    valence, arousal = valence_arousal(sure)
    assert (valence, arousal) == CIRCUMPLEX[mood]
    assert quadrant(sure) == QUADRANT_OF[mood]
    signs = {"Q1": (1, 1), "Q2": (-1, 1), "Q3": (-1, -1), "Q4": (1, -1)}[QUADRANT_OF[mood]]
    if mood != "neutral":
        assert (np.sign(valence), np.sign(arousal)) == signs


def test_the_evidence_for_a_quadrant_is_the_sum_over_its_moods():
    assert quadrant(scores(sad=0.3, angry=0.2, fearful=0.2, disgust=0.2)) == "Q2"
