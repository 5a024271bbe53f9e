"""``daemon ARRIVALS ARGUMENT…``: ``moodstream ARGUMENT…``, with the arrival of its samples.

At the end it writes a line for each read of the device: rate, samples so far, monotonic clock. It
stops at the first loss of audio: after it, the arrival of a sample is unknown. The threads also
get their names in the system.
"""

import runpy
import sys
import threading
import time
from pathlib import Path
from typing import Any

import sounddevice

arrivals: list[tuple[int, int, float]] = []
streams: set[int] = set()
lost = threading.Event()
named: set[int | None] = {threading.get_native_id()}
read = sounddevice.InputStream.read


def read_and_note(stream: Any, frames: int) -> Any:
    """Read the device and record the time, in place of its own method."""
    block, overflowed = read(stream, frames)
    now_s = time.monotonic()
    streams.add(id(stream))
    if overflowed or len(streams) > 1:
        lost.set()
    if not lost.is_set():
        before_n = arrivals[-1][1] if arrivals else 0
        arrivals.append((round(stream.samplerate), before_n + len(block), now_s))
    for thread in threading.enumerate():
        if thread.native_id not in named:
            named.add(thread.native_id)
            Path(f"/proc/self/task/{thread.native_id}/comm").write_text(thread.name, "ascii")
    return block, overflowed


path = sys.argv.pop(1)
sounddevice.InputStream.read = read_and_note
try:
    runpy.run_module("moodstream", run_name="__main__", alter_sys=True)
finally:
    lines = (f"{rate} {read_n} {now_s}\n" for rate, read_n, now_s in arrivals)
    Path(path).write_text("".join(lines), encoding="ascii")
