"""Checks from the first boot to the removal; each continues where the one before ended.

A check returns what it found, in a few words, or raises what is wrong.
"""

import time
from pathlib import Path

from tests.boot import page
from tests.boot.machine import SOURCE
from tests.boot.trial import UNIT, Trial, check, until

STATE = "/var/lib/moodstream/"
STOPPED_S = 5.0
"""Longest time for a stop; nobody wants to wait for systemd's own limit."""
SETTINGS = """\
# A person's own.
[mqtt]
url = "mqtt://127.0.0.1"
prefix = "{prefix}"
"""
KITCHEN, DEN = SETTINGS.format(prefix="kitchen"), SETTINGS.format(prefix="den")
WRONG = f"{DEN}\n[smoothing]\nconfidant = 0.5\n"


def boots(trial: Trial) -> str:
    """Systemd starts as process 1, with a room to listen to."""
    trial.machine.boot(timeout_s=120)
    trial.systemctl("enable", "--now", "room.service", "music.service")
    version = trial.systemctl("--version").splitlines()[0]
    condition = trial.machine.run("systemctl", "is-system-running", check=False)
    return f"{version}, {condition.stdout.strip()}"


def is_installed(trial: Trial) -> str:
    """``make install`` on a machine without it: the service runs, with a broker of its own."""
    trial.make("install")
    check(trial.config.read_text() == (SOURCE / "config.toml").read_text(), "other settings")
    check(trial.is_active, f"it is {trial.show('ActiveState')}")
    told = trial.machine.run("moodstream", "service", "status").stdout
    check("The service runs" in told, f"`moodstream service status` says: {told}")
    until(lambda: '"listening"' in trial.journal(), "the journal does not tell what it listens to")
    return f"active, ready in {trial.ready_s():.1f} s"


def is_upgraded(trial: Trial) -> str:
    """``make install`` once more keeps the person's settings and restarts it with them."""
    trial.systemctl("stop", UNIT)  # its broker has the port
    trial.systemctl("enable", "--now", "mosquitto.service")
    trial.config.write_text(KITCHEN)
    trial.make("install")
    check(trial.config.read_text() == KITCHEN, "the settings were changed")
    check(trial.is_active, f"it is {trial.show('ActiveState')}")
    return f"settings kept, ready in {trial.ready_s():.1f} s"


def starts_with_the_machine(trial: Trial) -> str:
    """After power off and on, it is ready without anybody's doing."""
    trial.machine.power_off(timeout_s=60)
    trial.machine.boot(timeout_s=120)
    until(lambda: trial.is_active, "it does not start")
    check("events not delivered" not in trial.journal(), "the broker was gone before it")
    booted = int(trial.systemctl("show", "--value", "--property=UserspaceTimestampMonotonic"))
    ready_s = (int(trial.show("ActiveEnterTimestampMonotonic")) - booted) / 1e6
    return f"ready {ready_s:.1f} s after systemd began, {trial.ready_s():.1f} s after its own start"


def is_heard(trial: Trial) -> str:
    """Moods arrive at a subscriber, who can pause it."""
    trial.subscribe()
    heard = trial.subscriber
    until(lambda: heard.state("kitchen").get("mood"), "no mood arrives")
    mood = heard.state("kitchen")["mood"]
    _command(trial, "pause")
    until(lambda: heard.state("kitchen")["status"] == "paused", "it does not pause")
    _command(trial, "resume")
    until(lambda: heard.state("kitchen").get("mood"), "no mood arrives any more")
    return f"{mood}; pauses and resumes"


def _command(trial: Trial, command: str) -> None:
    trial.machine.run("mosquitto_pub", "-t", "kitchen/set", "-m", command)


def is_nobody(trial: Trial) -> str:
    """A user of its own without rights, whose state nobody else can read, and no core dumps."""
    process = f"/proc/{trial.pid}"
    status = dict(
        line.split(":\t", 1)
        for line in trial.machine.run("cat", f"{process}/status").stdout.splitlines()
    )
    uids = set(status["Uid"].split())
    check("0" not in uids, f"it runs as {uids}")
    check(int(status["CapEff"], 16) == 0, f"it has the capabilities {status['CapEff']}")
    (uid,) = uids
    owner = trial.machine.run("stat", "--format=%u %a", STATE).stdout.split()
    check(owner == [uid, "700"], f"its state directory is {owner}, it runs as {uid}")
    limits = trial.machine.run("cat", f"{process}/limits").stdout
    check(
        "Max core file size        0                    0 " in limits,
        f"it may dump core:\n{limits}",
    )
    return f"uid {uid}, state directory its own"


def refuses_wrong_settings(trial: Trial) -> str:
    """``systemctl reload`` with a mistake: said so, and the old settings stay."""
    pid, before = trial.pid, trial.subscriber.state("kitchen")["time"]
    trial.config.write_text(WRONG)
    trial.systemctl("reload", UNIT)
    until(lambda: "refused" in trial.show("StatusText"), "the status does not say so")
    told = trial.show("StatusText")
    until(lambda: trial.subscriber.state("kitchen")["time"] > before, "it stands still")
    check(trial.pid == pid, "it is another process")
    check(not trial.subscriber.availability("den"), "it took up the settings")
    return told


def takes_up_settings(trial: Trial) -> str:
    """``systemctl reload`` without a mistake: the same process publishes elsewhere."""
    pid = trial.pid
    trial.config.write_text(DEN)
    trial.systemctl("reload", UNIT)
    until(lambda: trial.subscriber.state("den"), "it does not take up the settings")
    until(lambda: trial.subscriber.availability("den") == "online", "it is not online there")
    check(trial.pid == pid, "it is another process")
    check(trial.subscriber.availability("kitchen") == "offline", "it says to be where it was, too")
    return f"status: {trial.show('StatusText')}"


def survives_a_crash(trial: Trial) -> str:
    """SIGKILL: systemd starts another."""
    return _survives(trial, "KILL", "Main process exited, code=killed, status=9/KILL")


def survives_a_hang(trial: Trial) -> str:
    """SIGSTOP: the watchdog is not fed, and systemd starts another."""
    return _survives(trial, "STOP", "Watchdog timeout")


def _survives(trial: Trial, signal: str, logged: str) -> str:
    restarts, events = int(trial.show("NRestarts")), len(trial.subscriber.events)
    begun_s = time.monotonic()
    trial.systemctl("kill", f"--signal={signal}", "--kill-whom=main", UNIT)
    until(lambda: int(trial.show("NRestarts")) > restarts, "it is not started again")
    until(lambda: trial.is_active, "it does not become ready again")
    took_s = time.monotonic() - begun_s
    check(int(trial.show("NRestarts")) == restarts + 1, "it needed more than one start")
    check(logged in trial.journal(), f"the journal does not say: {logged}")
    heard = trial.subscriber
    until(lambda: len(heard.events) > events, "no event comes after it")
    until(lambda: heard.availability("den") == "online", "it is not online")
    return f"ready again after {took_s:.1f} s; journal: {logged}"


def survives_a_frozen_sound_server(trial: Trial) -> str:
    """It cannot be left from inside: the daemon says so, ends, and systemd starts another."""
    restarts, heard = int(trial.show("NRestarts")), trial.subscriber
    until(lambda: heard.state("den")["mood"], "no mood arrives")
    trial.systemctl("kill", "--signal=STOP", "room.service")
    noticed_s = until(lambda: heard.state("den")["status"] == "no_audio", "it does not notice")
    ended_s = until(lambda: int(trial.show("NRestarts")) > restarts, "it does not end")
    trial.systemctl("kill", "--signal=CONT", "room.service")
    heard_s = until(lambda: heard.state("den")["mood"], "no mood arrives any more")
    return (
        f"no_audio after {noticed_s:.1f} s, started again {ended_s:.1f} s later, "
        f"a mood {heard_s:.1f} s after the end of the frost"
    )


def gives_up_on_wrong_settings(trial: Trial) -> str:
    """Started with a mistake in the settings: it ends, and is not started again."""
    trial.config.write_text(WRONG)
    trial.machine.run("systemctl", "restart", UNIT, check=False)
    ended = trial.show("ActiveState"), trial.show("ExecMainStatus")
    check(ended == ("failed", "78"), f"it is {ended}")
    check("smoothing.confidant: unknown key" in trial.journal(), "the journal does not say why")
    trial.config.write_text(DEN)
    trial.systemctl("restart", UNIT)
    return "failed with status 78; the journal says why"


def stops(trial: Trial) -> str:
    """A clean end in time, of which subscribers are told."""
    begun_s = time.monotonic()
    trial.systemctl("stop", UNIT)
    took_s = time.monotonic() - begun_s
    check(took_s < STOPPED_S, f"that took {took_s:.1f} s")
    check(trial.show("Result") == "success", f"its result is {trial.show('Result')}")
    until(lambda: trial.subscriber.availability("den") == "offline", "it is not offline")
    check(not trial.subscriber.state("den")["mood"], "its mood is still shown")
    return f"offline after {took_s:.1f} s"


def lost_nothing(trial: Trial) -> str:
    """The running numbers of the events, through crash and hang: none lost nor out of order."""
    came = trial.subscriber.events
    new = list(dict.fromkeys(came))  # at least once is promised, so that one may come again
    check(new, "there were none")
    check(new == list(range(new[0], new[0] + len(new))), f"they are {came}")
    return f"{len(new)} events, {new[0]} to {new[-1]}"


def complained_of_nothing(trial: Trial) -> str:
    """No traceback in the journal of all boots."""
    journal = trial.journal()
    check("Traceback" not in journal, journal)
    return f"{len(journal.splitlines())} lines without a traceback"


def is_removed(trial: Trial) -> str:
    """``make uninstall``, twice: nothing is left but the settings and what was learnt."""
    for _ in range(2):
        trial.make("uninstall")
    root: Path = trial.machine.root
    for path in ("opt/moodstream", f"etc/systemd/system/{UNIT}", "usr/local/bin/moodstream"):
        check(not (root / path).exists(), f"/{path} is still there")
    check(trial.show("LoadState") == "not-found", "systemd still knows it")
    check(trial.config.read_text() == DEN, "the settings were changed")
    return "settings kept"


CHECKS = (
    boots,
    is_installed,
    is_upgraded,
    starts_with_the_machine,
    is_heard,
    is_nobody,
    refuses_wrong_settings,
    takes_up_settings,
    survives_a_crash,
    survives_a_hang,
    survives_a_frozen_sound_server,
    gives_up_on_wrong_settings,
    stops,
    lost_nothing,
    page.is_served,
    page.stays_through_restarts,
    page.leaves_a_history,
    complained_of_nothing,
    is_removed,
    page.is_gone,
)
