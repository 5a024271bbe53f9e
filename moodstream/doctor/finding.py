"""What a stage of the examination found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    kind: Literal["ok", "warning", "failure"]
    what: str
    todo: str = ""
    """What to do about it, unless it is well."""


def ok(what: str) -> Finding:
    """It is as it should be."""
    return Finding("ok", what)


def warning(what: str, todo: str) -> Finding:
    """It works, but not as well as it could, or may stop to."""
    return Finding("warning", what, todo)


def failure(what: str, todo: str) -> Finding:
    """The daemon cannot do its work like this."""
    return Finding("failure", what, todo)
