"""The pictures that `moodstream replay` draws in place of its results."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from moodstream.assembly import load_bundle, make_pipeline
from moodstream.audio.file import AudioFileError
from moodstream.config.sections import Config
from moodstream.pictures import report_page
from moodstream.pictures.heard import Heard, hear
from moodstream.replay.library import recordings
from moodstream.replay.progress import Progress, tell


def plot(config: Config, file: Path, picture: Path) -> None:
    """Draw one recording.

    Raises:
        AudioFileError, BundleError, ConfigError: it cannot be heard.
        OSError, ValueError: the picture cannot be written.
    """
    # Imported late: a report needs no matplotlib.
    from moodstream.pictures import canvas, recording  # noqa: PLC0415

    canvas.check(picture)
    models = load_bundle(config)
    recording.draw(hear(file, models, make_pipeline(config, models)), picture)


def report(config: Config, files: Sequence[Path], page: Path, stop: threading.Event) -> int:
    """Write the report of recordings; return how many could not be heard.

    Raises:
        BundleError, ConfigError: nothing can be heard.
        OSError: the report cannot be written.
    """
    models = load_bundle(config)
    heard: list[Heard] = []
    failures: list[str] = []
    found = [*recordings(files)]
    with Progress(found, hidden=not sys.stderr.isatty()) as progress:
        for path in found:
            if stop.is_set():
                break
            try:
                one = hear(path, models, make_pipeline(config, models))
            except AudioFileError as error:
                failures.append(str(error))
                tell(f"Error: {error}")
            else:
                heard.append(one)
                progress.heard(one.duration_s)
            progress.done()
    report_page.write(heard, failures, page)
    return len(failures)
