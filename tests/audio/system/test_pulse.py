"""What the sound server says of its sources."""

import os
import threading

from moodstream.audio.system.pulse import VARIABLE, Source, chosen, parsed

LISTING = """Source #0
\tState: RUNNING
\tName: alsa_output.usb.analog-stereo.monitor
\tDescription: Monitor of Küche: Lautsprecher
\tSample Specification: s16le 2ch 44100Hz
\tMonitor of Sink: alsa_output.usb.analog-stereo
\tProperties:
\t\tdevice.description = "Name: not this"

Source #1
\tName: alsa_input.pci.analog-stereo
\tDescription: Built-in Audio
\tSample Specification: float32le 6ch 96000Hz
\tMonitor of Sink: n/a
"""


def test_a_listing_is_read():
    assert parsed(LISTING) == [
        Source(
            "alsa_output.usb.analog-stereo.monitor",
            "Monitor of Küche: Lautsprecher",
            2,
            44100,
            monitor=True,
        ),
        Source("alsa_input.pci.analog-stereo", "Built-in Audio", 6, 96000, monitor=False),
    ]
    assert parsed("") == parsed("Connection failure: Connection refused") == []


def test_a_choice_ends_with_its_context_and_excludes_others(monkeypatch):
    monkeypatch.setenv(VARIABLE, "before")
    seen = []

    def other():
        with chosen("second"):
            seen.append(os.environ[VARIABLE])

    with chosen("first"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.1)
        seen.append(os.environ[VARIABLE])
    thread.join()
    assert seen == ["first", "second"]
    assert os.environ[VARIABLE] == "before"
