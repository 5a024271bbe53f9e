"""The blueprints and the flow: what they refer to is there.

`make homeassistant-test` loads the blueprints into Home Assistant itself.
"""

import json
from pathlib import Path

import pytest
import yaml

from moodstream.mood.circumplex import MOODS

FOLDER = Path(__file__).parents[2] / "homeassistant"
BLUEPRINTS = sorted((FOLDER / "blueprints/automation/moodstream").glob("*.yaml"))
FLOW = json.loads((FOLDER / "node-red/flow.json").read_text())


class Loader(yaml.SafeLoader):
    """YAML with the references of blueprints."""


Loader.add_constructor("!input", lambda loader, node: {"!input": loader.construct_scalar(node)})


def inputs(tree):
    """All names that a blueprint refers to."""
    if isinstance(tree, dict):
        if "!input" in tree:
            yield tree["!input"]
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from inputs(part)


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_each_input_is_used_and_each_use_is_an_input(path):
    blueprint = yaml.load(path.read_text(), Loader)  # noqa: S506 - a safe loader
    assert blueprint["blueprint"]["domain"] == "automation"
    assert set(inputs(blueprint)) == set(blueprint["blueprint"]["input"])


def test_the_light_knows_all_moods():
    (light,) = [path for path in BLUEPRINTS if "light" in path.stem]
    blueprint = yaml.load(light.read_text(), Loader)  # noqa: S506 - a safe loader
    assert set(blueprint["variables"]["colours"]) == set(MOODS)


def test_the_wires_of_the_flow_lead_somewhere():
    nodes = {node["id"]: node for node in FLOW}
    assert len(nodes) == len(FLOW)
    for node in FLOW:
        for wires in node.get("wires", []):
            assert all(nodes[target]["z"] == node["z"] for target in wires)
        if "broker" in node and node["type"] == "mqtt in":
            assert nodes[node["broker"]]["type"] == "mqtt-broker"
            assert node["topic"] == "mood/event"
