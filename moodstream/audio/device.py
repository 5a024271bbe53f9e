"""The capture devices of this machine, by name."""

import sys
from dataclasses import dataclass, replace

from moodstream.audio.portaudio import CAPTURES, CaptureError, portaudio
from moodstream.audio.system import alsa, pulse
from moodstream.log import Seldom

PULSE = "pulse"
"""PortAudio's name for the device that leads to the sound server."""

_seldom = Seldom()


@dataclass(frozen=True)
class Device:
    """A capture device."""

    index: int
    """PortAudio's number, valid until PortAudio lists devices again; never store it."""
    name: str
    host: str
    """Audio interface of the system that offers it."""
    channels: int
    rate: int
    """Its own rate, hertz."""
    default: bool
    port: str = ""
    """Port that its card is plugged into; empty if unknown."""
    source: str = ""
    """Name of the sound server's source, empty if PortAudio lists the device itself."""
    description: str = ""
    """Name that desktops show, if it is another."""
    monitor: bool = False
    """Whether it carries what a sink plays."""


def devices() -> list[Device]:
    """Return the capture devices that there are now, without the sound server's sources.

    Raises:
        CaptureError: PortAudio is not installed or fails.
    """
    is_new = "sounddevice" not in sys.modules  # it lists the devices when it is imported
    sd = portaudio()
    try:
        with CAPTURES.finding:
            if CAPTURES.is_outdated():
                if not is_new:
                    # PortAudio lists devices once: one plugged in later would never be seen.
                    sd._terminate()  # noqa: SLF001
                    sd._initialize()  # noqa: SLF001
                alsa.unload_plugins()
        hosts = sd.query_hostapis()
        default = sd.default.device[0]
        return [
            Device(
                index=index,
                name=str(found["name"]),
                host=str(hosts[found["hostapi"]]["name"]),
                channels=int(found["max_input_channels"]),
                rate=round(found["default_samplerate"]),
                default=index == default,
                port=alsa.port(str(found["name"])),
            )
            for index, found in enumerate(sd.query_devices())
            if found["max_input_channels"] > 0
        ]
    except sd.PortAudioError as error:
        raise CaptureError(str(error)) from error


def sources(there: list[Device]) -> list[Device]:
    """Return the sources of the sound server, if one of these devices leads to it."""
    gates = [device for device in there if device.name == PULSE]
    return [
        replace(
            gate,
            name=source.name,
            host="sound server",
            channels=source.channels,
            rate=source.rate,
            default=False,
            source=source.name,
            description=source.description,
            monitor=source.monitor,
        )
        for gate in gates[:1]
        for source in pulse.sources()
    ]


def find(name: str) -> Device:
    """Return the device whose name is or contains this; empty finds the default device.

    The number of a card, which may change from boot to boot, need not match. If there are identical
    cards, ``NAME @PORT`` finds the one at that port, and ``NAME`` the first.

    Raises:
        CaptureError: there is none, or more than one.
    """
    there = devices()
    if not name:
        for device in there:
            if device.default:
                return device
        raise CaptureError(f"no default capture device; {_listed(there)}")
    matches = matching(name, there)
    if not matches:
        served = sources(there)
        matches = matching(name, served)
        there += served
    if not matches:
        raise CaptureError(f"no capture device '{name}'; {_listed(there)}")
    if len({alsa.without_numbers(device.name) for device in matches}) > 1:
        several = ", ".join(repr(device.name) for device in matches)
        raise CaptureError(
            f"'{name}' matches several devices: {several}; use a longer part of the name"
        )
    if len(matches) > 1:
        ports = ", ".join(f"'@{device.port}'" for device in matches if device.port)
        _seldom.warning("equal devices, the first is taken", device=matches[0].name, ports=ports)
    return matches[0]


def matching(name: str, there: list[Device]) -> list[Device]:
    """Return the devices that this name may mean, by the closest way of comparing that has any."""
    card, _, port = name.rpartition(" @")
    return _named(name, there) or _named(card, [each for each in there if each.port == port])


def _named(name: str, there: list[Device]) -> list[Device]:
    if not name:
        return []
    bare, part = alsa.without_numbers(name), name.lower()
    return (
        [device for device in there if device.name == name]
        or [device for device in there if alsa.without_numbers(device.name) == bare]
        or [device for device in there if part in device.name.lower()]
        or [device for device in there if part in device.description.lower()]
        or [device for device in there if bare != name and bare.lower() in device.name.lower()]
    )


def _listed(there: list[Device]) -> str:
    names = ", ".join(repr(device.name) for device in there) or "none at all"
    return "; ".join([f"there are: {names}", *map(str, alsa.busy_cards())])
