"""The daemon for as long as one likes, while what it depends on fails, by chance from a seed.

    python -m tests.soak --minutes 30 --write docs/reliability.md

A real broker, the bundled recording played into a real audio server, and a subscriber that checks
the running numbers. Ends with status 1 if an event was lost or out of order, a mood was shown that
was no longer heard, the daemon did not come back, or its log holds a traceback.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import psutil
import soundfile
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.report import Report, figure
from moodstream.demo import RECORDING
from tests.conftest import MOODSTREAM, Mosquitto, PulseAudio

STALE_S = 5.0
"""A mood that is shown for longer than this without being said again is stale."""
RECOVERED_S = 90.0
"""Slower is not recovered: paho waits for 30 s at most, the capture for 10."""
SETTLED_S = 20.0
"""A process that is this old has allocated what it needs."""
CALM_S = 3.0, 12.0
"""Between two faults."""
KILLS = 1 / 3
"""Part of the time in which the daemon is killed, too; afterwards one grows old."""


class Daemon:
    """``moodstream run``, started again whenever it has ended, as systemd would."""

    def __init__(self, directory: Path, broker: str, environment: dict[str, str]) -> None:
        self.log = directory / "log"
        self.exits = 0
        self.aged: list[tuple[float, list[int]]] = []
        """Of each process that settled: seconds since, and what it grew by: bytes, threads, fds."""
        self._command = [*MOODSTREAM, "run", "--broker", broker]
        self._environment = {
            **environment,
            "STATE_DIRECTORY": str(directory / "state"),
            "MOODSTREAM_MQTT_KEEPALIVE_S": "5",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = psutil.Popen(
                self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=log
            )
        self._begun_s = time.monotonic()
        self._settled: list[int] | None = None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self.start()

    def watch(self) -> None:
        """Measure it; start another if it has ended."""
        if self._process.poll() is not None:
            self.exits += 1
            self.start()
            return
        age_s = time.monotonic() - self._begun_s - SETTLED_S
        if age_s < 0:
            return
        process = self._process
        now = [process.memory_info().rss, process.num_threads(), process.num_fds()]
        if self._settled is None:
            self._settled = now
            self.aged.append((0.0, [0, 0, 0]))
        grown = [last - first for last, first in zip(now, self._settled, strict=True)]
        self.aged[-1] = age_s, grown

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(15)


class Subscriber:
    """What somebody knows who listens at the broker; quicker to be back there than the daemon."""

    def __init__(self, broker: Mosquitto) -> None:
        self.seqs: list[int] = []
        self.state: dict[str, Any] = {}
        self.health: dict[str, Any] = {}
        self.availability = ""
        self.heard_s = 0.0
        """When the newest state came, on the monotonic clock."""
        self._client = paho.Client(CallbackAPIVersion.VERSION2, "soak", clean_session=False)
        self._client.reconnect_delay_set(0.05, 0.05)
        self._client.on_connect = lambda client, *_: client.subscribe("mood/#", 1)
        self._client.on_message = self._on_message
        self._client.connect_async("127.0.0.1", broker.port)
        self._client.loop_start()

    def _on_message(self, client: object, userdata: object, message: paho.MQTTMessage) -> None:
        del client, userdata
        match message.topic:
            case "mood/event":
                self.seqs.append(json.loads(message.payload)["seq"])
            case "mood/current":
                self.state, self.heard_s = json.loads(message.payload), time.monotonic()
            case "mood/health":
                self.health = json.loads(message.payload)
            case "mood/availability":
                self.availability = message.payload.decode()

    def is_stale(self) -> bool:
        if self.availability != "online" or self.state.get("mood") is None:
            return False
        said = datetime.fromisoformat(self.state["time"])
        return (datetime.now(UTC) - said).total_seconds() > STALE_S

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def playing(audio: PulseAudio, recording: Path) -> Iterator[None]:
    """Meanwhile the recording sounds in the room, over and over, whenever there is one."""
    ended = threading.Event()
    player = [audio.play(recording)]

    def play() -> None:
        while not ended.wait(0.5):
            if player[0].poll() is not None:
                player[0] = audio.play(recording)

    thread = threading.Thread(target=play)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        player[0].kill()
        player[0].wait()


class Soak:
    """The parts, the faults that can be done to them, and what came of each."""

    def __init__(self, directory: Path, chance: random.Random) -> None:
        self.chance = chance
        self.broker = Mosquitto(directory)
        self.broker.start()
        self.audio = PulseAudio(directory)
        self.audio.start()
        self.subscriber = Subscriber(self.broker)
        self.daemon = Daemon(directory, self.broker.url, self.audio.environment)
        self.recovered_s: dict[str, list[float]] = defaultdict(list)
        self.stale: dict[str, int] = defaultdict(int)
        self.missing: dict[str, int] = defaultdict(int)
        self.faults: dict[str, Callable[[], None]] = {
            "broker killed and restarted": self._broker_killed,
            "broker frozen": self._broker_frozen,
            "audio source suspended": self._source_suspended,
            "audio source unloaded and loaded": self._source_reloaded,
            "audio server killed and restarted": self._audio_killed,
            "daemon killed": self.daemon.kill,
        }

    def wait(self, seconds: float, fault: str = "", *, until: Callable[[], bool] = bool) -> bool:
        """Watch for so long, or until something is so; count what is stale meanwhile."""
        was_stale = False
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            if until():
                return True
            self.daemon.watch()
            is_stale = self.subscriber.is_stale()
            self.stale[fault] += is_stale and not was_stale
            was_stale = is_stale
            time.sleep(0.1)
        return False

    def strike(self, fault: str) -> None:
        self.faults[fault]()
        begun_s = time.monotonic()

        def is_back() -> bool:
            heard = self.subscriber
            return heard.heard_s > begun_s and heard.state["status"] not in ("no_audio", "paused")

        # A broker that is back hands out what it held, which is old.
        blamed = "" if fault.startswith("broker") else fault
        if self.wait(RECOVERED_S, blamed, until=is_back):
            self.recovered_s[fault].append(time.monotonic() - begun_s)
        else:
            self.missing[fault] += 1
        self.wait(self.chance.uniform(*CALM_S), fault)

    def _broker_killed(self) -> None:
        self.broker.kill()
        time.sleep(self.chance.uniform(0, 15))
        self.broker.start()

    def _broker_frozen(self) -> None:
        self.broker.freeze()
        time.sleep(self.chance.uniform(1, 20))
        self.broker.thaw()

    def _source_suspended(self) -> None:
        self.audio._control("suspend-source", "room.monitor", "1")
        self._deaf("audio source suspended")
        self.audio._control("suspend-source", "room.monitor", "0")

    def _source_reloaded(self) -> None:
        self.audio._control("unload-module", "module-null-sink")
        self._deaf("audio source unloaded and loaded")
        load = "load-module", "module-null-sink", "sink_name=room", "rate=48000", "channels=2"
        self.audio._control(*load)
        self.audio._control("set-default-source", "room.monitor")

    def _audio_killed(self) -> None:
        self.audio.kill()
        self._deaf("audio server killed and restarted")
        self.audio.start()

    def _deaf(self, fault: str) -> None:
        self.wait(self.chance.uniform(1, 15), fault)

    def end(self) -> None:
        self.wait(60, until=lambda: not self.subscriber.is_stale() and bool(self.subscriber.seqs))
        self.daemon.stop()
        # What was left is delivered before the farewell.
        end_s = time.monotonic() + 10
        while self.subscriber.availability != "offline" and time.monotonic() < end_s:
            time.sleep(0.05)
        self.subscriber.close()
        self.audio.kill()
        self.broker.kill()


def table(soak: Soak) -> Report:
    rows = []
    for fault in soak.faults:
        times_s = soak.recovered_s[fault]
        count = len(times_s) + soak.missing[fault]
        worst = figure(max(times_s)) if times_s else "-"
        median = figure(statistics.median(times_s)) if times_s else "-"
        cells = count, median, worst, soak.missing[fault], soak.stale[fault]
        rows.append((fault, *map(str, cells)))
    head = "fault", "times", "recovered, median (s)", "worst (s)", "not recovered", "stale moods"
    about = (
        "Seconds from when what had failed was there again until a subscriber had a state of "
        "sound that was heard after that."
    )
    return Report("Faults", about, head, rows)


def totals(soak: Soak) -> tuple[Report, bool]:
    seqs = soak.subscriber.seqs
    first_seen = list(dict.fromkeys(seqs))
    lost = len(set(range(1, max(seqs, default=0) + 1)) - set(seqs))
    disorder = sum(after < before for before, after in pairwise(first_seen))
    age_s, (memory, threads, files) = max(soak.daemon.aged, default=(0.0, [0, 0, 0]))
    tracebacks = soak.daemon.log.read_text().count("Traceback")
    stale, missing = sum(soak.stale[fault] for fault in soak.faults), sum(soak.missing.values())
    rows = [
        ("events", str(len(first_seen))),
        ("of these delivered more than once", str(len(seqs) - len(first_seen))),
        ("events lost", str(lost)),
        ("events out of order", str(disorder)),
        ("events dropped as the journal was full", str(soak.subscriber.health.get("lost_events"))),
        ("stale moods", str(stale)),
        ("not recovered", str(missing)),
        ("tracebacks in the log", str(tracebacks)),
        ("times the daemon ended for systemd to start it", str(soak.daemon.exits)),
        ("age of the oldest daemon (min)", figure(age_s / 60)),
        ("its growth: memory (MB)", f"{memory / 1e6:+.1f}"),
        ("its growth: threads", f"{threads:+d}"),
        ("its growth: file descriptors", f"{files:+d}"),
    ]
    is_good = bool(seqs) and not (lost or disorder or stale or missing or tracebacks)
    return Report("In all", "", ("what", "found"), rows), is_good


@click.command()
@click.option("--minutes", default=30.0, show_default=True, help="How long faults go on.")
@click.option("--seed", default=1, show_default=True, help="Of the faults and their times.")
@click.option("--write", type=click.Path(path_type=Path), help="A Markdown page to write, too.")
def main(minutes: float, seed: int, write: Path | None) -> None:
    """Let parts fail around a running daemon, and say what came of it."""
    chance = random.Random(seed)  # noqa: S311 - the same faults again
    with tempfile.TemporaryDirectory(prefix="moodstream-") as folder:
        directory = Path(folder)
        samples, rate = soundfile.read(RECORDING)
        soundfile.write(directory / "room.wav", samples, rate)
        soak = Soak(directory, chance)
        with playing(soak.audio, directory / "room.wav"):
            soak.wait(60, until=lambda: bool(soak.subscriber.state.get("mood")))
            begun_s, deck = time.monotonic(), list[str]()
            while (part := (time.monotonic() - begun_s) / 60 / minutes) < 1:
                if not deck:
                    deck = [n for n in soak.faults if part < KILLS or n != "daemon killed"]
                    chance.shuffle(deck)
                fault = deck.pop()
                click.echo(f"{part:4.0%} {fault}", err=True)
                soak.strike(fault)
            soak.end()
        whole, is_good = totals(soak)
        text = f"{table(soak).text}\n\n{whole.text}\n"
    click.echo(text)
    if write:
        command = f"python -m tests.soak --minutes {minutes:g} --seed {seed}"
        begin = f"# Reliability\n\nWritten by `{command} --write`; do not edit.\n\n"
        write.write_text(begin + text, encoding="utf-8")
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
