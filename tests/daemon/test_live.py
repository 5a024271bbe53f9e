"""Live and replayed are the same, byte for byte."""

import json
import signal
import sys
from itertools import dropwhile

import pytest
import soundfile

from tests.support.daemon import changes, daemon
from tests.support.program import run_program, wait_until

TEE = """
import sys
from moodstream.cli.group import main  # before numpy: BLAS rounds differently in more threads
import numpy as np
import soundfile
from moodstream.audio import microphone
from moodstream.audio.capture import Capture
from moodstream.audio.chunk import Block

came, given, chunks = [], [], microphone.Microphone.chunks

class Tee(Capture):
    def __init__(self, *arguments):
        super().__init__(*arguments, watch=lambda block: came.append(block.copy()))

def tee(self, stop):
    for chunk in chunks(self, stop):
        given.append(chunk)
        yield chunk

microphone.Capture, microphone.Microphone.chunks = Tee, tee
try:
    main(["run", *sys.argv[2:]])
finally:
    blocks = [chunk for chunk in given if isinstance(chunk, Block)]
    # The last blocks may have come too late to be heard.
    samples = np.concatenate(came)[: sum(len(block.samples) for block in blocks)]
    soundfile.write(sys.argv[1], samples, blocks[0].rate, "FLOAT")
"""
"""The daemon, with a listener on all channels of its device: the product itself writes no audio."""


@pytest.mark.timeout(300)
def test_live_is_as_replayed(pulseaudio, mosquitto, tmp_path, recording):
    """Played into a null sink, captured, published, subscribed: the very messages of a replay."""
    samples, rate = recording
    played, captured = tmp_path / "played.wav", tmp_path / "captured.wav"
    soundfile.write(played, samples[120 * rate : 160 * rate], rate)
    command = [sys.executable, "-c", TEE, str(captured)]
    command += ["--broker", mosquitto.url, "--prefix", "den", "--states"]
    with (
        mosquitto.subscriber("den/event") as events,
        mosquitto.subscriber("den/current") as states,
        mosquitto.subscriber("den/availability") as availability,
        daemon(command, pulseaudio.environment, tmp_path) as (process, systemd),
    ):
        wait_until(lambda: ("silence", None) in changes(events))
        assert availability[-1] == "online"
        pulseaudio.play(played).wait()
        wait_until(lambda: changes(events)[-1] == ("silence", None))
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        wait_until(lambda: availability[-1] == "offline")

    result = run_program("replay", captured, "--format", "jsonl")
    *replayed, summary = map(json.loads, result.stdout.splitlines())
    assert summary["duration"] > 45
    assert {state["status"] for state in replayed} >= {"warming_up", "silence", "ok"}
    written = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    found = [timeless(message) for message in written if message["type"] == "state"]
    # How often depends on how long the device took to open.
    first, farewell = found[0], found.pop()
    found = [*dropwhile(lambda state: state == first, found)]
    expected = [timeless(message) for message in replayed if message["type"] == "state"]
    # The end of the file gives up what the resampler held back, and a part of a hop.
    assert found == expected[: len(found)]
    assert len(expected) - len(found) <= 2
    assert first["status"] == farewell["status"] == "no_audio"
    first, *found, farewell = [timeless(json.loads(event)) for event in events]
    expected = [timeless(message) for message in replayed if message["type"] == "event"]
    # To the daemon it is a change that there is audio at all.
    expected[0]["previous"] = {"status": "no_audio", "mood": None}
    assert found == [event | {"seq": event["seq"] + 1} for event in expected]
    assert len(found) >= 5
    assert first["status"] == farewell["status"] == "no_audio"
    assert len(states) > 80
    assert json.loads(states[-1])["status"] == "no_audio"
    assert "WATCHDOG=1" in systemd.heard
    assert any(line.startswith("STATUS=the mood is") for line in systemd.heard)
    assert systemd.heard[-1] == "STOPPING=1"


def timeless(message):
    """What live and replay must agree on: all but the clock, and whose room it is."""
    differing = ("type", "file", "time", "since", "source")
    return {k: v for k, v in message.items() if k not in differing}
