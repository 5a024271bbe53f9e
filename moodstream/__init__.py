"""moodstream hears the mood of a room: audio in, mood events out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("moodstream")
except PackageNotFoundError:  # imported from a source tree that was never installed
    __version__ = "0+unknown"
