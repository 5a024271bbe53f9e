"""The figures, on verdicts made by hand."""

import math

import pytest

from moodstream.mood.circumplex import MOODS, QUADRANTS
from moodstream_train.errors import TrainingError
from moodstream_train.measure import figures
from moodstream_train.measure.figures import SHARED_MOODS
from moodstream_train.measure.verdict import Verdict
from tests.train.measuring import MOOD_OF, verdict


def test_a_bundle_that_is_always_right_has_every_figure_full() -> None:
    found = figures.of([verdict(mood, mood, 0.999) for mood in MOODS])
    assert (found.uar, found.accuracy, found.macro_f1) == (100, 100, 100)
    assert found.uar_interval == found.accuracy_interval == (100, 100)
    assert found.loss == pytest.approx(-math.log(0.999), abs=1e-4)


def test_a_bundle_that_always_says_the_same_is_at_chance() -> None:
    found = figures.of([verdict(mood, "calm") for mood in MOODS])
    assert (found.uar, found.accuracy) == (12.5, 12.5)
    assert found.macro_f1 == pytest.approx(100 * (2 / 9) / 8, abs=0.01)


def test_recall_counts_each_mood_the_same() -> None:
    pairs = [("sad", "sad")] * 8 + [("happy", "sad"), ("happy", None)]
    assert figures.recall(pairs) == 50
    assert figures.accuracy(pairs) == 80


def test_macro_f1_by_hand() -> None:
    pairs = [("Q1", "Q1"), ("Q1", "Q2"), ("Q2", "Q2"), ("Q2", "Q2")]
    assert figures.macro_f1(pairs) == pytest.approx(100 * (2 / 3 + 4 / 5) / 2)


def test_music_is_judged_by_the_sum_over_the_moods_of_a_quadrant() -> None:
    scores = [0.0, 0.0, 0.0, 0.4, 0.2, 0.2, 0.2, 0.0]  # sad is the most probable mood
    said = Verdict("x", "music", "artist", None, "Q2", [scores] * 3)
    assert said.mood() == "sad"
    assert said.named() == "Q2"
    assert figures.of([said]).loss == pytest.approx(-math.log(0.6), abs=1e-4)


def test_what_was_not_heard_is_wrong_in_no_column_and_loses_as_chance_does() -> None:
    said = [verdict("sad", None), verdict("sad", "sad", 1.0)]
    found = figures.of(said)
    assert (found.uar, found.silent) == (50, 1)
    assert found.loss == pytest.approx(math.log(8) / 2, abs=1e-4)
    counts, labels = figures.confusion(said)
    assert counts.sum() == 1
    assert counts[labels.index("sad"), labels.index("sad")] == 1


def test_moods_that_a_corpus_does_not_have_may_be_left_out_of_the_choice() -> None:
    scores = [0.1, 0.4, 0.0, 0.3, 0.1, 0.1, 0.0, 0.0]
    said = [
        Verdict("x", "cremad", "one", None, "sad", [scores] * 3),
        verdict("surprised", "surprised"),
    ]
    own = figures.of(said[:1], among=SHARED_MOODS)
    assert (own.accuracy, figures.of(said[:1]).accuracy) == (100, 0)
    assert own.loss == pytest.approx(-math.log(0.5), abs=1e-4)
    with pytest.raises(TrainingError, match="clips are surprised, which may not be named"):
        figures.of(said, among=SHARED_MOODS)


def test_intervals_draw_groups_not_clips() -> None:
    pairs = [("sad", "sad")] * 100 + [("sad", "calm")] * 100
    together, _ = figures.intervals(pairs, [f"actor {i % 50}" for i in range(200)])
    assert together[0] > 40
    apart, accuracy = figures.intervals(pairs, ["one"] * 100 + ["other"] * 100)
    assert apart == accuracy == (0, 100)


def test_a_label_that_is_not_drawn_has_no_part_in_an_interval() -> None:
    pairs = [("sad", "sad"), ("calm", "calm")]
    assert figures.intervals(pairs, ["one", "other"]) == ((100, 100), (100, 100))


def test_women_and_men_are_counted_apart() -> None:
    said = [
        verdict("sad", "sad", sex="female"),
        verdict("sad", "calm", sex="male"),
        verdict("sad", "calm"),
    ]
    found = figures.by_sex(said)
    assert {sex: own.uar for sex, own in found.items()} == {"female": 100, "male": 0}


def test_each_corpus_has_its_own_figures_and_its_own_headline() -> None:
    voices = [verdict("sad", "sad")] * 3 + [verdict("calm", "sad")]
    music = [verdict("Q3", "sad")] * 3 + [verdict("Q4", "sad")]
    assert figures.headline(voices) == 50  # unweighted recall
    assert figures.headline(music) == 75  # accuracy
    assert {name: own.clips for name, own in figures.by_corpus(voices + music).items()} == {
        "speech": 4,
        "music": 4,
    }
    with pytest.raises(TrainingError, match="moods of voices and quadrants of music together"):
        figures.of(voices + music)
    with pytest.raises(TrainingError, match="no verdicts"):
        figures.of([])


def test_confusion_of_music_is_of_quadrants() -> None:
    counts, labels = figures.confusion([verdict(q, MOOD_OF[q]) for q in QUADRANTS])
    assert labels == list(QUADRANTS)
    assert counts.tolist() == [[int(a == b) for a in range(4)] for b in range(4)]


def test_agreement_is_of_moods_not_of_truth() -> None:
    one = [verdict("sad", "calm"), verdict("sad", "sad")]
    other = [verdict("sad", "calm"), verdict("sad", "calm")]
    assert figures.agreement(one, other, "rnn") == 50
