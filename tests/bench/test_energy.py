"""The counters of energy, as the kernel's documents and a Raspberry Pi 5 show them.

Neither is on the machines that run the tests, so their files and their command are made here.
"""

import threading
import time

import pytest

from moodstream.bench import energy

PMIC = """\
     3V7_WL_SW_A current(0)=0.10000000A
       VDD_CORE_A current(7)=2.00000000A
     3V7_WL_SW_V volt(8)=3.70000000V
       VDD_CORE_V volt(15)=0.80000000V
          EXT5V_V volt(24)=5.10000000V
"""


@pytest.fixture
def no_programs(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


@pytest.fixture
def powercap(tmp_path, no_programs):
    folder = tmp_path / "powercap"
    zones = {"intel-rapl:0": "package-0", "intel-rapl:0:0": "core", "intel-rapl:1": "package-1"}
    for zone, name in zones.items():
        (folder / zone).mkdir(parents=True)
        (folder / zone / "name").write_text(f"{name}\n")
        (folder / zone / "max_energy_range_uj").write_text("10000000\n")
        count(folder, zone, 9_000_000)
    return folder


def count(folder, zone, microjoules):
    (folder / zone / "energy_uj").write_text(f"{microjoules}\n")


def test_packages_are_added_and_their_parts_are_not(powercap):
    meter = energy.meter(powercap)
    assert meter.about.startswith("RAPL")
    with meter:
        count(powercap, "intel-rapl:0", 9_250_000)
        count(powercap, "intel-rapl:0:0", 9_900_000)
        count(powercap, "intel-rapl:1", 9_500_000)
        time.sleep(0.02)
    assert meter.joules == pytest.approx(0.75)
    assert 0.02 <= meter.seconds < 5


def test_a_counter_that_starts_again_at_zero(powercap):
    with energy.meter(powercap) as meter:
        count(powercap, "intel-rapl:0", 1_000_000)
    assert meter.joules == pytest.approx(2)


def test_a_meter_counts_anew_each_time(powercap):
    meter = energy.meter(powercap)
    with meter:
        count(powercap, "intel-rapl:0", 9_500_000)
    with meter:
        pass
    assert meter.joules == 0


def test_counters_that_cannot_be_read_are_none(tmp_path, powercap):
    assert energy.meter(tmp_path / "nowhere") is None
    for path in powercap.glob("*/energy_uj"):
        path.write_text("what?")
    assert energy.meter(powercap) is None


def test_the_power_chip_of_a_pi(tmp_path, no_programs):
    program = no_programs / "vcgencmd"
    program.write_text(f"#!/bin/sh\n[ $1 = pmic_read_adc ] && cat <<'END'\n{PMIC}END\n")
    program.chmod(0o755)
    threads = threading.active_count()
    meter = energy.meter(tmp_path)
    with meter:
        time.sleep(1.2)
    assert meter.joules / meter.seconds == pytest.approx(0.1 * 3.7 + 2 * 0.8)
    assert threading.active_count() == threads


def test_an_older_pi_has_no_power_chip(tmp_path, no_programs):
    program = no_programs / "vcgencmd"
    for script in ("exit 1", "echo 'error=1 error_msg=\"Command not registered\"'"):
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        assert energy.meter(tmp_path) is None
