"""CPU time of named work, lap by lap."""

import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Stopwatch:
    """CPU time that the calling thread spends in each named piece of work.

    Other threads and processes do not count, and neither does waiting.
    """

    def __init__(self) -> None:
        self.laps_ns: defaultdict[str, list[int]] = defaultdict(list)
        """Nanoseconds of each call, by the name of the work."""

    def reset(self) -> None:
        """Forget all laps."""
        self.laps_ns.clear()

    def call(
        self,
        name: str,
        function: Callable[Arguments, Result],
        /,
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Result:
        """Call a function and record a lap under this name."""
        begun_ns = time.thread_time_ns()
        result = function(*arguments, **named)
        self.laps_ns[name].append(time.thread_time_ns() - begun_ns)
        return result

    def watch(self, name: str, part: object) -> None:
        """Record a lap for every later call of the part's public methods."""
        for method in dir(type(part)):
            if not method.startswith("_") and callable(getattr(type(part), method)):
                setattr(part, method, partial(self.call, name, getattr(part, method)))

    def spent_s(self, name: str) -> float:
        """Return the CPU seconds of all laps of this name."""
        return sum(self.laps_ns.get(name, ())) / 1e9

    def laps_s(self, name: str) -> list[float]:
        """Return the CPU seconds of each lap of this name."""
        return [lap_ns / 1e9 for lap_ns in self.laps_ns.get(name, ())]
