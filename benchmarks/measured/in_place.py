"""``in_place BUNDLE FILE RUNS``: CPU seconds of each part of the pipeline at its place in it.

Between two calls of a part all others run, as in the program, and share the caches with it.
In ``stages`` each part has the caches for itself.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from moodstream import self_test
from moodstream.audio.chunk import Block
from moodstream.audio.file import AudioFile
from moodstream.pipeline import Pipeline
from moodstream.replay.recording import steps
from moodstream.stopwatch import Stopwatch

folder, path, runs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
loaded = self_test.load(folder)


def spent_s() -> dict[str, float]:
    """Return the CPU seconds of each part, decoding included."""
    stopwatch = Stopwatch()
    pipeline = Pipeline.of(loaded)
    for name, part in pipeline.parts().items():
        stopwatch.watch(name, part)
    with AudioFile(path) as file:
        blocks = file.blocks()

        def decoded() -> Iterator[Block]:
            while block := stopwatch.call("decode and mix", next, blocks, None):
                yield block

        for _ in steps(pipeline, decoded()):
            pass
    return {name: stopwatch.spent_s(name) for name in stopwatch.laps_ns}


found = [spent_s() for _ in range(runs)]
print(json.dumps({name: median(run_s[name] for run_s in found) for name in found[0]}))
