import os
import subprocess
import sys
from multiprocessing import Pipe

import soundfile

from moodstream.config.sections import Config
from moodstream.replay.processes.worker import Outcome, Progressed, Task
from moodstream.replay.processes.workers import PROGRAM
from tests.support.signals import noise


def started(parent):
    ours, theirs = Pipe()
    arguments = [str(theirs.fileno()), str(parent)]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        pass_fds=[theirs.fileno()],
        stderr=subprocess.PIPE,
    )
    theirs.close()
    return ours, process


def test_it_takes_a_task_and_then_path_after_path(bundle, tmp_path, short):
    connection, process = started(os.getpid())
    soundfile.write(tmp_path / "long.wav", noise(900), 16000)
    with connection, process:
        assert connection.recv() is None
        connection.send(Task(Config(), bundle, "settings", states=True))
        for path, duration in ((short, 5), (tmp_path / "long.wav", 900), (short, 5)):
            connection.send(path)
            heard_s, behind = 0.0, [0.0]
            while isinstance(message := connection.recv(), Progressed):
                heard_s += message.heard_s
                behind.append(message.behind)
            assert isinstance(message, Outcome)
            assert not message.failed
            assert message.complaints == ()
            assert message.summary["file"] == str(path)
            assert message.summary["duration"] == duration
            assert message.lines.count('{"type":"state",') == 2 * duration
            assert heard_s + message.heard_s == duration
            assert behind == sorted(behind)
        connection.close()
        assert process.wait(20) == 0
        assert process.stderr.read() == b""


def test_a_bad_recording_is_an_outcome_too(bundle, tmp_path):
    connection, process = started(os.getpid())
    with connection, process:
        connection.recv()
        connection.send(Task(Config(), bundle, "settings", states=False))
        connection.send(tmp_path / "absent.wav")
        outcome = connection.recv()
        connection.close()
    assert outcome.failed
    assert outcome.summary is None
    assert "absent.wav: no such file" in outcome.complaints[0]


def test_it_does_not_begin_without_its_parent():
    connection, process = started(parent=1)
    with connection, process:
        assert process.wait(20) == 1
