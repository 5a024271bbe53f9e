"""Home Assistant itself, with its MQTT integration on a broker, and questions to it."""

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.program import free_port, wait_until

FOLDER = Path(__file__).parents[2] / "homeassistant"
CONFIGURATION = """\
homeassistant:
  name: Home
  time_zone: UTC
http:
  server_host: 127.0.0.1
  server_port: {port}
config:
mqtt:
  - light:
      name: lamp
      schema: json
      command_topic: lamp/set
      supported_color_modes: [rgb]
      brightness: true
automation:
  - alias: light
    use_blueprint:
      path: moodstream/light_follows_mood.yaml
      input:
        mood: {mood}
        light: {{entity_id: light.lamp}}
  - alias: angry
    use_blueprint:
      path: moodstream/room_turns_angry.yaml
      input:
        mood: {mood}
        duration: {{seconds: 1}}
        actions:
          - action: mqtt.publish
            data: {{topic: told, payload: angry}}
  - alias: angry by default
    use_blueprint:
      path: moodstream/room_turns_angry.yaml
      input:
        mood: {mood}
        duration: {{seconds: 1}}
"""
USER, PASSWORD = "person", "of the house"
START_S = 300.0
"""Longest start, seconds: it installs what its integrations need."""


class House:
    """Home Assistant in a folder of its own.

    Args:
        hass: program of Home Assistant.
        folder: empty; for its configuration.
        mood: entity of the mood that the automations follow.
    """

    def __init__(self, hass: Path, folder: Path, mood: str) -> None:
        self.port = free_port()
        self._hass, self._folder = hass, folder
        folder.mkdir()
        (folder / "configuration.yaml").write_text(CONFIGURATION.format(port=self.port, mood=mood))
        shutil.copytree(FOLDER / "blueprints", folder / "blueprints")
        self._address = f"http://127.0.0.1:{self.port}"
        self._token = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, log in as its only person, and wait until it answers."""
        environment = {
            **os.environ,
            "PATH": f"{self._hass.parent}:{os.environ['PATH']}",
            "PYTHONPATH": "",
        }
        add = [self._hass, "--script", "auth", "--config", self._folder, "add", USER, PASSWORD]
        subprocess.run(add, check=True, env=environment, capture_output=True)
        with (self._folder / "output").open("wb") as output:
            self._process = subprocess.Popen(
                [
                    self._hass,
                    "--config",
                    self._folder,
                ],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_until(self._answers, START_S)
        self._token = self._logged_in()
        wait_until(lambda: self.get("/api/config")["state"] == "RUNNING", START_S)

    def stop(self) -> None:
        """End it."""
        if self._process:
            self._process.terminate()
            self._process.wait(60)

    def add_mqtt(self, port: int) -> None:
        """Add the MQTT integration, as a person does in the settings."""
        begun = self.post("/api/config/config_entries/flow", {"handler": "mqtt"})
        flow = f"/api/config/config_entries/flow/{begun['flow_id']}"
        done = self.post(flow, {"broker": "127.0.0.1", "port": port})
        assert done["type"] == "create_entry", done

    def states(self) -> dict[str, dict[str, Any]]:
        """Return all states by their entities."""
        return {state["entity_id"]: state for state in self.get("/api/states")}

    def state(self, entity: str) -> str:
        """Return the state of an entity; an empty text if there is none."""
        return self.states().get(entity, {}).get("state", "")

    def call(self, service: str, entity: str) -> None:
        """Call a service for an entity."""
        self.post(f"/api/services/{service}", {"entity_id": entity})

    def log(self) -> str:
        """Return what it has logged."""
        return (self._folder / "output").read_text(errors="replace")

    def get(self, path: str) -> Any:
        """Return the answer to a question."""
        return self._asked(urllib.request.Request(self._address + path))

    def post(self, path: str, content: Any) -> Any:
        """Return the answer to a message."""
        headers = {"Content-Type": "application/json"}
        data = json.dumps(content).encode()
        return self._asked(urllib.request.Request(self._address + path, data, headers))

    def _asked(self, request: urllib.request.Request) -> Any:
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def _answers(self) -> bool:
        try:
            self.get("/auth/providers")
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def _logged_in(self) -> str:
        client = f"{self._address}/"
        flow = self.post(
            "/auth/login_flow",
            {"client_id": client, "handler": ["homeassistant", None], "redirect_uri": client},
        )
        done = self.post(
            f"/auth/login_flow/{flow['flow_id']}",
            {"client_id": client, "username": USER, "password": PASSWORD},
        )
        form = {"client_id": client, "grant_type": "authorization_code", "code": done["result"]}
        data = urllib.parse.urlencode(form).encode()
        token: str = self._asked(urllib.request.Request(f"{client}auth/token", data))[
            "access_token"
        ]
        return token
