"""``in_place BUNDLE FILE RUNS``: CPU seconds that each part of the pipeline takes at its work.

Between two calls of a part all others have theirs, as in the program: with caches that they have
filled. In ``stages`` a part has the caches for itself.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from moodstream import self_test
from moodstream.audio.chunk import Block
from moodstream.audio.file import AudioFile
from moodstream.pipeline import Pipeline
from moodstream.replay.recording import DEFAULT_HOP_S, steps

folder, path, runs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
loaded = self_test.load(folder)


class Timed:
    """A part of the pipeline, in whose place it stands to time its calls."""

    def __init__(self, part: object, call: Callable[..., Any]) -> None:
        self._part, self._call = part, call

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        return partial(self._call, found) if callable(found) else found


def spent() -> Counter[str]:
    """Nanoseconds of each part, decoding included."""
    spent_ns = Counter[str]()

    def call(name: str, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        begun_ns = time.thread_time_ns()
        result = function(*arguments, **named)
        spent_ns[name] += time.thread_time_ns() - begun_ns
        return result

    pipeline = Pipeline(loaded, DEFAULT_HOP_S, loaded.card.silence, loaded.card.smoothing)
    for name, part in vars(pipeline).items():
        if hasattr(part, "reset") or hasattr(part, "process"):
            setattr(pipeline, name, Timed(part, partial(call, name.lstrip("_"))))
    with AudioFile(path) as file:
        blocks = file.blocks()

        def decoded() -> Iterator[Block]:
            while (block := call("decode and mix", next, blocks, None)) is not None:
                yield block

        for _ in steps(pipeline, decoded()):
            pass
    return spent_ns


found = [spent() for _ in range(runs)]
print(json.dumps({name: median(it[name] for it in found) / 1e9 for name in found[0]}))
