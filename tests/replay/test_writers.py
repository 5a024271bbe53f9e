import csv
import io
import json
import os
import pty
import struct
import subprocess
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pytest

from moodstream.audio.demo import RECORDING
from moodstream.mood.circumplex import MOODS
from moodstream.replay.writers import CsvWriter, LinesWriter, TableWriter
from moodstream.text import cells
from tests.support.program import MOODSTREAM, run_program


def message(file="a.wav", **changes):
    scores = dict.fromkeys(MOODS, 0.02) | {"calm": 0.86}
    return {
        "type": "summary",
        "file": file,
        "duration": 74.96,
        "mood": "calm",
        "confidence": 0.86,
        "quadrant": "Q4",
        "valence": 0.4,
        "arousal": -0.3,
        "heard": None,
        "scores": scores,
        "cnn": "calm",
        "rnn": "sad",
        "segments": [{"start": 0.0, "end": 74.96, "mood": "calm"}],
        "shares": {"sad": 0.22, "calm": 0.69, "other": 0.086, "silence": 0.004},
        "settings": "a-b",
        **changes,
    }


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


def table(*messages, brief=False, columns=None, monkeypatch=None):
    stream = io.StringIO()
    if columns:
        monkeypatch.setenv("COLUMNS", str(columns))
        stream = Terminal()
    writer = TableWriter(stream, brief=brief)
    writer.begin()
    for one in messages:
        writer.summary(one)
    writer.close()
    return stream.getvalue().splitlines()


def test_a_row_has_the_verdict_and_the_shares_of_the_time():
    head, row, segment = table(message())
    assert head.split()[:3] == ["file", "duration", "mood"]
    assert row.split()[:3] == ["a.wav", "1:15.0", "calm"]
    assert "86 %" in row
    assert "Q4" in row
    assert row.endswith("calm 69 %, sad 22 %, other 9 %")
    assert segment.split() == ["0:00.0", "..", "1:15.0", "calm"]


def test_brief_is_one_line_a_file():
    assert len(table(message(), message("b.wav"), brief=True)) == 3


def test_a_recording_without_a_mood_has_dashes_and_no_segments():
    nothing = {"mood": None, "confidence": None, "quadrant": None}
    _, row = table(message(**nothing, shares={"silence": 0.9, "warming_up": 0.1}))
    assert row.split()[:5] == ["a.wav", "1:15.0", "-", "-", "-"]
    assert row.endswith("silence 90 %, warming up 10 %")


@pytest.mark.parametrize("columns", [80, 100, 40])
def test_a_table_fits_its_terminal(monkeypatch, columns):
    names = ["a.wav", "Musik/" + "会议" * 30 + ".flac", "x" * 200 + ".mp3", "e\u0301" * 90 + ".ogg"]
    lines = table(
        *(message(name) for name in names), columns=columns, monkeypatch=monkeypatch, brief=True
    )
    assert len(lines) == 5
    assert all(cells(line) <= columns for line in lines)
    assert lines[1].startswith("a.wav ")
    if columns >= 80:  # the end of a path tells the most
        assert [".flac  " in lines[2], ".mp3  " in lines[3], ".ogg  " in lines[4]] == [True] * 3
        column = lines[0].index("duration")
        for line in lines[1:]:
            assert cells(line[: line.index("1:15.0")]) == column


def test_columns_line_up_whatever_the_names_are():
    lines = table(*(message(name) for name in ("a", "会议", "e\u0301e\u0301")), brief=True)
    assert len({cells(line[: line.index("1:15.0")]) for line in lines[1:]}) == 1


def test_a_name_cannot_steer_the_terminal_and_is_exact_for_programs():
    name = "a\x1b[2Jb\nc\u202ed.wav"
    assert all(line.isprintable() for line in table(message(name)))
    for writer_of, read in (
        (CsvWriter, lambda text: next(csv.DictReader(io.StringIO(text, newline="")))),
        (LinesWriter, json.loads),
    ):
        stream = io.StringIO(newline="")
        writer = writer_of(stream)
        writer.begin()
        writer.summary(message(name))
        assert read(stream.getvalue())["file"] == name


def test_csv_has_a_row_a_recording_that_ends_with_a_line_feed():
    stream = io.StringIO(newline="")
    writer = CsvWriter(stream)
    writer.begin()
    writer.summary(message())
    text = stream.getvalue()
    assert "\r" not in text
    assert text.count("\n") == 2
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["mood"] == "calm"
    assert row["share_calm"] == "0.69"
    assert row["share_other"] == "0.086"
    assert row["share_happy"] == "0"
    assert row["voice"] == ""
    assert row["settings"] == "a-b"
    assert float(row["calm"]) == 0.86


def test_brief_lines_are_summaries_alone():
    for brief in (False, True):
        writer = LinesWriter(io.StringIO(), brief=brief)
        assert bool(writer.sinks("a.wav")) != brief


def test_the_program_writes_a_table_and_a_line_a_file():
    result = run_program("replay", RECORDING)
    assert result.returncode == 0
    _, row, *segments = result.stdout.splitlines()
    assert row.startswith(str(RECORDING))
    assert "2:44.0" in row
    assert len(segments) > 5
    brief = run_program("replay", RECORDING, "--summary")
    assert brief.stdout.splitlines() == result.stdout.splitlines()[:2]
    (line,) = run_program("replay", RECORDING, "--summary", "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["type"] == "summary"


def test_a_terminal_that_lacks_letters_costs_no_results(tmp_path, short):
    names = ["a.wav", "会议 č.wav", "b.wav"]
    for name in names:
        (tmp_path / name).hardlink_to(short)
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    for style in ("table", "csv", "jsonl"):
        command = [*MOODSTREAM, "replay", tmp_path, "--format", style, "--summary"]
        result = subprocess.run(command, capture_output=True, env=environment)
        assert result.returncode == 0
        assert b"Traceback" not in result.stderr
        assert all(result.stdout.count(name) == 1 for name in (b"a.wav", b"b.wav"))
        if style != "table":
            assert result.stdout.count(names[1].encode()) == 1


def test_a_narrow_terminal_has_no_line_that_wraps(tmp_path, short):
    (tmp_path / ("long" * 40 + ".wav")).hardlink_to(short)
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    command = [*MOODSTREAM, "replay", tmp_path]
    subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, check=True, env=environment)
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "duration" in shown
    assert all(cells(line) <= 80 for line in shown.splitlines())


def test_a_full_disk_is_told(short):
    with Path("/dev/full").open("w") as full:
        for style in ("table", "csv", "jsonl"):
            result = subprocess.run(
                [*MOODSTREAM, "replay", short, "--format", style],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
            )
            assert result.returncode == 1
            assert result.stderr == "Error: standard output: No space left on device\n"
