import numpy as np
import pytest

from moodstream.mood.softmax import log_softmax


def test_log_probabilities_sum_to_one_and_do_not_overflow():
    logits = np.array([[1000, 0, 1000], [-1e3, -1e3, -1e3], [1, 2, 3]], np.float32)
    found = np.exp(log_softmax(logits))
    assert found.sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-3)
    assert found[0] == pytest.approx([0.5, 0, 0.5], abs=1e-3)
    assert found[1] == pytest.approx([1 / 3] * 3, abs=1e-3)
