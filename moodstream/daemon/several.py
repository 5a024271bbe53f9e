"""A daemon with several sources, each in its own thread."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from moodstream.assembly import load_bundle
from moodstream.audio.chunk import Chunk
from moodstream.bundle.shared import SharedBundle
from moodstream.config.sections import Config, ConfigError
from moodstream.config.sources import each, state_of
from moodstream.daemon.listening import Listening
from moodstream.daemon.notify import Notifier
from moodstream.daemon.reload import Reread
from moodstream.daemon.request import Request
from moodstream.daemon.source import source_of
from moodstream.daemon.together import Together
from moodstream.log import bind, get_logger, thread
from moodstream.messages.sinks import Sink
from moodstream.mqtt.connection import Connection
from moodstream.publication import identity

CHECK_S = 0.25
"""Seconds between two checks for requests."""

log = get_logger()


def run_sources(
    config: Config,
    connection: Connection,
    stop: threading.Event,
    sinks: Sequence[Sink],
    state: Path | None,
    reread: Reread,
    lost_lines: Callable[[], int],
) -> None:
    """Publish the moods of all [[source]] tables, until told to stop.

    Args:
        config: all settings.
        connection: connection to the broker; each source has its own copy, with its own last will.
        stop: ends all sources.
        sinks: take the messages of all sources.
        state: directory that keeps unsent events and rooms for the next run, or None.
        reread: rereads the settings on request.
        lost_lines: counts lines that could not be written to standard output and standard error.

    Raises:
        BundleError, ConfigError: a source cannot be set up. Otherwise, the error of the first
            thread that failed.
    """
    models = SharedBundle.of(load_bundle(config))
    views = each(config)
    notifier = Notifier()
    together = Together(notifier, [view.audio.name for view in views])
    running = [_Running(view, models, state) for view in views]
    errors: list[BaseException] = []

    def listen(one: _Running) -> None:
        bind(source=one.name)
        try:
            one.run(connection, stop, sinks, together, lost_lines)
        except BaseException as error:  # noqa: BLE001 - raised again by the main thread
            errors.append(error)
            stop.set()

    threads = [thread(lambda one=one: listen(one), one.name) for one in running]  # type: ignore[misc]
    for each_thread in threads:
        each_thread.start()
    while not stop.wait(CHECK_S):
        if reread.request.take():
            _reload(reread, running, notifier, together)
    notifier.stopping()
    for each_thread in threads:
        each_thread.join()
    if errors:
        raise errors[0]


class _Running:
    """A source, and the new settings for it.

    Args:
        view: its settings.
        models: the bundle that all sources share.
        state: state directory of the daemon.
    """

    def __init__(self, view: Config, models: SharedBundle, state: Path | None) -> None:
        self.name = view.audio.name
        self.wanted = view
        """Settings that it takes on request."""
        self.request = Request()
        self._view = view
        self._state = state_of(view, state)
        self._source = source_of(view)
        self._listening = Listening(view, models, self._state)

    def run(
        self,
        connection: Connection,
        stop: threading.Event,
        sinks: Sequence[Sink],
        together: Together,
        lost_lines: Callable[[], int],
    ) -> None:
        """Listen until told to stop."""
        there = identity(self._view, connection, self._state)
        reread = Reread(self.request, lambda: self.wanted)
        chunks: Iterator[Chunk] = self._source.chunks(stop)
        self._listening.run(there, chunks, sinks, together.part(self.name), reread, lost_lines)


def _reload(
    reread: Reread, running: Sequence[_Running], notifier: Notifier, together: Together
) -> None:
    """Read the settings once, and pass each source its own."""
    try:
        views = {view.audio.name: view for view in each(reread.load())}
    except ConfigError as error:
        reasons = str(error).splitlines()
        log.warning("the configuration is refused, the old one stays in force", reasons=reasons)
        notifier.trouble(f"the configuration is refused: {'; '.join(reasons)}"[:200])
        return
    names = {one.name for one in running}
    if names != views.keys():
        changed = sorted(names ^ views.keys())
        log.warning("a restart is needed to add or remove sources", sources=changed)
    for one in running:
        together.reloading(one.name)
    for one in running:
        one.wanted = views.get(one.name, one.wanted)
        one.request.make()
