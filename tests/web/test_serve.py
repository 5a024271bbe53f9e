"""`moodstream web` as a program: its start, its end, and what systemd is told."""

import os
import pty
import signal
import socket
import subprocess
import sys

import pytest

from moodstream.web.password import fits
from tests.support.program import MOODSTREAM, run_program
from tests.web.page import served


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_also_while_pages_are_open(tmp_path, mosquitto, number):
    with served(tmp_path, mosquitto) as page, socket.socket() as follower:
        follower.connect(("127.0.0.1", page.port))
        follower.sendall(f"GET /events?room=mood HTTP/1.1\r\nHost: {page.host}\r\n\r\n".encode())
        arrived = b""
        while b"event: snapshot" not in arrived:
            arrived += follower.recv(65536)
        assert page.stop(number) == 0
        assert page.log == f"The page is at {page.url}\n"


def test_a_port_in_use_is_told(page):
    result = run_program("web", "--port", page.port)
    assert result.returncode == 1
    assert "Address already in use; choose another with --port" in result.stderr


def test_systemd_is_told_when_it_is_ready(tmp_path, mosquitto):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(20)
        with served(tmp_path, mosquitto, NOTIFY_SOCKET=str(tmp_path / "notify")):
            assert heard.recv(100) == b"READY=1"


def test_a_missing_package_is_named_with_its_extra():
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from moodstream.cli.group import main; main(['web'])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    assert "pip install 'moodstream[web]'" in result.stderr


def test_a_new_password_is_asked_for_and_its_hash_printed():
    child, terminal = pty.fork()
    if child == 0:
        os.execv(MOODSTREAM[0], [*MOODSTREAM, "web", "--new-password"])  # noqa: S606
    written = b""
    for prompt in (b"Password:", b"Repeat for confirmation:"):
        while prompt not in written:
            written += os.read(terminal, 1000)
        os.write(terminal, b"correct horse\n")
    while b"password_hash" not in written or not written.endswith(b"\n"):
        written += os.read(terminal, 1000)
    os.waitpid(child, 0)
    os.close(terminal)
    line = next(line for line in written.decode().splitlines() if "password_hash" in line)
    assert fits("correct horse", line.split('"')[1])
    assert "correct horse" not in written.decode()
