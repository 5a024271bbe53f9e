"""Report of a benchmark: a table, a paragraph about it, its goals and its costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """Goal, and whether it is reached."""

    what: str
    """Name of the figure."""
    target: str
    """Limit, with its unit."""
    found: str
    """Figure that was measured, with its unit."""
    reached: bool
    """Whether the figure is within the limit."""


@dataclass(frozen=True)
class Report:
    """Table in Markdown that also reads well on a terminal."""

    title: str
    """Heading."""
    about: str
    """Description of the measurement and its units."""
    head: Sequence[str] = ()
    """Names of the columns."""
    rows: Sequence[Sequence[str]] = ()
    """Cells of each row."""
    goals: Sequence[Goal] = ()
    """Goals that the measurement decides."""
    costs: Mapping[str, float] = field(default_factory=dict)
    """Costs to be kept and compared, by a name that ends with the unit; less is better."""

    @property
    def text(self) -> str:
        """Title, paragraph and table."""
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
    """Return the goals of all reports, and whether they are reached here."""
    found = [goal for report in reports for goal in report.goals]
    return Report(
        "Goals",
        "" if found else "None was measured.",
        ("goal", "target", "found", "reached"),
        [(goal.what, goal.target, goal.found, "yes" if goal.reached else "no") for goal in found],
    )


def page(reports: Sequence[Report]) -> str:
    """Return all reports as a page."""
    begin = "# Benchmarks\n\nWritten by `python -m benchmarks --write`; do not edit.\n\n"
    return begin + "\n\n".join(report.text for report in reports) + "\n"


def figure(value: float) -> str:
    """Return a number with three significant digits."""
    return f"{value:.0f}" if value >= 99.95 else f"{value:#.3g}"
