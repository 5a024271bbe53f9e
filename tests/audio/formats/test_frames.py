"""Frames of FFmpeg's libraries as samples."""

import subprocess
import sys


def test_sixteen_channels_do_not_crash_the_decoder():
    """PyAV reads behind its table of planes if there are more than eight. Damaged AAC has many."""
    code = (
        "import av; from moodstream.audio.formats.frames import samples\n"
        "frame = av.AudioFrame('fltp', 'hexadecagonal', 1024); frame.sample_rate = 32000\n"
        "print(samples(av, frame).shape)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, "(1024, 16)\n")
