"""The configuration: a TOML file, environment variables and options, in rising order."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from moodstream import mqtt_url
from moodstream.schema import between, checked_by, decode, nearest, one_of
from moodstream.silence import LEVEL_FLOOR_DBFS, SilenceSpec
from moodstream.smoothing import SmoothingSpec

ENVIRONMENT_PREFIX = "MOODSTREAM_"
PATH_VARIABLE = "MOODSTREAM_CONFIG"
MAX_BYTES = 1 << 14
"""Five times the file with every setting; tomllib takes minutes for a key of 100 000 dots."""
CREDENTIAL = "mqtt-password"
"""Name of the password among systemd's credentials."""

Tree = dict[str, dict[str, Any]]
"""Section to key to value, as in the TOML file."""


class ConfigError(Exception):
    """The configuration is wrong; the message lists every mistake, a line each."""


def _check_url(url: str) -> None:
    if mqtt_url.embedded(url) is None:
        mqtt_url.parse(url)


def _check_prefix(prefix: str) -> None:
    if not prefix or prefix.strip("/") != prefix or set(prefix) & set("+#\0"):
        raise ValueError(
            f"found '{prefix}'; expected a topic without + and #, not empty, with no / at its ends"
        )


@dataclass(frozen=True)
class AudioConfig:
    """[audio]: what is listened to."""

    device: str = ""
    """Name of the capture device, or a part of it; empty is the system's default."""
    name: str = ""
    """What the messages call this source; empty is the host's name."""
    buffer_s: float = field(default=10.0, metadata=between(1, 600))
    """Seconds of audio kept while the pipeline is late."""


@dataclass(frozen=True)
class PipelineConfig:
    """[pipeline]: how often it classifies."""

    hop_s: float = field(default=0.5, metadata=between(0.125, 10))
    """Seconds from one classification to the next, in whole steps of the RNN."""


@dataclass(frozen=True)
class SilenceConfig:
    """[silence]: when there is nothing to hear. What is not set is the bundle's."""

    open_dbfs: float | None = field(default=None, metadata=between(LEVEL_FLOOR_DBFS, 0))
    """A level at or above this ends the silence, decibels below full scale."""
    close_dbfs: float | None = field(default=None, metadata=between(LEVEL_FLOOR_DBFS, 0))
    """A level below this, for hold_s, begins it."""
    hold_s: float | None = field(default=None, metadata=between(0, 3600))
    """Seconds."""
    stationary: float | None = field(default=None, metadata=between(0, 1000))
    """Sound whose MFCC deviate by less than this has no mood."""


@dataclass(frozen=True)
class SmoothingConfig:
    """[smoothing]: how slowly the mood may change. What is not set is the bundle's."""

    time_constant_s: float | None = field(default=None, metadata=between(0, 3600))
    """Of the average of the published scores, seconds."""
    evidence_scale: float | None = field(default=None, metadata=between(0.01, 100))
    """What a second of evidence counts."""
    lasting_s: float | None = field(default=None, metadata=between(0.1, 86400))
    """How long a mood lasts on average, seconds."""
    confident: float | None = field(default=None, metadata=between(0, 1))
    """A mood is named, or takes another's place, when its quadrant is this probable."""
    doubtful: float | None = field(default=None, metadata=between(0, 1))
    """It is given up as uncertain below this."""


@dataclass(frozen=True)
class ModelsConfig:
    """[models]: who listens."""

    bundle: str = ""
    """Directory of a model bundle; empty is the one that was installed."""


@dataclass(frozen=True)
class MqttConfig:
    """[mqtt]: where the moods are published."""

    url: str = field(default=mqtt_url.EMBEDDED, metadata=checked_by(_check_url))
    """mqtt://HOST[:PORT], with TLS mqtts://HOST[:PORT], or 'embedded': a broker of our own on the
    loopback interface; embedded://ADDRESS[:PORT] is one elsewhere, which needs a password."""
    version: str = field(default="3.1.1", metadata=one_of("3.1.1", "5"))
    """Of the protocol."""
    prefix: str = field(default="mood", metadata=checked_by(_check_prefix))
    """First part of the topics; one prefix a device."""
    client_id: str = ""
    """Empty is moodstream-, the host's name and the prefix."""
    username: str = ""
    """Login at the broker; empty is none."""
    password: str = field(default="", metadata={"secret": True})
    """Better in password_file, or in MOODSTREAM_MQTT_PASSWORD."""
    password_file: str = ""
    """File whose first line is the password."""
    ca_file: str = ""
    """Certificate of the authority that signed the broker's; empty is any the system trusts."""
    cert_file: str = ""
    """Certificate by which the broker knows us; empty is none."""
    key_file: str = ""
    """The key to it; empty if it is in cert_file."""
    keepalive_s: int = field(default=30, metadata=between(5, 3600))
    """Seconds after which a silent connection is probed."""
    journal_events: int = field(default=1000, metadata=between(1, 100_000))
    """Events kept while the broker is away; the oldest are dropped first."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        if self.password and self.password_file:
            return ["password and password_file are both set; keep one"]
        return []


@dataclass(frozen=True)
class HomeAssistantConfig:
    """[homeassistant]: whether it shows the daemon as a device."""

    discovery: bool = False
    """Whether the device is announced at the broker."""
    prefix: str = field(default="homeassistant", metadata=checked_by(_check_prefix))
    """First part of Home Assistant's own topics."""


@dataclass(frozen=True)
class LogConfig:
    """[log]: what is told on stderr."""

    level: str = field(default="info", metadata=one_of("debug", "info", "warning", "error"))
    """The least important messages that are shown."""
    format: str = field(default="auto", metadata=one_of("auto", "console", "json"))
    """auto is console on a terminal, JSON elsewhere."""


@dataclass(frozen=True)
class Config:
    """Every setting; config.toml holds each with its default and why one would change it."""

    audio: AudioConfig = AudioConfig()
    pipeline: PipelineConfig = PipelineConfig()
    silence: SilenceConfig = SilenceConfig()
    smoothing: SmoothingConfig = SmoothingConfig()
    models: ModelsConfig = ModelsConfig()
    mqtt: MqttConfig = MqttConfig()
    homeassistant: HomeAssistantConfig = HomeAssistantConfig()
    log: LogConfig = LogConfig()


def load(path: Path | None, environment: Mapping[str, str], options: Mapping[str, Any]) -> Config:
    """Merge the layers.

    Args:
        path: of the TOML file; None reads the first of :func:`places` that exists, if any.
        environment: for MOODSTREAM_SECTION_KEY.
        options: of the command line, "section.key" to value; None is not given.

    Raises:
        ConfigError: with every mistake of every layer.
    """
    errors: list[str] = []
    path = path or next((place for place in places(environment) if place.is_file()), None)
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
                merged.setdefault(section, {}).update(values)
    config = None
    if not errors:
        # Layers that are right alone may still contradict each other.
        config = decode(Config, merged, "", errors)
    if config is None:
        raise ConfigError("\n".join(errors))
    return config


def places(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where the file is looked for, the first that exists is read."""
    if named := environment.get(PATH_VARIABLE):
        yield Path(named)
        return
    if settings := environment.get("XDG_CONFIG_HOME"):
        yield Path(settings) / "moodstream" / "config.toml"
    elif home := environment.get("HOME"):  # a service may have none
        yield Path(home) / ".config" / "moodstream" / "config.toml"
    yield Path("/etc/moodstream/config.toml")


Spec = TypeVar("Spec", SilenceSpec, SmoothingSpec)


def override(spec: Spec, config: SilenceConfig | SmoothingConfig, section: str) -> Spec:
    """The bundle's values, with those that the user has set in their place.

    Raises:
        ConfigError: together they contradict each other.
    """
    values = {f.name: getattr(config, f.name) for f in fields(config)}
    result = replace(spec, **{name: value for name, value in values.items() if value is not None})
    if problems := result.problems():
        raise ConfigError("\n".join(f"{section}: {problem}" for problem in problems))
    return result


def password(config: MqttConfig, environment: Mapping[str, str]) -> str | None:
    """The broker's password: what is set, or systemd's credential, if there is one.

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


def shown(config: Config) -> str:
    """The configuration as TOML, with secrets masked."""
    lines = []
    for section in fields(config):
        values = getattr(config, section.name)
        lines.append(f"[{section.name}]")
        for key in fields(values):
            value = getattr(values, key.name)
            if value is None:
                lines.append(f"# {key.name}: the bundle's")
                continue
            if key.metadata.get("secret") and value:
                value = "********"
            # Of these types, TOML writes as JSON does.
            lines.append(f"{key.name} = {json.dumps(value, ensure_ascii=False)}")
        lines.append("")
    return "\n".join(lines).rstrip()


def _read(path: Path, errors: list[str]) -> Any:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            errors.append(f"{path}: larger than {MAX_BYTES} bytes, so it is no configuration")
            return {}
        return tomllib.loads(content.decode())
    except OSError as error:
        errors.append(f"{path}: {error.strerror or error}")
    except UnicodeDecodeError:
        errors.append(f"{path}: is not text in UTF-8")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        errors.append(f"{path}: is not TOML: {error}")
    return {}


def _from_environment(environment: Mapping[str, str], errors: list[str]) -> Tree:
    tree: Tree = {}
    known = {
        f"{ENVIRONMENT_PREFIX}{section.name}_{key.name}".upper(): (section.name, key.name, kind)
        for section in fields(Config)
        for key, kind in _keys(section.type)
    }
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable == PATH_VARIABLE:
            continue
        if variable not in known:
            errors.append(f"environment: {variable}: unknown; {nearest(variable, list(known))}")
            continue
        section, key, kind = known[variable]
        tree.setdefault(section, {})[key] = text if kind is str else _value(text)
    return tree


def _keys(section: Any) -> list[tuple[Any, Any]]:
    kinds = get_type_hints(section)
    return [(key, kinds[key.name]) for key in fields(section)]


def _value(text: str) -> Any:
    """The number, true or false in the text, or the text for the schema to refuse."""
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
