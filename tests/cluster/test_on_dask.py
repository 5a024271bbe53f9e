import os
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest
import soundfile
from distributed import Client, LocalCluster

from moodstream.cluster import on_dask
from moodstream.config.sections import Config
from moodstream.replay.batch import Batch, replay
from moodstream.replay.processes import workers
from tests.cluster.conftest import running
from tests.support.program import MOODSTREAM, run_program, wait_until
from tests.support.replays import STYLES, files_of, opened, replaying
from tests.support.signals import noise


@pytest.mark.parametrize("style", STYLES)
def test_two_workers_say_the_same_bytes_as_one_process(pair, library, uninterrupted, style):
    expected = uninterrupted[style]
    result = run_program("replay", library, "--format", style, "--dask", pair.address)
    assert result.stdout == expected.stdout
    assert result.stderr == expected.stderr
    assert result.returncode == expected.returncode == 1


def test_relative_names_stay_as_they_are_written(pair, library):
    arguments = ("replay", "a", "b/5-cut.flac", "--format", "jsonl")
    expected = run_program(*arguments, cwd=library)
    result = run_program(*arguments, "--dask", pair.address, cwd=library)
    assert result.stdout == expected.stdout
    assert result.stderr == expected.stderr


def test_names_of_any_bytes(pair, library, tmp_path):
    path = tmp_path / os.fsdecode(b'caf\xe9 "\\ \xff.flac')
    path.write_bytes((library / "a" / "0.flac").read_bytes())
    expected = run_program("replay", path.name, "--format", "jsonl", cwd=tmp_path)
    result = run_program(
        "replay", path.name, "--format", "jsonl", "--dask", pair.address, cwd=tmp_path
    )
    assert result.stdout == expected.stdout


@pytest.mark.parametrize("style", STYLES)
def test_it_continues_where_it_ended(pair, library, uninterrupted, tmp_path, style):
    out = tmp_path / "out"
    options = ("--format", style, "--resume", out, "--dask", pair.address)
    run_program("replay", library / "a", *options)
    first = out.read_text()
    assert 0 < len(first) < len(uninterrupted[style].stdout)
    out.write_text(first[:-7])
    result = run_program("replay", library, *options)
    assert "files are in" in result.stderr
    assert out.read_text() == uninterrupted[style].stdout


def test_a_worker_that_is_killed_costs_nothing(tmp_path):
    for i in range(12):
        soundfile.write(tmp_path / f"{i:02}.flac", noise(60 + i), 16000)
    out = tmp_path / "out"
    with running(tmp_path) as cluster:
        cluster.add_worker()
        doomed = cluster.add_worker()
        arguments = (tmp_path, "--format", "jsonl", "--resume", out, "--dask", cluster.address)
        with replaying(*arguments) as process:
            wait_until(lambda: out.exists() and b'"summary"' in out.read_bytes(), 120)
            wait_until(lambda: psutil.Process(doomed.pid).children(), 60)
            children = psutil.Process(doomed.pid).children()
            doomed.kill()
            doomed.wait()
            _, errors = process.communicate(timeout=200)
        _, alive = psutil.wait_procs(children, timeout=20)
    assert process.returncode == 0, errors
    assert not alive
    expected = run_program("replay", tmp_path, "--format", "jsonl")
    assert out.read_text() == expected.stdout


def holder_of(fifo, processes):
    """The worker whose process has opened the pipe."""
    for process in processes:
        for child in psutil.Process(process.pid).children():
            if fifo in opened(child):
                return process
    return None


def test_a_file_that_takes_its_workers_along_costs_that_file_only(tmp_path, library, uninterrupted):
    fifo = tmp_path / "stuck.wav"
    os.mkfifo(fifo)
    with running(tmp_path, allowed_failures=0) as cluster:
        pair = [cluster.add_worker(), cluster.add_worker()]
        arguments = (library / "a", fifo, library / "b", "--format", "csv")
        with replaying(*arguments, "--dask", cluster.address) as process:
            writer = os.open(fifo, os.O_WRONLY)  # returns when there is a reader
            holder_of(fifo, pair).kill()
            output, errors = process.communicate(timeout=100)
            os.close(writer)
    assert process.returncode == 1
    assert f"{fifo}: abandoned, because several workers of the cluster ended" in errors
    assert output == uninterrupted["csv"].stdout


def test_a_file_that_hangs_costs_that_file_only(
    monkeypatch, tmp_path, library, uninterrupted, capsys
):
    monkeypatch.setattr(workers, "STALL_S", 3.0)
    fifo = tmp_path / "stuck.wav"
    os.mkfifo(fifo)
    writer = os.open(fifo, os.O_RDWR)  # a writer that never writes
    out = tmp_path / "out"
    files = (library / "a", fifo, library / "b")
    options = {"brief": False, "realtime": False, "publish": False, "adapt": False, "jobs": 1}
    batch = Batch(files, "csv", raw=None, resume=out, **options)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0"
    ) as cluster:
        failed = replay(
            Config(), batch, on_dask.on_dask(cluster.scheduler_address), [], threading.Event()
        )
    os.close(writer)
    assert f"{fifo}: no progress for 3 s, abandoned" in capsys.readouterr().err
    assert failed == 3
    assert out.read_text() == uninterrupted["csv"].stdout


def fail(error):
    raise error


@pytest.mark.parametrize("error", [OSError("disk full"), TimeoutError("disk full")])
def test_whatever_a_worker_raises_costs_that_file_only(error):
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0"
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        failed = client.submit(fail, error)
        wait_until(failed.done)
        outcome = on_dask._outcome(failed, Path("x.mp3"))
    assert outcome.failed
    assert "x.mp3: a worker failed: " in outcome.complaints[0]
    assert "disk full" in outcome.complaints[0]


def test_a_scheduler_that_is_killed_ends_the_command(tmp_path):
    soundfile.write(tmp_path / "00.wav", noise(300), 16000)
    for i in range(1, 30):
        (tmp_path / f"{i:02}.wav").hardlink_to(tmp_path / "00.wav")
    out = tmp_path / "out"
    with running(tmp_path) as cluster:
        cluster.add_worker()
        command = (tmp_path, "--format", "csv", "--resume", out, "--dask", cluster.address)
        with replaying(*command) as process:
            wait_until(lambda: out.exists() and out.read_text().count("\n") > 1, 120)
            cluster.processes[0].kill()
            _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "the connection to the scheduler was lost; with --resume" in errors
    assert "Traceback" not in errors


def test_workers_that_come_later_are_waited_for(tmp_path, short):
    with running(tmp_path) as cluster:
        arguments = (short, "--format", "csv", "--dask", cluster.address)
        with replaying(*arguments) as process:
            assert "currently has no workers" in process.stderr.readline()
            cluster.add_worker()
            output, _ = process.communicate(timeout=100)
    assert files_of(output, "csv") == [str(short)]


def test_it_can_be_stopped_and_leaves_nothing_behind(pair, tmp_path):
    soundfile.write(tmp_path / "00.wav", noise(600), 16000)
    for i in range(1, 40):
        (tmp_path / f"{i:02}.wav").hardlink_to(tmp_path / "00.wav")
    out = tmp_path / "out"
    command = (tmp_path, "--format", "csv", "--resume", out, "--dask", pair.address)
    with replaying(*command) as process:
        wait_until(lambda: out.exists() and out.read_text().count("\n") > 1, 120)
        process.send_signal(2)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command continues" in errors
    deadline_s = time.monotonic() + 60
    while any(psutil.Process(worker.pid).children() for worker in pair.processes[1:]):
        assert time.monotonic() < deadline_s
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("x.wav", "--dask", "tcp://127.0.0.1:1"), 1, "no Dask scheduler answers"),
        (("x.wav", "--dask", "nonsense://x"), 1, "no Dask scheduler answers"),
        (("x.wav", "--dask", "tcp://a", "--jobs", "2"), 2, "leave out --jobs"),
        (("x.wav", "--dask", "tcp://a", "--adapt"), 2, "leave out --dask"),
        (("-", "--dask", "tcp://a"), 2, "leave out --dask"),
        (("s3://bucket/x.wav",), 2, "add --dask"),
        (("x.wav", "--parquet", "x"), 2, "--format csv --resume"),
        (("nonsense://x.wav", "--dask", "tcp://a"), 1, "nonsense"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, arguments, status, message):
    result = run_program("replay", *arguments, cwd=tmp_path)
    assert result.returncode == status, result.stderr
    assert message in result.stderr


def test_a_missing_dask_is_told_with_the_command_that_installs_it(tmp_path):
    code = (
        "import importlib.util as util; real = util.find_spec\n"
        "util.find_spec = lambda name, *_: None if name == 'distributed' else real(name)\n"
        "from moodstream.cli.group import main; main(['replay', 'x', '--dask', 'tcp://a'])"
    )
    result = subprocess.run([MOODSTREAM[0], "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    assert "pip install 'moodstream[cluster]'" in result.stderr
