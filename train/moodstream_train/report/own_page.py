"""Results of a run of own recordings: ten lines for the terminal, and a page."""

import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moodstream.whole_file import written_whole
from moodstream_train.evaluation.measured import RESULTS
from moodstream_train.evaluation.own import AFTER, BEFORE
from moodstream_train.report.names import CORPUS_TITLES
from moodstream_train.report.sections.section import table

PAGE = "results.md"
WORSE_POINTS = 3.0
"""Points of accuracy that must be lost elsewhere to be called worse."""
CERTAIN = 0.05
"""Probability below which a difference is no longer put down to chance."""
CONFUSED = 3
"""Confusions that are named in the ten lines."""


def write(folder: Path, results: dict[str, Any], out: Path | None) -> list[Path]:
    """Write the page beside the results, and copy both to another folder if one is given.

    Args:
        folder: of the run.
        results: from ``evaluation.own.measure``.
        out: another folder; None for none.

    Returns:
        the paths of the files.
    """
    with written_whole(folder / PAGE, "w") as file:
        file.write(text(results))
    names = [PAGE, RESULTS, *(one["picture"] for one in results["confusion"].values())]
    if out:
        out.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(folder / name, out / name)
    return [place / name for place in (out or folder,) for name in names]


def brief(folder: Path, results: dict[str, Any]) -> str:
    """Return ten lines at most: before and after, what is confused, and what got worse.

    Args:
        folder: of the run.
        results: from ``evaluation.own.measure``.
    """
    judged = sum(own["clips"] for own in results["own"].values())
    lines = [
        (
            f"held out: {judged} of {sum(results['clips'].values())} own clips, groups: "
            f"{results['groups']}; start: {results['start']['name']}"
        )
    ]
    for kind, own in results["own"].items():
        lines += [
            (
                f"{kind}: {own[BEFORE]['accuracy']:.0f} % right before, "
                f"{own[AFTER]['accuracy']:.0f} % after ({own['clips']} clips)"
            ),
            f"  {own['mended']} clips mended, {own['broken']} broken: {_certainty(own)}",
        ]
    worst = _confusions(results)[:CONFUSED]
    if worst:
        lines.append("most confused: " + "; ".join(worst))
    lines.append(_elsewhere_line(results))
    lines.append(f"next: moodstream export {folder} --out BUNDLE")
    return "\n".join(lines)


def text(results: dict[str, Any]) -> str:
    """Return the page."""
    start = results["start"]
    labels = ", ".join(f"{name} {count}" for name, count in results["clips"].items())
    parts = [
        "# Results on your own recordings",
        (
            f"{sum(results['clips'].values())} clips: {labels}. The networks of "
            f"{start['name']} (`{start['sha256'][:12]}`) were fine-tuned on them in "
            f"{results['training_minutes']:g} minutes."
        ),
        (
            f"Groups held out: {results['groups']}. Networks that were not fine-tuned on a group "
            'judged its clips, each replayed alone through the runtime. "Before" is the bundle at '
            "the start, on the same clips."
        ),
        "## Before and after",
        table(
            ("", "clips", "right before, %", "right after, %", "mended", "broken", ""),
            [
                (
                    kind,
                    own["clips"],
                    _interval(own[BEFORE]),
                    _interval(own[AFTER]),
                    own["mended"],
                    own["broken"],
                    _certainty(own),
                )
                for kind, own in results["own"].items()
            ],
        ),
        (
            "In brackets: 95 % of the draws of whole groups. Mended clips are right only after, "
            "broken ones only before."
        ),
        table(
            ("label", "clips", "right before", "right after"),
            [
                (name, one["clips"], one[BEFORE], one[AFTER])
                for name, one in results["labels"].items()
            ],
        ),
        "## What is taken for what",
        *(_matrix(one) for one in results["confusion"].values()),
        "## What got worse elsewhere",
        _elsewhere(results),
    ]
    return "\n\n".join(parts) + "\n"


def _interval(found: dict[str, Any]) -> str:
    low, high = found["accuracy_interval"]
    return f"{found['accuracy']:.1f} [{low:.0f}, {high:.0f}]"


def _certainty(own: dict[str, Any]) -> str:
    """Say whether a difference may be chance: the sign test, two-sided."""
    mended, broken = own["mended"], own["broken"]
    better, worse = max(mended, broken), min(mended, broken)
    count = mended + broken
    chance = sum(math.comb(count, k) for k in range(worse + 1)) / 2 ** max(count - 1, 0)
    if better == worse or chance >= CERTAIN:
        return "no certain difference"
    return "better" if mended > broken else "worse"


def _confusions(results: dict[str, Any]) -> list[str]:
    """Name the most frequent confusions, the most frequent first."""
    found = []
    for one in results["confusion"].values():
        for true, row in zip(one["labels"], one["counts"], strict=True):
            for named, count in zip(one["labels"], row, strict=True):
                if count and true != named:
                    found.append((count, f"{true} as {named} {count}"))
    return [name for _, name in sorted(found, reverse=True)]


def _matrix(one: dict[str, Any]) -> str:
    """Format a confusion matrix, without labels that are neither true nor named."""
    seen = [
        k
        for k, row in enumerate(one["counts"])
        if any(row) or any(other[k] for other in one["counts"])
    ]
    head = ("true, down; named, across", *(one["labels"][k] for k in seen))
    lines = [(one["labels"][k], *(one["counts"][k][other] for other in seen)) for k in seen]
    return f"{table(head, lines)}\n\n![confusion]({one['picture']})"


def _worse(results: dict[str, Any]) -> list[str]:
    return [
        name
        for name, one in results["elsewhere"].items()
        if one[BEFORE]["accuracy"] - one[AFTER]["accuracy"] > WORSE_POINTS
    ]


def _elsewhere_line(results: dict[str, Any]) -> str:
    if not results["elsewhere"]:
        return "elsewhere: not measured; give the corpora with --data to measure it"
    before, after = (_mean(results, when) for when in (BEFORE, AFTER))
    worse = ", ".join(CORPUS_TITLES.get(name, name) for name in _worse(results)) or "none"
    return f"elsewhere: {before:.0f} % before, {after:.0f} % after; worse on: {worse}"


def _mean(results: dict[str, Any], when: str) -> float:
    each: Sequence[float] = [one[when]["accuracy"] for one in results["elsewhere"].values()]
    return sum(each) / len(each)


def _elsewhere(results: dict[str, Any]) -> str:
    if not results["elsewhere"]:
        return (
            "Not measured, because no corpora were there. `moodstream train --own … --data DIR` "
            "mixes their clips in, which keeps old knowledge, and measures what is lost."
        )
    lines = [
        (
            CORPUS_TITLES.get(name, name),
            one["clips"],
            f"{one[BEFORE]['accuracy']:.1f}",
            f"{one[AFTER]['accuracy']:.1f}",
            f"{one[AFTER]['accuracy'] - one[BEFORE]['accuracy']:+.1f}",
        )
        for name, one in results["elsewhere"].items()
    ]
    note = (
        "Right clips of the corpora, which were held out of the fine-tuning. The bundle at the "
        "start may have been trained on them, so what it loses here is an upper limit."
    )
    return f"{table(('corpus', 'clips', 'before, %', 'after, %', 'points'), lines)}\n\n{note}"
