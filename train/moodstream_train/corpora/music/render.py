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
"""Callback that takes the number of files that are done, and of all."""

PROGRAM = "fluidsynth"
SOUNDFONTS = tuple(
    Path("/usr/share/sounds/sf2", name)
    for name in ("TimGM6mb.sf2", "FluidR3_GM.sf2", "default-GM.sf2")
)
"""The first that exists is used. The system's default would change the results."""
RATE = 16000
"""Rate of the files that are kept, hertz."""
SYNTHESIS_RATE = 48000
"""Hertz. At the rate that is kept, the synthesiser would fold what lies above 8 kHz back down."""
PEAK = 10 ** (-1 / 20)
"""Peak of each file: 1 dB below full scale, as records are mastered. A fixed gain would keep levels
that nobody ever heard: the velocities follow how loud the transcribed recording happened to be."""
FLOOR = 1e-5
"""Peak of a file without notes. The hum of the reverberation is softer, the softest note louder."""
TIMEOUT_S = 120
"""A clip takes less than a second."""
SHOWN = 3
"""Number of files in a warning that are named, with the reason."""


def target(midi: Path, folder: Path) -> Path:
    """Return the place where a MIDI file is kept as audio."""
    return folder / f"{midi.stem}.flac"


def render(midis: Sequence[Path], folder: Path, progress: Progress) -> dict[Path, str]:
    """Render what is not in the folder yet, to FLAC of one channel.

    Returns:
        why, for each file that cannot be rendered.

    Raises:
        CorpusError: the program or its soundfont is not installed, or there is nowhere to write.
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
    # Threads, as each only waits for a process of its own.
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
    """Return why a file cannot be rendered; an empty string if it was."""
    # Beside the target, so that renaming puts a whole file there or none.
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as place:
        wav, part = Path(place, "synthesised.wav"), Path(place, "part.flac")
        # No settings but these: a user's own in ~/.fluidsynth would change what is heard.
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
                return "holds no notes"
            soundfile.write(part, mixed * (PEAK / peak), RATE)
        except subprocess.TimeoutExpired:
            return f"not done after {TIMEOUT_S} s"
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
