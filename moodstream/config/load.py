"""Loading the configuration. Options override environment variables, which override the file."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, get_origin, get_type_hints

from moodstream.config.platform import PREFIX, injected
from moodstream.config.sections import (
    Config,
    ConfigError,
    MqttConfig,
    SilenceConfig,
    SmoothingConfig,
)
from moodstream.features.silence import SilenceSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.schema import decode, nearest

PATH_VARIABLE = "MOODSTREAM_CONFIG"
SYSTEM_FILE = Path("/etc/moodstream/config.toml")
MAX_BYTES = 1 << 14
"""Five times the size of config.toml; tomllib takes minutes for a key of 100 000 dots."""
CREDENTIAL = "mqtt-password"
"""Name of the password among systemd's credentials."""

Tree = dict[str, Any]
"""Values by section and key, as in the TOML file; a list of tables for [[source]]."""


def load(path: Path | None, environment: Mapping[str, str], options: Mapping[str, Any]) -> Config:
    """Merge the layers.

    Args:
        path: of the TOML file; None reads that of :func:`settings_file`, if there is one.
        environment: for MOODSTREAM_SECTION_KEY.
        options: of the command line, "section.key" to value; None means not given.

    Raises:
        ConfigError: all errors in all layers, one on each line.
    """
    errors: list[str] = []
    path = path or settings_file(environment)
    layers: dict[str, Any] = {}
    if path:
        layers[str(path)] = _read(path, errors)
    layers["environment"] = _from_environment(environment, errors)
    layers["options"] = _from_options(options)
    merged: Tree = {}
    for origin, tree in layers.items():
        found: list[str] = []
        decode(Config, tree, "", found)
        errors.extend(f"{origin}: {mistake}" for mistake in found)
        if not found:
            for section, values in tree.items():
                is_table = isinstance(values, Mapping)
                merged[section] = {**merged.get(section, {}), **values} if is_table else values
    config = None
    if not errors:
        # Layers that are each correct may still contradict each other.
        config = decode(Config, merged, "", errors)
    if config is None:
        raise ConfigError("\n".join(errors))
    return config


def settings_file(environment: Mapping[str, str]) -> Path | None:
    """Return the file named by MOODSTREAM_CONFIG, or else the first of :func:`places` to read."""
    if named := environment.get(PATH_VARIABLE):
        return Path(named)
    return next((place for place in places(environment) if _is_ours(place)), None)


def places(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files that may hold the settings, the most specific first."""
    if settings := environment.get("XDG_CONFIG_HOME"):
        yield Path(settings) / "moodstream" / "config.toml"
    elif home := environment.get("HOME"):  # a service may have none
        yield Path(home) / ".config" / "moodstream" / "config.toml"
    yield SYSTEM_FILE


def _is_ours(place: Path) -> bool:
    """Return whether to read this file; HOME may belong to another user."""
    try:
        if not place.is_file():
            return False
        owner = place.stat().st_uid
    except OSError:
        return False
    # An unreadable file that belongs to this user is an error to report.
    return place == SYSTEM_FILE or owner == os.geteuid() or os.access(place, os.R_OK)


Spec = TypeVar("Spec", SilenceSpec, SmoothingSpec)


def override(spec: Spec, config: SilenceConfig | SmoothingConfig, section: str) -> Spec:
    """Return the bundle's values, overridden by those that the user has set.

    Raises:
        ConfigError: the result contradicts itself.
    """
    values = {f.name: getattr(config, f.name) for f in fields(config)}
    result = replace(spec, **{name: value for name, value in values.items() if value is not None})
    if problems := result.problems():
        raise ConfigError("\n".join(f"{section}: {problem}" for problem in problems))
    return result


def password(config: MqttConfig, environment: Mapping[str, str]) -> str | None:
    """Return the broker's password, from the setting or systemd's credential; None without one.

    Raises:
        ConfigError: its file cannot be read.
    """
    if config.password:
        return config.password
    path = Path(environment.get("CREDENTIALS_DIRECTORY", ""), CREDENTIAL)
    if config.password_file:
        path = Path(config.password_file)
    elif not (path.is_absolute() and path.exists()):
        return None
    try:
        with path.open(encoding="utf-8") as stream:
            return stream.readline(4096).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"mqtt.password_file: {error}") from error


def _read(path: Path, errors: list[str]) -> Any:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            errors.append(f"{path}: larger than {MAX_BYTES} bytes, too large for a configuration")
            return {}
        return tomllib.loads(content.decode("utf-8-sig"))  # editors may add a byte order mark
    except OSError as error:
        errors.append(f"{path}: {error.strerror or error}")
    except UnicodeDecodeError:
        errors.append(f"{path}: is not UTF-8 text")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        errors.append(f"{path}: is not TOML: {error}")
    return {}


def _from_environment(environment: Mapping[str, str], errors: list[str]) -> Tree:
    tree: Tree = {}
    known = {
        f"{PREFIX}{section.name}_{key.name}".upper(): (section.name, key.name, kind)
        for section in fields(Config)
        if is_dataclass(section.type)  # [[source]] is for files alone
        for key, kind in _keys(section.type)
    }
    ignored = {PATH_VARIABLE, *injected(environment)}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable in ignored:
            continue
        if variable not in known:
            errors.append(f"environment: {variable}: unknown; {nearest(variable, list(known))}")
            continue
        section, key, kind = known[variable]
        if get_origin(kind) is tuple:
            value: Any = [_value(item.strip()) for item in text.split(",") if item.strip()]
        else:
            value = text if kind is str else _value(text)
        tree.setdefault(section, {})[key] = value
    return tree


def _keys(section: Any) -> list[tuple[Any, Any]]:
    kinds = get_type_hints(section)
    return [(key, kinds[key.name]) for key in fields(section)]


def _value(text: str) -> Any:
    """Return the number or boolean that a text represents, or the text itself."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(text, text)


def _from_options(options: Mapping[str, Any]) -> Tree:
    tree: Tree = {}
    for name, value in options.items():
        if value is not None:
            section, key = name.split(".")
            tree.setdefault(section, {})[key] = value
    return tree
