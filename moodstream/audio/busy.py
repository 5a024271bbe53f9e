"""Capture devices that another program holds: PortAudio does not list them at all."""

import ctypes
import errno
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
CAPTURE, NONBLOCK = 1, 1
"""SND_PCM_STREAM_CAPTURE and SND_PCM_NONBLOCK of ALSA's pcm.h."""


def busy() -> str:
    """Return a sentence about the devices that are in use and who uses them; empty if none is."""
    found = [*_held()] or [*_refused()]
    return "; ".join(found)


def _held() -> Iterator[str]:
    """Yield a sentence for each capture stream that the kernel shows as open."""
    for status in sorted(PROC.glob("asound/card*/pcm*c/sub*/status")):
        lines = _read(status).splitlines()
        owners = [line.partition(":")[2].strip() for line in lines if line.startswith("owner_pid")]
        if not owners:
            continue
        card = _read(status.parents[2] / "id").strip() or status.parents[2].name
        program = _read(PROC / owners[0] / "comm").strip()
        holder = f"'{program}' (process {owners[0]})" if program else f"process {owners[0]}"
        yield f"sound card '{card}' is busy: {holder} holds it"


def _refused() -> Iterator[str]:
    """Yield a sentence for each card that ALSA refuses as busy, where the kernel shows nothing."""
    try:
        ctypes.CDLL("libasound.so.2", ctypes.RTLD_GLOBAL)
    except OSError:
        return
    alsa = ctypes.CDLL(None)
    card = ctypes.c_int(-1)
    while alsa.snd_card_next(ctypes.byref(card)) == 0 and card.value >= 0:
        pcm = ctypes.c_void_p()
        name = f"hw:{card.value},0".encode()
        failed = alsa.snd_pcm_open(ctypes.byref(pcm), name, CAPTURE, NONBLOCK)
        if failed == 0:
            alsa.snd_pcm_close(pcm)
        elif failed == -errno.EBUSY:
            yield f"sound card {card.value} is busy: another program holds it"


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
