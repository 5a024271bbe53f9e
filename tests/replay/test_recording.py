import subprocess
from itertools import pairwise

import numpy as np
import pytest
import soundfile
import soxr

from moodstream.audio.demo import RECORDING
from moodstream.features.normalise import Normaliser
from moodstream.mood.circumplex import MOODS, QUADRANT_OF, QUADRANTS, nearest
from moodstream.replay import recording as replay
from tests.support.program import MOODSTREAM
from tests.support.replays import replayed
from tests.support.signals import noise

STATE_KEYS = {
    *("type", "file", "v", "status", "mood", "confidence", "quadrant", "valence", "arousal"),
    *(
        "heard",
        "scores",
        "cnn",
        "rnn",
        "since",
        "time",
        "position",
        "level_dbfs",
        "source",
        "bundle",
    ),
}


SUMMARY_KEYS = {
    *("type", "file", "duration", "mood", "quadrant", "valence", "arousal", "confidence"),
    *("heard", "scores", "cnn", "rnn", "segments", "shares", "settings"),
}


def test_jsonl_keeps_the_contract(bundle):
    result, lines = replayed(RECORDING)
    assert result.returncode == 0
    assert result.stderr == ""
    *others, summary = lines
    states = [line for line in others if line["type"] == "state"]
    events = [line for line in others if line["type"] == "event"]
    assert len(states) + len(events) == len(others)
    assert [state["position"] for state in states] == [0.5 * (i + 1) for i in range(328)]
    statuses = {state["status"] for state in states}
    assert {"warming_up", "ok"} <= statuses
    assert statuses <= {"warming_up", "ok", "silence", "other", "uncertain"}
    for state in states:
        assert set(state) == STATE_KEYS
        assert (state["mood"] is not None) == (state["status"] == "ok")
        assert (state["confidence"] is not None) == (state["status"] == "ok")
        assert state["v"] == 1
        assert state["bundle"] == bundle.sha256
        assert state["file"] == state["source"] == str(RECORDING)
        assert state["since"] <= state["time"]
        if state["scores"]:
            assert list(state["scores"]) == list(MOODS)
            assert sum(state["scores"].values()) == pytest.approx(1, abs=1e-3)
            assert state["quadrant"] in QUADRANTS
            place = state["valence"], state["arousal"]
            assert place == nearest(state["quadrant"], *place)
        if state["mood"]:
            assert state["confidence"] == state["scores"][state["mood"]]
            assert state["confidence"] == max(state["scores"].values())
            assert state["quadrant"] == QUADRANT_OF[state["mood"]]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["previous"] is None
    for before, event in pairwise(events):
        assert event["previous"] == {"status": before["status"], "mood": before["mood"]}
        assert (event["status"], event["mood"]) != (before["status"], before["mood"])
    assert set(summary) == SUMMARY_KEYS
    assert summary["type"] == "summary"
    assert summary["file"] == str(RECORDING)
    assert summary["duration"] == pytest.approx(164.0)
    assert summary["mood"] == max(summary["scores"], key=summary["scores"].get)
    assert summary["confidence"] == summary["scores"][summary["mood"]]
    assert summary["quadrant"] == QUADRANT_OF[summary["mood"]]
    assert sum(summary["shares"].values()) == pytest.approx(1, abs=1e-3)
    segments = summary["segments"]
    assert segments[0]["start"] == 0
    assert segments[-1]["end"] == pytest.approx(164.0)
    for one, next_ in pairwise(segments):
        assert one["end"] == next_["start"]
        assert one["mood"] != next_["mood"]


def test_the_same_file_gives_the_same_bytes(excerpt):
    first, _ = replayed(excerpt)
    second, _ = replayed(excerpt)
    assert first.stdout == second.stdout != ""


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "opus", "mp3", "aiff"])
def test_all_formats_sound_the_same(tmp_path, excerpt, bundle, suffix):
    samples, rate = soundfile.read(excerpt)
    path = tmp_path / f"copy.{suffix}"
    # At the least compression: what is left of 16 kHz by default is another sound.
    more = {"format": "OGG", "subtype": "OPUS"} if suffix == "opus" else {}
    more |= {"compression_level": 0.0} if suffix in ("mp3", "ogg") else {}
    soundfile.write(path, samples, rate, **more)
    original, copy = (replay.summarise(file, bundle) for file in (excerpt, path))
    assert copy["duration"] == pytest.approx(10, abs=0.2)
    lossy = suffix in ("ogg", "opus", "mp3")
    for axis in ("valence", "arousal"):
        assert copy[axis] == pytest.approx(original[axis], abs=0.2 if lossy else 1e-3)


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [
        (8000, 1, "PCM_U8"),
        (44100, 2, "PCM_16"),
        (48000, 6, "PCM_24"),
        (96000, 1, "PCM_32"),
        (192000, 2, "FLOAT"),
        (16000, 3, "DOUBLE"),
    ],
)
def test_any_rate_and_channels(tmp_path, excerpt, bundle, rate, channels, subtype):
    samples, from_rate = soundfile.read(excerpt, dtype="float32")
    samples = soxr.resample(samples, from_rate, rate)
    path = tmp_path / "copy.wav"
    soundfile.write(path, np.stack([samples] * channels, axis=1), rate, subtype=subtype)
    original, copy = (replay.summarise(file, bundle) for file in (excerpt, path))
    assert copy["duration"] == pytest.approx(10, abs=0.01)
    if rate >= 16000:  # 8 kHz has lost the upper half of the spectrum
        assert copy["mood"] == original["mood"]
        for axis in ("valence", "arousal"):
            assert copy[axis] == pytest.approx(original[axis], abs=0.05)


def test_any_read_size_gives_the_same_summary(excerpt, bundle):
    summaries = [replay.summarise(excerpt, bundle, block_n=n) for n in (100, 4097, 1 << 20)]
    assert summaries[0] == summaries[1] == summaries[2]


def test_a_room_that_is_given_goes_on_learning(excerpt, bundle):
    room = Normaliser(bundle.card.normalisation)
    cold = replay.summarise(excerpt, bundle, room)
    alone = replay.summarise(excerpt, bundle)
    assert cold.pop("settings") != alone.pop("settings")
    assert cold == alone
    assert room.frames_heard == 640 - 64  # after the first second, it is known to be music
    warm = replay.summarise(excerpt, bundle, room)
    assert room.frames_heard == 2 * (640 - 64)
    assert warm["valence"] != cold["valence"]


@pytest.fixture(scope="module")
def two_files(recording, tmp_path_factory):
    """Twenty seconds each, the first of them as through a wall."""
    samples, rate = recording
    folder = tmp_path_factory.mktemp("two")
    dull = np.convolve(samples[20 * rate : 40 * rate], np.full(32, 1 / 32), "same")
    for name, part in (("b.wav", dull), ("a.wav", samples[60 * rate : 80 * rate])):
        soundfile.write(folder / name, soxr.resample(part, rate, 16000), 16000)
    return [folder / "b.wav", folder / "a.wav"]


def test_adapt_keeps_the_room_from_file_to_file(two_files, bundle):
    _, lines = replayed("--adapt", *two_files)
    summaries = [line for line in lines if line["type"] == "summary"]
    room = Normaliser(bundle.card.normalisation)
    expected = [replay.summarise(path, bundle, room) for path in two_files]
    assert summaries == expected
    _, alone = replayed(two_files[1])
    assert alone[-1]["scores"] != expected[1]["scores"]


def test_without_adapt_each_file_is_heard_as_if_it_were_the_first(two_files):
    _, together = replayed(*two_files)
    _, first = replayed(two_files[0])
    _, second = replayed(two_files[1])
    assert together == first + second


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.5, 3.0])
def test_a_short_recording_is_judged_by_all_there_is(tmp_path, bundle, recording, seconds):
    path = tmp_path / "short.wav"
    samples, rate = recording
    soundfile.write(path, samples[40 * rate :][: round(seconds * rate)], rate)
    summary = replay.summarise(path, bundle)
    assert summary["duration"] == pytest.approx(seconds)
    if seconds < 1:  # too short to tell music from another sound
        assert summary["mood"] is None
        assert summary["shares"] == {"warming_up": 1.0}
    else:
        assert summary["mood"] in MOODS


def test_a_thousand_channels_are_mixed(tmp_path, bundle):
    path = tmp_path / "many.wav"
    samples = np.repeat(noise(4, level=0.3)[:, None], 1000, axis=1)
    soundfile.write(path, samples, 16000, subtype="PCM_16")
    soundfile.write(tmp_path / "one.wav", samples[:, 0], 16000, subtype="PCM_16")
    many, one = (replay.summarise(tmp_path / name, bundle) for name in ("many.wav", "one.wav"))
    assert many["scores"] == pytest.approx(one["scores"], abs=1e-3)


def test_a_silent_recording_has_no_mood(tmp_path, bundle):
    path = tmp_path / "silent.wav"
    soundfile.write(path, np.zeros(16000 * 8), 16000)
    summary = replay.summarise(path, bundle)
    assert summary["mood"] is None
    assert summary["scores"] is None
    assert [segment["mood"] for segment in summary["segments"]] == [None]


def test_an_hour_takes_no_more_memory_than_a_minute(tmp_path):
    peaks = []
    for minutes in (1, 60):
        path = tmp_path / f"{minutes}.flac"
        with soundfile.SoundFile(path, "w", 16000, 1) as file:
            for _ in range(minutes):
                file.write(noise(60, level=0.01))
        peaks.append(peak_kib(path))
    assert peaks[1] - peaks[0] < 20_000


def peak_kib(path):
    """The peak resident memory of a replay, by the kernel's own account of the child."""
    code = (
        "import resource, subprocess, sys; "
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    program = [MOODSTREAM[0], "-c", code, *MOODSTREAM, "replay", str(path)]
    return int(subprocess.run(program, check=True, capture_output=True, text=True).stdout)
