"""Silence for native libraries that write to standard error whatever they are asked."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# TensorFlow reads this while it loads.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@contextmanager
def native_stderr() -> Iterator[None]:
    """Hold back what is written to file descriptor 2, and show it only after an exception.

    The log of TensorFlow's start and of its converter ignores every setting of its level.
    """
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        kept = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)


def load_keras() -> None:
    """Import Keras and its backend, and start the backend's devices, without their log."""
    with native_stderr():
        from keras import ops  # noqa: PLC0415, takes seconds

        ops.zeros(1)
