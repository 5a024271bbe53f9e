"""Checks of a configured source: whether it opens, delivers audio, and how good its signal is."""

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
    "command": "run it in a terminal, as the daemon's user: it must write raw samples",
    "url": "check the address, the login, and that the server is on and sends audio",
}


def heard(view: Config, bundle: Bundle | None, meter: Meter) -> Iterator[Finding]:
    """Listen to a source for three seconds, and judge the signal.

    Args:
        view: settings of only this source.
        bundle: gives the level of silence and the rate of the models; None if it is broken.
        meter: shows the level during the measurement.
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
            "the command contains a login, which all users can see in the list of processes",
            "use url instead of command",
        )
    try:
        found = _listen(source, view, meter)
    except ConfigError as error:
        yield failure(str(error), "then try again")
    else:
        yield from judged(found, view, bundle) if isinstance(found, Heard) else [found]


def _fifo(path: Path) -> Finding:
    """Check a FIFO without reading it, because a running daemon would lose that audio."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return failure(f"FIFO {path}: {error.strerror}", f"make it: mkfifo {path}")
    if not stat.S_ISFIFO(mode):
        return failure(
            f"{path} is not a FIFO", f"make one: mkfifo {path}; for files, use moodstream replay"
        )
    if not os.access(path, os.R_OK):
        return failure(
            f"you may not read FIFO {path}", "nor may the daemon, if it runs as the same user"
        )
    return ok(f"FIFO {path} exists; it is not read, because a running daemon would lose that audio")


def _listen(source: SourceConfig, view: Config, meter: Meter) -> Heard | Finding:
    """Return the first seconds of a source, or the reason why there are none.

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
        reason = reception.error or f"no audio came for {START_S:g} s"
        return failure(f"{opened.label}: {reason}", ADVICE[source.kind])
    rate = blocks[-1].rate
    mixed = np.concatenate([block.samples for block in blocks if block.rate == rate])
    return Heard(f"{opened.label} ({rate} Hz)", rate, mixed[:, None], mixed, gaps)
