"""Many recordings at once: --jobs and --resume."""

import csv
import io
import json
import os
import pty
import resource
import signal
import subprocess
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest
import soundfile
import soxr

from moodstream.replay import results
from tests.support.program import MOODSTREAM, run_program, wait_until
from tests.support.signals import noise

STYLES = ("csv", "jsonl")


@pytest.fixture(scope="module")
def library(recording, tmp_path_factory):
    """Two albums, some files of which are none; their names sort as they are written here."""
    folder = tmp_path_factory.mktemp("library")
    samples, rate = recording
    for i in range(5):
        path = folder / "ab"[i // 3] / f"{i}.flac"
        path.parent.mkdir(exist_ok=True)
        part = samples[(30 + 10 * i) * rate : (36 + 10 * i + i) * rate]
        soundfile.write(path, soxr.resample(part, rate, 16000), 16000)
    (folder / "a" / "1-not.mp3").write_bytes(b"")
    (folder / "a" / "notes.txt").write_text("not heard")
    (folder / "a" / "._0.flac").write_text("not heard either")
    whole = (folder / "b" / "4.flac").read_bytes()
    (folder / "b" / "5-cut.flac").write_bytes(whole[: len(whole) // 2])
    return folder


def files_of(text, style):
    if style == "csv":
        return [row["file"] for row in csv.DictReader(io.StringIO(text))]
    lines = [json.loads(line) for line in text.splitlines()]
    return [line["file"] for line in lines if line["type"] == "summary"]


@pytest.fixture(scope="module")
def uninterrupted(library):
    """What one process says of the library, by style."""
    return {style: run_program("replay", library, "--format", style) for style in STYLES}


@contextmanager
def replaying(*arguments):
    """The program at work, in a terminal's process group of its own."""
    command = [*MOODSTREAM, "replay", *map(str, arguments)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def stuck(tmp_path):
    """A file whose reader waits for ever."""
    path = tmp_path / "stuck.wav"
    os.mkfifo(path)
    return path


@contextmanager
def reader_of(fifo, process):
    """The worker of the program that has opened the pipe, and now waits for what it holds."""
    writer = os.open(fifo, os.O_WRONLY)  # returns when there is a reader
    try:
        (reader,) = [
            child for child in psutil.Process(process.pid).children() if fifo in opened(child)
        ]
        yield reader
    finally:
        fifo.unlink()  # so that nobody waits for it again
        os.close(writer)


def opened(process):
    return [fd.readlink() for fd in Path(f"/proc/{process.pid}/fd").iterdir()]


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
    assert f"{stuck}: the process that heard it was ended (SIGKILL)" in errors
    assert output == uninterrupted["csv"].stdout


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("style", STYLES)
def test_what_was_done_before_ctrl_c_is_kept_and_gone_on_with(
    tmp_path, library, stuck, style, jobs
):
    out = tmp_path / "out"
    arguments = (library, stuck, library / "a", "--format", style, "--jobs", jobs)
    last = str(library / "b" / "5-cut.flac")
    last = f'"file":"{last}"' if style == "jsonl" else last
    wav = io.BytesIO()
    soundfile.write(wav, noise(1), 16000, format="WAV")
    with replaying(*arguments, "--resume", out) as process:
        wait_until(lambda: out.exists() and last in out.read_text().rpartition("\n")[0])
        with stuck.open("wb") as writer:  # there is a reader now
            os.killpg(process.pid, signal.SIGINT)
            if jobs == 1:  # it is the reader itself, and looks up after each hop
                writer.write(wav.getvalue())
                writer.flush()
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in errors
    kept = out.read_bytes()
    assert kept.endswith(b"\n")
    stuck.unlink()
    stuck.write_bytes(wav.getvalue())
    result = run_program("replay", *arguments, "--resume", out)
    assert result.returncode == 1  # one of them is still no audio
    assert "6 of 12 files" in result.stderr
    resumed = out.read_bytes()
    assert resumed.startswith(kept)
    expected = subprocess.run([*MOODSTREAM, "replay", *map(str, arguments)], capture_output=True)
    assert resumed == expected.stdout


@pytest.mark.parametrize("style", STYLES)
def test_results_that_break_off_anywhere_are_cut_to_whole_ones(tmp_path, uninterrupted, style):
    text = uninterrupted[style].stdout
    if style == "csv":
        text = text.replace("\n", "\r\n")
    whole = text.encode()
    path = tmp_path / "out"
    known = 0
    for length in {*range(0, len(whole), 997), *range(300), *range(len(whole) - 300, len(whole))}:
        path.write_bytes(whole[:length])
        with results.resumed(path, style) as found:
            assert found.empty == (path.stat().st_size == 0)
        kept = path.read_bytes()
        assert whole.startswith(kept)
        files = files_of(kept.decode(), style)
        assert found.heard == dict.fromkeys(files, 1)
        assert kept.endswith(b"\n") or not kept
        known = max(known, len(files))
    assert known == 5
    path.write_bytes(whole)
    with results.resumed(path, style) as found:
        assert found.heard.total() == 6
    assert path.read_bytes() == whole


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "content",
    [
        b"my diary\n",
        b"my diary",
        b'{"type":"Feature","geometry":null}\n',
        b'{"type":"summary",}\n',
        b'{"type":"summary","file":["a"]}\n',
        b'{"type":"summary",' + b"[" * 100_000 + b"\n",
        b"file,mood\r\na.wav,happy\r\n",
        b"\n\n\n",
        bytes(range(256)) * 100,
    ],
)
def test_files_of_others_are_left_alone(tmp_path, style, content):
    path = tmp_path / "out"
    path.write_bytes(content)
    with pytest.raises(results.ResultsError, match=r"out: .*; name a file"):
        results.resumed(path, style).__enter__()
    assert path.read_bytes() == content


def test_what_cannot_be_gone_on_with_is_told(tmp_path, library, stuck):
    for path, part in (
        (tmp_path, "directory"),
        (tmp_path / "absent" / "out", "No such file"),
        (library / "a" / "0.flac", "name a file that 'replay --format csv' has written"),
    ):
        result = run_program("replay", library, "--format", "csv", "--resume", path)
        assert result.returncode == 1
        assert part in result.stderr
    out = tmp_path / "out"
    arguments = (stuck, "--format", "csv", "--resume", out, "--jobs", 2)
    with replaying(*arguments) as process, reader_of(stuck, process):
        assert "another replay is writing it" in run_program("replay", *arguments).stderr


def test_a_full_disk_is_told_and_gone_on_with_when_there_is_room(tmp_path, library, uninterrupted):
    out = tmp_path / "out"
    arguments = ("replay", library, "--format", "csv", "--resume", out)
    full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (700, 700))
    result = run_program(*arguments, preexec_fn=full)
    assert result.returncode == 1
    assert f"Error: {out}: File too large" in result.stderr
    assert out.stat().st_size == 700
    run_program(*arguments)
    assert out.read_text() == uninterrupted["csv"].stdout


def test_names_that_are_not_utf8_are_heard_and_shown(tmp_path, library):
    path = tmp_path / os.fsdecode(b"caf\xe9.flac")
    path.write_bytes((library / "a" / "0.flac").read_bytes())
    out = tmp_path / "out"
    for said in ("", "1 of 1 files"):
        result = run_program("replay", tmp_path, "--format", "csv", "--resume", out)
        assert result.returncode == 0
        assert said in result.stderr
        assert files_of(out.read_text(), "csv") == [str(tmp_path / "caf\\xe9.flac")]
    for style in STYLES:
        result = run_program("replay", path, "--format", style, "--jobs", 2)
        assert files_of(result.stdout, style) == [str(tmp_path / "caf\\xe9.flac")]


def test_no_process_is_left_behind(library, stuck):
    with replaying(library / "a", stuck, "--jobs", 2) as process:
        with reader_of(stuck, process):
            children = psutil.Process(process.pid).children()
            assert len(children) >= 2
            process.kill()
        _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive


def test_it_ends_if_all_processes_are_told_to_while_they_start(library):
    with replaying(library, "--jobs", 4) as process:
        wait_until(lambda: len(psutil.Process(process.pid).children()) >= 2)
        os.killpg(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode in (1, 130)
    assert errors.startswith("Error: ")
    assert "Traceback" not in errors


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


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_terminal_shows_files_and_speed(library, jobs):
    ours, theirs = pty.openpty()
    command = [*MOODSTREAM, "replay", str(library / "b"), "--format", "csv", "--jobs", str(jobs)]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert result.returncode == 1
    assert "0/3 files" in shown
    assert "3/3 files" in shown
    assert " h/min" in shown
    assert "damaged" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("--jobs", "-1"),
        ("--jobs", "many"),
        ("--jobs", "2", "--adapt"),
        ("--jobs", "0", "--realtime"),
        ("--jobs", "2", "--publish"),
        ("--resume", "out"),
        ("--resume", "out", "--format", "csv", "--adapt"),
    ],
)
def test_what_contradicts_itself_is_a_usage_error(tmp_path, arguments):
    result = run_program("replay", "x.wav", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert "--" in result.stderr
    assert not [*tmp_path.iterdir()]
