"""ALSA's cards: their ports, and which of them other programs use."""

import ctypes
import errno
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CAPTURE, NONBLOCK = 1, 1
"""SND_PCM_STREAM_CAPTURE and SND_PCM_NONBLOCK of ALSA's pcm.h."""
NUMBERS = re.compile(r" ?\(hw:(\d+),(\d+)\)")
"""Part of PortAudio's names that changes if cards are plugged in in another order."""
CARDS = Path("/proc/asound")
DEVICES = Path("/sys/class/sound")


@dataclass(frozen=True)
class BusyCard:
    """A card that PortAudio leaves out because it cannot currently be opened."""

    name: str
    """The card's name and its number."""
    holder: str
    """Program that uses it, with its process id; empty if unknown."""

    def __str__(self) -> str:
        """Return a part of a sentence."""
        held = f"held by {self.holder}" if self.holder else "held by another program"
        return f"'{self.name}' is busy, {held}"


def port(name: str) -> str:
    """Return the port of a PortAudio device's card, such as ``1-1.2`` for USB.

    Nothing else permanently distinguishes two identical cards. Empty if unknown.
    """
    found = NUMBERS.search(name)
    place = DEVICES / f"card{found[1]}" / "device" if found else None
    return place.resolve().name.partition(":")[0] if place and place.exists() else ""


def without_numbers(name: str) -> str:
    """Return a PortAudio name without the number of the card."""
    return NUMBERS.sub("", name)


def unload_plugins() -> None:
    """Unload the plugins that no open device uses, which a search for devices loads all.

    One of them loads FFmpeg and what that needs: eleven megabytes. ALSA frees its configuration and
    them together, and reads it again when the next device is opened.
    """
    with suppress(OSError):
        ctypes.CDLL("libasound.so.2").snd_config_update_free_global()


def busy_cards() -> list[BusyCard]:
    """Return the cards that other programs use."""
    try:
        ctypes.CDLL("libasound.so.2", ctypes.RTLD_GLOBAL)
    except OSError:
        return []
    alsa = ctypes.CDLL(None)
    alsa.snd_ctl_card_info_get_name.restype = ctypes.c_char_p
    card, busy = ctypes.c_int(-1), []
    while alsa.snd_card_next(ctypes.byref(card)) == 0 and card.value >= 0:
        handle = ctypes.c_void_p()
        opened = alsa.snd_pcm_open(
            ctypes.byref(handle), f"hw:{card.value},0".encode(), CAPTURE, NONBLOCK
        )
        if opened == 0:
            alsa.snd_pcm_close(handle)
        elif opened == -errno.EBUSY:
            name = f"{_name(alsa, card.value)} (hw:{card.value},0)"
            busy.append(BusyCard(name, _holder(card.value)))
    return busy


def _name(alsa: ctypes.CDLL, card: int) -> str:
    control, info = ctypes.c_void_p(), ctypes.c_void_p()
    if alsa.snd_ctl_open(ctypes.byref(control), f"hw:{card}".encode(), 0):
        return f"card {card}"
    try:
        if alsa.snd_ctl_card_info_malloc(ctypes.byref(info)):
            return f"card {card}"
        alsa.snd_ctl_card_info(control, info)
        name = alsa.snd_ctl_card_info_get_name(info) or b""
        alsa.snd_ctl_card_info_free(info)
    finally:
        alsa.snd_ctl_close(control)
    return str(name.decode("utf-8", "backslashreplace")) or f"card {card}"


def _holder(card: int) -> str:
    with suppress(OSError):
        for status in CARDS.glob(f"card{card}/pcm0c/sub*/status"):
            if found := re.search(r"owner_pid\s*:\s*(\d+)", status.read_text()):
                program = Path(f"/proc/{found[1]}/comm").read_text().strip()
                return f"{program} (process {found[1]})"
    return ""
