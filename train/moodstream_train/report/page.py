"""``results.json`` and ``results.md``: all results of some runs, with the goals."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moodstream_train.report import gallery
from moodstream_train.report.figure import Figure
from moodstream_train.report.gathered import Gathered, gather
from moodstream_train.report.protocol import PROTOCOL
from moodstream_train.report.rows import Row, rows
from moodstream_train.report.sections import accuracy, hearing, soundness
from moodstream_train.report.sections.section import NOTHING, show, table

JSON = "results.json"
PAGE = "results.md"
INTRODUCTION = (
    "Written by `moodstream evaluate RUN… --out DIR`; the figures in full are in "
    f"`{JSON}`. The last section says how they were measured."
)
SECTIONS = (
    hearing.sounds,
    hearing.abroad,
    accuracy.leaky,
    accuracy.voices,
    accuracy.music,
    accuracy.songs,
    accuracy.joint,
    soundness.quantised,
    soundness.calibrated,
    soundness.robust,
    soundness.streams,
    soundness.rooms,
    accuracy.sexes,
)


def write(folders: Sequence[Path], out: Path) -> list[Path]:
    """Write the results of some runs together: ``results.json``, ``results.md`` and plots.

    Args:
        folders: of measured runs, and at most one of the student project.
        out: folder to write to; created if needed.

    Returns:
        the paths of the files.

    Raises:
        ReportError: a run is not measured, or two cannot be on one page.
    """
    gathered = gather(folders)
    out.mkdir(parents=True, exist_ok=True)
    made = rows(gathered)
    (out / JSON).write_text(json.dumps(_tree(gathered, made), indent=1) + "\n", encoding="utf-8")
    (out / PAGE).write_text(_page(gathered, made), encoding="utf-8")
    return [out / JSON, out / PAGE, *gallery.hang(gathered, out)]


def _tree(gathered: Gathered, made: Sequence[Row]) -> dict[str, Any]:
    return {
        "protocol": PROTOCOL,
        "rows": [row.tree for row in made],
        "runs": [
            {"run": run.folder.name, "changes": list(run.changes), **run.results}
            for run in gathered.runs
        ],
        "seed_project": gathered.seed_project,
    }


def _page(gathered: Gathered, made: Sequence[Row]) -> str:
    measured = [row for row in made if row.is_measured]
    sections = [show(one, gathered).rstrip() for one in (each(gathered) for each in SECTIONS)]
    parts = [
        "# Results",
        INTRODUCTION,
        *(_goals(measured) if measured else ["No row of the protocol was measured."]),
        *(one for one in sections if one),
        "## The runs",
        _runs(gathered),
        "## How it was measured",
        *(f"**{subject}.** {text}" for subject, text in PROTOCOL.items()),
    ]
    return "\n\n".join(parts) + "\n"


def _goals(made: Sequence[Row]) -> list[str]:
    """Introduce each row by a sentence, and compare the figures with the goals."""
    head = ("", "8-bit", "float32", "goal", "reached?")
    lines = [
        (
            row.goal.id,
            _cell(row.figures["int8"]),
            _cell(row.figures["float32"]),
            ", ".join(map(str, row.goal.limits)) or NOTHING,
            row.verdict,
        )
        for row in made
    ]
    return [
        "## What was asked, and what was found",
        "\n".join(f"- **{row.goal.id}**: {row.goal.meaning}{_to_beat(row)}" for row in made),
        table(head, lines),
        "The same, in the words of the protocol:",
        "\n".join(f"- {row.goal.id}: {row.goal.protocol}." for row in made),
    ]


def _to_beat(row: Row) -> str:
    return "" if row.goal.to_beat == NOTHING else f" To beat: {_sourced(row)}."


def _sourced(row: Row) -> str:
    return f"{row.goal.to_beat}; {row.goal.source}"


def _cell(found: dict[str, Figure]) -> str:
    return "; ".join(f"{name} {one}" for name, one in found.items()) or NOTHING


def _runs(gathered: Gathered) -> str:
    lines = [
        (
            run.folder.name,
            run.recipe,
            run.seed,
            ", ".join(run.changes) or NOTHING,
            ", ".join(run.results["parts"]),
            run.results.get("training_minutes"),
            sum(run.results["corpora"]["clips"].values()),
            "; ".join(run.results["corpora"]["warnings"]) or NOTHING,
        )
        for run in gathered.runs
    ]
    head = (
        "run",
        "recipe",
        "seed",
        "changes",
        "finished parts",
        "training, min",
        "clips",
        "missing",
    )
    return table(head, lines) or "No runs."
