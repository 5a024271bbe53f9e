"""Section of the page: tables, and the commands that made them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moodstream_train.report.figure import Figure
from moodstream_train.report.gathered import Gathered
from moodstream_train.report.goals import GOALS

NOTHING = "-"
BESIDE_SEED_PROJECT = {"S1", "S2", "M2"}
"""Rows that show the student project, too."""


@dataclass(frozen=True)
class Section:
    """Heading and blocks."""

    title: str
    ids: tuple[str, ...]
    """Rows of the protocol that it details."""
    blocks: tuple[str, ...]
    """Tables and paragraphs; empty if nothing was measured."""


def table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Format a table. None becomes a dash, and lines with nothing but dashes are left out."""
    made = [[NOTHING if cell is None else str(cell) for cell in line] for line in lines]
    shown = [line for line in made if any(cell != NOTHING for cell in line[1:])]
    if not shown:
        return ""
    rows = [list(head), ["---"] * len(head), *shown]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def show(section: Section, gathered: Gathered) -> str:
    """Format a section, with its commands below; nothing if nothing of it was measured."""
    title = (
        f"## {section.title} ({', '.join(section.ids)})" if section.ids else f"## {section.title}"
    )
    goals = [goal for goal in GOALS if goal.id in section.ids]
    blocks = [block for block in section.blocks if block]
    if not blocks:
        return ""
    recipes = dict.fromkeys(recipe for goal in goals for recipe in goal.recipes)
    made = [run.commands for recipe in recipes for run in gathered.measured(recipe)]
    if BESIDE_SEED_PROJECT & {*section.ids} and gathered.seed_project_command:
        made.append(gathered.seed_project_command)
    by = "\n".join(["Made by:", "", *(f"- {line}" for line in made)]) if made else ""
    return "\n\n".join(part for part in (title, *blocks, by) if part) + "\n"


def marked(figure: Figure | None, allowed: float) -> str | None:
    """Format a figure, in bold if it is above a limit."""
    if figure is None:
        return None
    return f"**{figure}**" if figure.mean > allowed else str(figure)
