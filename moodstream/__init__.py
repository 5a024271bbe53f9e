"""Hear the mood of a room or a recording: audio in, moods out.

The public names are those of :mod:`moodstream.hearing`. They are imported at their first use.
"""

TYPE_CHECKING = False
"""Constant that type checkers take as true; importing typing for it takes 3 ms."""

if TYPE_CHECKING:
    from moodstream.hearing import (
        MOODS,
        QUADRANTS,
        AudioFileError,
        Block,
        Bundle,
        BundleError,
        Gap,
        Hearing,
        MoodState,
        Pipeline,
        Segment,
        Step,
        Summary,
        Unheard,
        hear,
        hear_many,
        load_bundle,
    )

__version__ = "0.1.0"
"""The version. It is written only here, and the build reads it here."""

__all__ = [
    "MOODS",
    "QUADRANTS",
    "AudioFileError",
    "Block",
    "Bundle",
    "BundleError",
    "Gap",
    "Hearing",
    "MoodState",
    "Pipeline",
    "Segment",
    "Step",
    "Summary",
    "Unheard",
    "hear",
    "hear_many",
    "load_bundle",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'moodstream' has no attribute '{name}'")
    from moodstream import hearing  # noqa: PLC0415 - importing the package alone takes no time

    found: object = getattr(hearing, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
