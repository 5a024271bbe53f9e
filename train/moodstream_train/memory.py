"""How the process handles its memory while it trains."""

import ctypes
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Parameters of ``mallopt(3)``."""
KEPT_BYTES = 1 << 30


def keep_freed() -> None:
    """Have glibc keep what is freed instead of giving it back; other systems are left as they are.

    A batch comes and goes by megabytes. Where pages are dear, as on a virtual machine, taking them
    again each time costs several times what is computed with them: 70 against 11 ms a batch.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(MMAP_THRESHOLD, KEPT_BYTES)
