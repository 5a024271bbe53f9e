"""The time left follows from the work that is planned and done."""

import io

import pytest

from moodstream_train.training.progress import COLUMNS, REFERENCE_S, Progress, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_the_first_estimate_is_that_of_a_known_machine() -> None:
    progress = Progress({"features": 100, "cnn": 10}, print)
    assert progress.left_s == pytest.approx(100 * REFERENCE_S["features"] + 10 * REFERENCE_S["cnn"])


def test_a_slow_machine_is_expected_to_be_slow_at_other_work() -> None:
    clock = Clock()
    progress = Progress({"features": 2, "cnn": 10}, print, clock=clock)
    clock.now_s = 3 * REFERENCE_S["features"]
    progress.did("features", 1, "")
    assert progress.left_s == pytest.approx(3 * (REFERENCE_S["features"] + 10 * REFERENCE_S["cnn"]))
    progress.did("features", 1, "")
    clock.now_s += 5
    progress.did("cnn", 5, "")
    assert progress.left_s == pytest.approx(5)


def test_a_line_that_stays_has_the_time_left_until_all_is_done() -> None:
    lines: list[str] = []
    progress = Progress({"rnn": 1}, lines.append)
    progress.say("one")
    progress.did("rnn", 1, "")
    progress.say("two")
    assert lines == ["one, 0 s left", "two"]


def test_a_terminal_shows_one_line_and_a_file_none() -> None:
    terminal, file, clock = Terminal(), io.StringIO(), Clock()
    for stream in (terminal, file):
        progress = Progress({"cnn": 1000}, print, stream, clock)
        for _ in range(5):
            clock.now_s += 1
            progress.did("cnn", 1, "x" * 200)
        progress.clear()
    shown = [part for part in terminal.getvalue().split("\r\x1b[K") if part]
    assert len(shown) == 5
    assert all(len(line) <= COLUMNS and line.endswith("17 min left") for line in shown)
    assert file.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (89, "89 s"), (600, "10 min"), (7500, "2 h 05 min")]
)
def test_durations_have_two_units_at_most(seconds: float, said: str) -> None:
    assert duration(seconds) == said
