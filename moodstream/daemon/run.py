"""A daemon, built from its settings and run."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from moodstream.assembly import load_bundle
from moodstream.audio.chunk import Chunk
from moodstream.config.sections import Config
from moodstream.daemon.listening import Listening
from moodstream.daemon.notify import Notifier
from moodstream.daemon.reload import Reread
from moodstream.messages.sinks import Sink
from moodstream.mqtt.connection import Connection
from moodstream.publication import guest, identity


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
        sinks: also receive the messages.
        state: directory that keeps unsent events and the room for the next run, or None.
        reread: rereads the settings on request; None never does.
        lost_lines: counts lines that could not be written to standard output and standard error.
        as_guest: whether another daemon may publish to the same topics; see :class:`Identity`.

    Raises:
        BrokerError, BundleError, ConfigError, CaptureStuckError: the daemon cannot continue.
    """
    listening = Listening(config, load_bundle(config), state)
    there = guest(config, connection) if as_guest else identity(config, connection, state)
    listening.run(there, chunks, sinks, Notifier(), reread, lost_lines)
