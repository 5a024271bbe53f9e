"""The command line: thin commands over the rest, a file each."""

import os

from moodstream.cli.group import main

# Before numpy is imported: products this small only lose by being shared among threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__all__ = ["main"]
