import os
import subprocess
import sys
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodstream.bundle.card import Card
from moodstream.config.load import load, override, password
from moodstream.config.sections import Config, ConfigError, MqttConfig, SilenceConfig
from moodstream.config.shown import shown
from moodstream.config.source import SourceConfig
from tests.support.program import run_program

SHIPPED = Path(__file__).parents[2] / "config.toml"


def mistakes(path=None, environment=None, options=None):
    with pytest.raises(ConfigError) as caught:
        load(path, environment or {}, options or {})
    return str(caught.value).splitlines()


def test_the_shipped_file_holds_every_setting_with_its_default(bundle):
    text = SHIPPED.read_text()
    assert load(SHIPPED, {}, {}) == Config()
    # What is commented out says what the bundle's value is.
    card: Card = bundle.card
    for section, spec in (("silence", card.silence), ("smoothing", card.smoothing)):
        for key in fields(spec):
            assert f"# {key.name} = {getattr(spec, key.name)}\n" in text, section
    for section in fields(Config):
        kind = section.type if is_dataclass(section.type) else SourceConfig
        for key in fields(kind):
            assert f"{key.name} = " in text


def test_later_layers_win(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[audio]\nname = "file"\ndevice = "usb"\n[mqtt]\nprefix = "a"\n')
    environment = {"MOODSTREAM_AUDIO_NAME": "environment", "MOODSTREAM_MQTT_KEEPALIVE_S": "60"}
    options = {"audio.name": "option", "mqtt.prefix": None}
    merged = load(path, environment, options)
    assert merged.audio.name == "option"
    assert merged.audio.device == "usb"
    assert merged.mqtt.prefix == "a"
    assert merged.mqtt.keepalive_s == 60
    assert load(path, environment, {}).audio.name == "environment"


def test_the_file_is_found_where_it_is_expected(tmp_path):
    for variable, place in (("XDG_CONFIG_HOME", "moodstream"), ("HOME", ".config/moodstream")):
        home = tmp_path / variable
        (home / place).mkdir(parents=True)
        (home / place / "config.toml").write_text(f"[audio]\nname = '{variable}'\n")
        assert load(None, {variable: str(home)}, {}).audio.name == variable
    named = {"MOODSTREAM_CONFIG": str(home / place / "config.toml")}
    assert load(None, named, {}).audio.name == "HOME"
    assert load(None, {}, {}).audio.name == ""


def test_a_named_file_that_is_not_there_is_a_mistake(tmp_path):
    (mistake,) = mistakes(environment={"MOODSTREAM_CONFIG": str(tmp_path / "absent.toml")})
    assert "No such file" in mistake


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbf[mqtt]\r\nprefix = "den"\r\n')
    assert load(path, {}, {}).mqtt.prefix == "den"


NOBODY = 65534
FIND = """
import os, sys
from moodstream.config.load import settings_file
if os.geteuid() == 0:
    os.setgroups([])
    os.setuid(int(sys.argv[2]))
print(settings_file({"HOME": sys.argv[1]}))
"""


@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_the_home_of_another_user_is_passed_over(tmp_path, mode):
    """As sudo, supervisord and containers leave HOME behind."""
    home = tmp_path / "home"
    settings = home / ".config" / "moodstream" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[audio]\nname = 'theirs'\n")
    settings.chmod(0o600)
    # Who cannot become another user is kept out of a folder of his own.
    home.chmod(mode if os.geteuid() == 0 else 0)
    for folder in [tmp_path, *tmp_path.parents]:
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o001)
    command = [sys.executable, "-c", FIND, str(home), str(NOBODY)]
    result = subprocess.run(command, capture_output=True, text=True)
    home.chmod(0o700)
    assert result.stderr == ""
    assert result.stdout.strip() in ("None", "/etc/moodstream/config.toml")


def test_five_mistakes_are_told_at_once_each_with_the_nearest_key(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(
        "[audio]\nbufer_s = 3\n[pipelin]\n[mqtt]\nurl = 'http://x'\nkeepalive_s = 'x'\n"
        "[log]\nlevel = 'warn'\n"
    )
    found = mistakes(path)
    assert len(found) == 5
    text = "\n".join(found)
    assert str(path) in text
    for part in (
        "audio.bufer_s: unknown key; did you mean 'buffer_s'?",
        "pipelin: unknown key; did you mean 'pipeline'?",
        "expected mqtt://HOST[:PORT]",
        "mqtt.keepalive_s: expected a whole number, found 'x'",
        "log.level: found 'warn'; did you mean 'warning'?",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[audio", "not TOML"),
        ("audio = 3", "audio: expected a table"),
        ("[audio]\nbuffer_s = inf", "finite"),
        ("[audio]\nbuffer_s = true", "expected a number, found True"),
        ("[mqtt]\nprefix = 'a/#'", "topic"),
        ("[mqtt]\nurl = 'mqtt://me:secret@host'", "login"),
        ("[mqtt]\nurl = 'mqtt://host:99999'", "url"),
        (f"[mqtt]\nurl = 'mqtt://{'x' * 64}'", "label"),
        ("[mqtt]\nversion = 5", "mqtt.version: expected text, found 5"),
        ("[mqtt]\nversion = '3'", "3.1.1"),
        ("[mqtt]\npassword = 'a'\npassword_file = 'b'", "both"),
        ("[mqtt]\nkeepalive_s = 0x1" + "0" * 5000, "too large to be shown"),
        ("[models]\nbundle = 'a\\u0000'".replace("'", '"'), "without NUL, found 'a\\x00'"),
        (f"[mqtt]\nprefix = '{'x' * 5000}'", "at most 4096 characters, found 5000"),
        ("[silence]\nhold_s = 1e308", "between 0 and 3600"),
        ("[silence]\nstationary = 1e200", "between 0 and 1000"),
        ("".join(f"a{n}=0\n" for n in range(1000)), "980 more unknown keys"),
        (f"[a{'.a' * 8000}]", "a: unknown key"),
        (f"a{'.a' * 100_000} = 1", "larger than 16384 bytes"),
        ("[pipeline]\nhop_s = 99", "between 0.125 and 10"),
        ("[pipeline]\nhop_s = 0.1", "between 0.125 and 10"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, part):
    path = tmp_path / "config.toml"
    path.write_text(text)
    assert part in "\n".join(mistakes(path))


def test_files_that_are_no_configuration(tmp_path):
    assert "No such file" in mistakes(tmp_path / "absent.toml")[0]
    assert "directory" in mistakes(tmp_path)[0]
    (tmp_path / "binary").write_bytes(b"\xff\x00")
    assert "UTF-8" in mistakes(tmp_path / "binary")[0]
    (tmp_path / "large").write_bytes(b"#" * (1 << 21))
    assert "larger" in mistakes(tmp_path / "large")[0]


def test_the_environment_is_checked_too():
    found = mistakes(environment={"MOODSTREAM_MQTT_PREFX": "x", "MOODSTREAM_AUDIO_BUFFER_S": "x"})
    assert "did you mean 'MOODSTREAM_MQTT_PREFIX'?" in found[0]
    assert "audio.buffer_s: expected a number, found 'x'" in found[1]
    latin = os.fsdecode(b"K\xfcche")
    (found,) = mistakes(environment={"MOODSTREAM_AUDIO_NAME": latin})
    assert "audio.name: expected Unicode text without NUL, found 'K\\udcfcche'" in found


def test_thresholds_that_contradict_the_bundle_are_refused(bundle):
    silence = SilenceConfig(close_dbfs=-1.0)
    with pytest.raises(ConfigError, match="close_dbfs -1 is above open_dbfs"):
        override(bundle.card.silence, silence, "silence")


def test_secrets_are_masked_and_read_from_their_file(tmp_path):
    secret = tmp_path / "password"
    secret.write_text("hunter2\n")
    merged = load(None, {"MOODSTREAM_MQTT_PASSWORD": "hunter2"}, {})
    assert "hunter2" not in shown(merged)
    assert 'password = "********"' in shown(merged)
    assert password(merged.mqtt, {}) == "hunter2"
    filed = load(None, {"MOODSTREAM_MQTT_PASSWORD_FILE": str(secret)}, {})
    assert password(filed.mqtt, {}) == "hunter2"
    secret.write_text("[mqtt]\npassword = 1234\n")
    (mistake,) = mistakes(secret)
    assert "mqtt.password: expected text" in mistake
    assert "1234" not in mistake
    with pytest.raises(ConfigError, match="password_file"):
        password(MqttConfig(password_file=str(tmp_path / "absent")), {})


def test_the_password_may_be_a_credential_of_systemd(tmp_path):
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert password(MqttConfig(), environment) is None
    (tmp_path / "mqtt-password").write_text("hunter2\n")
    assert password(MqttConfig(), environment) == "hunter2"
    assert password(MqttConfig(password="set"), environment) == "set"
    assert password(MqttConfig(), {}) is None


def test_what_is_shown_can_be_read_again(tmp_path):
    text = '[audio]\nname = "küche \\"2\\""\n[silence]\nopen_dbfs = -50\n'
    path = tmp_path / "config.toml"
    path.write_text(text)
    merged = load(path, {}, {})
    path.write_text(shown(merged))
    assert load(path, {}, {}) == merged


keys = st.sampled_from(["device", "buffer_s", "hop_s", "url", "prefix", "level", "open_dbfs"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=2),
    max_leaves=3,
)
sections = st.sampled_from([field.name for field in fields(Config)])


@given(tree=st.dictionaries(sections, st.dictionaries(keys, values, max_size=3), max_size=3))
def test_any_tree_is_either_a_configuration_or_a_list_of_mistakes(tree):
    options = {f"{section}.{key}": v for section, v_of in tree.items() for key, v in v_of.items()}
    try:
        merged = load(None, {}, options)
    except ConfigError as error:
        assert str(error)
    else:
        assert isinstance(merged, Config)


def test_certificates_that_would_not_be_used_are_refused(tmp_path):
    environment = {**os.environ, "MOODSTREAM_MQTT_CA_FILE": "/ca.pem"}
    result = run_program("run", "--broker", "mqtt://127.0.0.1:1", env=environment)
    assert result.returncode == 78
    assert "certificates are for mqtts://" in result.stderr
    result = run_program("run", "--broker", "mqtts://127.0.0.1:1", env=environment)
    assert result.returncode == 78
    assert "mqtt.ca_file '/ca.pem': No such file" in result.stderr


def test_the_command_prints_the_merged_configuration_and_all_mistakes(tmp_path):
    environment = {"PATH": "", "HOME": str(tmp_path), "MOODSTREAM_MQTT_PASSWORD": "hunter2"}
    result = run_program("config", "--prefix", "kitchen/mood", env=environment)
    assert result.returncode == 0
    assert tomllib.loads(result.stdout)["mqtt"]["prefix"] == "kitchen/mood"
    assert "hunter2" not in result.stdout + result.stderr
    result = run_program("config", "--hop", "77", "--broker", "ftp://x", env=environment)
    assert result.returncode == 78
    assert "pipeline.hop_s" in result.stderr
    assert "mqtt.url" in result.stderr
