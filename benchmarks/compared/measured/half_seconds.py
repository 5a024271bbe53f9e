"""A 16-bit mono WAV file, half a second at a time, and the cost of processing it.

Only the standard library is imported. This runs in the environments of other programs, too, and
its memory and time count with theirs.
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
"""Seconds of a piece; moodstream's default hop, which cannot be imported here."""
WIDTH = 2
"""Size of a sample, bytes."""

with wave.open(sys.argv[2]) as file:
    rate = file.getframerate()
    pcm = file.readframes(file.getnframes())
hop_n = round(HOP_S * rate)


def pieces() -> list[bytes]:
    """Return the recording in pieces of ``hop_n`` samples."""
    hop_bytes = hop_n * WIDTH
    return [pcm[end - hop_bytes : end] for end in range(hop_bytes, len(pcm) + 1, hop_bytes)]


def report(hear: Callable[[Piece], object], pieces: Sequence[Piece]) -> None:
    """Print the cost of the first answer, and of each second of audio after it."""
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
    """Return the seconds since the start of this process."""
    stat = Path("/proc/self/stat").read_text(encoding="ascii")
    started = int(stat.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def _peak_mb() -> float:
    """Return the largest resident memory, 10^6 bytes; that of wait4 includes the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 / 1e6
