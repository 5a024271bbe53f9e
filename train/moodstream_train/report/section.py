"""A section of the page: tables, and the commands that made what is in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moodstream_train.report.figure import Figure
from moodstream_train.report.gathered import Gathered
from moodstream_train.report.goals import GOALS
from moodstream_train.report.rows import commands

NOTHING = "-"
BESIDE_SEED_PROJECT = {"S1", "S2", "M2"}
"""The rows that the project which this one grew from is shown with."""


@dataclass(frozen=True)
class Section:
    """What stands below a heading."""

    title: str
    ids: tuple[str, ...]
    """The rows of the protocol that it tells more of."""
    blocks: tuple[str, ...]
    """Tables and paragraphs; none if nothing was measured."""


def table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """A table; None becomes a dash, a line with nothing but dashes is left out."""
    made = [[NOTHING if cell is None else str(cell) for cell in line] for line in lines]
    shown = [line for line in made if any(cell != NOTHING for cell in line[1:])]
    if not shown:
        return ""
    rows = [list(head), ["---"] * len(head), *shown]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def show(section: Section, gathered: Gathered) -> str:
    """As text, with the commands below."""
    title = (
        f"## {section.title} ({', '.join(section.ids)})" if section.ids else f"## {section.title}"
    )
    goals = [goal for goal in GOALS if goal.id in section.ids]
    blocks = [block for block in section.blocks if block]
    if not blocks:
        ways = dict.fromkeys(commands(goal) for goal in goals)
        return f"{title}\n\nNot measured. To do so: {'; '.join(ways)}.\n"
    recipes = dict.fromkeys(recipe for goal in goals for recipe in goal.recipes)
    made = [run.commands for recipe in recipes for run in gathered.measured(recipe)]
    if BESIDE_SEED_PROJECT & {*section.ids} and gathered.seed_project_command:
        made.append(gathered.seed_project_command)
    by = "\n".join(["Made by:", "", *(f"- {line}" for line in made)]) if made else ""
    return "\n\n".join(part for part in (title, *blocks, by) if part) + "\n"


def marked(figure: Figure | None, allowed: float) -> str | None:
    """In bold where it is more than what is allowed."""
    if figure is None:
        return None
    return f"**{figure}**" if figure.mean > allowed else str(figure)
