import json
from dataclasses import asdict, replace

import pytest

from moodstream.bundle.card import CARD_SCHEMA, Card, SelfTestSpec
from moodstream.schema import decode


def test_a_card_that_is_written_is_read_back(bundle):
    written = json.loads(json.dumps(asdict(bundle.card)))
    errors: list[str] = []
    assert decode(Card, written, "", errors) == bundle.card
    assert errors == []
    assert bundle.card.schema == CARD_SCHEMA
    assert bundle.card.problems() == []


@pytest.mark.parametrize(
    ("section", "changes", "problem"),
    [
        ("cnn", {"weight": 0.0}, "the weights of cnn and rnn are both zero"),
        ("rnn", {"memory_steps": 31}, "rnn.memory_steps must be even, found 31"),
        ("normalisation", {"mean": (0.0,), "std": (1.0,)}, "normalisation is for 1 coefficients"),
        ("texture", {"mean": (0.0,), "std": (1.0,)}, "texture is for 1 statistics"),
        ("texture", {"length": 510}, "texture.length, 510 frames of 250 samples, must be whole"),
        ("chroma", {"hop_length": 1999}, "chroma.hop_length 1999 must be a multiple"),
        ("chroma", {"fmax": 9000.0}, "chroma: fmin .. fmax: 80 .. 9000 Hz must rise"),
    ],
)
def test_parts_that_do_not_fit_together_are_named(bundle, section, changes, problem):
    card = replace(bundle.card, rnn=replace(bundle.card.rnn, weight=0.0))
    changed = replace(card, **{section: replace(getattr(card, section), **changes)})
    assert any(found.startswith(problem) for found in changed.problems())


def test_the_moods_stand_in_one_order(bundle):
    moods = (*bundle.card.labels[1:], bundle.card.labels[0])
    (problem,) = replace(bundle.card, labels=moods).problems()
    assert problem.startswith("labels must be neutral, calm, happy")


def test_an_expectation_is_all_outputs_of_each_hop():
    row, two = (0.125,) * 8, ((0.5, 0.5),)
    moods = ((row, row, row),)
    assert SelfTestSpec(moods, two, two, 0.05).problems() == []
    for wrong in ((), ((row, row),), ((row, row, row[1:]),)):
        assert "3 rows of 8 probabilities" in SelfTestSpec(wrong, two, two, 0.05).problems()[0]
    for wrong in ((), two * 2, ((0.5,),)):
        (problem,) = SelfTestSpec(moods, wrong, two, 0.05).problems()
        assert problem == "heard must hold 2 numbers for each hop of moods"
        (problem,) = SelfTestSpec(moods, two, wrong, 0.05).problems()
        assert problem == "place must hold 2 numbers for each hop of moods"
