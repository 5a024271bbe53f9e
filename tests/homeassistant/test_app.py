"""The app: its configuration, and what its start makes of the options.

The rules are those of Home Assistant's documentation: developers.home-assistant.io/docs/apps.
"""

import importlib.util
import json
import re
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest
import yaml

from moodstream.config.load import load
from tests.support.program import free_port, wait_until

APP = Path(__file__).parents[2] / "homeassistant" / "moodstream"
CONFIG = yaml.safe_load((APP / "config.yaml").read_text())
REQUIRED = {"name", "version", "slug", "description", "arch"}
USED = {"startup", "boot", "homeassistant", "audio", "services", "options", "schema"}
INGRESS = {"ingress", "ingress_port", "panel_icon", "panel_title"}
ELEMENT = re.compile(
    r"(str|bool|email|url|port|password|device|match\(.*\)|list\(.+\)|int(\(\d*,\d*\))?"
    r"|float(\(\d*,\d*\))?)\??"
)
BROKER = {
    "host": "core-mosquitto",
    "port": 1883,
    "ssl": False,
    "protocol": "3.1.1",
    "username": "addons",
    "password": "secret",
}
"""The answer of the Supervisor, as its documentation shows it."""


@pytest.fixture(scope="module")
def run():
    """The module of the app's start."""
    spec = importlib.util.spec_from_file_location("run", APP / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settings(run, options, service):
    return load(None, run.settings({**CONFIG["options"], **options}, service), {})


def test_the_configuration_follows_the_rules():
    assert set(CONFIG) == REQUIRED | USED | INGRESS
    assert re.fullmatch(r"[-_.A-Za-z0-9]+", CONFIG["slug"])
    assert set(CONFIG["arch"]) == {"aarch64", "amd64"}
    assert CONFIG["audio"] is True
    assert CONFIG["services"] == ["mqtt:want"]
    assert CONFIG["ingress"] is True
    assert 1 <= CONFIG["ingress_port"] <= 65535
    assert CONFIG["panel_icon"].startswith("mdi:")
    assert all(ELEMENT.fullmatch(kind) for kind in CONFIG["schema"].values())
    needed = {name for name, kind in CONFIG["schema"].items() if not kind.endswith("?")}
    assert needed == set(CONFIG["options"])
    repository = yaml.safe_load((APP.parent / "repository.yaml").read_text())
    assert {"name", "maintainer"} <= set(repository)


def test_each_option_is_a_setting_and_is_explained(run):
    translations = yaml.safe_load((APP / "translations" / "en.yaml").read_text())
    assert set(CONFIG["schema"]) == set(run.SETTINGS) == set(translations["configuration"])
    for words in translations["configuration"].values():
        assert set(words) == {"name", "description"}


def test_the_defaults_and_the_broker_of_home_assistant(run):
    config = settings(run, {}, BROKER)
    assert config.mqtt.url == "mqtt://core-mosquitto:1883"
    assert (config.mqtt.username, config.mqtt.password) == ("addons", "secret")
    assert config.homeassistant.discovery
    assert config.web.port_number == CONFIG["ingress_port"]
    assert config.web.proxies == ("172.30.32.2",)  # the Supervisor, by its documentation
    assert config.audio.device == ""
    assert settings(run, {}, {**BROKER, "ssl": True}).mqtt.url.startswith("mqtts://")


def test_all_options(run):
    options = {
        "name": "kitchen",
        "device": "USB",
        "prefix": "home/mood",
        "lasting_s": 120.5,
        "mqtt_url": "mqtts://192.168.1.2",
        "mqtt_username": "me",
        "mqtt_password": "1234",
        "log_level": "debug",
    }
    assert set(options) == set(CONFIG["schema"])
    config = settings(run, options, BROKER)
    assert (config.audio.name, config.audio.device) == ("kitchen", "USB")
    assert config.mqtt.prefix == "home/mood"
    assert config.smoothing.lasting_s == 120.5
    assert config.mqtt.url == "mqtts://192.168.1.2"
    assert (config.mqtt.username, config.mqtt.password) == ("me", "1234")
    assert config.log.level == "debug"


@contextmanager
def supervisor(status, answer):
    """Yield the address of a service, and the headers of its requests."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(self.headers["Authorization"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/services/mqtt", requests
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_supervisor_is_asked_with_the_token(run):
    with supervisor(200, {"result": "ok", "data": BROKER}) as (address, requests):
        assert run.broker(address, "token") == BROKER
    assert requests == ["Bearer token"]


def test_without_a_broker_of_home_assistant_it_is_said(run, capsys):
    with supervisor(400, {"result": "error"}) as (address, _):
        assert run.broker(address, "token") == {}
    assert run.broker("http://127.0.0.1:1/services/mqtt", "token") == {}
    assert capsys.readouterr().out.count("Home Assistant has no MQTT broker for apps: ") == 2


def running(command):
    """The process that runs a command of ours; None if there is none."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if process.cmdline()[-1:] == [command]:
                return process
    return None


def test_the_start_runs_daemon_and_page_until_it_is_told_to_stop(tmp_path, mosquitto):
    options = {**CONFIG["options"], "mqtt_url": mosquitto.url}
    (tmp_path / "options.json").write_text(json.dumps(options))
    port = free_port()
    script = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(APP)!r})
import run
run.OPTIONS, run.STATE, run.PAUSE_S = Path("options.json"), {str(tmp_path)!r}, 0.2
run.PAGE |= {{"MOODSTREAM_WEB_PORT_NUMBER": "{port}", "MOODSTREAM_WEB_PROXIES": "127.0.0.1"}}
run.main()
"""
    page = f"http://127.0.0.1:{port}/"
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", script], cwd=tmp_path, stdout=log, stderr=log
        )
    try:
        with mosquitto.subscriber("mood/availability") as heard:
            wait_until(lambda: "online" in heard, 120)
            wait_until(lambda: answers(page), 60)
            running("web").kill()
            wait_until(lambda: not answers(page))
            wait_until(lambda: answers(page), 60)
            process.terminate()
            assert process.wait(20) == 0
            assert heard[-1] == "offline"
    finally:
        process.kill()
    assert not answers(page)
    log = (tmp_path / "log").read_text()
    assert log.startswith("Versions")  # of doctor
    assert "Traceback" not in log


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
