"""The pictures that `moodstream replay` draws in place of its results."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from moodstream.assembly import load_bundle, make_pipeline
from moodstream.audio.file import AudioFileError
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.config.sections import Config
from moodstream.pictures import report_page
from moodstream.pictures.heard import Heard, hear
from moodstream.replay.files import find
from moodstream.replay.progress import Progress, tell


def plot(config: Config, file: Path, picture: Path, raw: Layout | None = None) -> str:
    """Draw one recording; return the reason why part of it was not heard, or an empty text.

    Raises:
        AudioFileError, BundleError, ConfigError: it cannot be heard.
        OSError, ValueError: the picture cannot be written.
    """
    # Imported late: a report needs no matplotlib.
    from moodstream.pictures import canvas, recording  # noqa: PLC0415

    canvas.check(picture)
    models = load_bundle(config)
    heard = hear(file, models, make_pipeline(config, models), raw)
    recording.draw(heard, picture)
    return heard.damage


def report(
    config: Config,
    files: Sequence[Path],
    page: Path,
    stop: threading.Event,
    raw: Layout | None = None,
) -> int:
    """Write the report of recordings; return how many could not be read to their end.

    Raises:
        BundleError, ConfigError: nothing can be heard.
        OSError: the report cannot be written.
    """
    models = load_bundle(config)
    heard: list[Heard] = []
    found = find(files)
    failures = [*found.unreachable]
    for complaint in failures:
        tell(f"Error: {complaint}")
    with Progress(found.files, hidden=not sys.stderr.isatty()) as progress:
        for path in found.files:
            if stop.is_set():
                break
            complaint = ""
            try:
                one = hear(path, models, make_pipeline(config, models), raw)
            except AudioFileError as error:
                complaint = str(error)
            else:
                heard.append(one)
                complaint = one.damage
                progress.advance(path, one.duration_s, 1.0)
            if complaint:
                failures.append(complaint)
                tell(f"Error: {complaint}")
            progress.done(path)
    report_page.write(heard, failures, page)
    return len(failures)
