"""The median of several runs, in CPU time and on the clock."""

import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

Result = TypeVar("Result")


def timed(function: Callable[[], Result], runs: int) -> tuple[Result, float, float]:
    """The last run's result, and the median CPU and wall seconds of all."""
    cpu_s, wall_s = [], []
    for _ in range(runs):
        begun = time.process_time(), time.perf_counter()
        result = function()
        cpu_s.append(time.process_time() - begun[0])
        wall_s.append(time.perf_counter() - begun[1])
    return result, median(cpu_s), median(wall_s)
