"""`moodstream doctor --quick`, as the health check of a container calls it."""

import os
import subprocess
import time

from tests.support.program import MOODSTREAM, run_program, wait_until

NO_DEVICE = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}


def quick(url):
    begun_s = time.monotonic()
    result = run_program("doctor", "--quick", "--broker", url, env=NO_DEVICE)
    return result.returncode, result.stdout, time.monotonic() - begun_s


def test_it_is_well_while_a_daemon_is_online_even_without_a_microphone(mosquitto):
    status, text, _ = quick(mosquitto.url)
    assert status == 1
    assert "no daemon has published below mood/ yet" in text
    command = [*MOODSTREAM, "run", "--broker", mosquitto.url]
    with (
        mosquitto.subscriber("mood/#", "-F", "%t %p") as lines,
        subprocess.Popen(command, env=NO_DEVICE, stdout=subprocess.DEVNULL) as daemon,
    ):
        wait_until(lambda: any("mood/current" in line for line in lines))
        status, text, _ = quick(mosquitto.url)
        assert status == 0, text
        assert "the daemon is online, its retained state: no_audio" in text
        assert not any(line.startswith("mood/doctor") for line in lines)
        daemon.terminate()
    status, text, _ = quick(mosquitto.url)
    assert status == 1
    assert "failure    the daemon is offline" in text


def test_a_broker_that_does_not_answer_costs_a_second(mosquitto):
    mosquitto.freeze()
    status, text, took_s = quick(mosquitto.url)
    assert status == 1
    assert "no answer within 1 s" in text
    assert took_s < 5


def test_wrong_settings_are_a_failure():
    status, text, _ = quick("mqtt://")
    assert status == 1
    assert "they are wrong" in text
