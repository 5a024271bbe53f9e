"""A day of audio through the daemon's loop to a real broker, at full speed."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from moodstream.audio.chunk import Block
from moodstream.audio.demo import RECORDING
from moodstream.audio.file import AudioFile
from moodstream.config.sections import Config, MqttConfig
from moodstream.daemon.run import run_daemon
from moodstream.mqtt import url as mqtt_url
from moodstream.mqtt.connection import Connection
from moodstream.mqtt.journal import Journal
from tests.reliability.size import Size, grows, size_of
from tests.reliability.subscriber import Subscriber
from tests.support.mosquitto import Mosquitto

JOURNAL = 100_000
"""Capacity of the journal: events come hundreds of times too fast, and none may be dropped."""
SETTLED = 0.1
"""Share of the audio after which all memory is allocated."""
INTERVAL_S = 0.5


@dataclass
class Day:
    """Result of a day."""

    hours: float
    seconds: float = 0.0
    """Seconds that the day took."""
    sizes: list[Size] = field(default_factory=list)
    """Sizes of the process at intervals, after it has settled."""
    events: int = 0
    lost: int = 0
    disorder: int = 0
    status: int = 0

    @property
    def is_good(self) -> bool:
        is_whole = self.events > 0 and not (self.lost or self.disorder)
        return is_whole and self.status == 0 and not grows(self.sizes)


def day(hours: float) -> Day:
    found = Day(hours)
    with tempfile.TemporaryDirectory(prefix="moodstream-") as folder:
        directory = Path(folder)
        broker = Mosquitto(directory)
        broker.start()
        heard = Subscriber(broker)
        begun_s = time.monotonic()
        command = [sys.executable, "-m", __name__, broker.url, folder, str(hours)]
        process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            position_s = heard.state.get("position", 0.0)
            if heard.availability == "online" and SETTLED * hours * 3600 < position_s:
                found.sizes.append(size_of(process))
            time.sleep(INTERVAL_S)
        found.status, found.seconds = process.returncode, time.monotonic() - begun_s
        heard.close()
        broker.kill()
        journal = Journal(JOURNAL, directory)
        found.events, found.disorder = heard.events, heard.disorder
        found.lost = len(heard.missing(journal.last))
        journal.close()
    return found


def _chunks(hours: float) -> Iterator[Block]:
    """The recording over and over."""
    with AudioFile(RECORDING) as file:
        left_n = round(hours * 3600 * file.rate)
        while left_n > 0:
            for block in file.blocks():
                yield block
                left_n -= len(block.samples)


if __name__ == "__main__":
    url, state, hours = sys.argv[1:]
    config = Config(mqtt=MqttConfig(url=url, journal_events=JOURNAL))
    run_daemon(config, Connection(mqtt_url.parse(url)), _chunks(float(hours)), [], Path(state))
