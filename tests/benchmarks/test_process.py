import os
import sys

import pytest

from benchmarks.process import environment, moodstream, one_core, python, run

BURN = "import time\nwhile time.process_time() < 0.2: pass"


def test_a_program_costs_what_it_takes() -> None:
    cost = run(sys.executable, "-c", f"x = bytearray(50_000_000)\n{BURN}\nprint(len(x))")
    assert cost.output == "50000000\n"
    assert 0.2 <= cost.cpu_s < 2
    assert 50 < cost.peak_mb < 100
    assert cost.wall_s >= 0.19


def test_a_small_program_of_a_large_process_is_small() -> None:
    large = bytearray(500_000_000)  # zeroed by the kernel: it is not in memory yet
    large[::4096] = b"x" * len(large[::4096])
    assert run(sys.executable, "-c", "").peak_mb < 100


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(RuntimeError, match="no-such-program"):
        run("no-such-program")


def test_a_failure_tells_what_the_program_said() -> None:
    with pytest.raises(RuntimeError, match="exited with 3:\nno such thing"):
        run(
            sys.executable, "-c", "import sys; print('no such thing', file=sys.stderr); sys.exit(3)"
        )


def test_variables_reach_the_program_and_settings_of_the_user_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MOODSTREAM_MQTT_URL", "mqtt://elsewhere")
    script = "import os; print(os.environ['A'], os.environ.get('MOODSTREAM_MQTT_URL'))"
    assert python("-c", script, A="1") == "1 None"
    assert environment({})["MOODSTREAM_CONFIG"] == os.devnull


def test_one_core_is_enough_meanwhile() -> None:
    before = os.sched_getaffinity(0)
    with one_core():
        assert python("-c", "import os; print(len(os.sched_getaffinity(0)))") == "1"
    assert os.sched_getaffinity(0) == before


def test_the_command_line_is_that_of_this_python() -> None:
    assert moodstream("replay", "x")[:3] == [sys.executable, "-m", "moodstream"]
    assert run(*moodstream("--version")).output.startswith("moodstream ")
