from pathlib import Path

import pytest
import soundfile

from benchmarks.plan import SHORT, Plan
from tests.support.signals import noise


@pytest.mark.parametrize("audio", [None, "noise.wav"])
def test_a_recording_has_the_length_and_the_form_that_are_asked_for(
    tmp_path: Path, audio: str | None
) -> None:
    if audio:
        soundfile.write(tmp_path / audio, noise(0.4, 8000), 8000)
    source = tmp_path / audio if audio else None
    plan = Plan(Path(), source, tmp_path, Path(), None, Path(), SHORT)
    path = plan.recording(1.5, 16000, 2)
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.frames) == (16000, 2, 24000)
    assert info.subtype == "PCM_16"
    samples, _ = soundfile.read(path)
    assert abs(samples).max() > 0.01
    written = path.stat().st_mtime_ns
    assert plan.recording(1.5, 16000, 2) == path
    assert path.stat().st_mtime_ns == written
