"""A server that a test starts, kills and freezes."""

import signal
import subprocess


class Server:
    """The process of a server; start() of a subclass begins it."""

    _process: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)
