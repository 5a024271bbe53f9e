"""Faults and their repair: one function for each, which returns after the repair."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click

from moodstream.audio.demo import RECORDING
from moodstream.mqtt.journal_file import NAME as JOURNAL
from tests.reliability.clock import movable_clock, set_clock
from tests.reliability.house import House, Outcome, Setting, house, plain
from tests.support.program import MOODSTREAM

HOUR_S = 3600
FLAPS = 5
FILLED_S = 180.0
"""Longest time until the journal has no room left: its last page may hold a dozen events."""
STOPPED_S = 5.0
"""Longest time to stop, whatever the broker and the audio server do."""


def broker_killed(house: House) -> None:
    house.broker.kill()
    house.wait_some(0, 6)
    house.broker.start()


def broker_frozen(house: House) -> None:
    house.broker.freeze()
    house.wait_some(1, 20)
    house.broker.thaw()


def daemon_killed(house: House) -> None:
    house.daemon.kill()


def broker_flapping(house: House) -> None:
    """Let the broker come and go, each time before or after the daemon is back."""
    for _ in range(FLAPS):
        house.broker.kill()
        house.wait_some(0, 2)
        house.broker.start()
        house.wait_some(0, 2)


def daemon_stopped(house: House) -> None:
    """Stop the daemon, at times while the broker, the audio server or neither is frozen."""
    frozen = house.chance.choice([None, house.broker, house.audio])
    if frozen:
        frozen.freeze()
        house.wait_some(0, 4)
    took_s = house.daemon.stop()
    if frozen:
        frozen.thaw()
    if took_s > STOPPED_S:
        house.outcome.troubles.append(f"it took {took_s:.1f} s to stop")


def guests(house: House) -> None:
    """Let other programs publish and watch beside the daemon; end some of them by force."""
    there = ["--broker", house.broker.url]
    visits = {
        "replay": ["replay", "--publish", str(RECORDING), *there],
        "demo": ["demo", *there],
        "watch": ["watch", *there],
        "doctor": ["doctor", "--quick", *there],
    }
    before = len(house.subscriber.availabilities)
    for name, arguments in visits.items():
        guest = subprocess.Popen(
            [*MOODSTREAM, *arguments],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        house.wait_some(1, 6)
        (guest.kill if house.chance.random() < 0.5 else guest.terminate)()
        guest.wait()
        house.wait_some(0, 1)
        if house.subscriber.availabilities[before:]:
            house.outcome.troubles.append(f"{name} changed the availability")
            before = len(house.subscriber.availabilities)


def both_killed(house: House) -> None:
    """Kill the daemon while events wait for a broker that is away."""
    house.broker.kill()
    house.wait_some(2, 6)
    house.daemon.kill()
    house.wait_some(2, 8)
    house.broker.start()


def audio_killed(house: House) -> None:
    house.audio.kill()
    house.wait_some(1, 15)
    house.audio.start()


def audio_frozen(house: House) -> None:
    house.audio.freeze()
    house.wait_some(3, 20)
    house.audio.thaw()


def source_unloaded(house: House) -> None:
    house.audio.unload()
    house.wait_some(1, 15)
    house.audio.load()


def source_suspended(house: House) -> None:
    house.audio.suspend(asleep=True)
    house.wait_some(1, 15)
    house.audio.suspend(asleep=False)


def disk_full(house: House) -> None:
    """Fill the disk while events wait; then restart the broker first, or kill the daemon first."""
    journal, log = house.daemon.state / JOURNAL, house.daemon.log
    told = log.read_text().count("journal not written")
    house.broker.kill()
    with (house.daemon.state / "full").open("wb", buffering=0) as stream, suppress(OSError):
        while stream.write(bytes(4096)):
            pass
    house.need(
        "no room for an event",
        lambda: log.read_text().count("journal not written") > told,
        FILLED_S,
    )
    dies = house.chance.random() < 0.5
    if not dies:
        house.wait_some(0, 5)
        house.broker.start()
        house.wait_some(0, 5)
    written = journal.stat().st_ino
    (house.daemon.state / "full").unlink()
    house.need("the journal is written anew", lambda: journal.stat().st_ino != written)
    if dies:
        house.daemon.kill()
        house.broker.start()


def clock_moved(house: House) -> None:
    """Set the clock an hour ahead, and back after some seconds."""
    set_clock(house.directory, HOUR_S)
    house.need(
        "the daemon goes by the new time",
        lambda: house.subscriber.said_s > time.time() + HOUR_S - 5,
    )
    house.wait_some(1, 4)
    set_clock(house.directory, 0)


@contextmanager
def small_disk(directory: Path) -> Iterator[Mapping[str, str]]:
    """Yield the environment of a daemon whose state is on a small disk."""
    state = directory / "disk"
    state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", state], check=True)
    try:
        yield {"STATE_DIRECTORY": str(state)}
    finally:
        subprocess.run(["umount", state], check=True)


@dataclass(frozen=True)
class Fault:
    """Fault that is repeated in a house."""

    strike: Callable[[House], None]
    times: int
    """Repetitions for the page."""
    is_deaf: bool = False
    """Whether nothing can be heard from its start, so that no mood may be shown."""
    ends_daemon: bool = False
    """Whether it takes another process to recover."""
    setting: Setting = plain

    @property
    def needs_setting(self) -> bool:
        return self.setting is not plain


FAULTS = {
    "broker killed, restarted": Fault(broker_killed, 50),
    "broker frozen": Fault(broker_frozen, 10),
    "daemon killed": Fault(daemon_killed, 20, is_deaf=True, ends_daemon=True),
    "broker flapping": Fault(broker_flapping, 10),
    "daemon stopped": Fault(daemon_stopped, 20, ends_daemon=True),
    "guests come and go": Fault(guests, 5),
    "daemon killed while the broker is away": Fault(both_killed, 10, ends_daemon=True),
    "audio server killed, restarted": Fault(audio_killed, 10, is_deaf=True),
    "audio server frozen": Fault(audio_frozen, 10, is_deaf=True, ends_daemon=True),
    "audio source unloaded, loaded": Fault(source_unloaded, 10, is_deaf=True),
    "audio source suspended": Fault(source_suspended, 10, is_deaf=True, ends_daemon=True),
    "disk of the journal full": Fault(disk_full, 10, ends_daemon=True, setting=small_disk),
    "clock set an hour ahead, and back": Fault(clock_moved, 10, setting=movable_clock),
}


def endure(name: str, fault: Fault, times: int, seed: str) -> Outcome:
    """Repeat a fault in a house of its own; return the outcome."""
    chance = random.Random(seed + name)  # noqa: S311 - the same times again
    with house(chance, fault.setting) as struck:
        for turn in range(1, times + 1):
            click.echo(f"{name}: {turn} of {times}", err=True)
            struck.suffer(fault.strike, is_deaf=fault.is_deaf)
            struck.wait_some(0, 4)
    return struck.outcome
