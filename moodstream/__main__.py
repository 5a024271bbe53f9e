"""``python -m moodstream`` is ``moodstream``."""

from moodstream.cli import main

main(prog_name="moodstream")
