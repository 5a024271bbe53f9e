"""The reference of the bundled recording: what ``replay --format jsonl`` wrote of it.

``python -m tests.support.reference`` writes it anew. Do that with another bundle, another field of
the messages or another release of numpy, soxr or LiteRT; never to make a faster version pass.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from numpy._core._multiarray_umath import __cpu_features__ as cpu_features

from moodstream.audio.demo import RECORDING

PATH = Path(__file__).with_name("reference.json")
PACKAGES = ("ai-edge-litert", "numpy", "soundfile", "soxr")


def found() -> tuple[str, list[dict[str, Any]]]:
    """Replay the recording; return the sha256 of its states and events, and these as objects."""
    command = [sys.executable, "-m", "moodstream", "replay", RECORDING.name, "--format", "jsonl"]
    # Relative to its folder, so that the bytes do not hold where this tree lies.
    variables = {**os.environ, "PYTHONPATH": str(RECORDING.parents[2])}
    replay = subprocess.run(
        command, cwd=RECORDING.parent, env=variables, capture_output=True, check=True
    )
    lines = [line for line in replay.stdout.splitlines() if b'"type":"summary"' not in line]
    return hashlib.sha256(b"\n".join(lines)).hexdigest(), [*map(json.loads, lines)]


def arithmetic() -> str:
    """Return a sha256 of what decides how numbers are rounded: processor and libraries."""
    features = sorted(name for name, there in cpu_features.items() if there)
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    parts = [platform.machine(), *features, *packages]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def outline(objects: list[dict[str, Any]]) -> list[list[Any]]:
    """Return what every machine must agree on: type, time, status, mood, and scores roughly."""
    return [
        [
            *(it["type"], it["position"], it["status"], it["mood"]),
            None if it["scores"] is None else [round(it["valence"], 2), round(it["arousal"], 2)],
        ]
        for it in objects
    ]


if __name__ == "__main__":
    sha256, objects = found()
    head = {"bundle": objects[0]["bundle"], "arithmetic": arithmetic(), "sha256": sha256}
    rows = ",\n".join(map(json.dumps, outline(objects)))
    PATH.write_text(f'{json.dumps(head)[:-1]}, "outline": [\n{rows}\n]}}\n', encoding="utf-8")
