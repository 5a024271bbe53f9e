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
    message_s, whole_s = found.pop("message"), found.pop("whole")
    found["the rest"] = whole_s - sum(found.values())
    found |= {"all of these": whole_s, "message": message_s}
    rows = [
        (stage, figure(1e6 * cpu_s / seconds), f"{cpu_s / whole_s:.0%}")
        for stage, cpu_s in found.items()
    ]
    return Report(
        "Stages",
        f"CPU time of each stage, given at once what the stage before it makes of "
        f"{seconds:g} s of a 44.1 kHz stereo WAV file; median of {plan.scale.runs} runs. All of "
        "them together are measured in the pipeline itself; the rest is what it does between "
        "its stages, and what they lose by taking turns. The message is made for each hop, by "
        "`run` and by `replay --format jsonl`, and is not part of the sum.",
        ("stage", "CPU us per s of audio", "share"),
        rows,
    )
