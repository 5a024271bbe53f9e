"""Mood fields of a music file in any format, through mutagen."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from moodstream.library.errors import LibraryError

INSTALL = "pip install 'moodstream[tags]'"
"""Command that installs mutagen."""
MOOD = "MOOD"
"""Field that players show: TMOO in ID3, MOOD elsewhere (the mapping of Picard and Navidrome)."""
WRITTEN = "MOODSTREAM_MOOD"
"""Copy of the mood that moodstream wrote; a different value in MOOD comes from somebody else."""
VALENCE, AROUSAL = "MOODSTREAM_VALENCE", "MOODSTREAM_AROUSAL"
"""Numbers as text, -1 .. 1."""
NAMES = (MOOD, WRITTEN, VALENCE, AROUSAL)
ITUNES = "----:com.apple.iTunes:"
"""Prefix of the keys of freeform fields in MP4."""

Fields = dict[str, tuple[str, ...]]
"""Values of each of :data:`NAMES`; an empty tuple where the file has none."""


def require_mutagen() -> None:
    """Check that mutagen is installed.

    Raises:
        LibraryError: it is not; the message has the command that installs it.
    """
    if not find_spec("mutagen"):
        raise LibraryError(f"tags need mutagen: {INSTALL}")


class TaggedFile:
    """Tags of a music file, read once and saved on request.

    Args:
        path: of the file.

    Raises:
        LibraryError: it cannot be read, or its tag format is not supported.
    """

    def __init__(self, path: Path) -> None:
        import mutagen  # noqa: PLC0415 - only what tags needs it
        from mutagen import aiff, flac, id3, mp3, mp4, oggflac, oggopus, oggvorbis, wave  # noqa: PLC0415

        self._mutagen = mutagen
        self._id3: Any = id3
        self._mp4: Any = mp4
        kinds = [
            *(flac.FLAC, mp3.MP3, mp4.MP4, oggopus.OggOpus, oggvorbis.OggVorbis, oggflac.OggFLAC),
            *(wave.WAVE, aiff.AIFF),
        ]
        self.path = path
        try:
            self._file: Any = mutagen.File(path, options=kinds)
        except (mutagen.MutagenError, OSError) as error:
            raise LibraryError(f"{path}: {_reason(error)}") from error
        if self._file is None:
            raise LibraryError(
                f"{path}: tags are written to flac, mp3, ogg, opus, m4a, wav and aiff files"
            )

    @property
    def fields(self) -> Fields:
        """Values of the mood fields."""
        tags = self._file.tags
        return {name: () if tags is None else tuple(self._read(tags, name)) for name in NAMES}

    def change(self, fields: Fields) -> None:
        """Set the given fields, and remove those without a value.

        Raises:
            LibraryError: tags cannot be added to this kind of file.
        """
        try:
            if self._file.tags is None:
                self._file.add_tags()
        except self._mutagen.MutagenError as error:
            raise LibraryError(f"{self.path}: {_reason(error)}") from error
        for name, values in fields.items():
            self._write(self._file.tags, name, values)

    def save(self) -> None:
        """Write the tags into the file.

        Raises:
            LibraryError: it cannot be written.
        """
        try:
            self._file.save()
        except (self._mutagen.MutagenError, OSError) as error:
            raise LibraryError(f"{self.path}: {_reason(error)}") from error

    def _read(self, tags: Any, name: str) -> list[str]:
        if isinstance(tags, self._id3.ID3):
            return [str(text) for frame in tags.getall(_frame(name)) for text in frame.text]
        if isinstance(tags, self._mp4.MP4Tags):
            return [
                bytes(value).decode("utf-8", "replace") for value in tags.get(ITUNES + name, [])
            ]
        return [str(value) for value in tags.get(name, [])]

    def _write(self, tags: Any, name: str, values: tuple[str, ...]) -> None:
        if isinstance(tags, self._id3.ID3):
            tags.delall(_frame(name))
            if values:
                kind = self._id3.TMOO if name == MOOD else self._id3.TXXX
                more = {} if name == MOOD else {"desc": name}
                tags.add(kind(encoding=self._id3.Encoding.UTF8, text=[*values], **more))
            return
        key = ITUNES + name if isinstance(tags, self._mp4.MP4Tags) else name
        if not values:
            if key in tags:
                del tags[key]
        elif isinstance(tags, self._mp4.MP4Tags):
            tags[key] = [self._mp4.MP4FreeForm(value.encode()) for value in values]
        else:
            tags[key] = [*values]


def _frame(name: str) -> str:
    return "TMOO" if name == MOOD else f"TXXX:{name}"


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).lower()
