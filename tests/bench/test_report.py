import json
import re
from dataclasses import replace

import numpy as np
import pytest

from moodstream.bench.measure import Cost, Energy
from moodstream.bench.report import Capacity, as_json, text
from moodstream.replay.processes.workers import cores
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
    rows, (hop, memory, together, energy), (verdict, limits) = measured
    decode, *_, whole = (float(row[18:].split()[0]) for row in rows)
    length_ms, median_ms, _, late_ms, _, share = numbers(hop)
    assert length_ms == 500
    assert 0 < median_ms <= late_ms
    assert share == pytest.approx(100 * late_ms / length_ms, abs=0.1)
    resident_mb, available_mb = numbers(memory)
    assert resident_mb > 30
    count, audio_per_s = numbers(together)
    assert count == cores()
    assert energy.startswith(("Energy is unknown on this machine", "A second of audio takes"))
    a_core, all_cores, by_memory = numbers(limits)
    # What is shown is rounded, what is said rests on all digits.
    assert a_core == pytest.approx(0.8 * 1e6 / (whole - decode), abs=1.1)
    assert all_cores == pytest.approx(0.8 * audio_per_s, abs=1.5)
    assert by_memory == pytest.approx(0.8 * available_mb / resident_mb, rel=0.02, abs=1.1)
    assert numbers(verdict) == [min(all_cores, by_memory)]


@pytest.mark.parametrize(
    ("audio_per_s", "available_mb", "expected"),
    [
        (700.0, 8000.0, Capacity(400, 560, 80)),  # a server: 80 by memory
        (70.0, 8000.0, Capacity(400, 56, 80)),
        (0.9, 50.0, Capacity(400, 0, 0)),
    ],
)
def test_the_scarcest_decides(audio_per_s, available_mb, expected):
    cost = Cost(100.0, {"decode": 0.1, "CNN": 0.15}, 0.3, np.ones(3), 80.0)
    capacity = Capacity.of(cost, audio_per_s, available_mb)
    assert capacity == expected
    assert capacity.streams == min(expected.all_cores, expected.memory)


def test_another_hop_is_measured_with_another_hop():
    result = run_program("bench", "--seconds", 1, "--hop", 2)
    assert "A hop of 2000 ms takes" in result.stdout
    assert run_program("bench", "--seconds", 0).returncode == 2


COST = Cost(
    100.0,
    {"decode": 0.1, "CNN": 0.15},
    0.3,
    np.array([0.001, 0.001, 0.002]),
    80.0,
    Energy("RAPL, the whole processor", 12.5, 20.0, 0.0123),
)


def test_programs_read_the_same_figures():
    found = json.loads(as_json(COST, 700.0, 8000.0, 0.5, "abc"))
    assert found["bundle"] == "abc"
    assert found["machine"]["cores"] >= 1
    assert found["cpu_us_per_audio_s"] == {
        "decode": 1000,
        "CNN": 1500,
        "the rest": 500,
        "all of these": 3000,
    }
    assert found["hop_ms"]["p50"] == 1
    assert found["streams"] == 80
    assert found["energy"]["mj_per_audio_s"] == 12.3
    assert found["energy"]["idle_w"] == 12.5


def test_energy_is_told_where_it_is_counted():
    told = text(COST, 700.0, 8000.0, 0.5)
    assert "A second of audio takes 12.3 mJ above idle (12.5 W), measured by RAPL" in told
    unknown = replace(COST, energy=None)
    assert "Energy is unknown on this machine" in text(unknown, 700.0, 8000.0, 0.5)
    assert json.loads(as_json(unknown, 700.0, 8000.0, 0.5, "abc"))["energy"] is None


def test_the_program_prints_json():
    result = run_program("bench", "--seconds", 1, "--json")
    assert result.returncode == 0
    found = json.loads(result.stdout)
    assert found["hop_s"] == 0.5
    assert found["cpu_us_per_audio_s"]["all of these"] > found["cpu_us_per_audio_s"]["CNN"] > 0
