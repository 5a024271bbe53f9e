"""The announcement to Home Assistant: at a real broker, with its templates and the YAML."""

import json
import re
import subprocess
import time
from pathlib import Path

import jinja2
import pytest
import yaml

from moodstream.messages.published import Announcer, recording_clock
from moodstream.mqtt.homeassistant import discovery
from moodstream.mqtt.identity import Identity
from moodstream.mqtt.journal import Journal
from moodstream.mqtt.publisher import Publisher
from tests.support.hearing import hear
from tests.support.program import program, run_program, wait_until

PAGE = Path(__file__).parents[2] / "docs" / "home-assistant.md"
COMPONENTS = discovery("homeassistant", "kitchen/mood", "kitchen").message["components"]


@pytest.fixture
def announced(mosquitto):
    """A publisher that announces itself, and the announcement."""
    found = discovery("homeassistant", "room/mood", "room")
    identity = Identity(mosquitto.connection(), "room/mood", "test", found)
    publisher = Publisher(identity, Journal(10))
    publisher.start()
    yield found
    publisher.stop()


def test_it_is_announced_on_each_connection_and_when_asked(mosquitto, announced):
    with mosquitto.subscriber("homeassistant/device/#", "-F", "%r %p") as lines:
        wait_until(lambda: lines)
        assert json.loads(lines[0][2:]) == announced.message
        lines.clear()
        mosquitto.publish("homeassistant/status", "offline")
        mosquitto.publish("homeassistant/status", "online")
        wait_until(lambda: lines)
        assert json.loads(lines[0][2:]) == announced.message
    mosquitto.kill()
    mosquitto.start()
    with mosquitto.subscriber("homeassistant/device/#", "-F", "%t %p") as lines:
        wait_until(lambda: lines and lines[0].startswith(announced.topic))


def test_a_storm_of_births_is_one_announcement(mosquitto, announced):
    with mosquitto.subscriber("homeassistant/device/#", "-F", "%r %p") as lines:
        wait_until(lambda: lines)
        lines.clear()
        command = [program("mosquitto_pub"), "-p", str(mosquitto.port), "-l"]
        births = b"online\n" * 300
        subprocess.run([*command, "-t", "homeassistant/status"], input=births, check=True)
        wait_until(lambda: lines)
        time.sleep(1)
        assert len(lines) == 1


def test_it_is_removed_on_request(mosquitto, announced):
    with mosquitto.subscriber(announced.topic, "-F", "%l %p") as lines:
        wait_until(lambda: lines)
        arguments = ["--prefix", "room/mood", "--broker", mosquitto.url]
        result = run_program("homeassistant", "remove", *arguments)
        assert result.returncode == 0
        assert "room/mood" in result.stdout
        wait_until(lambda: lines[-1] == "0 ")
    with mosquitto.subscriber("homeassistant/#") as lines:
        assert lines == []
    mosquitto.kill()
    result = run_program("homeassistant", "remove", *arguments)
    assert result.returncode == 1
    assert "refused" in result.stderr


def test_devices_are_told_apart():
    topics = {discovery("homeassistant", prefix, "x").topic for prefix in ("a/b", "a_b", "é", "b")}
    assert len(topics) == 4
    assert all(re.fullmatch(r"homeassistant/device/[a-zA-Z0-9_-]+/config", t) for t in topics)
    ids = [component["unique_id"] for component in COMPONENTS.values()]
    assert len(set(ids)) == len(ids) == 8


def test_the_templates_give_what_home_assistant_takes(make_pipeline, recording):
    samples, rate = recording
    announcer = Announcer("x", "y", 16000, recording_clock)
    steps = hear(make_pipeline(), samples[120 * rate : 140 * rate], rate, [rate])
    messages = [announcer.process(step.state)[0] for step in steps]
    messages.append({**messages[0], "status": "paused"})
    heard = {"voice": 0.04, "music": 0.93, "other": 0.01}
    messages.append({**messages[0], "status": "other", "heard": heard})
    messages.append({**messages[0], "heard": None})
    seen: dict[str, set[str]] = {}
    for key, component in COMPONENTS.items():
        template = jinja2.Template(component["value_template"])
        seen[key] = {template.render(value_json=message) for message in messages}
        if key == "pause":
            assert seen[key] == {component["state_on"], component["state_off"]}
            continue
        assert component["expire_after"] > 10
        if "options" in component:
            assert seen[key] <= {*component["options"], "None"}
        else:
            assert all(value == "None" or abs(float(value)) <= 120 for value in seen[key])
    assert "None" in seen["mood"] & seen["valence"]
    assert "other" in seen["status"]
    assert {"None", "0.0"} <= seen["voice"]
    assert {"None", "90.0"} <= seen["music"]
    for value in (seen["voice"] | seen["music"]) - {"None"}:
        assert float(value) % 10 == 0
    assert len(seen["mood"]) > 1
    assert all(len(value.lstrip("-")) <= 3 for value in seen["valence"] - {"None"})


def test_the_automations_of_the_page_name_what_is_announced():
    entities = set()
    for component in COMPONENTS.values():
        entities.add(f"{component['platform']}.moodstream_kitchen_{component['name'].lower()}")
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    light, night, _ = map(yaml.safe_load, blocks)
    assert light["triggers"][0]["entity_id"] in entities
    assert night["actions"][0]["target"]["entity_id"] in entities
    colour = jinja2.Template(light["actions"][0]["data"]["color_name"])
    for mood in COMPONENTS["mood"]["options"]:
        assert colour.render(trigger={"to_state": {"state": mood}}).strip().isalpha()
    action = jinja2.Template(night["actions"][0]["action"])
    assert action.render(trigger={"id": "night"}) == "switch.turn_on"
    assert action.render(trigger={"id": "day"}) == "switch.turn_off"
