"""A recording half a second at a time, and what it costs to hear it.

Imports next to nothing, as its memory and its time are counted with what is measured.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from moodstream.arrays import Float32

HOP_S = 0.5

card = json.loads((Path(sys.argv[1]) / "card.json").read_bytes())
samples, rate = soundfile.read(sys.argv[2], dtype="float32")
hop_n = round(HOP_S * rate)


def hops() -> list[Float32]:
    """The recording, cut [shape=(hop_n,), float32]."""
    return [samples[end - hop_n : end] for end in range(hop_n, len(samples) + 1, hop_n)]


def windows() -> list[Float32]:
    """The last seconds at the end of each hop, as many as the CNN hears [shape=(n,), float32]."""
    _, window_frames, _ = card["cnn"]["inputs"]["frames"]
    window_n = window_frames * card["features"]["hop_length"]
    padded = np.concatenate((np.zeros(window_n - hop_n, np.float32), samples))
    return [padded[end - window_n : end] for end in range(window_n, len(padded) + 1, hop_n)]


def report(hear: Callable[[Float32], object], pieces: list[Float32]) -> None:
    """Print what the first answer took, and what the others take for each second of audio."""
    hear(pieces[0])
    start_cpu_s, start_wall_s = time.process_time(), _age_s()
    for piece in pieces[1:]:
        hear(piece)
    cpu_s = (time.process_time() - start_cpu_s) / (HOP_S * (len(pieces) - 1))
    print(json.dumps({"cpu_s": cpu_s, "start_cpu_s": start_cpu_s, "start_wall_s": start_wall_s}))


def _age_s() -> float:
    """Seconds since this process was started."""
    stat = Path("/proc/self/stat").read_text(encoding="ascii")
    started = int(stat.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
