"""Cost of other programs on a whole file, decoding and resampling included."""

from statistics import median

from benchmarks.compared.environments import environment
from benchmarks.compared.peers import OPENSMILE, VIBENET, ours
from benchmarks.plan import Plan
from benchmarks.process import Cost, Missing, one_core, run
from benchmarks.report import Goal, Report, figure

FILES = {
    OPENSMILE: ("file_opensmile", "88 numbers of the file's first channel"),
    VIBENET: ("file_vibenet", "seven attributes of the file"),
}
"""Scripts of the programs that take files, and their answers."""
ANSWERS = {
    "moodstream": "a mood every half second, and that of the file",
    **{peer.name: answer for peer, (_, answer) in FILES.items()},
}
"""Answer of each program, for people."""


def measure(plan: Plan) -> Report:
    """Measure programs on a short file and on a long one.

    Raises:
        Missing: moodstream itself cannot be installed.
    """
    programs, missing = _programs(plan)
    short_s, long_s = plan.scale.file_s
    rows, slopes = [], {}
    for name, program in programs.items():
        short, long = (_median(plan, program, seconds) for seconds in (short_s, long_s))
        slopes[name] = (long.cpu_s - short.cpu_s) / (long_s - short_s)
        cells = (
            1000 * slopes[name],
            slopes[name] / slopes["moodstream"],
            short.cpu_s - short_s * slopes[name],
            long_s / long.cpu_s,
            long.peak_mb,
        )
        rows.append((name, ANSWERS[name], *map(figure, cells)))
    times = {name: slope / slopes["moodstream"] for name, slope in slopes.items()}
    return Report(
        "Peers on a file",
        "A 16-bit 44.1 kHz stereo WAV file from start to end by a program, in the environments of "
        f"the table above, on one core; medians of {plan.scale.runs} runs. The cost of a second is "
        f"taken from the difference between {long_s:g} and {short_s:g} s of audio; start-up is the "
        f"rest. Speed and memory are those of {long_s:g} s with start-up.{missing}",
        (
            "program",
            "answers",
            "CPU ms per s of audio",
            "CPU, ours = 1",
            "start-up CPU s",
            "x real time",
            "peak MB",
        ),
        rows,
        [
            Goal(f"CPU of {peer.name} on a file", "> 1 x", f"{figure(x)} x", x > 1)
            for peer in FILES
            if peer.classifies and (x := times.get(peer.name))
        ],
    )


def _programs(plan: Plan) -> tuple[dict[str, tuple[str, ...]], str]:
    """Return the command of each program, without the file, and a text about missing ones."""
    replay = ("-m", "moodstream", "replay", "--format", "csv", "--bundle", str(plan.bundle))
    programs: dict[str, tuple[str, ...]] = {"moodstream": (ours(plan).python, *replay)}
    missing = ""
    for peer, (script, _) in FILES.items():
        try:
            python = environment(plan.peers, peer.requirement).python
        except Missing as error:
            missing += f" {peer.name} was not measured: {error}"
            continue
        programs[peer.name] = (python, "-m", f"benchmarks.compared.measured.{script}")
    return programs, missing


def _median(plan: Plan, program: tuple[str, ...], seconds: float) -> Cost:
    path = plan.recording(seconds, 44100, 2)
    with one_core():
        costs = [run(*program, str(path)) for _ in range(plan.scale.runs)]
    cpu_s, wall_s = median(it.cpu_s for it in costs), median(it.wall_s for it in costs)
    return Cost(cpu_s, wall_s, median(it.peak_mb for it in costs), "")
