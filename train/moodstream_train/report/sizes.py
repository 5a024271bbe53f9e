"""Sizes of the exported models."""

import json
from collections.abc import Iterator

from moodstream_train.evaluation.measured import MEASURED
from moodstream_train.report.gathered import Gathered

SINGLE_MODELS = ("cnn", "rnn")


def sizes(gathered: Gathered, precision: str) -> dict[str, int]:
    """Return the bytes of each model of the shipped recipe, which all its runs share."""
    for run in gathered.measured("shipped"):
        for part in run.results["parts"]:
            path = run.folder / part / MEASURED / f"parity-{precision}.json"
            if path.exists():
                parity = json.loads(path.read_text())
                return {model: int(parity[model]["bytes"]) for model in SINGLE_MODELS}
    return {}


def megabytes(gathered: Gathered, precision: str) -> Iterator[float]:
    """Yield the size of both models together, once, if they were exported."""
    if found := sizes(gathered, precision):
        yield sum(found.values()) / 1e6
