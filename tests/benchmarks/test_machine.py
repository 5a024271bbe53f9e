import hashlib
import platform

from benchmarks.machine import conditions
from moodstream import __version__
from moodstream.bundle.disk import CARD, shipped


def test_the_conditions_name_what_was_measured_where() -> None:
    rows = dict(conditions(shipped(), "python -m benchmarks --short").rows)
    assert rows["command"] == "`python -m benchmarks --short`"
    assert rows["Python"] == platform.python_version()
    assert rows["moodstream"] == __version__
    assert rows["bundle"].endswith(hashlib.sha256((shipped() / CARD).read_bytes()).hexdigest()[:12])
    assert "cores" in rows["processor"]
    assert rows["numpy"][0].isdigit()
