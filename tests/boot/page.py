"""Checks of the page's service; each continues where the one before ended."""

import json
import time

from tests.boot.trial import UNIT, Trial, check, until

PAGE = "moodstream-web.service"
STATE = "/var/lib/moodstream-web/"
ROOM = "den"
EXPOSURE = 1.6
"""Highest exposure level that `systemd-analyze security` may find."""
ASK = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=5).read().decode())"


def is_served(trial: Trial) -> str:
    """Enabled by the person, it shows the room, as a user of its own."""
    trial.systemctl("start", UNIT)
    enabled = trial.machine.run("systemctl", "is-enabled", PAGE, check=False).stdout.strip()
    check(enabled == "disabled", f"before anybody enables it, it is {enabled}")
    trial.systemctl("enable", "--now", PAGE)
    took_s = until(lambda: _hears(trial), "the page does not show the room")
    text = trial.machine.run("systemd-analyze", "security", "--no-pager", PAGE).stdout
    level = float(text.rpartition(f"Overall exposure level for {PAGE}: ")[2].split()[0])
    check(level <= EXPOSURE, f"its exposure level is {level}")
    process = trial.machine.run("stat", "--format=%u", f"/proc/{_pid(trial)}").stdout.strip()
    owner = trial.machine.run("stat", "--format=%u %a", STATE).stdout.split()
    check(process != "0", "it runs as root")
    check(owner == [process, "700"], f"its state directory is {owner}, it runs as {process}")
    return f"shows the room after {took_s:.1f} s; exposure level {level}"


def stays_through_restarts(trial: Trial) -> str:
    """The same process follows the room after a restart of the broker, and of the daemon."""
    pid, took = _pid(trial), []
    for unit, noticed in (("mosquitto.service", "broker_up 0.0"), (UNIT, 'up{room="den"} 0.0')):
        trial.systemctl("stop", unit)
        until(lambda sign=noticed: f"moodstream_{sign}" in _metrics(trial), "it does not notice")
        trial.systemctl("start", unit)
        took.append(until(lambda: _hears(trial), f"it does not follow after {unit}"))
    check(_pid(trial) == pid, "it is another process")
    return f"{took[0]:.1f} s after the broker's start, {took[1]:.1f} s after the daemon's"


def leaves_a_history(trial: Trial) -> str:
    """A clean end in time; `moodstream history` reads what it has written."""
    begun_s = time.monotonic()
    trial.systemctl("stop", PAGE)
    took_s = time.monotonic() - begun_s
    result = trial.systemctl("show", PAGE, "--value", "--property=Result")
    check(result == "success", f"its result is {result}")
    check(took_s < 5, f"that took {took_s:.1f} s")
    journal = trial.machine.run("journalctl", f"--unit={PAGE}", "--output=cat").stdout
    check("Traceback" not in journal, journal)
    command = ["moodstream", "history", "--jsonl", "--each", "minute"]
    lines = trial.machine.run("env", f"STATE_DIRECTORY={STATE}", *command).stdout.splitlines()
    check(lines, "there is none")
    check(all(json.loads(line)["room"] == ROOM for line in lines), f"it is {lines}")
    return f"ended after {took_s:.1f} s; {len(lines)} minutes of history"


def is_gone(trial: Trial) -> str:
    """``make uninstall`` has taken its unit away."""
    state = trial.systemctl("show", PAGE, "--value", "--property=LoadState")
    check(state == "not-found", f"systemd knows it as {state}")
    return "no unit"


def _pid(trial: Trial) -> str:
    return trial.systemctl("show", PAGE, "--value", "--property=MainPID")


def _metrics(trial: Trial) -> str:
    """Return the page's metrics; nothing while it does not answer."""
    command = ["python3", "-c", ASK, "http://127.0.0.1:8765/metrics"]
    return trial.machine.run(*command, check=False).stdout


def _hears(trial: Trial) -> bool:
    found = _metrics(trial)
    return f'moodstream_up{{room="{ROOM}"}} 1.0' in found and "moodstream_broker_up 1.0" in found
