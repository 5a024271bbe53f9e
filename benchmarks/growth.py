"""Whether a long recording takes more memory than a short one."""

from statistics import median

from benchmarks.plan import Plan
from benchmarks.process import moodstream, run
from benchmarks.report import Report, figure

RATE = 16000
RUNS = 3


def measure(plan: Plan) -> Report:
    """The peak memory of replays of growing length."""
    rows = []
    for seconds in plan.scale.growth_s:
        path = plan.recording(seconds, RATE, 1)
        command = moodstream("replay", path, "--format", "csv", "--bundle", plan.bundle)
        costs = [run(*command) for _ in range(min(RUNS, plan.scale.runs))]
        peak_mb, cpu_s = median(c.peak_mb for c in costs), median(c.cpu_s for c in costs)
        rows.append((f"{seconds / 60:.3g} min", *map(figure, (peak_mb, 1000 * cpu_s / seconds))))
        path.unlink()
    return Report(
        "Growth",
        "`moodstream replay` of 16 kHz mono WAV files: the most memory resident at once (1 MB is "
        "10^6 bytes), and CPU time with start-up.",
        ("recording", "peak MB", "CPU ms per s of audio"),
        rows,
    )
