"""Measurements are the worst of the corpora."""

from typing import Any

import pytest

from tests.train.report.conftest import section


def test_calibration_is_that_of_the_worst_corpus(rows: dict[str, Any], page: str) -> None:
    lines = [line for line in section(page, "Calibration").splitlines() if line.startswith("| ")]
    errors = [float(line.split("|")[2].split()[0]) for line in lines[2:]]
    assert len(errors) == 5
    assert rows["C"]["int8"]["ECE"]["mean"] == pytest.approx(max(errors), abs=0.001)
    assert "ECE" in rows["C"]["verdict"]
