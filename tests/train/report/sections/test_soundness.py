"""Tables of robustness and streams."""

from tests.train.report.conftest import section


def test_the_drops_that_are_too_large_are_bold(page: str) -> None:
    lines = {line.split(" | ")[0]: line for line in section(page, "Worse sound").splitlines()}
    assert lines["| small room"].count("**5.5") == 3
    assert "**" not in lines["| babble 10 dB"]  # six points are allowed
    assert "**" not in lines["| gain +12 dB"]
    assert "| clean" not in lines


def test_streams_without_a_mood_show_how_often_one_is_said(page: str) -> None:
    own = section(page, "Streams")
    assert "| noise, hum and silence | - | - | 1.5 ± 0.0 | - |" in own
    assert "| music, smoothing | 3.2 ± 0.0 | 72.0 ± 0.0 |" in own
