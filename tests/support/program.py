"""The whole program, and the programs around it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

MOODSTREAM = [sys.executable, "-m", "moodstream"]


def program(name: str) -> str:
    """The path of a program; without it a laptop skips the test, CI fails."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found:
        return found
    message = f"{name} is not installed and only root could install it"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def wait_until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "what was waited for did not happen"
        time.sleep(0.02)


def run_program(*arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
    """Run moodstream to its end; whatever happens, no traceback may be seen."""
    command = [*MOODSTREAM, *map(str, arguments)]
    options = {"capture_output": True, "text": True, "timeout": 120, **more}
    result = subprocess.run(command, **options)
    assert "Traceback" not in result.stderr
    return result


def npm_install(package: str, directory: Path) -> None:
    """Install a package of npm below a directory."""
    command = [program("npm"), "install", "--silent", "--no-audit", "--no-fund", package]
    subprocess.run(command, cwd=directory, check=True)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
