"""A 16-bit mono WAV file half a second at a time, and what it costs to hear it.

The standard library alone, as this runs in the environments of others, too; and as its memory and
its time are counted with what is measured.
"""

import json
import os
import sys
import time
import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

Piece = TypeVar("Piece")

HOP_S = 0.5
WIDTH = 2
"""Bytes of a sample."""

with wave.open(sys.argv[2]) as file:
    rate = file.getframerate()
    pcm = file.readframes(file.getnframes())
hop_n = round(HOP_S * rate)


def pieces() -> list[bytes]:
    """The recording, cut; each has ``hop_n`` samples."""
    hop_bytes = hop_n * WIDTH
    return [pcm[end - hop_bytes : end] for end in range(hop_bytes, len(pcm) + 1, hop_bytes)]


def report(hear: Callable[[Piece], object], pieces: Sequence[Piece]) -> None:
    """Print what the first answer took, and what the others take for each second of audio."""
    hear(pieces[0])
    start_cpu_s, start_wall_s = time.process_time(), _age_s()
    for piece in pieces[1:]:
        hear(piece)
    found = {
        "cpu_s": (time.process_time() - start_cpu_s) / (HOP_S * (len(pieces) - 1)),
        "start_cpu_s": start_cpu_s,
        "start_wall_s": start_wall_s,
        "peak_mb": _peak_mb(),
    }
    print(json.dumps(found))


def _age_s() -> float:
    """Seconds since this process was started."""
    stat = Path("/proc/self/stat").read_text(encoding="ascii")
    started = int(stat.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def _peak_mb() -> float:
    """The most memory that was resident at once; what wait4 tells counts the parent's, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 / 1e6
