"""Native output is held back, and shown after an error."""

import os

import pytest

from moodstream_train import quiet


def test_native_output_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet.native_stderr():
        os.write(2, b"noise")
    os.write(2, b"signal")
    assert capfd.readouterr().err == "signal"


def fail() -> None:
    with quiet.native_stderr():
        os.write(2, b"why it broke")
        raise ValueError("broken")


def test_native_output_is_shown_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"):
        fail()
    assert capfd.readouterr().err == "why it broke"
