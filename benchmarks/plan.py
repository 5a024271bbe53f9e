"""Plan of the measurements: length of the audio, number of runs, bundle."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from benchmarks.process import python

DEMO = Path(str(files("moodstream"))) / "data" / "demo.ogg"


@dataclass(frozen=True)
class Scale:
    """Length of each measurement."""

    runs: int
    """Number of runs, whose median is reported."""
    replay_s: float
    """Audio of a replay, seconds."""
    live_s: float
    """Time that the daemon is watched, seconds."""
    naive_s: float
    """Audio for the naive ways and the other programs, seconds."""
    stages_s: float
    """Audio for each stage, seconds."""
    growth_s: tuple[float, ...]
    """Lengths of the recordings whose replays are compared, seconds."""
    file_s: tuple[float, float]
    """Lengths of two files, whose difference gives the cost of a second."""
    track_s: float
    """Length of each file of a library, seconds."""
    tracks: tuple[int, ...]
    """Numbers of files of the libraries."""
    recipes: tuple[str, ...]
    """Names of the recipes that are trained."""
    batches: int
    """Number of batches of a model, once to warm up and once to be timed."""


PARTS = {
    "shipped": 6, "voice": 5, "music": 6, "speech": 1, "cremad": 1, "emopia": 1,
    "songs-80": 1, "songs-75": 1,
}  # fmt: skip
"""Number of parts of each recipe in docs/results.md: folds, and the model of everything."""
FULL = Scale(5, 600, 60, 60, 120, (60, 600, 3600), (60, 240), 10, (100, 1000), tuple(PARTS), 100)
SHORT = Scale(1, 10, 5, 5, 10, (5, 10, 20), (5, 20), 2, (4,), ("speech",), 1)


@dataclass(frozen=True)
class Plan:
    """Input of every benchmark."""

    bundle: Path
    """Directory of the model bundle."""
    audio: Path | None
    """Recording to repeat; None is the one that comes with moodstream."""
    folder: Path
    """Folder for temporary files."""
    peers: Path
    """Folder of the environments of other programs, kept for the next run."""
    data: Path | None
    """Folder of the corpora; None if there is none."""
    features: Path
    """Folder where the training caches their features."""
    scale: Scale
    """Lengths of the measurements."""

    def recording(self, seconds: float, rate: int, channels: int) -> Path:
        """Return a 16-bit WAV file of this length, made by repeating the plan's recording."""
        path = self.folder / f"{seconds:g}s-{rate}-{channels}.wav"
        if not path.exists():
            python(
                *("-m", "benchmarks.measured.recording", str(self.audio or DEMO), str(path)),
                *(str(seconds), str(rate), str(channels)),
            )
        return path
