"""Notifications of several sources, combined into those of one service."""

import threading

from moodstream.daemon.notify import Notifier


class Together:
    """Sources that systemd sees as one service.

    The watchdog is fed when every source has made progress since it was last fed. A source without
    audio also makes progress, because it reports that every second. If the thread of a source
    hangs, the watchdog is no longer fed.

    Args:
        notifier: informs systemd.
        names: of the sources.
    """

    def __init__(self, notifier: Notifier, names: list[str]) -> None:
        self._notifier = notifier
        self._lock = threading.Lock()
        self._names = names
        self._awaited = set(names)
        self._silent = set(names)
        self._statuses = dict.fromkeys(names, "")
        self._troubles = dict.fromkeys(names, "")

    def part(self, name: str) -> "Part":
        """Return the notifications of a source."""
        return Part(self, name)

    def ready(self, name: str) -> None:
        """Receive that a source is ready; the service is ready when all are."""
        with self._lock:
            if name in self._awaited:
                self._awaited.remove(name)
                if not self._awaited:
                    self._notifier.ready()

    def reloading(self, name: str) -> None:
        """Receive that a source applies new settings."""
        with self._lock:
            if not self._awaited:
                self._notifier.reloading()
            self._awaited.add(name)

    def alive(self, name: str) -> None:
        """Receive that a source has made progress."""
        with self._lock:
            self._silent.discard(name)
            if not self._silent:
                self._silent = set(self._names)
                self._notifier.alive()

    def status(self, name: str, text: str) -> None:
        """Receive the status of a source."""
        with self._lock:
            self._statuses[name] = text
            parts = [f"{source}: {said}" for source, said in self._statuses.items() if said]
            self._notifier.status("; ".join(parts))

    def trouble(self, name: str, text: str) -> None:
        """Receive the problem of a source; a problem of several sources is reported once."""
        with self._lock:
            self._troubles[name] = text
            self._notifier.trouble("; ".join(dict.fromkeys(filter(None, self._troubles.values()))))


class Part:
    """Notifications of one source.

    Args:
        whole: all sources.
        name: of the source.
    """

    def __init__(self, whole: Together, name: str) -> None:
        self._whole, self._name = whole, name

    def ready(self) -> None:
        """Say that the source is ready."""
        self._whole.ready(self._name)

    def alive(self) -> None:
        """Say that the source makes progress."""
        self._whole.alive(self._name)

    def reloading(self) -> None:
        """Say that new settings are being applied, until :meth:`ready` is called."""
        self._whole.reloading(self._name)

    def status(self, text: str) -> None:
        """Set a status line for people."""
        self._whole.status(self._name, text)

    def trouble(self, text: str) -> None:
        """Set a text to add to the status; empty for none."""
        self._whole.trouble(self._name, text)

    def stopping(self) -> None:
        """Say nothing: the service stops with its last source."""
