"""Checks of the installed service on a machine that really boots.

    sudo make boot-test

A real systemd as process 1, under systemd-nspawn on a copy-on-write view of this machine's own
files; a real mosquitto; a real sound server, whose monitor is ALSA's default device there. The
service is installed by ``make install`` and its unit runs as it is.

Ends with status 1 if a check failed. Where machines cannot be booted it says why and ends with
status 77, or with 0 if ``--where-possible`` was given.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.boot.checks import CHECKS
from tests.boot.machine import MACHINE_PATH, SOURCE, Machine, MachineError
from tests.boot.trial import CheckFailedError, Trial

NOT_RUN = 77
"""Exit status of a test program that could not run."""
PROGRAMS = (
    *("make", "nsenter", "systemd-nspawn", "unshare"),
    *("mosquitto", "mosquitto_pub", "mosquitto_sub", "paplay", "pulseaudio"),
)
NAMESPACE = ("unshare", "--mount", "--propagation=private")
"""Command for a mount namespace of our own, so that nobody else sees the mounts."""
INSIDE = "--inside"
"""Argument of the process inside that namespace."""


def obstacle() -> str:
    """Return why no machine can be booted here; empty if there is no obvious reason."""
    if os.geteuid():
        return "it needs root: sudo make boot-test"
    missing = [name for name in PROGRAMS if not shutil.which(name, path=MACHINE_PATH)]
    if missing:
        return f"these programs are not installed: {', '.join(missing)}"
    probe = subprocess.run([*NAMESPACE, "true"], capture_output=True, text=True, check=False)
    return probe.stderr.strip()


def wheels() -> Path:
    """Return the folder of packages for the machine's pip, which has no network; keep it for reuse.

    They are those for the Python that ``make install`` finds there.
    """
    python = Path(shutil.which("python3", path=MACHINE_PATH) or "python3").resolve().name
    wanted = [(SOURCE / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    digest = hashlib.sha256(b"".join(wanted)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "moodstream"
    kept = cache / f"wheels-{python}-{digest}"
    if kept.is_dir():
        return kept
    click.echo("Fetching the packages that the machine will install", err=True)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        environment = {**os.environ, "PATH": MACHINE_PATH}
        script = str(SOURCE / "scripts/virtual-environment")
        subprocess.run([script, f"{folder}/python"], env=environment, check=True)
        options = ["-qq", "--constraint=constraints.txt", f"--dest={folder}/wheels"]
        command = [f"{folder}/python/bin/pip", "download", *options, ".[broker,web]", "hatchling"]
        subprocess.run(command, cwd=SOURCE, env=environment, check=True)
        Path(folder, "wheels").rename(kept)
    return kept


def run_checks(trial: Trial) -> int:
    """Print a line for each check as it ends; return how many failed."""
    failed = 0
    for check in CHECKS:
        begun_s = time.monotonic()
        try:
            word, found = "ok", check(trial)
        except CheckFailedError as error:
            word, found = "FAILED", str(error)
            failed += 1
        subject = "page " if check.__module__.endswith(".page") else ""
        name = subject + check.__name__.replace("_", " ")
        click.echo(f"{word:6} {time.monotonic() - begun_s:6.1f} s  {name}: {found}")
    return failed


def boot(machine: Machine) -> int:
    """Run all checks on this machine; return the exit status."""
    begun_s = time.monotonic()
    try:
        machine.prepare()
    except MachineError as error:
        return not_run(str(error))
    trial = Trial(machine)
    try:
        failed = run_checks(trial)
        if failed:
            click.echo(trial.journal())
    except MachineError as error:
        click.echo(f"FAILED {error}")
        failed = 1
    except subprocess.CalledProcessError as error:
        click.echo(f"FAILED {error}\n{error.stdout}\n{error.stderr}")
        failed = 1
    click.echo(f"{time.monotonic() - begun_s:.0f} s in all")
    return int(failed > 0)


def main() -> int:
    """Boot, check and clean up; return the exit status."""
    if reason := obstacle():
        return not_run(reason)
    if INSIDE not in sys.argv:
        os.chdir(SOURCE)
        program = [sys.executable, "-m", "tests.boot", INSIDE, *sys.argv[1:]]
        os.execvp("unshare", [*NAMESPACE, *program])  # noqa: S606
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="moodstream-boot-") as folder:
        machine = Machine(Path(folder), wheels())
        try:
            return boot(machine)
        except KeyboardInterrupt:
            click.echo("FAILED interrupted")
            return 1
        finally:
            machine.destroy()


def not_run(reason: str) -> int:
    """Say that nothing was checked."""
    click.echo(f"NOT RUN: no machine was booted and nothing of it was checked: {reason}")
    return 0 if "--where-possible" in sys.argv else NOT_RUN


if __name__ == "__main__":
    sys.exit(main())
