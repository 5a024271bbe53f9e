"""A source of the settings: whether it opens, delivers audio, and of which quality."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from moodstream.audio.chunk import Block
from moodstream.audio.sources.address import has_login
from moodstream.audio.sources.input import START_S
from moodstream.audio.sources.reception import Reception
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config, ConfigError
from moodstream.config.source import SourceConfig
from moodstream.daemon.source import input_of
from moodstream.doctor.capture import METER_S, Heard, Meter, capture, judged
from moodstream.doctor.finding import Finding, failure, ok, warning
from moodstream.features.silence import level_dbfs

ADVICE = {
    "command": "start it in a terminal, as the user of the daemon: it must write raw samples",
    "url": "check the address, the login, and that the server is on and sends audio",
}


def heard(view: Config, bundle: Bundle | None, meter: Meter) -> Iterator[Finding]:
    """Listen to a source for three seconds, and judge the signal.

    Args:
        view: settings of this source alone.
        bundle: gives the level of silence and the rate of the models; None if it is broken.
        meter: shows the level meanwhile.
    """
    kind = view.source[0].kind if view.source else "device"
    if kind == "device":
        yield from capture(view, bundle, meter)
        return
    source = view.source[0]
    if kind == "fifo":
        yield _fifo(Path(source.fifo))
        return
    if any(map(has_login, source.words)):
        yield warning(
            "the command holds a login, which all users see in the list of processes",
            "set url in place of command",
        )
    try:
        found = _listen(source, view, meter)
    except ConfigError as error:
        yield failure(str(error), "then try again")
    else:
        yield from judged(found, view, bundle) if isinstance(found, Heard) else [found]


def _fifo(path: Path) -> Finding:
    """Examine a FIFO without reading it: the audio would be missing from a running daemon."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return failure(f"FIFO {path}: {error.strerror}", f"make it: mkfifo {path}")
    if not stat.S_ISFIFO(mode):
        return failure(f"{path} is not a FIFO", f"make one: mkfifo {path}, or hear files by replay")
    if not os.access(path, os.R_OK):
        return failure(f"you may not read FIFO {path}", "so may not the daemon, if it is you")
    return ok(f"FIFO {path} is there; it is not read, as a running daemon would miss that audio")


def _listen(source: SourceConfig, view: Config, meter: Meter) -> Heard | Finding:
    """Return the first seconds of a source, or why there are none.

    Raises:
        ConfigError: an extra is missing.
    """
    opened = input_of(source)
    reception = Reception(opened, 2 * METER_S, view.audio.channels)
    blocks: list[Block] = []
    gaps, heard_s = 0, 0.0
    until_s = time.monotonic() + START_S
    try:
        while heard_s < METER_S and time.monotonic() < until_s:
            chunk = reception.feed.read(timeout_s=0.5)
            if isinstance(chunk, Block):
                blocks.append(chunk)
                heard_s += len(chunk.samples) / chunk.rate
                meter(level_dbfs(chunk.samples))
            elif chunk is not None:
                gaps += 1
            elif reception.error:
                break
    finally:
        reception.close()
    if not blocks:
        reason = reception.error or f"nothing came for {START_S:g} s"
        return failure(f"{opened.label}: {reason}", ADVICE[source.kind])
    rate = blocks[-1].rate
    mixed = np.concatenate([block.samples for block in blocks if block.rate == rate])
    return Heard(f"{opened.label} ({rate} Hz)", rate, mixed[:, None], mixed, gaps)
