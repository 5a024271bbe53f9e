"""Notifications to systemd: ready, status, alive, stopping."""

import math
import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol


class Notifications(Protocol):
    """Receiver of a source's notifications for a service manager."""

    def ready(self) -> None:
        """Receive that the source is ready."""

    def alive(self) -> None:
        """Receive that the source has made progress."""

    def reloading(self) -> None:
        """Receive that the settings are being read again, until :meth:`ready` is called."""

    def status(self, text: str) -> None:
        """Receive a status line for people."""

    def trouble(self, text: str) -> None:
        """Receive a text to add to each status from now on; empty for none."""

    def stopping(self) -> None:
        """Receive that the source is ending."""


class Notifier:
    """Sender of datagrams to ``$NOTIFY_SOCKET``, as in ``sd_notify(3)``; silent if it is unset.

    Args:
        environment: with NOTIFY_SOCKET and WATCHDOG_USEC, if systemd has set them.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        if self._address.startswith("@"):  # a socket in Linux' abstract namespace
            self._address = "\0" + self._address[1:]
        watchdog_us = environment.get("WATCHDOG_USEC", "")
        self._interval_s = int(watchdog_us) / 1e6 / 4 if watchdog_us.isdecimal() else 0.0
        self._alive_s = -math.inf  # the clock begins at boot: its first seconds are near zero
        self._status = self._trouble = self._told = ""

    def ready(self) -> None:
        """Say that the service is ready."""
        self._send("READY=1")

    def alive(self) -> None:
        """Feed the watchdog after progress, as often as it requires."""
        now = time.monotonic()
        if self._interval_s and now - self._alive_s >= self._interval_s:
            self._alive_s = now
            self._send("WATCHDOG=1")

    def reloading(self) -> None:
        """Say that the settings are being read again, until :meth:`ready` is called."""
        now_us = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._send(f"RELOADING=1\nMONOTONIC_USEC={now_us}")

    def status(self, text: str) -> None:
        """Set a line for people, sent when it changes."""
        self._status = text
        self._tell()

    def trouble(self, text: str) -> None:
        """Set a text to add to each status from now on; empty adds none."""
        self._trouble = text
        self._tell()

    def stopping(self) -> None:
        """Say that the service is ending."""
        self._send("STOPPING=1")

    def _tell(self) -> None:
        text = "; ".join(part for part in (self._status, self._trouble) if part)
        if text != self._told:
            self._told = text
            self._send(f"STATUS={text}")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        kind = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC
        # A busy or missing systemd must not stop the daemon.
        with socket.socket(socket.AF_UNIX, kind) as sender, suppress(OSError):
            sender.sendto(message.encode(), socket.MSG_DONTWAIT, self._address)
