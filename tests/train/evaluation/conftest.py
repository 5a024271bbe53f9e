"""What was measured of the run in miniature."""

import json
from typing import Any

import pytest

from tests.train.conftest import Work


@pytest.fixture(scope="module")
def results(work: Work) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((work.run / "results.json").read_text())
    return found


def verdicts(work: Work, name: str) -> list[dict[str, Any]]:
    path = work.run / "fold-0" / "measured" / f"verdicts-{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text())
    return found
