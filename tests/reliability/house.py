"""A room in which something sounds, a daemon that listens, a broker, and a subscriber."""

import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from moodstream.audio.demo import RECORDING
from moodstream.mqtt.journal import Journal
from tests.reliability.daemon import EX_TEMPFAIL, Daemon
from tests.reliability.subscriber import Subscriber
from tests.support.mosquitto import Mosquitto
from tests.support.pulseaudio import PulseAudio

RECOVERED_S = 90.0
"""Longest recovery: paho and the capture wait for 30 s at most."""
GIVEN_UP_S = 3.0
"""Longest time that a mood may be shown after nothing is heard any more."""
POLL_S = 0.02
DANCE_S = (38, 72)
"""Seconds of the bundled recording between which it has music that is played at a party."""
SOUND_S, PAUSE_S = 8.0, 2.5


@dataclass
class Outcome:
    """Results of all repetitions of a fault."""

    times: int = 0
    """Repetitions."""
    recovered_s: list[float] = field(default_factory=list)
    """Seconds from each repair to the first state of sound heard after it."""
    missing: int = 0
    """Repetitions without recovery."""
    stood_s: list[float] = field(default_factory=list)
    """Seconds that a mood was shown after nothing was heard any more, each time."""
    events: int = 0
    twice: int = 0
    """Events delivered more than once, which is allowed."""
    lost: int = 0
    disorder: int = 0
    restarts: int = 0
    """Number of times that the daemon left a stuck audio server to systemd."""
    troubles: list[str] = field(default_factory=list)
    """Other problems."""

    @property
    def is_good(self) -> bool:
        """Whether there was no problem."""
        is_stale = max(self.stood_s, default=0.0) > GIVEN_UP_S
        is_whole = self.events > 0 and not (self.lost or self.disorder)
        return is_whole and not (is_stale or self.missing or self.troubles)


class House:
    """Parts that faults are done to.

    Args:
        directory: for all files of theirs.
        chance: of the times of the faults.
        environment: of the daemon, besides the usual.
    """

    def __init__(
        self, directory: Path, chance: random.Random, environment: Mapping[str, str]
    ) -> None:
        self.directory, self.chance = directory, chance
        self.broker = Mosquitto(directory)
        # A subscriber that is known there gets what comes before it is back.
        kept = f"persistence_location {directory}/", "autosave_on_changes true"
        self.broker.configure(
            "allow_anonymous true", "persistence true", *kept, "autosave_interval 1"
        )
        self.broker.start()
        self.audio = PulseAudio(directory)
        self.audio.start()
        self.subscriber = Subscriber(self.broker)
        self.outcome = Outcome()
        self._deaf_since_s: float | None = None
        self._stood_s = 0.0
        self.daemon = Daemon(directory, self.broker.url, {**self.audio.environment, **environment})

    def wait(self, seconds: float, until: Callable[[], object] = bool) -> bool:
        """Keep the daemon running for a time, or until a condition holds; return whether it did."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            if until():
                return True
            self.daemon.watch()
            if self._deaf_since_s is not None and self.subscriber.shows_mood:
                self._stood_s = time.monotonic() - self._deaf_since_s
            time.sleep(POLL_S)
        return False

    def wait_some(self, least_s: float, most_s: float) -> None:
        self.wait(self.chance.uniform(least_s, most_s))

    def need(self, what: str, until: Callable[[], object], within_s: float = 60.0) -> None:
        """Wait for a condition that a fault depends on."""
        if not self.wait(within_s, until):
            self.outcome.troubles.append(f"it never came to this: {what}")

    def suffer(self, fault: Callable[["House"], None], *, is_deaf: bool) -> None:
        """Let something fail and be repaired, and note the outcome.

        Args:
            fault: returns when all is repaired.
            is_deaf: whether nothing can be heard from its begin on.
        """
        self.need("a mood is heard", lambda: self.subscriber.shows_mood)
        if is_deaf:
            self._deaf_since_s, self._stood_s = time.monotonic(), 0.0
        self.outcome.times += 1
        fault(self)
        repaired_s = time.time()
        if self.wait(RECOVERED_S, lambda: self._hears_since(repaired_s)):
            self.outcome.recovered_s.append(time.time() - repaired_s)
        else:
            self.outcome.missing += 1
        if is_deaf:
            self._deaf_since_s = None
            self.outcome.stood_s.append(self._stood_s)

    def close(self) -> None:
        """Stop the daemon, as systemd would, once it hears something."""
        ending_s = time.time()
        self.need("sound is heard in the end", lambda: self._hears_since(ending_s))
        self.daemon.stop()
        end_s = time.monotonic() + 10
        while self.subscriber.availability != "offline" and time.monotonic() < end_s:
            time.sleep(POLL_S)

    def kill(self) -> None:
        """End all processes."""
        self.subscriber.close()
        self.daemon.kill()
        self.audio.kill()
        self.broker.kill()

    def judge(self) -> None:
        """Count the events, and print the log after a failure."""
        outcome, daemon, heard = self.outcome, self.daemon, self.subscriber
        journal = Journal(1000, daemon.state)
        kept = drained(journal)
        journal.close()
        outcome.events, outcome.disorder = heard.events, heard.disorder
        outcome.twice = len(heard.seqs) - heard.events
        outcome.lost = len(heard.missing(journal.last) - set(kept))
        outcome.restarts = daemon.exits.count(EX_TEMPFAIL)
        found = {
            "no offline at the end": heard.availability != "offline",
            "dropped by the journal": journal.lost,
            # What was on its way when it was stopped, and its farewell, may have to wait.
            "left in the journal": len(kept) if len(kept) > 2 else 0,
            "tracebacks": daemon.tracebacks,
        }
        outcome.troubles += [f"{what}: {count:d}" for what, count in found.items() if count]
        wrong = [status for status in daemon.exits if status != EX_TEMPFAIL]
        outcome.troubles += [f"the daemon ended with status {status}" for status in wrong]
        if not outcome.is_good:
            sys.stderr.write(daemon.log.read_text())

    def _hears_since(self, since_s: float) -> bool:
        is_new = since_s < self.subscriber.said_s < time.time() + 1  # by a clock that is right
        return is_new and self.subscriber.state["status"] not in ("no_audio", "paused")


Setting = Callable[[Path], AbstractContextManager[Mapping[str, str]]]
"""Preparation in a directory; yields variables for the daemon's environment."""


@contextmanager
def plain(directory: Path) -> Iterator[Mapping[str, str]]:
    """Yield no additional variables."""
    del directory
    yield {}


@contextmanager
def house(chance: random.Random, setting: Setting = plain) -> Iterator[House]:
    """Yield a house with music; run all checks at the end."""
    with tempfile.TemporaryDirectory(prefix="moodstream-") as folder:
        directory = Path(folder)
        with setting(directory) as environment:
            lived_in = House(directory, chance, environment)
            try:
                with _music(lived_in.audio, directory / "room.wav"):
                    yield lived_in
                    lived_in.close()
            finally:
                lived_in.kill()
            lived_in.judge()


def drained(journal: Journal) -> list[int]:
    """Return the numbers of the events that waited, in order."""
    found = []
    while event := journal.take():
        found.append(event.seq)
        journal.delivered()
    return found


@contextmanager
def _music(audio: PulseAudio, path: Path) -> Iterator[None]:
    """Music in pieces, with pauses, over and over, whenever there is a room for it."""
    samples, rate = soundfile.read(RECORDING, dtype="float32")
    samples = samples[DANCE_S[0] * rate : DANCE_S[1] * rate]
    seconds = np.arange(len(samples)) / rate % (SOUND_S + PAUSE_S)
    samples[seconds >= SOUND_S] = 0
    soundfile.write(path, samples, rate)
    ended = threading.Event()
    player = audio.play(path)

    def play() -> None:
        nonlocal player
        while not ended.wait(0.5):
            if player.poll() is not None:
                player = audio.play(path)

    thread = threading.Thread(target=play)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        with suppress(ProcessLookupError):
            player.kill()
        player.wait()
