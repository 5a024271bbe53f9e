"""A figure is a mean with its deviations."""

from typing import Any

import pytest


def test_a_figure_is_the_mean_over_folds_and_seeds(rows: dict[str, Any]) -> None:
    found = rows["V1"]["int8"]["UAR"]
    assert found["mean"] == pytest.approx(91)  # 90 in each fold, and 92 of the other seed
    assert found["folds"] == pytest.approx(2.236, abs=0.01)  # 95, 90, 90, 90, 90
    assert found["seeds"] == pytest.approx(1.414, abs=0.01)  # 90 and 92
