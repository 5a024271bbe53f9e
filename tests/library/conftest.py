"""Music files of every kind, made here."""

import av
import numpy as np
import pytest
import soundfile

from tests.support.signals import tune

RATE = 44100
KINDS = ("flac", "mp3", "ogg", "opus", "m4a", "wav")


def write_m4a(path, samples):
    with av.open(str(path), "w", format="ipod") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        for at in range(0, len(samples), 1024):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + 1024], "fltp", "mono")
            frame.sample_rate, frame.pts = RATE, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_music(path, seconds=3.0):
    samples = tune(seconds, RATE)
    if path.suffix == ".m4a":
        write_m4a(path, samples.astype(np.float32))
    elif path.suffix == ".opus":
        soundfile.write(path, tune(seconds, 48000), 48000, format="OGG", subtype="OPUS")
    else:
        # libsndfile's encoder of Vorbis crashes on a minute at once.
        with soundfile.SoundFile(path, "w", RATE, 1) as file:
            for at in range(0, len(samples), RATE):
                file.write(samples[at : at + RATE])
    return path


def decoded(path):
    """The sound of a file by FFmpeg [shape=(channels, n)]."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate([frame.reshape(-1) for frame in frames])


@pytest.fixture(scope="session")
def originals(tmp_path_factory):
    """A file of each kind, without a mood."""
    folder = tmp_path_factory.mktemp("originals")
    return {kind: write_music(folder / f"song.{kind}") for kind in KINDS}


@pytest.fixture
def song(originals, tmp_path, request):
    """A copy of a file of the kind that the test names."""
    kind = getattr(request, "param", "flac")
    path = tmp_path / f"song.{kind}"
    path.write_bytes(originals[kind].read_bytes())
    return path
