"""Commands that write samples: real ones."""

import os
import shlex
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from moodstream.audio.chunk import Gap
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.sources import command as command_module
from moodstream.audio.sources.command import Command
from moodstream.audio.sources.input import InputError
from moodstream.audio.sources.stream import Stream
from tests.support.program import wait_until
from tests.support.receiving import gathering

MONO = Layout(16000, 1, "s16")


def python(code, *arguments):
    return [sys.executable, "-c", code, *map(str, arguments)]


def heard(words, layout=MONO):
    """All that a command writes, and why it ended."""
    pieces = []
    with pytest.raises(InputError) as caught:
        pieces.extend(piece.samples for piece in Command(words, layout).pieces(threading.Event()))
    return np.concatenate(pieces) if pieces else np.zeros((0, 1)), str(caught.value)


def test_its_samples_are_those_that_it_writes_however_they_are_cut(tmp_path):
    samples = np.random.default_rng(1).integers(-9000, 9000, (50_001, 2), np.int16)
    (tmp_path / "raw").write_bytes(samples.tobytes())
    code = (
        "import sys, os, random\ndata, at = open(sys.argv[1], 'rb').read(), 0\n"
        "while at < len(data): n = random.randint(1, 9999); os.write(1, data[at : at + n]); at += n"
    )
    found, why = heard(python(code, tmp_path / "raw"), Layout(44100, 2, "s16"))
    assert np.array_equal(found, samples)
    assert why == "it has ended, status 0"


def test_it_says_why_it_ended_but_no_password():
    code = (
        "import sys; sys.stderr.write('first\\nrtsp://me:geheim@cam/x: refused\\x1b[2J\\n'); "
        "sys.exit(3)"
    )
    _, why = heard(python(code))
    assert why.startswith("it has ended, status 3: rtsp://cam: refused")
    assert "\x1b" not in why
    assert Command(["/usr/bin/ffmpeg", "-i", "rtsp://me:geheim@cam"], MONO).label == (
        "command 'ffmpeg'"
    )


def test_a_program_that_is_not_there_is_named():
    assert heard(["/nonexistent/arecord"])[1] == "/nonexistent/arecord: no such file or directory"


def test_it_does_not_get_our_own_secrets(monkeypatch):
    monkeypatch.setenv("MOODSTREAM_MQTT_PASSWORD", "geheim")
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/notify")
    monkeypatch.setenv("KEPT", "x")
    code = "import os, sys; sys.stderr.write(str(sorted(os.environ)))"
    _, why = heard(python(code))
    assert "KEPT" not in why or "MOODSTREAM" not in why
    names = command_module._environment(os.environ)
    assert names["KEPT"] == "x"
    assert not {"MOODSTREAM_MQTT_PASSWORD", "NOTIFY_SOCKET"} & names.keys()


def test_one_that_stalls_is_ended(monkeypatch):
    monkeypatch.setattr(command_module, "STALL_S", 0.5)
    code = "import os, time; os.write(1, bytes(3200)); time.sleep(600)"
    begun_s = time.monotonic()
    samples, why = heard(python(code))
    assert len(samples) == 1600
    assert why == "no audio came for 0.5 s"
    assert time.monotonic() - begun_s < 10


def test_all_programs_of_a_pipeline_end_with_it(tmp_path):
    script = f"echo $$ > {tmp_path}/pid; trap '' TERM; cat /dev/zero | cat"
    with gathering(Stream(Command(["sh", "-c", script], MONO), 10.0)) as gathered:
        wait_until(lambda: len(gathered.samples) > 16000)
        leader = psutil.Process(int(Path(tmp_path / "pid").read_text()))
        family = [leader, *leader.children(recursive=True)]
        assert len(family) > 1
    assert not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family
    )


def test_it_is_started_again_when_it_ends(tmp_path):
    """The time away is a gap; nothing is heard meanwhile."""
    code = "import os; os.write(1, bytes(range(1, 129)) * 500)"  # two seconds
    source = Stream(Command(python(code), MONO), 10.0)
    with gathering(source) as gathered:
        wait_until(lambda: len(gathered.samples) >= 64000)
        chunks = [*gathered.chunks]
    lengths = [chunk.length_n for chunk in chunks if isinstance(chunk, Gap) and chunk.length_n]
    assert len(lengths) == 1
    assert 16000 < lengths[0] < 16000 * 9
    first = next(i for i, chunk in enumerate(chunks) if isinstance(chunk, Gap) and chunk.length_n)
    assert chunks[first - 1] == Gap(0, 16000, source_lost=True)


def test_a_command_line_is_cut_as_in_a_shell():
    words = shlex.split("sh -c 'exit 4'")
    assert heard(words)[1] == "it has ended, status 4"
