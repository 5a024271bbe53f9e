"""The doctor's examination of the broker: its name, its port, the login, TLS."""

import socket
import subprocess

import pytest

from tests.support.examined import Examined
from tests.support.program import free_port, program, wait_until


@pytest.mark.parametrize(
    ("url", "found", "todo"),
    [
        ("mqtt://127.0.0.1:1", "Connection refused", "start the broker"),
        ("mqtt://no-such-host.invalid", "'no-such-host.invalid' is unknown", "mqtt.url"),
    ],
)
def test_a_broker_that_is_not_there(url, found, todo):
    examined = Examined("--broker", url)
    assert examined.status == 1
    assert found in examined.only("Broker", "failure")
    assert todo in examined.only("Broker", "failure")


def test_a_broker_that_is_frozen(mosquitto):
    mosquitto.freeze()
    assert "no answer within 5 s" in Examined("--broker", mosquitto.url).only("Broker", "failure")


def test_a_port_that_speaks_something_else(tmp_path):
    port = free_port()
    command = ["python3", "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as server:
        wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
        examined = Examined("--broker", f"mqtt://127.0.0.1:{port}")
        server.terminate()
    assert "check that mqtt.url names the broker's MQTT port" in examined.only("Broker", "failure")


@pytest.fixture
def guarded(mosquitto, tmp_path):
    """Mosquitto with two users, one of whom may do nothing; makes the settings of a user."""
    mosquitto.kill()
    passwords, rights = tmp_path / "passwords", tmp_path / "rights"
    for options, user in ((["-c"], "me"), ([], "guest")):
        command = [program("mosquitto_passwd"), "-b", *options, passwords, user, "pass"]
        subprocess.run(command, check=True)
    rights.write_text("user me\ntopic readwrite mood/#\n")
    mosquitto.configure(f"password_file {passwords}", f"acl_file {rights}")
    mosquitto.start()

    def settings(user, password):
        path, secret = tmp_path / "config.toml", tmp_path / "secret"
        secret.write_text(f"{password}\n")
        secret.chmod(0o600)
        path.write_text(
            f'[mqtt]\nurl = "{mosquitto.url}"\nusername = "{user}"\npassword_file = "{secret}"\n'
        )
        return path

    return settings


def test_a_login(guarded):
    examined = Examined("--config", guarded("me", "pass"))
    assert "connected, as 'me'\n" in examined.found("Broker", "ok")
    assert "no daemon has published below mood/ yet" in examined.only("Broker", "warning")
    assert not examined.found("Broker", "failure")
    assert not examined.found("Settings", "warning")


def test_a_wrong_password_and_a_user_without_rights(guarded):
    wrong = Examined("--config", guarded("me", "hunter2"))
    assert wrong.status == 1
    assert "not connected, as 'me': broker refused: " in wrong.only("Broker", "failure")
    assert "hunter2" not in wrong.text
    guest = Examined("--config", guarded("guest", "pass"))
    assert "mood/doctor did not come back" in guest.only("Broker", "failure")
    assert "access list" in guest.only("Broker", "failure")


def test_passwords_that_others_can_read_or_that_nobody_can(guarded, tmp_path):
    settings = guarded("me", "pass")
    (tmp_path / "secret").chmod(0o644)
    found = Examined("--config", settings).only("Settings", "warning")
    assert f"other users can read the secret in {tmp_path / 'secret'}" in found
    (tmp_path / "secret").unlink()
    examined = Examined("--config", settings)
    assert "No such file" in examined.only("Settings", "failure")
    assert examined.status == 1
    assert "correct the settings first" in examined.only("Broker", "warning")


def test_tls(encrypted, certificates, tmp_path):
    settings = tmp_path / "config.toml"

    def examined(url, authority):
        files = {"ca": f"{authority}.crt", "cert": "client.crt", "key": "client.key"}
        lines = [f'{kind}_file = "{certificates / name}"' for kind, name in files.items()]
        settings.write_text("\n".join(["[mqtt]", f'url = "{url}"', *lines]))
        return Examined("--config", settings)

    url = encrypted()
    well = examined(url, "authority")
    assert not well.found("Broker", "failure")
    assert "encrypted with TLSv1" in "".join(well.found("Broker", "ok"))
    assert "other users can read the secret in" in well.only("Settings", "warning")
    assert "certificate verify failed" in examined(url, "stranger").only("Broker", "failure")
    assert "No such file" in examined(url, "nobody").only("Settings", "failure")
    plain = Examined("--broker", url.replace("mqtts", "mqtt"))
    assert "mqtts:// for TLS" in plain.only("Broker", "failure")


def test_what_is_retained_is_judged(mosquitto):
    def retain(topic, text):
        command = [program("mosquitto_pub"), "-p", str(mosquitto.port), "-r", "-t", topic]
        subprocess.run([*command, "-m", text], check=True)

    retain("mood/current", "\x1b[2J")
    found = Examined("--broker", mosquitto.url).only("Broker", "warning")
    assert "mood/current contains no state" in found
