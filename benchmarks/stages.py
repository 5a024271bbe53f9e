"""Where the time goes: each stage of the pipeline alone."""

import json

from benchmarks.plan import Plan
from benchmarks.process import ONE_THREAD, python
from benchmarks.report import Report, figure


def measure(plan: Plan) -> Report:
    """CPU microseconds of each stage per second of audio."""
    seconds = plan.scale.stages_s
    path = plan.recording(seconds, 44100, 2)
    script = ("-m", "benchmarks.measured.stages", str(plan.bundle), str(path))
    found: dict[str, float] = json.loads(python(*script, str(plan.scale.runs), **ONE_THREAD))
    whole_s = found["all, from decode to state"]
    rows = [
        (stage, figure(1e6 * cpu_s / seconds), f"{cpu_s / whole_s:.0%}")
        for stage, cpu_s in found.items()
    ]
    return Report(
        "Stages",
        f"CPU time of each stage, given {seconds:g} s of what the stage before it makes of a "
        f"44.1 kHz stereo WAV file at once; median of {plan.scale.runs} runs. The message is "
        "made for each hop, by `run` and by `replay --format jsonl`; it is no part of the whole.",
        ("stage", "CPU us per s of audio", "share"),
        rows,
    )
