"""``replay BUNDLE FILE RUNS``: the median [CPU, wall] seconds of a replay, start-up excluded."""

import json
import sys
from pathlib import Path

from benchmarks.measured.timing import timed
from moodstream import self_test
from moodstream.replay import recording as replay

folder, path, runs = sys.argv[1:]
loaded = self_test.load(Path(folder))
_, cpu_s, wall_s = timed(lambda: replay.summarise(Path(path), loaded), int(runs))
print(json.dumps([cpu_s, wall_s]))
