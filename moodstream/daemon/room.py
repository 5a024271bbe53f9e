"""Statistics of the room, kept from one run of the daemon to the next."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from moodstream.audio.chunk import Chunk
from moodstream.bundle.bundle import Bundle
from moodstream.features.normalise import Normaliser, Room
from moodstream.log import Seldom, get_logger
from moodstream.messages.published import timestamp
from moodstream.schema import between, decode
from moodstream.text import printable
from moodstream.whole_file import written_whole

NAME = "room.json"
"""File in the state directory."""
SCHEMA = 1
MAX_BYTES = 1 << 16
SAVE_S = 600.0
"""Seconds of audible sound between two saves."""

log = get_logger()


class RoomError(Exception):
    """The file cannot be used; the message says why."""


@dataclass(frozen=True)
class SavedRoom:
    """Content of the file."""

    schema: int = field(metadata=between(SCHEMA, SCHEMA))
    saved: str
    """Time of saving, ISO 8601."""
    bundle: str
    """The sha256 of the bundle whose features these statistics describe."""
    device: str
    """The configured capture device: another microphone means another room."""
    room: Room


def read(path: Path) -> SavedRoom | None:
    """Read a saved room; return None if there is no file.

    Raises:
        OSError: it cannot be read.
        RoomError: it is broken.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(content) > MAX_BYTES:
        raise RoomError(f"{path}: larger than {MAX_BYTES} bytes")
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RoomError(f"{path}: not JSON: {error}") from error
    errors: list[str] = []
    saved = decode(SavedRoom, tree, "", errors)
    if saved is None:
        raise RoomError(f"{path}: " + "; ".join(errors[:3]))
    return saved


def _without_waiting(name: str, flags: int) -> int:
    """Open a file, or a FIFO of its name without waiting for a writer; it reads as empty."""
    return os.open(name, flags | os.O_NONBLOCK)


def write(path: Path, saved: SavedRoom) -> None:
    """Save a room; after an error, the old file is unchanged.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_whole(path, "w", permissions=0o600) as stream:
        json.dump(asdict(saved), stream, allow_nan=False)


def misfit(saved: SavedRoom, bundle: Bundle, device: str) -> str:
    """Return why a saved room does not fit this bundle and device; "" if it fits."""
    if saved.bundle != bundle.sha256:
        return "it was learnt with another bundle"
    if saved.device != device:
        learnt_with = printable(saved.device, 80)
        return f"it was learnt with device '{learnt_with}', but the device is now '{device}'"
    if len(saved.room.mean) != len(bundle.card.normalisation.mean):
        return "its number of coefficients differs from the bundle's"
    return ""


def described(path: Path, saved: SavedRoom, bundle: Bundle, device: str) -> str:
    """Return a description of a saved room in a few lines."""
    features, prior, room = bundle.card.features, bundle.card.normalisation, saved.room
    lines = [f"{path}, saved {printable(saved.saved, 40)}"]
    if reason := misfit(saved, bundle, device):
        return "\n".join([*lines, f"{reason}: the daemon will learn the room again"])
    minutes = room.frames * features.hop_length / features.sample_rate / 60
    trust = prior.trust(room.frames)
    off = [abs(m - p) / s for m, p, s in zip(room.mean, prior.mean, prior.std, strict=True)]
    lines.append(
        f"learnt from {minutes:.1f} minutes of sound; weight {trust:.0%} against the prior"
    )
    lines.append(
        f"{sum(off) / len(off):.2f} standard deviations from the prior, averaged over coefficients"
    )
    return "\n".join(lines)


class RoomKeeper:
    """Loader and saver of the learnt room; a failing disk does not stop it.

    Args:
        path: file of the room.
        normaliser: learns the room.
        bundle: bundle whose features it learns from.
        device: the configured capture device.
    """

    def __init__(self, path: Path, normaliser: Normaliser, bundle: Bundle, device: str) -> None:
        self._path, self._normaliser = path, normaliser
        self._bundle, self._device = bundle, device
        features = bundle.card.features
        self._every = round(SAVE_S * features.sample_rate / features.hop_length)
        self._kept = 0  # frames heard at the last save
        self._is_saved = False
        self._seldom = Seldom()

    def take_up(self) -> None:
        """Continue from the room that an earlier run learnt, if it fits this bundle and device."""
        try:
            saved = read(self._path)
        except OSError as error:
            log.warning("the room cannot be read, learning it again", reason=str(error))
            return
        except RoomError as error:
            self._set_aside(str(error))
            return
        if saved is None:
            return
        self._is_saved = True
        if reason := misfit(saved, self._bundle, self._device):
            log.info("learning the room again", reason=reason)
            return
        self._normaliser.take_up(saved.room)
        self._kept = saved.room.frames
        log.info("the room is known", saved=saved.saved, frames=saved.room.frames)

    def beside(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks; save regularly, and at the end."""
        try:
            for chunk in chunks:
                yield chunk
                if self._normaliser.frames_heard - self._kept >= self._every:
                    self.save()
        finally:
            self.save()

    def save(self) -> None:
        """Save new statistics; forget the room if somebody has removed the file."""
        if self._is_saved and self._was_removed():
            log.info("the room's file was removed, learning the room again", path=str(self._path))
            self._normaliser.reset()
            self._kept, self._is_saved = 0, False
        if self._normaliser.frames_heard == self._kept:
            return
        self._kept = self._normaliser.frames_heard
        now = timestamp(datetime.now(UTC))
        room = self._normaliser.room
        try:
            write(self._path, SavedRoom(SCHEMA, now, self._bundle.sha256, self._device, room))
        except OSError as error:
            self._seldom.warning(
                "the room was not saved", path=str(self._path), reason=error.strerror or str(error)
            )
        else:
            self._is_saved = True

    def _was_removed(self) -> bool:
        try:
            self._path.stat()
        except FileNotFoundError:
            return True
        except OSError:  # a disk error is not a request to forget
            return False
        return False

    def _set_aside(self, reason: str) -> None:
        aside = self._path.with_suffix(".broken")
        with suppress(OSError):
            self._path.replace(aside)
        log.warning("the room's file is broken, learning it again", reason=reason, kept=str(aside))
