"""Results as tables of a page."""

import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence

from benchmarks.machine import conditions
from benchmarks.report import Report, figure
from moodstream.bundle import disk
from tests.reliability.day import Day
from tests.reliability.house import GIVEN_UP_S, PAUSE_S, SOUND_S, Outcome
from tests.reliability.size import GROWTH_MB, Size
from tests.reliability.soak import Soaked
from tests.support.program import program

FAULTS_HEAD = (
    "fault", "times", "recovered (s): median", "worst", "not recovered", "mood stood (s): worst",
    "events", "twice", "lost", "out of order", "ended for systemd", "else",
)  # fmt: skip

_GROWTH = (
    f"The median of the last third may be {GROWTH_MB:g} MB above that of the middle one, "
    "and no thread or descriptor."
)
LIMITS = """\
## What this does not show

- The daemon is started again by the program that watches it, not by systemd.
- A broker that keeps what it retains over its own restart shows the state from before until the
  daemon is back there, half a minute at most: `expire_after` is for that. No bound is set here.
- An event that could not be written as the disk was full is in memory alone: a daemon that is
  killed then takes it along, and its number is given again. Here there is room before the kill.
- The audio server has no sound card: nothing is pulled out of a socket."""


def machine(command: str) -> Report:
    """Return the conditions, including programs other than Python."""
    report = conditions(disk.shipped(), command)
    more = [
        ("kernel", platform.release()),
        ("broker", _first_line("mosquitto", "-h")),
        ("audio server", _first_line("pulseaudio", "--version")),
    ]
    return Report(report.title, report.about, report.head, [*report.rows, *more])


def faults(outcomes: Mapping[str, Outcome]) -> Report:
    """Return a table with a row for each fault."""
    about = f"""\
Each fault is done to a house of its own, all houses at the same time: a mosquitto that keeps its
sessions on disk, a PulseAudio in which music of the bundled recording sounds for {SOUND_S:g} s and
pauses for {PAUSE_S:g} s, `moodstream run` set so that every change is named at once, started again
2 s after it has ended, and a subscriber.

- *times*: how often it was done, at times by chance from a fixed seed.
- *recovered*: from when what had failed was there again, until a subscriber had a state of sound
  that was heard after that.
- *mood stood*: for how long the retained state still named a mood, with `online` beside it, from
  when nothing could be heard any more; {GIVEN_UP_S:g} s at most.
- *events*: received by the subscriber, who checks the running numbers. *Twice*: of these delivered
  again, as they may be. *Lost*: missing among the numbers; none may be. *Out of order*: new ones
  that came after a later one.
- *ended for systemd*: exits with status 75 out of an audio server that is stuck.

The journal that is cut is that of a daemon that was killed while events waited. For each length of
it, a journal takes it up, adds an event and is closed; another one must then have that event and
all whose lines were whole."""
    rows = [_row(name, found) for name, found in outcomes.items()]
    return Report("Faults", about, FAULTS_HEAD, rows)


def _row(name: str, outcome: Outcome) -> tuple[str, ...]:
    waits_s = outcome.recovered_s
    counts = outcome.events, outcome.twice, outcome.lost, outcome.disorder, outcome.restarts
    return (
        name,
        str(outcome.times),
        figure(statistics.median(waits_s)) if waits_s else "-",
        figure(max(waits_s)) if waits_s else "-",
        str(outcome.missing),
        figure(max(outcome.stood_s)) if outcome.stood_s else "-",
        *map(str, counts),
        "; ".join(outcome.troubles) or "-",
    )


def soak(minutes: float, found: Soaked) -> Report:
    """Return the table of the soak, and of its oldest daemon."""
    done = ", ".join(f"{name} {count}" for name, count in sorted(found.counts.items()))
    about = (
        f"One house for {minutes:g} minutes in real time, to which faults were done by chance: "
        f"{done}. Those that end the daemon come in the first third, so that one then grows old. "
        f"What it held was measured between the faults, while a mood was heard. {_GROWTH}"
    )
    oldest = found.oldest
    rows = [
        *zip(FAULTS_HEAD[1:], _row("", found.outcome)[1:], strict=True),
        ("age of the oldest daemon (min)", figure(oldest.seconds / 60)),
        *_sizes(oldest.sizes),
    ]
    return Report("Soak", about, ("what", "found"), rows)


def day(found: Day) -> Report:
    """Return the table of a day of audio."""
    about = (
        f"{found.hours:g} hours of audio, the recording over and over, through the daemon's loop "
        "as fast as it goes, to a real broker and a subscriber, with the bundle's own settings. "
        f"Measured from a tenth of it on. {_GROWTH}"
    )
    rows = [
        ("seconds that it took", figure(found.seconds)),
        ("events", str(found.events)),
        ("lost", str(found.lost)),
        ("out of order", str(found.disorder)),
        *_sizes(found.sizes),
    ]
    return Report(f"{found.hours:g} hours of audio", about, ("what", "found"), rows)


def _sizes(sizes: Sequence[Size]) -> list[tuple[str, str]]:
    """First, last and most of everything."""
    if not sizes:
        return [("what it held", "not measured")]
    names = "resident memory (MB)", "threads", "file descriptors"
    return [
        (f"{name}: first, last, most", f"{figures[0]:.3g}, {figures[-1]:.3g}, {max(figures):.3g}")
        for name, figures in zip(names, zip(*sizes, strict=True), strict=True)
    ]


def _first_line(*command: str) -> str:
    path = program(command[0])
    result = subprocess.run([path, *command[1:]], capture_output=True, text=True, check=False)
    return result.stdout.partition("\n")[0]
