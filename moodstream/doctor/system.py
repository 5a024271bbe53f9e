"""Checks of the system: sound devices, sockets of audio servers, the systemd unit."""

import os
import socket
from collections.abc import Iterator, Mapping

from moodstream.audio.system.arrival import SOUND, servers
from moodstream.doctor.finding import Finding, failure, ok, warning
from moodstream.service.place import UNIT
from moodstream.service.systemd import properties
from moodstream.text import printable

MANAGERS = {"the system's": (), "the user's": ("--user",)}
"""Managers that may run the unit, and systemctl's options for them."""


def system() -> Iterator[Finding]:
    """Yield findings about devices, sockets and the unit, as seen by this user."""
    yield _sound_cards()
    yield from _audio_servers(os.environ)
    states = {whose: properties(options) for whose, options in MANAGERS.items()}
    found = {whose: state for whose, state in states.items() if state}
    if not found:
        yield ok("systemd is not running, or does not answer")
        return
    installed = {whose: s for whose, s in found.items() if s.get("LoadState") == "loaded"}
    if not installed:
        yield ok(f"{UNIT} is not installed (moodstream service install does that)")
    for whose, state in installed.items():
        yield judged(f"{UNIT} of {whose} systemd", state, MANAGERS[whose])


def judged(unit: str, state: Mapping[str, str], options: tuple[str, ...]) -> Finding:
    """Return a finding about an installed unit.

    Args:
        unit: name of the unit.
        state: values of the properties, from `systemctl show`.
        options: options of systemctl for its manager.
    """
    journal = " ".join(["journalctl", *options, "--unit", UNIT, "--lines 30"])
    enable = " ".join(["systemctl", *options, "enable", UNIT])
    active, status = state.get("ActiveState"), printable(state.get("StatusText", ""), 80)
    if active == "active":
        restarts = state.get("NRestarts", "0")
        if restarts != "0":
            return warning(f"{unit} runs, after {restarts} restarts", f"see why: {journal}")
        if state.get("UnitFileState") != "enabled":
            return warning(f"{unit} runs, but will not start at the next boot", enable)
        return ok(f"{unit} runs: {status or 'no status yet'}")
    if state.get("ExecMainStatus") == "78":  # EX_CONFIG: systemd does not start it again
        return failure(f"{unit} has stopped: its settings or models are wrong", f"see: {journal}")
    if active == "inactive":
        return warning(f"{unit} is installed but not running", f"{enable} --now")
    return failure(f"{unit} is {active} ({state.get('SubState')})", f"see why: {journal}")


def _sound_cards() -> Finding:
    cards = sorted(SOUND.glob("pcm*c"))
    if not cards:
        return ok(f"no sound card with an input: {SOUND} has no pcm*c")
    closed = [card.name for card in cards if not os.access(card, os.R_OK | os.W_OK)]
    if closed:
        return warning(
            f"you have no access to {', '.join(closed)} in {SOUND}",
            "without an audio server: sudo usermod -aG audio $USER, and log in again; the "
            "service already has that group",
        )
    return ok(
        f"you have access to all capture devices in {SOUND}: "
        f"{', '.join(card.name for card in cards)}"
    )


def _audio_servers(environment: Mapping[str, str]) -> Iterator[Finding]:
    there = {name: path for name, path in servers(environment).items() if path.is_socket()}
    if not there:
        yield ok("no audio server is running: only ALSA offers devices")
    for name, path in there.items():
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(str(path))
            yield ok(f"{name} listens on {path}")
        except OSError as error:
            yield warning(
                f"{name}'s socket {path}: {error.strerror or error}",
                "restart it: systemctl --user restart pipewire pipewire-pulse pulseaudio",
            )
