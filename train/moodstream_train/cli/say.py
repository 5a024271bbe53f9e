"""Lines of progress, and a quiet TensorFlow."""

import os
import sys
import time

import click

# TensorFlow reads these while it loads, which happens inside the commands.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def say(line: str) -> None:
    """Print a line of progress with the time of day, without buffering."""
    click.echo(f"{time.strftime('%H:%M:%S')}  {line}")
    sys.stdout.flush()
