"""Sections of the configuration: each setting with its default and bounds."""

import ipaddress
import re
from dataclasses import dataclass, field

from moodstream.config.source import SourceConfig
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.features.silence import SilenceSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.mqtt import url as mqtt_url
from moodstream.schema import between, checked_by, one_of, unset


class ConfigError(Exception):
    """The configuration is wrong; the message lists all errors, one on each line."""


def _check_url(url: str) -> None:
    if mqtt_url.embedded(url) is None:
        mqtt_url.parse(url)


def _check_pattern(pattern: str) -> None:
    mqtt_url.check_prefix("/".join("x" if part == "+" else part for part in pattern.split("/")))


@dataclass(frozen=True)
class AudioConfig:
    """[audio]: the source."""

    device: str = ""
    """Name of the capture device, or a part of it; empty means the system's default."""
    name: str = ""
    """Name of this source in messages; empty means the host's name."""
    channels: tuple[int, ...] = field(default=(), metadata=between(0, 63))
    """Numbers of the device's channels to mix, from 0; empty means all of them."""
    buffer_s: float = field(default=10.0, metadata=between(1, 600))
    """Seconds of audio kept while the pipeline is late."""

    def problems(self) -> list[str]:
        """Return contradictions within the section, a sentence each."""
        if len(set(self.channels)) < len(self.channels):
            return [f"channels {list(self.channels)} contains a channel twice"]
        return []


@dataclass(frozen=True)
class PipelineConfig:
    """[pipeline]: the rate of classifications."""

    hop_s: float = field(default=DEFAULT_HOP_S, metadata=between(0.125, 10))
    """Seconds from one classification to the next, in whole steps of the RNN."""


@dataclass(frozen=True)
class SilenceConfig:
    """[silence]: thresholds of silence. None means the bundle's value."""

    open_dbfs: float | None = unset(SilenceSpec, "open_dbfs")
    """Level above which silence ends, dBFS."""
    close_dbfs: float | None = unset(SilenceSpec, "close_dbfs")
    """Level below which silence begins after hold_s, dBFS."""
    hold_s: float | None = unset(SilenceSpec, "hold_s")
    """Seconds of quiet before silence begins."""
    stationary: float | None = unset(SilenceSpec, "stationary")
    """Deviation of the MFCC below which sound is noise without a mood."""

    def problems(self) -> list[str]:
        """Return contradictions between values that are set, a sentence each."""
        low, high = self.close_dbfs, self.open_dbfs
        if low is not None and high is not None and low > high:
            return [f"close_dbfs {low:g} is above open_dbfs {high:g}"]
        return []


@dataclass(frozen=True)
class SmoothingConfig:
    """[smoothing]: how slowly the mood changes. None means the bundle's value."""

    time_constant_s: float | None = unset(SmoothingSpec, "time_constant_s")
    """Time constant of the average of the published scores, seconds."""
    evidence_scale: float | None = unset(SmoothingSpec, "evidence_scale")
    """Weight of a second of evidence."""
    lasting_s: float | None = unset(SmoothingSpec, "lasting_s")
    """Average duration of a mood, seconds."""
    confident: float | None = unset(SmoothingSpec, "confident")
    """Probability of the quadrant at which a mood is named or replaces another."""
    doubtful: float | None = unset(SmoothingSpec, "doubtful")
    """Probability of the quadrant below which the mood becomes uncertain."""

    def problems(self) -> list[str]:
        """Return contradictions between values that are set, a sentence each."""
        low, high = self.doubtful, self.confident
        if low is not None and high is not None and low > high:
            return [f"doubtful {low:g} is above confident {high:g}"]
        return []


@dataclass(frozen=True)
class ModelsConfig:
    """[models]: the model bundle."""

    bundle: str = ""
    """Directory of a model bundle; empty means the installed one."""


@dataclass(frozen=True)
class MqttConfig:
    """[mqtt]: the broker, and the topics."""

    url: str = field(default=mqtt_url.EMBEDDED, metadata=checked_by(_check_url))
    """Address of the broker: mqtt://HOST[:PORT], or mqtts://HOST[:PORT] with TLS.

    'embedded' runs a broker on the loopback interface; embedded://ADDRESS[:PORT] runs one on
    another interface, which needs a password.
    """
    version: str = field(default="3.1.1", metadata=one_of("3.1.1", "5"))
    """MQTT protocol version."""
    prefix: str = field(default="mood", metadata=checked_by(mqtt_url.check_prefix))
    """First part of the topics; each device needs its own."""
    client_id: str = ""
    """Client id at the broker; empty derives one from the machine id and the prefix."""
    username: str = ""
    """Login at the broker; empty means none."""
    password: str = field(default="", metadata={"secret": True})
    """Password in plain text; password_file or MOODSTREAM_MQTT_PASSWORD is safer."""
    password_file: str = ""
    """File whose first line is the password."""
    ca_file: str = ""
    """Certificate of the authority that signed the broker's; empty means all trusted ones."""
    cert_file: str = ""
    """Certificate that identifies us to the broker; empty means none."""
    key_file: str = ""
    """Key of that certificate; empty if it is in cert_file."""
    keepalive_s: int = field(default=30, metadata=between(5, 3600))
    """Seconds without traffic after which the connection is tested."""
    journal_events: int = field(default=1000, metadata=between(1, 100_000))
    """Events kept while the broker is unreachable; the oldest are dropped first."""
    current_every_s: float = field(default=0.0, metadata=between(0, 10))
    """Shortest time between two similar states, seconds; 0 publishes every state."""

    def problems(self) -> list[str]:
        """Return contradictions within the section, a sentence each."""
        if self.password and self.password_file:
            return ["password and password_file are both set; keep one"]
        return []


@dataclass(frozen=True)
class HomeAssistantConfig:
    """[homeassistant]: discovery by Home Assistant."""

    discovery: bool = False
    """Whether the daemon is announced as a device."""
    prefix: str = field(default="homeassistant", metadata=checked_by(mqtt_url.check_prefix))
    """First part of Home Assistant's own topics."""


@dataclass(frozen=True)
class LogConfig:
    """[log]: messages on stderr."""

    level: str = field(default="info", metadata=one_of("debug", "info", "warning", "error"))
    """Lowest level of the messages to show."""
    format: str = field(default="auto", metadata=one_of("auto", "console", "json"))
    """Format of the messages; auto means console on a terminal, json elsewhere."""


def _check_address(text: str) -> None:
    ipaddress.ip_address(text)


def _check_password_hash(text: str) -> None:
    if text and not PASSWORD_HASH.fullmatch(text):
        raise ValueError("expected what 'moodstream web --new-password' prints")


PASSWORD_HASH = re.compile(r"scrypt:([0-9a-f]{32}):([0-9a-f]{64})", re.ASCII)
"""Salt and hash of a password, in hexadecimal."""


@dataclass(frozen=True)
class WebConfig:
    """[web]: the page."""

    host: str = "127.0.0.1"
    """Address that the page is served at."""
    # No name that ends with "port": Kubernetes sets such variables.
    port_number: int = field(default=8765, metadata=between(1, 65535))
    """TCP port of the page."""
    prefixes: tuple[str, ...] = field(default=(), metadata=checked_by(_check_pattern))
    """Prefixes of the rooms, with MQTT wildcards; empty means mqtt.prefix alone."""
    hosts: tuple[str, ...] = ()
    """Additional host names under which browsers reach the page."""
    proxies: tuple[str, ...] = field(default=(), metadata=checked_by(_check_address))
    """Addresses of proxies that ask for a login themselves; then only they can reach the page."""
    password_hash: str = field(
        default="", metadata={"secret": True, **checked_by(_check_password_hash)}
    )
    """Hash of the page's password; empty means none."""
    keep_minutes_days: int = field(default=730, metadata=between(1, 36500))
    """Days after which the minutes of the history are removed."""
    keep_events_days: int = field(default=90, metadata=between(1, 36500))
    """Days after which the events of the history are removed."""


@dataclass(frozen=True)
class Config:
    """All settings; config.toml lists each with its default and a reason to change it."""

    audio: AudioConfig = AudioConfig()
    source: tuple[SourceConfig, ...] = ()
    """Sources of a daemon with several; if empty, [audio] is the only source."""
    pipeline: PipelineConfig = PipelineConfig()
    silence: SilenceConfig = SilenceConfig()
    smoothing: SmoothingConfig = SmoothingConfig()
    models: ModelsConfig = ModelsConfig()
    mqtt: MqttConfig = MqttConfig()
    homeassistant: HomeAssistantConfig = HomeAssistantConfig()
    log: LogConfig = LogConfig()
    web: WebConfig = WebConfig()

    def problems(self) -> list[str]:
        """Return contradictions between the sections, a sentence each."""
        found = []
        audio = self.audio
        if self.source and (audio.device or audio.name or audio.channels):
            found.append(
                "[audio] names a source in addition to [[source]]: move it into its own table"
            )
        for kind, values in (
            ("name", [source.name for source in self.source]),
            ("prefix", [self.prefix_of(source) for source in self.source]),
        ):
            twice = sorted({value for value in values if values.count(value) > 1})
            found += [f"two sources have the {kind} '{value}'" for value in twice]
        for source in self.source:
            try:
                mqtt_url.check_prefix(self.prefix_of(source))
            except ValueError as error:
                found.append(f"prefix of source '{source.name}': {error}")
        return found

    def prefix_of(self, source: SourceConfig) -> str:
        """Return the first part of the topics of a source."""
        return source.prefix or f"{self.mqtt.prefix}/{source.name}"
