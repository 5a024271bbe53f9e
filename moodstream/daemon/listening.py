"""One source with its pipeline, room, journal and publisher."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from moodstream.assembly import make_pipeline
from moodstream.audio.chunk import Chunk
from moodstream.bundle.bundle import Bundle
from moodstream.config.sections import Config
from moodstream.config.sources import origin
from moodstream.daemon.health import Health
from moodstream.daemon.loop import Numbers, serve
from moodstream.daemon.notify import Notifications
from moodstream.daemon.pause import Pause
from moodstream.daemon.reload import Reloader, Reread
from moodstream.daemon.room import NAME as ROOM
from moodstream.daemon.room import RoomKeeper
from moodstream.features.normalise import Normaliser
from moodstream.messages.clock_watch import ClockWatch
from moodstream.messages.published import Announcer, wall_clock
from moodstream.messages.sinks import Sink
from moodstream.mqtt.identity import Identity
from moodstream.mqtt.journal import Journal
from moodstream.publication import publishing, source_name


class Listening:
    """Everything that belongs to one source; sources share only the bundle.

    Args:
        config: settings of only this source, see :func:`moodstream.config.sources.each`.
        models: the bundle.
        state: directory that keeps unsent events and the room for the next run, or None.

    Raises:
        BundleError, ConfigError: the pipeline cannot be made.
    """

    def __init__(self, config: Config, models: Bundle, state: Path | None) -> None:
        self._config, self._models, self._state = config, models, state
        normaliser = Normaliser(models.card.normalisation)
        self._pipeline = make_pipeline(config, models, normaliser)
        self._keeper = None
        if state:
            self._keeper = RoomKeeper(state / ROOM, normaliser, models, origin(config))
            self._keeper.take_up()
        self._journal = Journal(config.mqtt.journal_events, state)

    def run(
        self,
        there: Identity,
        chunks: Iterable[Chunk],
        sinks: Sequence[Sink],
        notifier: Notifications,
        reread: Reread | None,
        lost_lines: Callable[[], int],
    ) -> None:
        """Publish the mood of the audio to a broker and to sinks, until the chunks end.

        Args:
            there: broker and topics. chunks: audio of the source. sinks: also receive the messages.
            notifier: informs systemd. reread: rereads the settings on request; None never does.
            lost_lines: counts lines that could not be written to standard output and standard
            error.
        """
        journal, pipeline, models = self._journal, self._pipeline, self._models
        if self._keeper:
            chunks = self._keeper.beside(chunks)
        announcer = Announcer(
            source_name(self._config),
            models.sha256,
            pipeline.rate,
            wall_clock,
            journal.last,
            ClockWatch().take,
        )
        pause = Pause()
        listeners, every_s = {"set": pause.obey}, self._config.mqtt.current_every_s
        with publishing(there, journal, listeners, every_s) as publisher:
            if reread:
                reloader = Reloader(
                    *(reread, self._config, models.card, pipeline, publisher, notifier, self._state)
                )
                chunks = reloader.beside(chunks)
            notifier.ready()
            heard = (part for chunk in chunks for part in pause.process(chunk))
            numbers = Numbers(lambda: journal.last)
            health = Health(pipeline, publisher, lost_lines)
            serve(heard, pipeline, announcer, numbers, [publisher, *sinks], notifier, health)
            notifier.stopping()
