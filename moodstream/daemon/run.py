"""A daemon, put together from its settings and run."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from moodstream.assembly import load_bundle, make_pipeline
from moodstream.audio.chunk import Chunk
from moodstream.config.sections import Config
from moodstream.daemon.health import Health
from moodstream.daemon.loop import Numbers, serve
from moodstream.daemon.notify import Notifier
from moodstream.daemon.pause import Pause
from moodstream.daemon.reload import Reloader, Reread
from moodstream.daemon.room import NAME as ROOM
from moodstream.daemon.room import RoomKeeper
from moodstream.features.normalise import Normaliser
from moodstream.messages.published import Announcer, wall_clock
from moodstream.messages.sinks import Sink
from moodstream.mqtt.connection import Connection
from moodstream.mqtt.journal import Journal
from moodstream.publication import guest, identity, publishing, source_name


def run_daemon(
    config: Config,
    connection: Connection,
    chunks: Iterable[Chunk],
    sinks: Sequence[Sink],
    state: Path | None = None,
    reread: Reread | None = None,
    lost_lines: Callable[[], int] = int,
    *,
    as_guest: bool = False,
) -> None:
    """Publish the mood of the audio to a broker and to sinks, until the chunks end.

    Args:
        config: all settings.
        connection: connection to the broker.
        chunks: audio of the source.
        sinks: take the messages, too.
        state: directory that keeps waiting events and the room for the next run, or None.
        reread: how the settings are read again on request; None never does that.
        lost_lines: counts lines that standard output and standard error did not take.
        as_guest: whether a daemon may publish at these topics as well; see :class:`Identity`.

    Raises:
        BrokerError, BundleError, ConfigError, CaptureStuckError: the daemon cannot continue.
    """
    models = load_bundle(config)
    normaliser = Normaliser(models.card.normalisation)
    pipeline = make_pipeline(config, models, normaliser)
    if state:
        keeper = RoomKeeper(state / ROOM, normaliser, models, config.audio.device)
        keeper.take_up()
        chunks = keeper.beside(chunks)
    journal = Journal(config.mqtt.journal_events, state)
    announcer = Announcer(
        source_name(config), models.sha256, pipeline.rate, wall_clock, journal.last
    )
    notifier, pause = Notifier(), Pause()
    there = guest(config, connection) if as_guest else identity(config, connection, state)
    listeners, every_s = {"set": pause.obey}, config.mqtt.current_every_s
    with publishing(there, journal, listeners, every_s) as publisher:
        if reread:
            reloader = Reloader(reread, config, models.card, pipeline, publisher, notifier, state)
            chunks = reloader.beside(chunks)
        notifier.ready()
        heard = (part for chunk in chunks for part in pause.process(chunk))
        numbers = Numbers(lambda: journal.last)
        health = Health(pipeline, publisher, lost_lines)
        serve(heard, pipeline, announcer, numbers, [publisher, *sinks], notifier, health)
        notifier.stopping()
