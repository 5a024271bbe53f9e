"""Write the manual page moodstream(1), made from the commands and their options, to stdout."""

import re
import sys
from collections.abc import Iterator

import click

from moodstream import __version__
from moodstream.cli.group import main as group
from moodstream.cli.training import TRAINING_COMMANDS

FILES = (
    (
        "~/.config/moodstream/config.toml, /etc/moodstream/config.toml",
        "Settings. The first that exists is read.",
    ),
    ("/var/lib/moodstream", "Events that wait for the broker, and what was learnt of the room."),
)
ENVIRONMENT = (
    ("MOODSTREAM_CONFIG", "Settings file to read."),
    ("MOODSTREAM_SECTION_KEY", "Overrides a setting, as MOODSTREAM_AUDIO_DEVICE audio.device."),
)
STATUSES = (
    ("0", "Success."),
    ("1", "Failure; the message says what to do."),
    ("2", "Error of usage."),
    ("75", "The sound server is frozen: try again."),
    ("78", "The settings or the models are wrong."),
)


def page(version: str) -> str:
    """Return the manual page in troff."""
    lines = [
        f'.TH MOODSTREAM 1 "" "moodstream {version}" "User Commands"',
        *(".SH NAME", "moodstream \\- hear the mood of a room and publish it over MQTT"),
        *(".SH SYNOPSIS", ".B moodstream", "COMMAND [OPTION]... [ARGUMENT]..."),
        ".SH COMMANDS",
    ]
    context = click.Context(group, info_name="moodstream")
    for name in group.list_commands(context):
        if name not in TRAINING_COMMANDS:
            lines += _command(group.commands[name], name, context)
    for heading, entries in (
        ("FILES", FILES),
        ("ENVIRONMENT", ENVIRONMENT),
        ("EXIT STATUS", STATUSES),
    ):
        lines.append(f".SH {heading}")
        for term, text in entries:
            lines += [".TP", f".B {_escaped(term)}", _escaped(text)]
    return "\n".join(lines) + "\n"


def _command(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """Yield the lines of a command, or of all commands of a group."""
    context = click.Context(command, info_name=name, parent=parent)
    words = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f".SS {_escaped(words)}"
    for number, paragraph in enumerate((command.help or "").split("\n\n")):
        if number:
            yield ".PP"
        if paragraph.lstrip().startswith("\b"):
            yield from (".nf", _escaped(paragraph.replace("\b", "").strip("\n")), ".fi")
        else:
            yield _escaped(re.sub(r"\s+", " ", paragraph.strip()))
    for option in command.params:
        record = option.get_help_record(context)
        if record and "--help" not in option.opts:
            yield from (".TP", f".B {_escaped(record[0])}", _escaped(record[1]))
    if isinstance(command, click.Group):
        for sub, inner in sorted(command.commands.items()):
            yield from _command(inner, sub, context)


def _escaped(text: str) -> str:
    """Return text that troff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.stdout.write(page(__version__))
