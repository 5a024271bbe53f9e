"""Measured impulse responses of rooms and microphones."""

from pathlib import Path

HELD_OUT = ("kitchen", "living-kitchen", "dining-far", "dining-mid", "cinema", "omni", "s3_")
"""Prefixes of the names of places that are never trained on, a third of the responses."""


def responses(folder: Path, *, held_out: bool = False) -> list[Path]:
    """Return the files of impulse responses of one side; none if there is no such folder.

    Args:
        folder: holds ``rooms/*.flac``.
        held_out: whether to return the places to test on instead of those to train on.
    """
    found = sorted((folder / "rooms").glob("*.flac"))
    return [path for path in found if path.name.startswith(HELD_OUT) == held_out]
