"""States that resemble each other are published less often; a change never waits."""

import os
import signal
import subprocess

from moodstream.mqtt.pace import Pace
from tests.support.program import MOODSTREAM, wait_until

HAPPY, SAD = {"status": "ok", "mood": "happy"}, {"status": "ok", "mood": "sad"}


def test_a_change_is_due_at_once_and_the_same_after_a_while():
    times_s = iter((0, 1, 2, 6.9, 7, 7.5))
    pace = Pace(5.0, lambda: next(times_s))
    due = [pace.is_due(state) for state in (HAPPY, HAPPY, SAD, SAD, SAD, HAPPY)]
    assert due == [True, False, True, False, True, True]


def test_by_default_every_state_is_due():
    pace = Pace(0.0, lambda: 0.0)
    assert all(pace.is_due(HAPPY) for _ in range(3))


def test_a_daemon_publishes_fewer_states(mosquitto, tmp_path):
    counts = {}
    for every_s in ("0", "5"):
        environment = {**os.environ, "MOODSTREAM_MQTT_CURRENT_EVERY_S": every_s}
        command = [*MOODSTREAM, "demo", "--broker", mosquitto.url, "--device", "no such device"]
        with (
            mosquitto.subscriber("mood/current") as states,
            subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as demo,
        ):
            wait_until(lambda: any('"uncertain"' in state or '"ok"' in state for state in states))
            counts[every_s] = len(states)
            demo.send_signal(signal.SIGINT)
    assert counts["0"] >= 6
    assert counts["5"] <= 4
