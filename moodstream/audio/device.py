"""The capture devices of this machine, by name."""

from dataclasses import dataclass

from moodstream.audio.portaudio import CaptureError, portaudio


@dataclass(frozen=True)
class Device:
    """A capture device."""

    index: int
    """PortAudio's, valid until it looks again; never to be stored."""
    name: str
    host: str
    """The audio interface of the system that offers it."""
    channels: int
    rate: int
    """Its own, hertz."""
    default: bool


def devices() -> list[Device]:
    """The capture devices that there are now.

    Raises:
        CaptureError: PortAudio is not installed or fails.
    """
    sd = portaudio()
    try:
        # PortAudio lists devices once: without this, one plugged in later is never seen.
        sd._terminate()  # noqa: SLF001
        sd._initialize()  # noqa: SLF001
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
            )
            for index, found in enumerate(sd.query_devices())
            if found["max_input_channels"] > 0
        ]
    except sd.PortAudioError as error:
        raise CaptureError(str(error)) from error


def find(name: str) -> Device:
    """The device of this name, or with this in its name; empty finds the default one.

    Raises:
        CaptureError: there is none, or more than one.
    """
    there = devices()
    listed = ", ".join(repr(device.name) for device in there) or "none at all"
    if not name:
        for device in there:
            if device.default:
                return device
        raise CaptureError(f"no default capture device; there are: {listed}")
    exact = [device for device in there if device.name == name]
    similar = [device for device in there if name.lower() in device.name.lower()]
    matches = exact[:1] or similar
    if not matches:
        raise CaptureError(f"no capture device '{name}'; there are: {listed}")
    if len(matches) > 1:
        several = ", ".join(repr(device.name) for device in matches)
        raise CaptureError(f"'{name}' could be any of: {several}; give more of the name")
    return matches[0]
