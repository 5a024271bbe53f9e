"""Report of the findings, written as they come."""

from collections.abc import Iterable
from typing import TextIO

import click

from moodstream.doctor.finding import Finding
from moodstream.features.silence import LEVEL_FLOOR_DBFS

_COLOURS = {"ok": "green", "warning": "yellow", "failure": "red"}
_COLUMN = 11
_METER = 40
"""Length of the level meter in characters."""


class Report:
    """Writer and counter of findings.

    Args:
        stream: takes the report.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.warnings = 0
        self.failures = 0

    def show(self, found: Iterable[str | Finding]) -> None:
        """Write all findings, and a summary in the last line."""
        for one in found:
            if isinstance(one, Finding):
                self._finding(one)
            else:
                self._write(click.style(one, bold=True))
        if not self.failures and not self.warnings:
            self._write("All is well.")
        else:
            self._write(f"{_count('failure', self.failures)}, {_count('warning', self.warnings)}.")

    def meter(self, level_dbfs: float) -> None:
        """Draw the level over the previous one; only on a terminal."""
        if self._stream.isatty():
            filled = round(_METER * (1 - level_dbfs / LEVEL_FLOOR_DBFS))
            bar = "#" * filled + "-" * (_METER - filled)
            self._stream.write(f"\r  listening  {bar} {level_dbfs:6.1f} dBFS\x1b[K")
            self._stream.flush()

    def _finding(self, finding: Finding) -> None:
        self.warnings += finding.kind == "warning"
        self.failures += finding.kind == "failure"
        indent = "\n" + " " * (_COLUMN + 2)
        kind = click.style(f"{finding.kind:<{_COLUMN}}", fg=_COLOURS[finding.kind])
        self._write(f"  {kind}{finding.what.replace(chr(10), indent)}")
        if finding.todo:
            self._write(f"  {'':<{_COLUMN}}-> {finding.todo}")

    def _write(self, text: str) -> None:
        if self._stream.isatty():
            self._stream.write("\r\x1b[K")  # erases the meter
        click.echo(text, file=self._stream)


def _count(name: str, number: int) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
