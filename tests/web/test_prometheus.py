"""A real Prometheus that scrapes the page: alert rules, and the queries of the dashboard."""

import json
import subprocess
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.support.program import free_port, program, wait_until
from tests.web.page import served, state

DOCS = Path("docs").resolve()
HEALTH = {
    "v": 1,
    "version": "1.2.3",
    "lost_samples": 7,
    "lost_events": 0,
    "reconnects": 0,
    "cpu_s": 3.5,
    "memory_mb": 80.5,
    "uptime_s": 9,
}


@contextmanager
def prometheus(directory, target):
    """Run Prometheus with our rules; yields a function that asks it."""
    port = free_port()
    settings = directory / "prometheus.yml"
    settings.write_text(
        f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{DOCS / "moodstream-alerts.yml"}]
scrape_configs:
  - job_name: moodstream
    static_configs: [{{targets: ["{target}"]}}]
"""
    )
    command = [
        program("prometheus"),
        f"--config.file={settings}",
        f"--storage.tsdb.path={directory / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]

    def ask(path, **query):
        address = f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return json.load(answer)["data"]

    with (directory / "prometheus.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield ask
    finally:
        process.kill()
        process.wait()


def queries():
    """The queries of all panels, for all rooms."""
    panels = json.loads((DOCS / "moodstream-dashboard.json").read_text())["panels"]
    found = [target["expr"] for panel in panels for target in panel["targets"]]
    return [query.replace("$room", ".+") for query in found]


def test_each_query_of_the_dashboard_finds_series_and_alerts_fire(tmp_path, mosquitto):
    mosquitto.publish("mood/availability", "online", "-r")
    mosquitto.publish("mood/health", json.dumps(HEALTH), "-r")
    mosquitto.publish("mood/current", state(), "-r")
    with (
        served(tmp_path, mosquitto) as page,
        prometheus(tmp_path, page.host) as ask,
    ):
        wait_until(lambda: found(ask, 'moodstream_up{room="mood"} == 1'), 60)
        assert len(queries()) > 10
        # Rates need two scrapes.
        wait_until(lambda: all(found(ask, query) for query in queries()), 60)
        wait_until(lambda: {rule["health"] for rule in rules(ask)} == {"ok"})
        # What was lost is told at once, without a pause.
        mosquitto.publish("mood/health", json.dumps(HEALTH | {"lost_samples": 9}), "-r")
        wait_until(lambda: "MoodstreamAudioLost" in firing(ask), 30)
        assert firing(ask) == {"MoodstreamAudioLost"}


def found(ask, query):
    try:
        return ask("query", query=query)["result"]
    except OSError:  # it starts
        return []


def rules(ask):
    return [rule for group in ask("rules")["groups"] for rule in group["rules"]]


def firing(ask):
    return {
        alert["labels"]["alertname"]
        for alert in ask("alerts")["alerts"]
        if alert["state"] == "firing"
    }
