"""The configuration as TOML, with the origin of its values."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from moodstream.audio.sources.address import location, redacted
from moodstream.bundle.card import Card
from moodstream.config.load import PATH_VARIABLE, override, places, settings_file
from moodstream.config.platform import PREFIX, injected
from moodstream.config.sections import Config
from moodstream.config.source import SourceConfig

MASK = "********"
"""Text in place of a secret."""


def origin(path: Path | None, environment: Mapping[str, str]) -> str:
    """Return comments that name the settings file and the variables that were read.

    Args:
        path: of the settings file, if one was given.
        environment: of the process.
    """
    lines = []
    if read := path or settings_file(environment):
        lines.append(f"# Settings file: {read}")
    else:
        looked_for = ", ".join(map(str, places(environment)))
        lines.append(f"# Settings file: none; looked for {looked_for}")
    ignored = {PATH_VARIABLE, *injected(environment)}
    names = sorted(name for name in environment if name.startswith(PREFIX) and name not in ignored)
    if names:
        lines.append(f"# Environment variables: {', '.join(names)}")
    return "\n".join(lines)


def shown(config: Config, card: Card | None = None) -> str:
    """Return the configuration as TOML, with secrets masked.

    Values of the bundle are comments, because they are not settings.

    Args:
        config: to be shown.
        card: card of the bundle; None omits its values.

    Raises:
        ConfigError: the settings contradict the bundle's values.
    """
    lines = []
    for section in fields(config):
        values = getattr(config, section.name)
        if section.name == "source":
            lines += [line for source in values for line in _table(source)]
            continue
        lines.append(f"[{section.name}]")
        spec: Any = None
        if card and section.name in ("silence", "smoothing"):
            spec = override(getattr(card, section.name), values, section.name)
        for key in fields(values):
            value = getattr(values, key.name)
            if value is None:
                bundled = f" = {json.dumps(getattr(spec, key.name))}  #" if spec else ":"
                lines.append(f"# {key.name}{bundled} from the bundle")
                continue
            if key.metadata.get("secret") and value:
                value = MASK
            lines.append(_line(key.name, value))
        lines.append("")
    return "\n".join(lines).rstrip()


def _table(source: SourceConfig) -> list[str]:
    """Return the table of a source, with the keys that matter for its kind."""
    values = asdict(source)
    raw = values.pop("raw")
    # URLs may also hold a password in the path or the query.
    values["url"] = source.url and f"{location(source.url)}/{MASK}"
    values["command"] = redacted(source.command)
    shown_values = {key: value for key, value in values.items() if value}
    if source.kind in ("command", "fifo"):
        shown_values["raw"] = raw
    return ["[[source]]", *(_line(key, value) for key, value in shown_values.items()), ""]


def _line(key: str, value: Any) -> str:
    # TOML writes values of these types as JSON does.
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"
