"""Energy, if the machine measures it: RAPL of the processor, or the power chip of a Pi 5."""

import re
import subprocess
import threading
import time
from pathlib import Path
from typing import Protocol, Self

POWERCAP = Path("/sys/class/powercap")
PMIC = ("vcgencmd", "pmic_read_adc")
"""Command that prints the current and the voltage of each rail of a Raspberry Pi 5."""
PMIC_PERIOD_S = 0.5
"""Seconds between two readings of the power chip, which counts no energy."""
_READING = re.compile(r"(\w+)_([AV]) \w+\(\d+\)=([\d.]+)[AV]")


class Meter(Protocol):
    """Counter of the energy used within a ``with`` block."""

    about: str
    """Name of the counter, and of the part of the machine that it measures."""
    joules: float
    """Energy of the last block."""
    seconds: float
    """Duration of the last block."""

    def __enter__(self) -> Self:
        """Begin to count."""
        ...

    def __exit__(self, *_: object) -> None:
        """Stop counting."""
        ...


class Rapl:
    """Counter of the processor's packages (running average power limit).

    Args:
        zones: folders of the packages under ``/sys/class/powercap``.
    """

    about = "RAPL, the whole processor"

    def __init__(self, zones: list[Path]) -> None:
        self._zones = zones
        self.joules = self.seconds = 0.0

    def __enter__(self) -> Self:
        """Begin to count."""
        self._begun_uj, self._begun_s = self._read_uj(), time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop counting."""
        self.seconds = time.monotonic() - self._begun_s
        used_uj = 0
        for zone, before_uj, after_uj in zip(
            self._zones, self._begun_uj, self._read_uj(), strict=True
        ):
            # The counter starts at zero again after hours; a benchmark takes minutes.
            if after_uj < before_uj:
                after_uj += _number(zone / "max_energy_range_uj")  # noqa: PLW2901
            used_uj += after_uj - before_uj
        self.joules = used_uj / 1e6

    def _read_uj(self) -> list[int]:
        return [_number(zone / "energy_uj") for zone in self._zones]


class Pmic:
    """Sampled power of all rails of a Raspberry Pi 5, times the seconds."""

    about = "the power chip of the Raspberry Pi, the whole board without USB"

    def __init__(self) -> None:
        self.joules = self.seconds = 0.0

    def __enter__(self) -> Self:
        """Begin to count."""
        self._stop, self._watts = threading.Event(), [_pmic_watts()]
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._begun_s = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop counting."""
        self._stop.set()
        self._thread.join()
        self.seconds = time.monotonic() - self._begun_s
        self.joules = sum(self._watts) / len(self._watts) * self.seconds

    def _sample(self) -> None:
        while not self._stop.wait(PMIC_PERIOD_S):
            self._watts.append(_pmic_watts())


def meter(powercap: Path = POWERCAP) -> Meter | None:
    """Return the counter of this machine, or None if this user can read none."""
    zones = []
    for zone in sorted(powercap.glob("intel-rapl:*")):  # AMD's processors have the same name
        try:
            if (zone / "name").read_text(encoding="ascii").startswith("package"):
                _number(zone / "energy_uj")
                zones.append(zone)
        except (OSError, ValueError):
            continue
    if zones:
        return Rapl(zones)
    try:
        _pmic_watts()
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Pmic()


def _number(path: Path) -> int:
    return int(path.read_text(encoding="ascii"))


def _pmic_watts() -> float:
    """Return the power of all rails that have both a current and a voltage.

    Raises:
        OSError: there is no such command.
        subprocess.SubprocessError: it failed.
        ValueError: it printed no such rail.
    """
    command = subprocess.run(  # noqa: S603 - the command is a constant
        PMIC, capture_output=True, text=True, check=True, timeout=5
    )
    found = {(rail, unit): float(it) for rail, unit, it in _READING.findall(command.stdout)}
    watts = [
        amperes * found[rail, "V"]
        for (rail, unit), amperes in found.items()
        if unit == "A" and (rail, "V") in found
    ]
    if not watts:
        raise ValueError(f"expected currents and voltages, found {command.stdout[:60]!r}")
    return sum(watts)
