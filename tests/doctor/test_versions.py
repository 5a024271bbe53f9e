"""The software that is found."""

import sys

from moodstream import __version__
from moodstream.doctor import versions


def test_python_moodstream_and_the_libraries_are_named():
    found = [finding.what for finding in versions.versions()]
    assert found[0].startswith(f"Python {sys.version_info.major}.{sys.version_info.minor}.")
    assert found[1] == f"moodstream {__version__}"
    assert found[2].startswith(("ai-edge-litert ", "tflite-runtime "))


def test_a_python_that_nobody_has_tried_is_a_warning(monkeypatch):
    monkeypatch.setattr(versions, "PYTHONS", ((3, 3), (3, 4)))
    first = next(versions.versions())
    assert first.kind == "warning"
    assert "3.3 to 3.4" in first.todo


def test_a_runtime_that_is_missing_is_a_failure(monkeypatch):
    def missing(package):
        raise versions.PackageNotFoundError(package)

    monkeypatch.setattr(versions, "version", missing)
    (failure,) = [one for one in versions.versions() if "TFLite" in one.what]
    assert (failure.kind, failure.todo) == ("failure", "pip install ai-edge-litert")
