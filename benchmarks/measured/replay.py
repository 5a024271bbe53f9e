"""``replay BUNDLE FILE RUNS``: the median [CPU, wall] seconds of a replay, start-up excluded."""

import json
import sys
import time
from pathlib import Path
from statistics import median

from moodstream import self_test
from moodstream.replay import recording as replay

folder, path, runs = sys.argv[1:]
loaded = self_test.load(Path(folder))
cpu_s, wall_s = [], []
for _ in range(int(runs)):
    begun_cpu_s, begun_s = time.process_time(), time.perf_counter()
    replay.summarise(Path(path), loaded)
    cpu_s.append(time.process_time() - begun_cpu_s)
    wall_s.append(time.perf_counter() - begun_s)
print(json.dumps([median(cpu_s), median(wall_s)]))
