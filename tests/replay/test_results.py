import io
import os
import resource
import signal
import subprocess
from functools import partial

import pytest
import soundfile

from moodstream.bundle import disk
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.replay import results
from moodstream.replay.errors import ResultsError
from moodstream.replay.settings import fingerprint
from tests.support.program import MOODSTREAM, run_program, wait_until
from tests.support.replays import STYLES, files_of, reader_of, replaying
from tests.support.signals import noise

SHIPPED = disk.read(disk.shipped())
CARD = SHIPPED.card
SETTINGS = fingerprint(SHIPPED.sha256, DEFAULT_HOP_S, CARD.silence, CARD.smoothing, adapt=False)


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
            if jobs == 1:  # it is the reader itself, and looks up only after a hop
                writer.write(wav.getvalue())
                writer.close()
            _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in errors
    kept = out.read_bytes()
    assert kept.endswith(b"\n")
    stuck.unlink()
    stuck.write_bytes(wav.getvalue())
    result = run_program("replay", *arguments, "--resume", out)
    assert result.returncode == 1  # one of them is still no audio
    done = files_of(kept.decode(), style)
    assert len(done) in (6, 7)  # the one that it was hearing may have ended first
    assert f"{len(done)} of 12 files" in result.stderr
    resumed = out.read_bytes()
    assert resumed.startswith(kept)
    expected = subprocess.run([*MOODSTREAM, "replay", *map(str, arguments)], capture_output=True)
    assert resumed == expected.stdout


@pytest.mark.parametrize("style", STYLES)
def test_results_that_break_off_anywhere_are_cut_to_whole_ones(tmp_path, uninterrupted, style):
    whole = uninterrupted[style].stdout.encode()
    path = tmp_path / "out"
    known = 0
    for length in {*range(0, len(whole), 997), *range(300), *range(len(whole) - 300, len(whole))}:
        path.write_bytes(whole[:length])
        with results.resumed(path, style, SETTINGS) as found:
            assert found.empty == (path.stat().st_size == 0)
        kept = path.read_bytes()
        assert whole.startswith(kept)
        files = files_of(kept.decode(), style)
        assert found.done == dict.fromkeys(files, 1)
        assert kept.endswith(b"\n") or not kept
        known = max(known, len(files))
    assert known == 5
    path.write_bytes(whole)
    with results.resumed(path, style, SETTINGS) as found:
        assert found.done.total() == 6
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
        b'{"type":"summary","file":"a"}\n',
        b'{"type":"summary",' + b"[" * 100_000 + b"\n",
        b"file,mood\na.wav,happy\n",
        b"\n\n\n",
        bytes(range(256)) * 100,
    ],
)
def test_files_of_others_are_left_alone(tmp_path, style, content):
    path = tmp_path / "out"
    path.write_bytes(content)
    with pytest.raises(ResultsError, match=r"out: .*; name a file"):
        results.resumed(path, style, SETTINGS).__enter__()
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


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("other", "complaint"),
    [(("--hop", 1.0), "other settings"), (("--adapt",), "other settings")],
)
def test_results_of_other_settings_are_not_continued(tmp_path, library, style, other, complaint):
    out = tmp_path / "out"
    arguments = ("replay", library / "a" / "0.flac", "--format", style)
    out.write_text(run_program(*arguments, *other).stdout)
    before = out.read_bytes()
    result = run_program(*arguments, "--resume", out)
    assert result.returncode == 1
    assert f"{out}: its results were made with {complaint}" in result.stderr
    assert out.read_bytes() == before


def test_results_of_another_bundle_are_not_continued(tmp_path, uninterrupted):
    out = tmp_path / "out"
    out.write_text(uninterrupted["csv"].stdout)
    other = "0" * 12 + SETTINGS[12:]
    with pytest.raises(ResultsError, match="made with another bundle"):
        results.resumed(out, "csv", other).__enter__()
