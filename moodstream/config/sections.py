"""The sections of the configuration, each setting with its default and its bounds."""

from dataclasses import dataclass, field

from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.features.silence import SilenceSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.mqtt import url as mqtt_url
from moodstream.schema import between, checked_by, one_of, unset


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
    channels: tuple[int, ...] = field(default=(), metadata=between(0, 63))
    """Numbers of the device's channels to mix, from 0; empty means all of them."""
    buffer_s: float = field(default=10.0, metadata=between(1, 600))
    """Seconds of audio kept while the pipeline is late."""

    def problems(self) -> list[str]:
        """Return contradictions within the section, a sentence each."""
        if len(set(self.channels)) < len(self.channels):
            return [f"channels {list(self.channels)} names a channel twice"]
        return []


@dataclass(frozen=True)
class PipelineConfig:
    """[pipeline]: how often it classifies."""

    hop_s: float = field(default=DEFAULT_HOP_S, metadata=between(0.125, 10))
    """Seconds from one classification to the next, in whole steps of the RNN."""


@dataclass(frozen=True)
class SilenceConfig:
    """[silence]: when there is nothing to hear. What is not set is the bundle's."""

    open_dbfs: float | None = unset(SilenceSpec, "open_dbfs")
    """A level at or above this ends the silence, decibels below full scale."""
    close_dbfs: float | None = unset(SilenceSpec, "close_dbfs")
    """A level below this, for hold_s, begins it."""
    hold_s: float | None = unset(SilenceSpec, "hold_s")
    """Seconds."""
    stationary: float | None = unset(SilenceSpec, "stationary")
    """Sound whose MFCC deviate by less than this has no mood."""

    def problems(self) -> list[str]:
        """Return contradictions between values that are set, a sentence each."""
        low, high = self.close_dbfs, self.open_dbfs
        if low is not None and high is not None and low > high:
            return [f"close_dbfs {low:g} is above open_dbfs {high:g}"]
        return []


@dataclass(frozen=True)
class SmoothingConfig:
    """[smoothing]: how slowly the mood may change. What is not set is the bundle's."""

    time_constant_s: float | None = unset(SmoothingSpec, "time_constant_s")
    """Of the average of the published scores, seconds."""
    evidence_scale: float | None = unset(SmoothingSpec, "evidence_scale")
    """What a second of evidence counts."""
    lasting_s: float | None = unset(SmoothingSpec, "lasting_s")
    """How long a mood lasts on average, seconds."""
    confident: float | None = unset(SmoothingSpec, "confident")
    """A mood is named, or takes another's place, when its quadrant is this probable."""
    doubtful: float | None = unset(SmoothingSpec, "doubtful")
    """It is given up as uncertain below this."""

    def problems(self) -> list[str]:
        """Return contradictions between values that are set, a sentence each."""
        low, high = self.doubtful, self.confident
        if low is not None and high is not None and low > high:
            return [f"doubtful {low:g} is above confident {high:g}"]
        return []


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
