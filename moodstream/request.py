"""Request that a signal handler makes and the daemon's loop takes."""


class Request:
    """A flag without a lock.

    A handler may interrupt itself, and one that sets a threading.Event then waits for ever for
    the lock of that event, which the interrupted one holds.
    """

    def __init__(self) -> None:
        self._is_made = False

    def make(self) -> None:
        """Ask; asking again before it was taken changes nothing."""
        self._is_made = True

    def take(self) -> bool:
        """Return whether it was made since it was last taken."""
        if not self._is_made:
            return False
        # What is asked from here on is asked anew, as it is acted on only after this.
        self._is_made = False
        return True
