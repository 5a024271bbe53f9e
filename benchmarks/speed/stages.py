"""CPU time of each stage of the pipeline alone."""

import json

from benchmarks.plan import Plan
from benchmarks.process import ONE_THREAD, python
from benchmarks.report import Report, figure


def measure(plan: Plan) -> Report:
    """Measure the CPU microseconds of each stage per second of audio."""
    seconds = plan.scale.stages_s
    path = plan.recording(seconds, 44100, 2)
    script = ("-m", "benchmarks.measured.stages", str(plan.bundle), str(path))
    found: dict[str, float] = json.loads(python(*script, str(plan.scale.runs), **ONE_THREAD))
    message_s, whole_s = found.pop("message"), found.pop("whole")
    found["the rest"] = whole_s - sum(found.values())
    found |= {"all of these": whole_s, "message": message_s}
    rows = [
        (stage, figure(1e6 * cpu_s / seconds), f"{cpu_s / whole_s:.0%}")
        for stage, cpu_s in found.items()
    ]
    return Report(
        "Stages",
        f"CPU time of each stage on {seconds:g} s of a 44.1 kHz stereo WAV file, all at once; "
        f"median of {plan.scale.runs} runs. *All of these* is measured in the pipeline itself. "
        "*The rest* is the work between the stages, and the time that they lose by taking turns. "
        "`run` and `replay --format jsonl` make a message for each hop, which is not part of the "
        "sum.",
        ("stage", "CPU us per s of audio", "share"),
        rows,
        costs={f"{stage}, us": 1e6 * cpu_s / seconds for stage, cpu_s in found.items()},
    )
