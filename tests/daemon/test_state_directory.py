"""Where a daemon keeps what outlives it."""

from pathlib import Path

import pytest

from moodstream.daemon.state_directory import state_directory


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "HOME": "/h"}, "/var/lib/a"),
        ({"XDG_STATE_HOME": "/x", "HOME": "/h"}, "/x/moodstream"),
        ({"STATE_DIRECTORY": "", "XDG_STATE_HOME": "", "HOME": "/h"}, "/h/.local/state/moodstream"),
    ],
)
def test_systemd_comes_before_the_user(environment, expected):
    assert state_directory(environment) == Path(expected)


def test_without_any_there_is_none():
    assert state_directory({"PATH": "/bin"}) is None
