import csv
import os

import pyarrow.parquet as pq
import pytest

from moodstream.cluster.parquet import write_parquet
from moodstream.replay.errors import ResultsError
from moodstream.replay.writers import CsvWriter
from tests.support.program import run_program
from tests.support.replays import files_of


def test_parquet_has_the_rows_of_the_csv(tmp_path, short):
    silence = tmp_path / os.fsdecode("Stille, „laut“\n.wav".encode())
    silence.hardlink_to(short)
    results, parquet = tmp_path / "moods.csv", tmp_path / "moods.parquet"
    options = ("--format", "csv", "--resume", results, "--parquet", parquet)
    assert run_program("replay", short, silence, *options).returncode == 0
    rows = list(csv.DictReader(results.open(newline="", encoding="utf-8")))
    found = pq.read_table(parquet).to_pylist()
    assert [row["file"] for row in found] == files_of(results.read_text(), "csv")
    assert [*found[0]] == [*CsvWriter.COLUMNS]
    for row, typed in zip(rows, found, strict=True):
        for name, text in row.items():
            value = typed[name]
            assert (value is None and text == "") or value == type(value)(text)
    assert isinstance(found[0]["valence"], float)


def test_a_moodless_row_has_nulls_and_a_bad_file_is_told(tmp_path):
    head = ",".join(CsvWriter.COLUMNS)
    empty = ",".join(["x.mp3", "4.0", *[""] * (len(CsvWriter.COLUMNS) - 2)])
    results, parquet = tmp_path / "r.csv", tmp_path / "r.parquet"
    results.write_text(f"{head}\n{empty}\n")
    write_parquet(results, parquet)
    (row,) = pq.read_table(parquet).to_pylist()
    assert row == {**dict.fromkeys(CsvWriter.COLUMNS), "file": "x.mp3", "duration": 4.0}
    before = parquet.read_bytes()
    results.write_text("no,results\n1\n")
    with pytest.raises(ResultsError, match=r"r\.parquet"):
        write_parquet(results, parquet)
    assert parquet.read_bytes() == before
