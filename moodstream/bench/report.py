"""Report of the benchmark: a table for people, JSON for programs."""

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from moodstream import __version__
from moodstream.bench.machine import machine
from moodstream.bench.measure import Cost
from moodstream.replay.processes.workers import cores

REST, ALL = "the rest", "all of these"
SHARE = 0.8
"""Share of time and memory that streams may take, so that a busy moment does not lose audio."""


@dataclass(frozen=True)
class Capacity:
    """Number of live streams that fit on the machine, each in its own daemon."""

    a_core: int
    """Limit by the time of one core."""
    all_cores: int
    """Limit by the time of all cores, which slow each other down."""
    memory: int
    """Limit by memory."""

    @property
    def streams(self) -> int:
        """Number of streams that fit by time and by memory."""
        return min(self.all_cores, self.memory)

    @classmethod
    def of(cls, cost: Cost, audio_per_s: float, available_mb: float) -> "Capacity":
        """Calculate the capacity from measurements.

        Args:
            cost: cost of one stream.
            audio_per_s: seconds of audio that all cores together process in a second.
            available_mb: memory that is free for programs, 10^6 bytes.
        """
        return cls(
            math.floor(SHARE / cost.live_s),
            math.floor(SHARE * audio_per_s),
            math.floor(SHARE * available_mb / cost.resident_mb),
        )


def text(cost: Cost, audio_per_s: float, available_mb: float, hop_s: float) -> str:
    """Return the report for people."""
    table = "\n".join(
        f"{stage:<18}  {1e6 * cpu_s / cost.audio_s:>21.1f}  {cpu_s / cost.cpu_s:>5.0%}"
        for stage, cpu_s in _rows_s(cost).items()
    )
    median_s, late_s = np.percentile(cost.hops_s, (50, 95))
    capacity = Capacity.of(cost, audio_per_s, available_mb)
    return f"""\
stage               CPU us per s of audio  share
{table}

A hop of {1000 * hop_s:g} ms takes {1000 * median_s:.2f} ms (p50), {1000 * late_s:.2f} ms \
(p95, {late_s / hop_s:.1%} of its length).
A stream takes {cost.resident_mb:.0f} MB of memory; {available_mb:.0f} MB are available.
All cores together ({cores()}) process {audio_per_s:.0f} s of audio in a second.
{_energy(cost)}

This machine has room for {capacity.streams} live streams and keeps a fifth of it free:
{capacity.a_core} by the time of one core, {capacity.all_cores} by that of all, \
{capacity.memory} by memory."""


def as_json(cost: Cost, audio_per_s: float, available_mb: float, hop_s: float, bundle: str) -> str:
    """Return the report for programs, an object on several lines.

    Args:
        cost: cost of one stream.
        audio_per_s: seconds of audio that all cores together process in a second.
        available_mb: memory that is free for programs, 10^6 bytes.
        hop_s: seconds of a hop.
        bundle: sha256 of the bundle.
    """
    median_s, late_s = np.percentile(cost.hops_s, (50, 95))
    energy, capacity = cost.energy, Capacity.of(cost, audio_per_s, available_mb)
    found: dict[str, Any] = {
        "moodstream": __version__,
        "bundle": bundle,
        "machine": machine(),
        "hop_s": hop_s,
        "cpu_us_per_audio_s": {
            stage: round(1e6 * cpu_s / cost.audio_s, 1) for stage, cpu_s in _rows_s(cost).items()
        },
        "hop_ms": {"p50": round(1000 * median_s, 3), "p95": round(1000 * late_s, 3)},
        "resident_mb": round(cost.resident_mb, 1),
        "available_mb": round(available_mb, 1),
        "all_cores_audio_s_per_s": round(audio_per_s, 1),
        "streams": capacity.streams,
        "energy": energy
        and {
            "counter": energy.about,
            "idle_w": round(energy.idle_w, 3),
            "busy_w": round(energy.busy_w, 3),
            "mj_per_audio_s": round(1000 * energy.audio_j, 3),
        },
    }
    return json.dumps(found, indent=1, ensure_ascii=False)


def _rows_s(cost: Cost) -> dict[str, float]:
    """Return the CPU seconds of each stage, of the work between them, and of all."""
    return {**cost.stages_s, REST: cost.cpu_s - sum(cost.stages_s.values()), ALL: cost.cpu_s}


def _energy(cost: Cost) -> str:
    if cost.energy is None:
        return (
            "Energy is unknown on this machine: this user can read no counter under "
            "/sys/class/powercap, and there is no vcgencmd."
        )
    return (
        f"A second of audio takes {1000 * cost.energy.audio_j:.3g} mJ above idle "
        f"({cost.energy.idle_w:.3g} W), measured by {cost.energy.about}."
    )
