"""The bundled recording, in place of a microphone."""

import threading
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from moodstream.audio.chunk import Block
from moodstream.audio.file import AudioFile, in_real_time

BLOCK_S = 0.1
"""Seconds of a block."""

RECORDING = Path(str(files("moodstream"))) / "data" / "demo.ogg"
"""Composed by scripts/compose_demo.py."""


def recording(stop: threading.Event) -> Iterator[Block]:
    """Yield the recording in a loop, in real time, until told to stop."""
    with AudioFile(RECORDING) as file:

        def endless() -> Iterator[Block]:
            while True:
                yield from file.blocks(round(BLOCK_S * file.rate))

        yield from in_real_time(endless(), stop)
