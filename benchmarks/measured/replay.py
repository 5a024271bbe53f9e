"""``replay BUNDLE FILE RUNS``: the median [CPU, wall] seconds of a replay, start-up excluded."""

import json
import sys
from pathlib import Path

from benchmarks.measured.timing import timed
from moodstream import bundle, replay

folder, path, runs = sys.argv[1:]
loaded = bundle.load(Path(folder))
_, cpu_s, wall_s = timed(lambda: replay.summarise(Path(path), loaded), int(runs))
print(json.dumps([cpu_s, wall_s]))
