"""Inputs and layers of the two networks."""

import numpy as np
import pytest

from moodstream_train.seed_project import models


def test_what_a_clip_is_batched_with_changes_nothing_for_the_rnn() -> None:
    short, long = (np.random.default_rng(n).standard_normal((n, 40)) for n in (5, 30))
    rnn = models.build_rnn()
    alone = rnn.predict(models.padded([short]), verbose=0)[0]
    beside = rnn.predict(models.padded([short, long]), verbose=0)[0]
    assert alone == pytest.approx(beside, abs=1e-5)
