"""The page that the demo starts in a separate process."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moodstream.config.sections import Config

END_S = 5.0
"""Time limit for the page to end, in seconds."""


@contextmanager
def page_beside(config: "Config") -> Iterator[str]:
    """Serve the page inside the context; yield its address, or "" without the extra [web].

    The history is kept only while the page runs.
    """
    if not all(find_spec(name) for name in ("starlette", "uvicorn", "prometheus_client")):
        yield ""
        return
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, **_settings(config), "STATE_DIRECTORY": state}
        command = [sys.executable, "-m", "moodstream.cli.child", "web"]
        with subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--port", str(_port(config)), "--log-level", "error"],
            env=environment,
            stdin=subprocess.PIPE,  # its end tells that we have ended
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C goes to this process, which then ends the page
        ) as process:
            try:
                line = process.stdout.readline() if process.stdout else ""
                yield line.rpartition(" ")[2].strip()
            finally:
                process.terminate()
                try:
                    process.wait(END_S)
                except subprocess.TimeoutExpired:
                    process.kill()


def _settings(config: "Config") -> dict[str, str]:
    """Return environment variables that give another process the same broker and page."""
    found = {}
    for name in ("mqtt", "web"):
        section = getattr(config, name)
        for key in fields(section):
            value = getattr(section, key.name)
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            found[f"MOODSTREAM_{name}_{key.name}".upper()] = text
    return found


def _port(config: "Config") -> int:
    """Return the configured port, or a free one if it is in use."""
    for port in (config.web.port_number, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return config.web.port_number
