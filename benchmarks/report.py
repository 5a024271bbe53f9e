"""What a benchmark has found: a table, a paragraph about it, and the goals it decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """A figure to be reached."""

    what: str
    target: str
    found: str
    reached: bool


@dataclass(frozen=True)
class Report:
    """A table in Markdown, which also reads well on a terminal."""

    title: str
    about: str
    """What is measured, how, in which units."""
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    goals: Sequence[Goal] = field(default=())

    @property
    def text(self) -> str:
        """The title, the paragraph and the table."""
        parts = [f"## {self.title}", *([self.about] if self.about else [])]
        return "\n\n".join([*parts, *([self._table()] if self.rows else [])])

    def _table(self) -> str:
        columns = list(zip(self.head, *self.rows, strict=True))
        widths = [max(3, *map(len, column)) for column in columns]

        numbers = [False, *(all(cell[:1].isdigit() for cell in cells[1:]) for cells in columns[1:])]

        def line(cells: Sequence[str]) -> str:
            aligned = [
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(cells, widths, numbers, strict=True)
            ]
            return f"| {' | '.join(aligned)} |"

        rule = [
            "-" * (width - 1) + ":" if number else "-" * width
            for width, number in zip(widths, numbers, strict=True)
        ]
        return "\n".join([line(self.head), line(rule), *map(line, self.rows)])


def goals(reports: Sequence[Report]) -> Report:
    """The goals of all reports, and whether they were reached here."""
    found = [goal for report in reports for goal in report.goals]
    return Report(
        "Goals",
        "" if found else "None was measured.",
        ("goal", "target", "found", "reached"),
        [(goal.what, goal.target, goal.found, "yes" if goal.reached else "no") for goal in found],
    )


def page(reports: Sequence[Report]) -> str:
    """All of it as a page."""
    begin = "# Benchmarks\n\nWritten by `python -m benchmarks --write`; do not edit.\n\n"
    return begin + "\n\n".join(report.text for report in reports) + "\n"


def figure(value: float) -> str:
    """Three digits that matter."""
    return f"{value:.0f}" if value >= 99.95 else f"{value:#.3g}"
