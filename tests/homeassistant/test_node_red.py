"""The flow in Node-RED itself, from npm: a mood that is published comes out as text."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.program import free_port, npm_install, run_program, wait_until

ROOT = Path(__file__).parents[2]
FLOW = ROOT / "homeassistant" / "node-red" / "flow.json"
HAPPY = ROOT / "tests" / "data" / "happy.flac"
PACKAGE = "node-red@4.1.15"
SETTINGS = """
module.exports = {
  flowFile: "flow.json", uiHost: "127.0.0.1", uiPort: %d, httpAdminRoot: false,
  telemetry: {enabled: false}, logging: {console: {level: "info"}},
}
"""
START_S = 60.0


@pytest.fixture(scope="module")
def node_red(tmp_path_factory):
    """The program, as npm brings it."""
    folder = tmp_path_factory.mktemp("node-red")
    npm_install(PACKAGE, folder)
    return folder / "node_modules" / ".bin" / "node-red"


def test_the_flow_shows_each_mood_that_is_named(node_red, mosquitto, tmp_path):
    nodes = json.loads(FLOW.read_text())
    (broker,) = [node for node in nodes if node["type"] == "mqtt-broker"]
    assert (broker["broker"], broker["port"]) == ("127.0.0.1", "1883")  # of the default settings
    broker["port"] = str(mosquitto.port)
    (tmp_path / "flow.json").write_text(json.dumps(nodes))
    (tmp_path / "settings.js").write_text(SETTINGS % free_port())
    log = tmp_path / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [node_red, "--userDir", tmp_path], stdout=stream, stderr=stream, cwd=tmp_path
        )
    try:
        wait_until(lambda: "Connected to broker" in log.read_text(), START_S)
        assert run_program("replay", HAPPY, "--publish", "--broker", mosquitto.url).returncode == 0
        wait_until(lambda: f"{HAPPY} is happy" in log.read_text())
        said = log.read_text()
        assert "[debug:mood]" in said
        assert "null" not in said  # times without a mood are passed over
    finally:
        process.terminate()
        process.wait(20)
