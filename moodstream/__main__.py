"""``python -m moodstream`` is ``moodstream``."""

from moodstream.cli.group import main

main(prog_name="moodstream")
