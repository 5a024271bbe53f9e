"""MIDI to audio, by fluidsynth and a General MIDI soundfont."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
import soxr

from moodstream.audio.chunk import mono
from moodstream_train.corpora.clip import CorpusError

Progress = Callable[[int, int], None]
"""Callback that receives the number of finished files, and the total."""

PROGRAM = "fluidsynth"
SOUNDFONTS = tuple(
    Path("/usr/share/sounds/sf2", name)
    for name in ("TimGM6mb.sf2", "FluidR3_GM.sf2", "default-GM.sf2")
)
"""Soundfonts in order of preference. The system's default would change the results."""
RATE = 16000
"""Sample rate of the rendered files, hertz."""
SYNTHESIS_RATE = 48000
"""Sample rate of the synthesiser, hertz. At a lower rate, frequencies above 8 kHz would alias."""
PEAK = 10 ** (-1 / 20)
"""Peak of each file: 1 dB below full scale, as records are mastered. A fixed gain would give
arbitrary levels, because the velocities depend on the loudness of the transcribed recording."""
FLOOR = 1e-5
"""Peak of a file without notes. The hum of the reverberation is softer, the softest note louder."""
TIMEOUT_S = 120
"""Longest time for a clip, seconds; it normally takes less than a second."""
SHOWN = 3
"""Number of files to name in a warning, with the reason."""


def target(midi: Path, folder: Path) -> Path:
    """Return the path of a MIDI file's rendered audio."""
    return folder / f"{midi.stem}.flac"


def render(midis: Sequence[Path], folder: Path, progress: Progress) -> dict[Path, str]:
    """Render files that are not in the folder yet, to mono FLAC.

    Returns:
        the reason, for each file that cannot be rendered.

    Raises:
        CorpusError: the program or its soundfont is not installed, or the folder cannot be written.
    """
    missing = [midi for midi in midis if not target(midi, folder).exists()]
    if not missing:
        return {}
    program, soundfont = _program(), _soundfont()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(f"{folder}: cannot be written: {error.strerror}") from error
    problems = {}
    # Threads, because each only waits for a child process.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        work = partial(_render_one, folder=folder, program=program, soundfont=soundfont)
        for done, (midi, problem) in enumerate(zip(missing, pool.map(work, missing), strict=True)):
            if problem:
                problems[midi] = problem
            progress(done + 1, len(missing))
    return problems


def warnings(folder: Path, problems: Mapping[Path, str]) -> list[str]:
    """Return a warning that names some of the files that cannot be rendered, if there are any."""
    if not problems:
        return []
    shown = "; ".join(f"{midi.name}: {why}" for midi, why in list(problems.items())[:SHOWN])
    more = ", …" if len(problems) > SHOWN else ""
    return [f"{folder}: {len(problems)} cannot be rendered ({shown}{more})"]


def _render_one(midi: Path, folder: Path, program: str, soundfont: Path) -> str:
    """Return the reason why a file cannot be rendered; an empty string if it was."""
    # In the same folder, so that renaming creates a complete file or none.
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as place:
        wav, part = Path(place, "synthesised.wav"), Path(place, "part.flac")
        # No other settings: a user's own in ~/.fluidsynth would change the sound.
        command = [program, "-ni", "-q", "-f", os.devnull, "-r", str(SYNTHESIS_RATE)]
        command += [
            "-T",
            "wav",
            "-O",
            "float",
            "-F",
            str(wav),
            str(soundfont),
            str(midi.absolute()),
        ]
        try:
            result = subprocess.run(  # noqa: S603, a program found on the PATH, no shell
                command,
                check=False,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=TIMEOUT_S,
            )
            if result.returncode or not wav.exists():
                return _first_line(result.stderr) or f"{PROGRAM} exits with {result.returncode}"
            samples, rate = soundfile.read(wav, dtype="float32", always_2d=True)
            mixed = soxr.resample(mono(samples), rate, RATE)
            peak = float(np.abs(mixed).max(initial=0.0))
            if peak < FLOOR:
                return "contains no notes"
            soundfile.write(part, mixed * (PEAK / peak), RATE)
        except subprocess.TimeoutExpired:
            return f"not finished after {TIMEOUT_S} s"
        except soundfile.LibsndfileError as error:
            return str(error)
        part.replace(target(midi, folder))
    return ""


def _program() -> str:
    found = shutil.which(PROGRAM)
    if not found:
        raise CorpusError(
            f"{PROGRAM} is not installed, and EMOPIA and VGMIDI are MIDI: "
            "apt-get install fluidsynth timgm6mb-soundfont, or leave emopia and vgmidi out"
        )
    return found


def _soundfont() -> Path:
    for path in SOUNDFONTS:
        if path.exists():
            return path
    raise CorpusError(
        f"{SOUNDFONTS[0].parent}: no {' or '.join(path.name for path in SOUNDFONTS)}, and "
        "EMOPIA and VGMIDI are MIDI: apt-get install timgm6mb-soundfont, or leave them out"
    )


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].removeprefix(f"{PROGRAM}: error: ")
