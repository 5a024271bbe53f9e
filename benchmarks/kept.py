"""Costs that are kept by machine and commit, and compared with the run before."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import Report
from moodstream.bench.machine import machine

ROOT = Path(__file__).parents[1]
FOLDER = Path(__file__).parent / "results"
"""Folder of the results in this repository."""
ALLOWED = 0.10
"""Share by which a cost may grow without being reported."""
IDENTITY = ("processor", "architecture", "cores")
"""Facts that make two machines the same."""


@dataclass(frozen=True)
class Run:
    """Costs of one run of the benchmarks."""

    commit: str
    """First digits of the commit; ``+`` follows if files were changed since."""
    date: str
    """Time of the run, ISO 8601 in UTC."""
    machine: Mapping[str, str | int]
    """Facts of the machine, see :func:`moodstream.bench.machine.machine`."""
    bundle: str
    """Checksum of the bundle's card."""
    costs: Mapping[str, float]
    """Value of each cost by its name, which ends with the unit; less is better."""


def run(bundle: str, reports: Sequence[Report]) -> Run:
    """Return the costs of these reports as a run of now, here."""
    costs = {
        f"{report.title}: {name}": value
        for report in reports
        for name, value in report.costs.items()
    }
    return Run(_commit(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", machine(), bundle, costs)


def keep(folder: Path, made: Run) -> Path:
    """Write a run below a folder and return its path; one of the same commit is replaced."""
    path = folder / _slug(made.machine) / f"{made.commit}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(made), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def runs(folder: Path, facts: Mapping[str, str | int]) -> list[Run]:
    """Return the runs of a machine below a folder, the oldest first."""
    found = [
        Run(**json.loads(path.read_text(encoding="utf-8")))
        for path in (folder / _slug(facts)).glob("*.json")
    ]
    return sorted(found, key=lambda it: it.date)


def slower(before: Run, after: Run, allowed: float = ALLOWED) -> list[tuple[str, float, float]]:
    """Return the costs that have grown by more than a share, the worst first.

    Args:
        before: the earlier run.
        after: the later run.
        allowed: share by which a cost may grow.

    Returns:
        name, value before and value after of each cost that both runs have.
    """
    both = [
        (name, before.costs[name], cost)
        for name, cost in after.costs.items()
        if before.costs.get(name, 0) > 0
    ]
    grown = [it for it in both if it[2] > (1 + allowed) * it[1]]
    return sorted(grown, key=lambda it: it[1] / it[2])


def _slug(facts: Mapping[str, str | int]) -> str:
    words = " ".join(str(facts[name]) for name in IDENTITY) + " cores"
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def _commit() -> str:
    def git(*arguments: str) -> str:
        command = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return command.stdout.strip()

    name = git("rev-parse", "--short=12", "HEAD") or "unknown"
    changed = git("status", "--porcelain", "--untracked-files=no", ":!benchmarks/results", ":!docs")
    return f"{name}+" if changed else name
