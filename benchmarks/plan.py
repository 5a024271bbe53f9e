"""What is measured: how much audio, how often, with which bundle."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from benchmarks.process import python

DEMO = Path(str(files("moodstream"))) / "data" / "demo.ogg"


@dataclass(frozen=True)
class Scale:
    """How long each measurement takes."""

    runs: int
    """Of which the median is told."""
    replay_s: float
    """Seconds of audio of a replay."""
    live_s: float
    """Seconds that the daemon is watched for."""
    naive_s: float
    """Seconds of audio that each way of doing it in Python is given."""
    stages_s: float
    """Seconds of audio that each stage is given."""
    growth_s: tuple[float, ...]
    """Lengths of the recordings whose replays are compared, seconds."""
    file_s: tuple[float, float]
    """Lengths of the two files from whose difference a second's cost is taken."""
    track_s: float
    """Seconds of each file of a library."""
    tracks: tuple[int, ...]
    """Files of the libraries."""
    recipes: tuple[str, ...]
    """That are trained."""
    batches: int
    """Of which a model is trained, once to warm up and once to be timed."""


PARTS = {
    "shipped": 6, "voice": 5, "music": 6, "speech": 1, "cremad": 1, "emopia": 1,
    "songs-80": 1, "songs-75": 1,
}  # fmt: skip
"""Of how many parts of each recipe docs/results.md is made: folds, and the model of everything."""
FULL = Scale(5, 600, 60, 60, 120, (60, 600, 3600), (60, 240), 10, (100, 1000), tuple(PARTS), 100)
SHORT = Scale(1, 10, 5, 5, 10, (5, 10, 20), (5, 20), 2, (4,), ("speech",), 1)


@dataclass(frozen=True)
class Plan:
    """What every benchmark is given."""

    bundle: Path
    audio: Path | None
    """The recording to repeat; None is the one that comes with moodstream."""
    folder: Path
    """For what is written meanwhile."""
    peers: Path
    """For the environments of other programs, kept for the next time."""
    data: Path | None
    """The corpora; None if they are not here."""
    features: Path
    """Where the training keeps what it has computed of them."""
    scale: Scale

    def recording(self, seconds: float, rate: int, channels: int) -> Path:
        """A 16-bit WAV file of this length, made of the plan's recording, over and over."""
        path = self.folder / f"{seconds:g}s-{rate}-{channels}.wav"
        if not path.exists():
            python(
                *("-m", "benchmarks.measured.recording", str(self.audio or DEMO), str(path)),
                *(str(seconds), str(rate), str(channels)),
            )
        return path
