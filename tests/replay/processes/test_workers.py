import os
import subprocess
import threading

import psutil
import pytest
import soundfile

from moodstream.config.sections import Config
from moodstream.replay.processes import workers
from moodstream.replay.processes.worker import Task
from moodstream.replay.processes.workers import Workers
from moodstream.replay.progress import Progress
from tests.support.program import MOODSTREAM, run_program, wait_until
from tests.support.replays import STYLES, files_of, reader_of, replaying
from tests.support.signals import noise


@pytest.mark.parametrize("style", STYLES)
def test_side_by_side_says_the_same_bytes_as_one_by_one(library, uninterrupted, style):
    expected = uninterrupted[style]
    names = ["a/0.flac", "a/1.flac", "a/2.flac", "b/3.flac", "b/4.flac", "b/5-cut.flac"]
    assert files_of(expected.stdout, style) == [str(library / name) for name in names]
    assert "1-not.mp3: is empty" in expected.stderr
    assert "5-cut.flac: damaged after" in expected.stderr
    result = run_program("replay", library, "--format", style, "--jobs", 3)
    assert result.stdout == expected.stdout
    assert result.stderr == expected.stderr
    assert result.returncode == expected.returncode == 1


def test_the_table_has_all_in_order(library):
    one, many = (run_program("replay", library, "--jobs", jobs) for jobs in (1, 0))
    assert many.stdout == one.stdout
    assert len(many.stdout.splitlines()) >= 7


def test_a_file_that_kills_its_process_harms_no_other(library, uninterrupted, stuck):
    files = [library / "a", stuck, library / "b"]
    arguments = (*files, "--jobs", 2, "--format", "csv")
    with replaying(*arguments) as process, reader_of(stuck, process) as reader:
        reader.kill()
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert f"{stuck}: the process that replayed it was ended (SIGKILL)" in errors
    assert output == uninterrupted["csv"].stdout


def test_no_process_outlives_its_parent_not_even_a_stuck_one(library, stuck):
    with replaying(library / "a", stuck, "--jobs", 2) as process, reader_of(stuck, process):
        children = psutil.Process(process.pid).children()
        assert len(children) == 2
        process.kill()
        # The pipe is still open: the reader waits in the kernel, and hears of nothing.
        _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive


def test_it_ends_if_its_processes_are_ended_while_they_start(library):
    with replaying(library, "--jobs", 2) as process:
        wait_until(lambda: len(psutil.Process(process.pid).children()) == 2)
        for child in psutil.Process(process.pid).children():
            child.terminate()
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Error: a process to replay recordings ended at its start: SIGTERM" in errors
    assert "Traceback" not in errors


def test_a_recording_without_progress_is_given_up(monkeypatch, bundle, library, stuck):
    monkeypatch.setattr(workers, "STALL_S", 3.0)
    files = [library / "a" / "0.flac", stuck, library / "a" / "1.flac"]
    task = Task(Config(), bundle, "settings", states=False)
    writer = os.open(stuck, os.O_RDWR)  # a writer that never writes
    with Workers(task, 2) as both, Progress(files, hidden=True) as progress:
        first, given_up, last = both.replay(files, threading.Event(), progress)
        assert len(both._workers) == 2
    os.close(writer)
    assert first.summary
    assert last.summary
    assert not first.failed
    assert not last.failed
    assert given_up.failed
    assert given_up.summary is None
    (complaint,) = given_up.complaints
    assert complaint.startswith(f"Error: {stuck}: no progress for 3 s, abandoned")


def test_a_recording_with_progress_is_not_given_up_however_long_it_is(
    monkeypatch, bundle, tmp_path
):
    monkeypatch.setattr(workers, "STALL_S", 1.5)
    path = tmp_path / "long.wav"
    soundfile.write(path, noise(2400), 16000)  # takes longer than that
    task = Task(Config(), bundle, "settings", states=False)
    with Workers(task, 1) as one, Progress([path], hidden=True) as progress:
        (outcome,) = one.replay([path], threading.Event(), progress)
    assert not outcome.failed
    assert outcome.summary["duration"] == 2400


def test_more_files_take_no_more_memory(tmp_path):
    soundfile.write(tmp_path / "0.wav", noise(0.5), 16000)
    for i in range(1, 150):
        (tmp_path / f"{i}.wav").hardlink_to(tmp_path / "0.wav")
    few, many = (peak_kib(sorted(tmp_path.iterdir())[:count]) for count in (10, 150))
    assert many - few < 5_000


def peak_kib(files):
    """The peak resident memory of any of the processes."""
    code = (
        "import resource, subprocess, sys; "
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    program = [*MOODSTREAM, "replay", *map(str, files), "--jobs", "2", "--format", "jsonl"]
    command = [MOODSTREAM[0], "-c", code, *program]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
