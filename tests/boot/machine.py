"""A machine that boots: systemd-nspawn on a copy-on-write view of this machine's own files."""

import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SOURCE = Path(__file__).parents[2]
"""This repository."""
OWN = Path(__file__).parent / "root"
"""Files that the machine has besides."""
SEEN_AS = "/usr/src/moodstream"
"""Where the machine sees the repository, read-only."""
WHEELS = "/usr/src/wheels"
"""Where it sees the packages that pip may install."""
MACHINE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where it has its programs."""
ENVIRONMENT = {
    "PATH": MACHINE_PATH,
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_NO_INDEX": "1",
    "PIP_FIND_LINKS": WHEELS,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
"""Environment of commands there: that of a login, and pip without a network."""


class MachineError(Exception):
    """The machine does not work as machines do."""


class Machine:
    """Machine that boots from an overlay of this machine's files.

    It has a network of its own, with a loopback interface only. What it writes is in memory. To be
    used in a mount namespace of one's own.

    Args:
        directory: empty; for all that belongs to it.
        wheels: packages for its pip.
    """

    def __init__(self, directory: Path, wheels: Path) -> None:
        self.root = directory / "root"
        self._directory, self._wheels = directory, wheels
        self._groups: list[Path] = []
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = ""

    def prepare(self) -> None:
        """Make the files, and start one program in them, without booting yet.

        Raises:
            MachineError: this cannot be done here, and why.
        """
        try:
            self._groups += _control_groups(f"moodstream-boot-{uuid.uuid4().hex[:8]}")
        except OSError as error:
            raise MachineError(str(error)) from error
        directory = self._directory
        _do("mount", "-t", "tmpfs", "tmpfs", str(directory))
        for name in ("changed", "work", "root"):
            (directory / name).mkdir()
        layers = f"lowerdir=/,upperdir={directory}/changed,workdir={directory}/work"
        _do("mount", "-t", "overlay", "-o", layers, "overlay", str(self.root))
        # None of the services of this machine, and as if moodstream had never been here.
        for path in (
            *("etc/systemd/system", "var/log/journal"),
            *("etc/moodstream", "opt/moodstream", "var/lib/private/moodstream"),
        ):
            shutil.rmtree(self.root / path, ignore_errors=True)
        (self.root / "var/log/journal").mkdir()
        (self.root / "etc/machine-id").write_text(f"{uuid.uuid4().hex}\n")
        shutil.copytree(OWN, self.root, dirs_exist_ok=True)
        _do(*self._command("--as-pid2"), "/bin/true")

    def boot(self, timeout_s: float) -> None:
        """Start systemd as process 1, and wait until it has started its units.

        Raises:
            MachineError: it has not.
        """
        address = self._directory / "notify"
        address.unlink(missing_ok=True)
        console = self._directory / "console"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told, console.open("wb") as output:
            told.bind(str(address))
            told.settimeout(timeout_s)
            self._nspawn = subprocess.Popen(
                self._command("--boot", "--notify-ready=yes"),
                env={**os.environ, "NOTIFY_SOCKET": str(address)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            said = dict[str, str]()
            try:
                while "READY" not in said:
                    for line in told.recv(4096).decode().splitlines():
                        name, _, value = line.partition("=")
                        said[name] = value
            except TimeoutError:
                tail = console.read_text(errors="replace")[-2000:]
                raise MachineError(f"it has not booted in {timeout_s:g} s\n{tail}") from None
        self._leader = said["X_NSPAWN_LEADER_PID"]

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program in the booted machine, as its root."""
        return subprocess.run(
            self.inside(*command), capture_output=True, text=True, timeout=600, check=check
        )

    def inside(self, *command: str) -> list[str]:
        """Return the command that runs a program in the booted machine."""
        variables = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
        enter = ["nsenter", f"--target={self._leader}", "--all"]
        return [*enter, "env", "--ignore-environment", "--chdir=/", *variables, *command]

    def power_off(self, timeout_s: float) -> None:
        """Shut the machine down, as its power button does.

        Raises:
            MachineError: it does not want to.
        """
        assert self._nspawn
        self.run("systemctl", "poweroff")
        try:
            self._nspawn.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise MachineError(f"it is not off after {timeout_s:g} s") from None

    def destroy(self) -> None:
        """End all its processes, and remove its mounts and control groups."""
        until_s = time.monotonic() + 10
        for group in self._groups:
            while not _removed(group) and time.monotonic() < until_s:
                time.sleep(0.05)  # the kernel takes a moment to bury the dead
        if self._nspawn:
            self._nspawn.kill()
            self._nspawn.wait()
        for mounted in (self.root, self._directory):
            if mounted.is_mount():
                _do("umount", "--lazy", str(mounted))

    def _command(self, *options: str) -> list[str]:
        join = 'for group in $GROUPS_OF_ITS_OWN; do echo $$ >"$group/cgroup.procs"; done; exec "$@"'
        groups = f"GROUPS_OF_ITS_OWN={' '.join(map(str, self._groups))}"
        return [
            *("env", groups, "sh", "-c", join, "sh"),
            *("systemd-nspawn", "--quiet", f"--directory={self.root}", "--machine=moodstream-boot"),
            # Neither a systemd nor a D-Bus of this machine is needed nor told.
            *("--register=no", "--keep-unit", "--link-journal=no", "--console=pipe"),
            *("--private-network", "--resolv-conf=off", "--timezone=off"),
            *(f"--bind-ro={SOURCE}:{SEEN_AS}", f"--bind-ro={self._wheels}:{WHEELS}"),
            *options,
        ]


def _removed(group: Path) -> bool:
    """Kill what is in a control group and those below, and remove those that are empty."""
    is_removed = True
    for directory, _, _ in os.walk(group, topdown=False):
        for pid in Path(directory, "cgroup.procs").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        try:
            Path(directory).rmdir()
        except OSError:
            is_removed = False
    return is_removed


def _do(*command: str) -> None:
    """Run a program of this machine."""
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if result.returncode:
        raise MachineError(result.stderr.strip() or f"{command}: status {result.returncode}")


def _control_groups(name: str) -> Iterator[Path]:
    """Make groups for the machine below our own, in the hierarchies that systemd uses."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, own = line.split(":", 2)
        mounted = {"name=systemd": ["systemd"], "": ["unified", ""]}.get(controllers, [])
        for place in mounted:
            above = Path(f"/sys/fs/cgroup/{place}{own}")
            if (above / "cgroup.procs").exists():
                group = above / name
                group.mkdir()
                yield group
                break
