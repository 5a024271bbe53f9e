"""Parts of the card that only a fine-tuned bundle has: its start, and the changes."""

import json
from typing import Any

from moodstream_train.evaluation.measured import RESULTS
from moodstream_train.evaluation.own import AFTER, BEFORE
from moodstream_train.training.run import Run


def start_of(run: Run) -> dict[str, Any] | None:
    """Return the bundle that a run started from, with its training data; None if there is none."""
    if run.start is None:
        return None
    training = run.start.card.training
    return {
        **run.started_from,
        "corpora": {**training.get("start", {}).get("corpora", {}), **training.get("corpora", {})},
    }


def results_of(run: Run, note: str) -> dict[str, Any]:
    """Return the figures on held-out own recordings, or a note that none were measured."""
    path = run.folder / RESULTS
    if not path.exists():
        return {
            "measured": False,
            "note": "`moodstream evaluate` was not run before the export",
            "remark": note,
        }
    measured = json.loads(path.read_text())
    keys = ("accuracy", "accuracy_interval", "uar")
    return {
        "measured": True,
        "note": (
            "Networks that were fine-tuned without a group judged its recordings. Those of this "
            "bundle were fine-tuned on all groups, so nothing is left to measure them on."
        ),
        "remark": note,
        "groups": measured["groups"],
        **{
            place: {
                name: {
                    "clips": one["clips"],
                    **{when: {key: one[when][key] for key in keys} for when in (BEFORE, AFTER)},
                }
                for name, one in measured[place].items()
            }
            for place in ("own", "elsewhere")
        },
    }


def started(training: dict[str, Any]) -> str:
    """Describe the start bundle; empty for models that were trained from scratch."""
    start = training.get("start")
    if not start:
        return ""
    lines = "".join(f"- {citation}.\n" for citation in start["corpora"].values())
    return f"""
The training did not begin from nothing. It began from the networks of {start["name"]}
(`{start["sha256"][:12]}`), which were trained on the following. Their licences bind these models,
too.

{lines}"""


def accuracy(results: dict[str, Any]) -> str:
    """Describe the figures before and after."""
    lines = [
        f"| {name} | {one['clips']} | {_percent(one[BEFORE])} | {_percent(one[AFTER])} |"
        for place in ("own", "elsewhere")
        for name, one in _named(place, results[place])
    ]
    table = "\n".join(lines)
    return f"""{results["note"]} Groups held out: {results["groups"]}. "Before" is the bundle at the
start.

| | clips | right before, % | right after, % |
|---|---|---|---|
{table}

In brackets: 95 % of the draws of whole groups. {results["remark"]}
"""


def _named(place: str, found: dict[str, Any]) -> list[tuple[str, Any]]:
    if place == "own":
        return [(f"own recordings, {kind}", one) for kind, one in found.items()]
    return list(found.items())


def _percent(found: dict[str, Any]) -> str:
    low, high = found["accuracy_interval"]
    return f"{found['accuracy']:.1f} [{low:.0f}, {high:.0f}]"
