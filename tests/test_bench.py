import re

import numpy as np
import pytest

from moodstream import bench
from moodstream.replay.workers import cores
from tests.support.program import run_program

NUMBERS = re.compile(r"\d+(?:\.\d+)?")


def numbers(line):
    return [float(number) for number in NUMBERS.findall(line)]


@pytest.fixture(scope="module")
def measured():
    result = run_program("bench", "--seconds", 3)
    assert result.returncode == 0
    assert result.stderr == ""
    table, facts, verdict = (part.splitlines() for part in result.stdout.split("\n\n"))
    return table[1:], facts, verdict


def test_the_stages_are_parts_of_the_whole(measured):
    rows, _, _ = measured
    cells = {row[:18].rstrip(): row[18:].split() for row in rows}
    assert list(cells) == [
        *("decode", "resample", "MFCC", "chroma and texture", "CNN", "RNN", "smoothing"),
        *("message", "the rest", "all of these"),
    ]
    *stages, whole = (float(cost) for cost, _ in cells.values())
    assert min(stages) > 0
    assert sum(stages) == pytest.approx(whole, abs=0.05 * (len(stages) + 1))
    shares = [int(share.rstrip("%")) for _, share in cells.values()]
    assert shares[-1] == 100
    assert sum(shares[:-1]) == pytest.approx(100, abs=len(stages))


def test_the_verdict_follows_from_what_is_shown(measured):
    rows, (hop, memory, together), (verdict, limits) = measured
    decode, *_, whole = (float(row[18:].split()[0]) for row in rows)
    length_ms, median_ms, _, late_ms, _, share = numbers(hop)
    assert length_ms == 500
    assert 0 < median_ms <= late_ms
    assert share == pytest.approx(100 * late_ms / length_ms, abs=0.1)
    resident_mb, available_mb = numbers(memory)
    assert resident_mb > 30
    count, audio_per_s = numbers(together)
    assert count == cores()
    a_core, all_cores, by_memory = numbers(limits)
    # What is shown is rounded, what is said rests on all digits.
    assert a_core == pytest.approx(0.8 * 1e6 / (whole - decode), abs=1.1)
    assert all_cores == pytest.approx(0.8 * audio_per_s, abs=1.5)
    assert by_memory == pytest.approx(0.8 * available_mb / resident_mb, rel=0.02, abs=1.1)
    assert numbers(verdict) == [min(all_cores, by_memory)]


@pytest.mark.parametrize(
    ("audio_per_s", "available_mb", "expected"),
    [
        (700.0, 8000.0, bench.Capacity(400, 560, 80)),  # a server: 80 by memory
        (70.0, 8000.0, bench.Capacity(400, 56, 80)),
        (0.9, 50.0, bench.Capacity(400, 0, 0)),
    ],
)
def test_the_scarcest_decides(audio_per_s, available_mb, expected):
    cost = bench.Cost(100.0, {"decode": 0.1, "CNN": 0.15}, 0.3, np.ones(3), 80.0)
    capacity = bench.Capacity.of(cost, audio_per_s, available_mb)
    assert capacity == expected
    assert capacity.streams == min(expected.all_cores, expected.memory)


def test_another_hop_is_measured_with_another_hop():
    result = run_program("bench", "--seconds", 1, "--hop", 2)
    assert "A hop of 2000 ms is heard in" in result.stdout
    assert run_program("bench", "--seconds", 0).returncode == 2
