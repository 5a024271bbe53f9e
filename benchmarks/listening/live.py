"""Load of a daemon that listens."""

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.listening.daemon import daemon
from benchmarks.listening.room import broker, playing, sound_server
from benchmarks.plan import Plan
from benchmarks.report import Goal, Report, figure

TARGET_PERCENT = 0.9
"""Largest share of one core, percent."""
TARGET_MB = 85
"""Largest memory, 10^6 bytes."""
SETTLE_S = 6.0
"""Seconds until the window is full and a mood is named."""
STEP_MS = 500
"""Milliseconds of audio that are played at once: a hop."""


@dataclass(frozen=True)
class Lived:
    """Load of a daemon."""

    percent: float
    """CPU time, percent of one core."""
    resident_mb: float
    """Resident memory, 10^6 bytes."""
    peak_mb: float
    """Largest resident memory, 10^6 bytes."""


@cache
def live(plan: Plan) -> Lived:
    """Measure a daemon.

    Raises:
        RuntimeError: it named no mood, so there is nothing to measure.
    """
    seconds = plan.scale.live_s
    recording = plan.recording(2 * SETTLE_S + seconds, 48000, 2)
    with (
        tempfile.TemporaryDirectory() as folder,
        sound_server(Path(folder)) as variables,
        broker() as url,
        playing(recording, variables, STEP_MS),
        daemon(plan.bundle, url, variables) as running,
    ):
        running.wait_ready()
        told = running.watch(SETTLE_S)
        cpu_s, begun_s = running.cpu_s, running.age_s
        told += running.watch(seconds)
        percent = 100 * (running.cpu_s - cpu_s) / (running.age_s - begun_s)
        found = Lived(percent, running.memory_mb("VmRSS"), running.memory_mb("VmHWM"))
    if not any(message.startswith("STATUS=the mood is") for message in told):
        raise RuntimeError(f"the daemon named no mood; its messages: {told}")
    return found


def measure(plan: Plan) -> Report:
    """Measure the CPU time and the memory of ``moodstream run``."""
    found = live(plan)
    percent, peak_mb = found.percent, found.peak_mb
    return Report(
        "Live",
        f"`moodstream run` for {plan.scale.live_s:g} s on a capture device of PulseAudio that "
        f"plays the recording {STEP_MS} ms at a time, publishing to a mosquitto on the loopback "
        "interface. CPU is user and "
        "system time of all threads, in percent of one core; 1 MB is 10^6 bytes.",
        ("what", "found"),
        (
            ("CPU, % of one core", figure(percent)),
            ("resident, MB", figure(found.resident_mb)),
            ("peak, MB", figure(peak_mb)),
        ),
        (
            Goal("live", f"< {TARGET_PERCENT} %", f"{figure(percent)} %", percent < TARGET_PERCENT),
            Goal("resident", f"< {TARGET_MB} MB", f"{figure(peak_mb)} MB", peak_mb < TARGET_MB),
        ),
        {"CPU, % of one core": percent, "peak, MB": peak_mb},
    )
