"""Servers of streams: HTTP that cuts and stalls, Icecast, and RTSP."""

import hashlib
import os
import socket
import subprocess
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from tests.support.program import free_port, npm_install, program, wait_until
from tests.support.server import Server

USER, PASSWORD = "listener", "geheim%2F1"
LOGIN = f"{USER}:{PASSWORD}"
PLAIN = "geheim/1"
"""The password, as the server knows it."""
RTSP_PACKAGE = "rtsp-streaming-server@2.1.0"
RTSP_PROGRAM = """
const Server = require("rtsp-streaming-server").default;
const [publishers, clients, rtp, user, password] = process.argv.slice(2);
const authentication = async (name, word) => name === user && word === password;
new Server({
  serverPort: Number(publishers), clientPort: Number(clients), rtpPortStart: Number(rtp),
  rtpPortCount: 100, clientServerHooks: { authentication },
}).start();
"""


class Faulty:
    """An HTTP server with a login that plays a file in real time, over and over, until told."""

    def __init__(self, content: bytes, seconds: float, kind: str = "audio/mpeg") -> None:
        self._content, self._rate, self._kind = content, len(content) / seconds, kind
        self.is_stalled = self.is_cut = False
        self.requests = 0
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.play(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        port = self._server.server_address[1]
        self.url = f"http://{LOGIN}@127.0.0.1:{port}/stream?token=geheim2"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests += 1
        expected = b64encode(f"{USER}:{PLAIN}".encode()).decode()
        if handler.headers["Authorization"] != f"Basic {expected}":
            handler.send_response(401)
            handler.send_header("WWW-Authenticate", 'Basic realm="radio"')
            handler.end_headers()
            return
        handler.send_response(200)
        handler.send_header("Content-Type", self._kind)
        handler.end_headers()
        begun_s, sent_n = time.monotonic(), 0
        while not self.is_cut:
            time.sleep(0.05)
            due_n = round((time.monotonic() - begun_s + 1.5) * self._rate)  # with a first burst
            while sent_n < due_n and not self.is_stalled:
                at = sent_n % len(self._content)
                part = self._content[at : at + min(due_n - sent_n, 1 << 14)]
                try:
                    handler.wfile.write(part)
                except OSError:
                    return
                sent_n += len(part)

    def close(self) -> None:
        self.is_cut = True
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def faulty(content: bytes, seconds: float, kind: str = "audio/mpeg") -> Iterator[Faulty]:
    server = Faulty(content, seconds, kind)
    try:
        yield server
    finally:
        server.close()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def published(recording: Path, *options: str) -> "subprocess.Popen[bytes]":
    """ffmpeg, which plays a recording in real time, over and over, to the target in the options."""
    command = [program("ffmpeg"), "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1"]
    return quiet([*command, "-i", str(recording), *options])


def quiet(command: list[str], folder: Path | None = None) -> "subprocess.Popen[bytes]":
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, stdout=nothing, stderr=nothing)


class Icecast(Server):
    """A real Icecast, which asks listeners for a login; one recording plays there."""

    def __init__(self, directory: Path, recording: Path) -> None:
        self._directory, self._recording = directory, recording
        self._port = free_port()
        self.url = f"http://{LOGIN}@127.0.0.1:{self._port}/radio"
        word = hashlib.md5(PLAIN.encode()).hexdigest()  # noqa: S324 - as Icecast wants it
        (directory / "logins").write_text(f"{USER}:{word}\n")
        owner = "<user>nobody</user><group>nogroup</group>"
        (directory / "icecast.xml").write_text(
            f"""<icecast><limits><clients>9</clients><sources>3</sources></limits>
            <authentication><source-password>source</source-password>
              <admin-user>admin</admin-user><admin-password>admin</admin-password></authentication>
            <hostname>localhost</hostname>
            <listen-socket><port>{self._port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
            <mount type="normal"><mount-name>/radio</mount-name><authentication type="htpasswd">
              <option name="filename" value="{directory}/logins"/></authentication></mount>
            <paths><logdir>{directory}</logdir><webroot>{directory}</webroot>
              <adminroot>{directory}</adminroot></paths>
            <logging><errorlog>-</errorlog><accesslog>-</accesslog><loglevel>1</loglevel></logging>
            <security><chroot>0</chroot><changeowner>{owner if os.getuid() == 0 else ""}
              </changeowner></security></icecast>"""
        )

    def start(self) -> None:
        self._process = quiet([program("icecast2"), "-c", str(self._directory / "icecast.xml")])
        # No connection tells whether it listens: Icecast 2.4.4 crashes if one comes too soon.
        process = psutil.Process(self._process.pid)
        wait_until(lambda: [it for it in process.net_connections() if it.status == "LISTEN"])
        time.sleep(0.5)
        self.play()

    def play(self) -> None:
        target = f"icecast://source:source@127.0.0.1:{self._port}/radio"
        options = ["-c:a", "libmp3lame", "-content_type", "audio/mpeg", "-f", "mp3", target]
        self._player = published(self._recording, *options)

    def cut(self) -> None:
        """End the recording, and with it the connections of all listeners."""
        self._player.kill()
        self._player.wait()

    def kill(self) -> None:
        self.cut()
        super().kill()


@pytest.fixture
def icecast(recording_file: Path) -> Iterator[Icecast]:
    # Icecast does not run as root, and nobody else may enter the folders of pytest.
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        server = Icecast(Path(name), recording_file)
        server.start()
        yield server
        server.kill()


class Rtsp(Server):
    """A real RTSP server, which asks clients for a login; one recording plays there."""

    def __init__(self, folder: Path, recording: Path) -> None:
        self._folder, self._recording = folder, recording
        self._ports = [free_port(), free_port(), 20_000 + free_port() % 20_000 // 2 * 2]
        self.url = f"rtsp://{LOGIN}@127.0.0.1:{self._ports[1]}/camera"

    def start(self) -> None:
        words = [*map(str, self._ports), USER, PLAIN]
        command = [program("node"), "server.js", *words]
        self._process = quiet(command, self._folder)
        target = f"rtsp://127.0.0.1:{self._ports[0]}/camera"
        wait_until(lambda: listens(self._ports[0]))
        self._player = published(self._recording, "-c:a", "aac", "-f", "rtsp", target)

    def kill(self) -> None:
        self._player.kill()
        self._player.wait()
        super().kill()


@pytest.fixture
def rtsp(rtsp_folder: Path, recording_file: Path) -> Iterator[Rtsp]:
    server = Rtsp(rtsp_folder, recording_file)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def rtsp_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's program, as npm brings it."""
    folder = tmp_path_factory.mktemp("rtsp")
    npm_install(RTSP_PACKAGE, folder)
    (folder / "server.js").write_text(RTSP_PROGRAM)
    return folder


@pytest.fixture
def recording_file() -> Path:
    """A short recording with a mood."""
    return Path(__file__).parents[1] / "data" / "happy.flac"
