"""Random faults in one house for hours, and the growth of its processes."""

import random
import time
from collections import defaultdict
from dataclasses import dataclass, field

import click

from tests.reliability.faults import FAULTS
from tests.reliability.house import House, Outcome, house
from tests.reliability.size import Size, grows

YOUNG = 1 / 3
"""Share of the time in which daemons end now and then; after that, one grows old."""
SETTLED_S = 30.0
"""Age at which a process has allocated what it needs, seconds."""


@dataclass
class Age:
    """Sizes of one process in quiet moments between the faults."""

    sizes: list[Size] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Soaked:
    """Result of a soak."""

    outcome: Outcome
    counts: dict[str, int]
    """Repetitions of each fault."""
    oldest: Age

    @property
    def is_good(self) -> bool:
        return self.outcome.is_good and not grows(self.oldest.sizes)


def soak(minutes: float, seed: str) -> Soaked:
    chance = random.Random(seed)  # noqa: S311 - the same faults again
    counts: dict[str, int] = defaultdict(int)
    ages: dict[int, Age] = defaultdict(Age)
    with house(chance) as soaked:
        begun_s, deck = time.monotonic(), list[str]()
        while (part := (time.monotonic() - begun_s) / 60 / minutes) < 1:
            if not deck:
                deck = [*_faults(with_ends=part < YOUNG)]
                chance.shuffle(deck)
            name = deck.pop()
            counts[name] += 1
            soaked.suffer(FAULTS[name].strike, is_deaf=FAULTS[name].is_deaf)
            soaked.wait_some(3, 12)
            _measure(soaked, ages)
    oldest = max(ages.values(), key=lambda age: age.seconds, default=Age())
    return Soaked(soaked.outcome, counts, oldest)


def _faults(*, with_ends: bool) -> list[str]:
    """Of those that need nothing prepared."""
    return [
        name
        for name, fault in FAULTS.items()
        if not fault.needs_setting and (with_ends or not fault.ends_daemon)
    ]


def _measure(soaked: House, ages: dict[int, Age]) -> None:
    daemon = soaked.daemon
    soaked.wait(10, lambda: soaked.subscriber.shows_mood)
    if daemon.age_s > SETTLED_S:
        age = ages[daemon.pid]
        age.seconds = daemon.age_s
        age.sizes.append(daemon.size)
        click.echo(f"soak: after {age.seconds:.0f} s a daemon holds {age.sizes[-1]}", err=True)
