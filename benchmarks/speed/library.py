"""Speed of a library of many files, on one core and on all."""

import os

from benchmarks.plan import Plan
from benchmarks.process import moodstream, run
from benchmarks.report import Report, figure

RATE, CHANNELS = 44100, 2


def measure(plan: Plan) -> Report:
    """Measure replays of a folder, with one process and with one for each core."""
    seconds = plan.scale.track_s
    track = plan.recording(seconds, RATE, CHANNELS)
    cores = len(os.sched_getaffinity(0))
    rows: list[tuple[str, ...]] = []
    costs: dict[str, float] = {}
    for files in plan.scale.tracks:
        folder = plan.folder / f"{files}-files"
        folder.mkdir()
        for number in range(files):
            (folder / f"{number:05}.wav").hardlink_to(track)
        for jobs in dict.fromkeys((1, cores)):
            options = ("--format", "csv", "--jobs", str(jobs), "--bundle", plan.bundle)
            cost = run(*moodstream("replay", folder, *options))
            heard_s = files * seconds
            cells = (
                cost.wall_s,
                cost.cpu_s,
                heard_s / cost.wall_s,
                heard_s / cost.cpu_s,
                60 * files / cost.wall_s,
                heard_s / 60 / cost.wall_s,
                cost.peak_mb,
            )
            name = f"{files} files, {jobs} at once"
            rows.append((name, *map(figure, cells)))
            costs |= {f"{name}, CPU s": cost.cpu_s, f"{name}, peak MB": cost.peak_mb}
    return Report(
        "Library",
        f"`moodstream replay FOLDER --jobs N` on 16-bit 44.1 kHz stereo WAV files of {seconds:g} "
        "s, one run each, with start-up. CPU is user and system time of all processes; the memory "
        "is that of the largest process.",
        (
            "files",
            "wall s",
            "CPU s",
            "x real time",
            "x CPU time",
            "files a minute",
            "hours a minute",
            "peak MB",
        ),
        rows,
        costs=costs,
    )
