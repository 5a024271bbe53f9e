"""Growth of memory and time with the length of a recording, its channels and the hop."""

from collections.abc import Iterator
from statistics import median

from benchmarks.plan import Plan
from benchmarks.process import moodstream, run
from benchmarks.report import Report, figure
from moodstream.features.hop import DEFAULT_HOP_S

RATE = 16000
RUNS = 3
CHANNELS = (2, 8)
HOPS_S = (0.25, 1, 2)


def measure(plan: Plan) -> Report:
    """Measure the peak memory and the time of replays."""
    rows = [*_rows(plan)]
    return Report(
        "Growth",
        f"`moodstream replay` of 16 kHz WAV files, mono and with a hop of {DEFAULT_HOP_S:g} s "
        "unless the row names others: largest resident memory (1 MB is 10^6 bytes), and CPU time "
        "with start-up.",
        ("recording", "peak MB", "CPU s", "CPU ms per s of audio"),
        rows,
        costs={
            f"{name}, {unit}": float(cell)
            for name, *cells in rows
            for unit, cell in zip(("peak MB", "CPU s"), cells, strict=False)
        },
    )


def _rows(plan: Plan) -> Iterator[tuple[str, ...]]:
    middle_s = plan.scale.growth_s[1]
    for seconds in plan.scale.growth_s:
        yield _row(plan, f"{seconds / 60:.3g} min", seconds)
    for channels in CHANNELS:
        yield _row(plan, f"{middle_s / 60:.3g} min, {channels} channels", middle_s, channels)
    for hop_s in HOPS_S:
        yield _row(plan, f"{middle_s / 60:.3g} min, hop of {hop_s:g} s", middle_s, hop_s=hop_s)


def _row(
    plan: Plan, name: str, seconds: float, channels: int = 1, hop_s: float = DEFAULT_HOP_S
) -> tuple[str, ...]:
    path = plan.recording(seconds, RATE, channels)
    options = ("--format", "csv", "--hop", str(hop_s), "--bundle", plan.bundle)
    command = moodstream("replay", path, *options)
    costs = [run(*command) for _ in range(min(RUNS, plan.scale.runs))]
    path.unlink()
    peak_mb, cpu_s = median(it.peak_mb for it in costs), median(it.cpu_s for it in costs)
    return (name, *map(figure, (peak_mb, cpu_s, 1000 * cpu_s / seconds)))
