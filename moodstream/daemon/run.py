"""The daemon, put together from the settings."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from moodstream.assembly import load_bundle, make_pipeline
from moodstream.audio.chunk import Chunk
from moodstream.config.sections import Config
from moodstream.daemon.health import Health
from moodstream.daemon.loop import serve
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
    *,
    as_guest: bool = False,
) -> None:
    """Publish what is heard to a broker, and to sinks, until the chunks end.

    Args:
        config: all settings.
        connection: to the broker.
        chunks: what is heard.
        sinks: take the messages as well.
        state: directory where waiting events and what is learnt of the room outlive this process;
            None forgets them.
        reread: how the settings are read again when that is asked for; None never does.
        as_guest: whether a daemon may publish at these topics as well; see :class:`Identity`.

    Raises:
        BrokerError, BundleError, ConfigError, CaptureStuckError: what cannot be gone on with.
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
    listeners = {"set": pause.obey}
    there = guest(config, connection) if as_guest else identity(config, connection, state)
    with publishing(there, journal, listeners) as publisher:
        if reread:
            reloader = Reloader(reread, config, models.card, pipeline, publisher, notifier, state)
            chunks = reloader.beside(chunks)
        notifier.ready()
        heard = pause.process(chunks)
        health = Health(pipeline, publisher)
        serve(heard, pipeline, announcer, [publisher, *sinks], notifier, health)
        notifier.stopping()
