"""The program as a child that ends with its parent, whatever ends that.

Usage: python -m moodstream.cli.child COMMAND [OPTION]…

Standard input is a pipe whose other end only the parent holds.
"""

import os
import signal
import sys
import threading

from moodstream.cli.group import main


def end_with_parent() -> None:
    """Wait until the parent has ended, and then end this process as SIGTERM does."""
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    main()
