"""What happens to daemons in houses: laptops sleep, disks fail, sources change."""

import json
import os
import shutil
import signal
from contextlib import ExitStack

import numpy as np
import pytest
import soundfile

from moodstream.mqtt.journal_file import NAME
from tests.daemon.test_run import changes, daemon, run
from tests.support.disks import read_only
from tests.support.program import MOODSTREAM, wait_until
from tests.support.signals import glide

NO_DEVICE = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}


def test_after_a_sleep_longer_than_the_keepalive_it_is_online_again(mosquitto, tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text(f"[mqtt]\nurl = '{mosquitto.url}'\nkeepalive_s = 5\n")
    command = [*MOODSTREAM, "run", "--config", str(settings)]
    with (
        mosquitto.subscriber("mood/availability") as availability,
        mosquitto.subscriber("mood/current") as states,
        daemon(command, NO_DEVICE, tmp_path) as (process, _),
    ):
        wait_until(lambda: availability == ["online"])
        process.suspend()
        wait_until(lambda: availability[-1] == "offline")
        process.resume()
        wait_until(lambda: availability[-1] == "online", 10)
        for _ in range(500):
            process.send_signal(signal.SIGHUP)
        before = len(states)
        wait_until(lambda: len(states) > before + 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        wait_until(lambda: availability[-1] == "offline")


@pytest.fixture
def stereo(pulseaudio, tmp_path):
    """Plays a sound into the second channel alone."""
    path = tmp_path / "stereo.wav"
    sound = glide(120, 48000)
    soundfile.write(path, np.stack([0 * sound, sound], axis=1), 48000)
    player = pulseaudio.play(path)
    yield
    player.kill()
    player.wait()


@pytest.mark.parametrize(("channel", "is_heard"), [(0, False), (1, True)])
def test_only_the_chosen_channels_are_heard(
    pulseaudio, mosquitto, tmp_path, stereo, channel, is_heard
):
    environment = {**pulseaudio.environment, "MOODSTREAM_AUDIO_CHANNELS": str(channel)}
    with (
        mosquitto.subscriber("mood/current") as states,
        daemon(run(mosquitto.url), environment, tmp_path),
    ):

        def levels():
            found = [json.loads(state)["level_dbfs"] for state in states]
            return [level for level in found if level is not None]

        wait_until(lambda: len(levels()) >= 6)
        assert (levels()[-1] > -60) == is_heard


def seqs(events):
    """The numbers of the events; one that a killed daemon could not tick off comes again."""
    return [json.loads(event)["seq"] for event in dict.fromkeys(events)]


@pytest.mark.parametrize("trouble", ["removed", "read-only at the start"])
def test_no_number_is_given_twice_whatever_happens_to_the_state_directory(
    mosquitto, tmp_path, trouble
):
    state = tmp_path / "state"
    state.mkdir()
    environment = {**NO_DEVICE, "STATE_DIRECTORY": str(state)}
    folders = iter([tmp_path / name for name in "abc"])

    def another():
        folder = next(folders)
        folder.mkdir()
        return daemon(run(mosquitto.url), environment, folder)

    with mosquitto.subscriber("mood/event") as events, ExitStack() as stack:
        with another() as (process, _):
            wait_until(lambda: seqs(events) == [1])
            process.kill()
        if trouble != "removed":
            stack.enter_context(read_only(state))
        with another() as (process, _):
            wait_until(lambda: seqs(events) == [1, 2])
            if trouble == "removed":
                shutil.rmtree(state)
            stack.close()
            mosquitto.publish("mood/set", "pause")
            wait_until(lambda: seqs(events) == [1, 2, 3])
            wait_until(lambda: (state / NAME).exists() and b" 3 " in (state / NAME).read_bytes())
            process.kill()
        with another():
            wait_until(lambda: seqs(events) == [1, 2, 3, 4])


def test_the_default_source_may_change_go_and_come(pulseaudio, mosquitto, tmp_path):
    path = tmp_path / "glide.wav"
    soundfile.write(path, glide(300, 48000), 48000)
    with (
        mosquitto.subscriber("mood/event") as events,
        daemon(run(mosquitto.url), pulseaudio.environment, tmp_path),
    ):
        wait_until(lambda: ("silence", None) in changes(events))
        player = pulseaudio.play(path)
        wait_until(lambda: changes(events)[-1] != ("silence", None))
        pulseaudio.unload()
        wait_until(lambda: changes(events)[-1] == ("no_audio", None), 10)
        player.wait()
        pulseaudio.load()
        player = pulseaudio.play(path)
        wait_until(lambda: changes(events)[-1][0] in ("ok", "uncertain"), 40)
        player.kill()
        player.wait()
