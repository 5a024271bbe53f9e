"""The command line: thin commands over the rest."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from moodstream import __version__

# Before numpy is imported: products this small only lose by being shared among threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from moodstream.audio.chunk import Chunk
    from moodstream.config import Config

EX_TEMPFAIL, EX_CONFIG = 75, 78
"""Exit statuses of ``sysexits.h``: try again, and do not before the settings are mended."""
TRAINING_COMMANDS = ("train", "evaluate", "export")
COMMANDS_GROUP = "moodstream.commands"
"""Entry points by which other distributions add commands."""


class Failure(click.ClickException):
    """An error that a person can do something about."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


class Commands(click.Group):
    """The commands of this package, and those that the training package adds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, ours first."""
        return [*super().list_commands(ctx), *TRAINING_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command of another package only when it is called."""
        if cmd_name not in TRAINING_COMMANDS:
            return super().get_command(ctx, cmd_name)
        from importlib.metadata import entry_points

        for point in entry_points(group=COMMANDS_GROUP, name=cmd_name):
            command: click.Command = point.load()
            return command
        return _not_installed(cmd_name)


def _not_installed(name: str) -> click.Command:
    @click.command(
        name,
        context_settings={"ignore_unknown_options": True},
        short_help=f"({name}s models; needs the training package)",
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:
        del arguments
        raise Failure(
            f"'moodstream {name}' belongs to the training package, which is not installed: "
            "pip install ./train in the source tree"
        )

    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", "-V", message="moodstream %(version)s")
def main() -> None:
    """Hear the mood of a room: audio in, mood events out."""


def _option(setting: str, *names: str, help_: str, **more: Any) -> Callable[[Any], Any]:
    """An option that overrides a setting."""
    return click.option(*names, setting.replace(".", "__"), help=help_, **more)


def configurable(*settings: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give a command the path of the configuration and the options that override settings."""

    def decorate(function: Callable[..., None]) -> Any:
        @wraps(function)  # and with it the options that the function has already
        def command(config_path: Path | None, **arguments: Any) -> None:
            options = {
                key.replace("__", "."): arguments.pop(key)
                for key in [key for key in arguments if "__" in key]
            }
            function(config_path, options, **arguments)

        for option in settings:
            option(command)
        return click.option(
            "--config",
            "-c",
            "config_path",
            type=click.Path(path_type=Path, dir_okay=False),
            help="TOML file; otherwise $MOODSTREAM_CONFIG, ~/.config/moodstream/config.toml, "
            "/etc/moodstream/config.toml.",
        )(command)

    return decorate


def configured(*settings: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give a command the merged configuration, and options for some of its settings."""

    def decorate(function: Callable[..., None]) -> Any:
        @configurable(*settings, _log_level)
        @wraps(function)
        def command(path: Path | None, options: dict[str, Any], **arguments: Any) -> None:
            function(_load(path, options), **arguments)

        return command

    return decorate


def _load(path: Path | None, options: dict[str, Any]) -> "Config":
    """The merged configuration; from now on it is logged as it says."""
    from moodstream import config, log

    try:
        merged = config.load(path, os.environ, options)
    except config.ConfigError as error:
        raise Failure(f"the configuration is wrong:\n{error}", EX_CONFIG) from error
    log.configure(merged.log.level, merged.log.format)
    return merged


_bundle = _option("models.bundle", "--bundle", help_="Directory of a model bundle.", metavar="DIR")
_device = _option("audio.device", "--device", help_="Capture device: its name or a part of it.")
_broker = _option("mqtt.url", "--broker", help_="mqtt://HOST[:PORT], or 'embedded'.", metavar="URL")
_prefix = _option("mqtt.prefix", "--prefix", help_="First part of the topics.")
_hop = _option("pipeline.hop_s", "--hop", help_="Seconds between classifications.", type=float)
_log_level = _option("log.level", "--log-level", help_="debug, info, warning or error.")


@main.command()
@click.option("--states", is_flag=True, help="Write a line for each hop, not only for changes.")
@configurable(_device, _broker, _prefix, _hop, _bundle, _log_level)
def run(path: Path | None, options: dict[str, Any], states: bool) -> None:
    """Listen to a microphone and publish the mood, until stopped.

    Events are written to standard output as JSON lines, logs to standard error. On SIGHUP the
    configuration is read again, and what can be changed without a restart is.
    """
    from moodstream.assembly import running_broker
    from moodstream.audio.microphone import Microphone
    from moodstream.config import load
    from moodstream.daemon import run_daemon
    from moodstream.reload import Reread
    from moodstream.service import asked_by_signal, stopped_by_signals
    from moodstream.sinks import JsonLines
    from moodstream.state_directory import state_directory

    config = _load(path, options)
    with _failures(), stopped_by_signals() as stop, asked_by_signal() as asked:
        microphone = Microphone(config.audio.device, config.audio.buffer_s)
        lines = JsonLines(sys.stdout, states=states)
        with running_broker(config) as connection:
            state = state_directory(os.environ)
            reread = Reread(asked, partial(load, path, os.environ, options))
            run_daemon(config, connection, microphone.chunks(stop), [lines], state, reread)


@main.command()
@configured(_device, _broker, _prefix, _bundle)
def demo(config: "Config") -> None:
    """Run on the microphone, or on a recording if there is none, and show what is published."""
    from moodstream.assembly import running_broker
    from moodstream.audio.microphone import CaptureError, Microphone, find
    from moodstream.daemon import run_daemon
    from moodstream.demo import recording
    from moodstream.received import line
    from moodstream.service import stopped_by_signals
    from moodstream.subscriber import subscribed

    with _failures(), stopped_by_signals() as stop, ExitStack() as stack:
        try:
            device = find(config.audio.device)
            chunks: Iterable[Chunk] = Microphone(config.audio.device, config.audio.buffer_s).chunks(
                stop
            )
            click.echo(f"Listening to '{device.name}'. Ctrl-C ends it.")
        except CaptureError as error:
            chunks = recording(stop)
            click.echo(
                f"No microphone: {error}\n"
                "Playing the bundled recording instead, over and over, in real time. "
                "Ctrl-C ends it."
            )
        connection = stack.enter_context(running_broker(config))
        click.echo(
            f"Below is what a subscriber sees at {connection.address}, topic {config.mqtt.prefix}/#"
        )
        stack.enter_context(
            subscribed(
                connection,
                config.mqtt.prefix,
                lambda topic, payload: click.echo(line(topic, payload)),
            )
        )
        run_daemon(config, connection, chunks, [])
    click.echo("Ended.")


@main.command()
@configured(_broker, _prefix)
def watch(config: "Config") -> None:
    """Show what a daemon publishes, live, as any subscriber of its broker sees it.

    A picture on a terminal; elsewhere a line for each message. Ctrl-C ends it.
    """
    from moodstream import watch
    from moodstream.service import stopped_by_signals

    with _failures(), stopped_by_signals() as stop:
        watch.watch(config, stop, sys.stdout, sys.stderr)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="What is written to standard output.",
)
@click.option("--realtime", is_flag=True, help="As slowly as it would be heard.")
@click.option("--publish", is_flag=True, help="Also send to the broker.")
@click.option(
    "--adapt",
    is_flag=True,
    help="The files are of one room: what is learnt of it is kept from each file to the next. "
    "Without this, each is heard as if it were the first.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(0, 256),
    default=1,
    show_default=True,
    metavar="N",
    help="Hear N files at once, each in a process of its own; 0 is one for each core. Results keep "
    "the order of the files. Not with --realtime, --publish or --adapt.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="RESULTS",
    help="Write to this file in place of standard output, and go on where it ends: files whose "
    "summary it holds are skipped. For --format csv or jsonl; not with --adapt.",
)
@configured(_broker, _prefix, _hop, _bundle)
def replay(config: "Config", **asked: Any) -> None:
    """Name the mood of recordings: the same pipeline, as fast as it goes.

    Reads wav, flac, ogg, opus, mp3 and aiff; of a directory, all of these in it and below. A file
    that cannot be read is reported and does not stop the others; the exit status is then 1.
    Ctrl-C keeps what is done; the exit status is then 130.
    """
    from moodstream.batch import Batch, BatchError, hear
    from moodstream.service import stopped_by_signals

    batch = Batch(**asked)
    if problems := batch.problems():
        raise click.UsageError("; ".join(problems))
    with _failures(), stopped_by_signals() as stop:
        try:
            failed = hear(config, batch, stop)
        except BatchError as error:
            raise Failure(str(error)) from error
    if stop.is_set():
        go_on = "; the same command goes on from there" if batch.resume else ""
        raise Failure(f"stopped before the end{go_on}", 130)
    if failed:
        sys.exit(1)


@main.group("homeassistant")
def home_assistant() -> None:
    """How Home Assistant shows the daemon: see docs/home-assistant.md."""


@home_assistant.command("remove")
@configured(_broker, _prefix)
def remove_from_home_assistant(config: "Config") -> None:
    """Remove the device that was announced; homeassistant.discovery would announce it again."""
    from moodstream.assembly import broker_connection, discovery

    with _failures():
        connection = broker_connection(config)
        try:
            connection.retain(discovery(config).topic, "")
        except OSError as error:
            raise Failure(str(error)) from error
    click.echo(f"Removed what was announced of {config.mqtt.prefix} at {connection.address}.")
    if config.homeassistant.discovery:
        click.echo("homeassistant.discovery is set: the daemon will announce it again.", err=True)


@main.command()
@click.option(
    "--seconds",
    type=click.FloatRange(1, 600),
    default=15.0,
    show_default=True,
    help="How long to measure: two thirds on one core, a third on all of them.",
)
@configured(_hop, _bundle)
def bench(config: "Config", seconds: float) -> None:
    """Measure what hearing costs here, and how many streams this machine could carry.

    Hears the bundled recording as fast as it goes; needs no microphone, broker or network. Other
    work of the machine is not counted, but makes the hops come later.
    """
    from moodstream.assembly import load_bundle
    from moodstream.bench import available_mb, hear_many, hear_one, report

    with _failures():
        models = load_bundle(config)
        cost = hear_one(config, models, seconds * 2 / 3)
        audio_per_s = hear_many(config, models, seconds / 3)
        click.echo(report(cost, audio_per_s, available_mb(), config.pipeline.hop_s))


@main.command("config")
@configured(_device, _broker, _prefix, _hop, _bundle)
def show_config(config: "Config") -> None:
    """Print the merged configuration as TOML, secrets masked."""
    from moodstream.config import shown

    click.echo(shown(config))


@main.command()
@configurable(_device, _broker, _prefix, _hop, _bundle)
def doctor(path: Path | None, options: dict[str, Any]) -> None:
    """Examine this machine: what is well, what is not, what to do about it.

    Listens to the microphone for three seconds, and publishes one message to PREFIX/doctor. The
    exit status is 1 if there is any failure.
    """
    from moodstream.doctor.examine import examine
    from moodstream.doctor.report import Report

    with _failures():
        report = Report(sys.stdout)
        report.show(examine(path, options, report.meter))
    sys.stdout.flush()
    # No clean exit: PortAudio's own farewell would wait for a frozen audio server for ever.
    os._exit(1 if report.failures else 0)


@main.command()
def devices() -> None:
    """List the capture devices; * marks the default."""
    from moodstream.audio import microphone

    with _failures():
        found = microphone.devices()
        if not found:
            raise Failure("no capture device: is one plugged in, and may you use it?")
        for device in found:
            mark = "*" if device.default else " "
            click.echo(
                f"{mark} {device.name}  ({device.host}, {device.rate} Hz, "
                f"{device.channels} channel{'s' if device.channels > 1 else ''})"
            )


@main.group()
def room() -> None:
    """What the daemon has learnt of its room, kept for its next start.

    It lies in $STATE_DIRECTORY, $XDG_STATE_HOME/moodstream or ~/.local/state/moodstream; for the
    service: sudo STATE_DIRECTORY=/var/lib/moodstream moodstream room ...
    """


@room.command("show")
@configured(_device, _bundle)
def show_room(config: "Config") -> None:
    """Say how much is known, and how far the room is from what the bundle expects."""
    from moodstream.assembly import load_bundle
    from moodstream.room import RoomError, described, read

    path = _room_path()
    with _failures():
        try:
            saved = read(path)
        except (OSError, RoomError) as error:
            raise Failure(str(error)) from error
        if saved is None:
            click.echo(f"Nothing is known: there is no {path}")
        else:
            click.echo(described(path, saved, load_bundle(config), config.audio.device))


@room.command()
def forget() -> None:
    """Begin with what the bundle expects; a daemon that runs follows within minutes of sound."""
    path = _room_path()
    try:
        path.unlink()
    except FileNotFoundError:
        click.echo(f"Nothing is known: there is no {path}")
    except OSError as error:
        raise Failure(str(error)) from error
    else:
        click.echo(f"Forgotten: {path}")


def _room_path() -> Path:
    from moodstream.room import NAME
    from moodstream.state_directory import state_directory

    directory = state_directory(os.environ)
    if directory is None:
        raise Failure("nothing is kept: neither $STATE_DIRECTORY, $XDG_STATE_HOME nor $HOME is set")
    return directory / NAME


@contextmanager
def _failures() -> Iterator[None]:
    """Errors that a person can do something about, told without a traceback."""
    from moodstream.audio.microphone import CaptureError, CaptureStuckError
    from moodstream.broker import BrokerError
    from moodstream.bundle import BundleError
    from moodstream.config import ConfigError

    try:
        yield
    except (BundleError, ConfigError) as error:
        raise Failure(str(error), EX_CONFIG) from error
    except (BrokerError, CaptureError) as error:
        raise Failure(str(error)) from error
    except CaptureStuckError as error:
        click.echo(f"Error: {error}", err=True)
        sys.stdout.flush()
        # No clean exit: PortAudio's own farewell would wait for the frozen server for ever.
        os._exit(EX_TEMPFAIL)
