"""Answers of a teacher on disk, one file for each audio file."""

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from moodstream_train.errors import TrainingError
from moodstream_train.teachers.yamnet import Answer


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        TrainingError: The file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise TrainingError(f"{path}: cannot be read: {error.strerror}") from error


class Cache:
    """A folder of answers, by the hash of the audio file and the key of the teacher.

    Args:
        folder: Where the answers are kept, outside the repository. It is made when needed.
        teacher: The teacher's key; the answers of two teachers never mix.
    """

    def __init__(self, folder: Path, teacher: str) -> None:
        self.folder = folder / teacher[:16]

    def path(self, audio_sha256: str) -> Path:
        """Return where the answer about an audio file is, or would be."""
        # 256 folders keep each one short with tens of thousands of files.
        return self.folder / audio_sha256[:2] / f"{audio_sha256}.npz"

    def read(self, audio_sha256: str) -> Answer | None:
        """Return the answer about an audio file, or None if there is none yet.

        Raises:
            TrainingError: The file is damaged.
        """
        path = self.path(audio_sha256)
        try:
            with np.load(path) as arrays:
                return Answer(arrays["scores"], arrays["embeddings"])
        except FileNotFoundError:
            return None
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise TrainingError(f"{path}: damaged ({error}); delete it and run again") from error

    def write(self, audio_sha256: str, answer: Answer) -> None:
        """Keep the answer about an audio file; it appears whole or not at all."""
        path = self.path(audio_sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as partial:
            try:
                np.savez(partial, **answer._asdict())
                partial.flush()
                os.fsync(partial.fileno())
                Path(partial.name).replace(path)
            except BaseException:
                Path(partial.name).unlink()
                raise
