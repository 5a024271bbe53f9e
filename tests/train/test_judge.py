"""The figures, on verdicts made by hand."""

import pytest

from moodstream_train import judge
from moodstream_train.judge import Verdict


def verdict(corpus: str, label: str, mood: str | None, quadrant: str | None = None) -> Verdict:
    return Verdict("x", corpus, label, mood, mood, mood, quadrant)


def test_recall_counts_each_mood_the_same() -> None:
    pairs = [("sad", "sad")] * 8 + [("happy", "sad"), ("happy", None)]
    assert judge.recall(pairs) == 50


def test_macro_f1_by_hand() -> None:
    pairs = [("Q1", "Q1"), ("Q1", "Q2"), ("Q2", "Q2"), ("Q2", "Q2")]
    assert judge.macro_f1(pairs) == pytest.approx(100 * (2 / 3 + 4 / 5) / 2)


def test_one_model_alone_means_the_quadrant_of_its_mood() -> None:
    said = verdict("music", "Q2", "sad", "Q2")
    assert judge.figures([said], "fused")["music"] == 100
    assert judge.figures([said], "cnn")["music"] == 0


def test_what_was_not_heard_is_wrong_and_in_no_column() -> None:
    said = [verdict("speech", "sad", None), verdict("speech", "sad", "sad")]
    assert judge.figures(said, "fused") == {"speech": 50}
    counts, labels = judge.confusion(said, "speech")
    assert counts.sum() == 1
    assert counts[labels.index("sad"), labels.index("sad")] == 1


def test_agreement_is_of_moods_not_of_truth() -> None:
    one = [verdict("song", "sad", "calm"), verdict("song", "sad", "sad")]
    other = [verdict("song", "sad", "calm"), verdict("song", "sad", "calm")]
    assert judge.agreement(one, other, "rnn") == 50
