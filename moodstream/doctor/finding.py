"""Findings of the checks."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """Result of one check."""

    kind: Literal["ok", "warning", "failure"]
    what: str
    todo: str = ""
    """Advice; empty if there is no problem."""


def ok(what: str) -> Finding:
    """Return a finding without a problem."""
    return Finding("ok", what)


def warning(what: str, todo: str) -> Finding:
    """Return a finding of something that works badly, or may stop working."""
    return Finding("warning", what, todo)


def failure(what: str, todo: str) -> Finding:
    """Return a finding that keeps the daemon from its work."""
    return Finding("failure", what, todo)
