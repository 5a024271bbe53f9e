"""An open device; its faults are tried on the whole daemon."""

import os
import subprocess
import sys

import pytest

LISTENS = """
import sys
from moodstream.audio.capture import Capture
from moodstream.audio.chunk import Block
from moodstream.audio.device import find
widths = []
watch = lambda block: widths.append(block.shape[1])
capture = Capture(find("room.monitor"), 10, eval(sys.argv[1]), watch)
blocks = [capture.ring.read(2) for _ in range(4)]
print(set(widths), all(isinstance(block, Block) for block in blocks))
capture.close()
"""


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ("()", "{2} True"),
        ("(1,)", "{2} True"),
        ("(0,)", "{2} True"),  # PulseAudio would mix both into a single one
        ("(2,)", "no channel 2, only 2"),
    ],
)
def test_channels_are_chosen(pulseaudio, channels, said):
    command = [sys.executable, "-c", LISTENS, channels]
    environment = {**pulseaudio.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert said in result.stdout + result.stderr
