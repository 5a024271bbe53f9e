"""The daemon as its users meet it: a broker, a subscriber, signals."""

import json
import os
import signal
import socket

import psutil
import pytest

from moodstream import __version__
from tests.support.daemon import changes, daemon, run
from tests.support.program import MOODSTREAM, free_port, wait_until


def test_a_broker_that_is_away_does_not_stop_it(pulseaudio, tmp_path):
    with daemon(run("mqtt://127.0.0.1:1"), pulseaudio.environment, tmp_path) as (process, _):
        wait_until(lambda: "silence" in (tmp_path / "out").read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(8) == 0
    logs = (tmp_path / "err").read_text().splitlines()
    assert any("events not delivered" in json.loads(line)["event"] for line in logs)


def test_a_frozen_broker_does_not_hold_it_up_when_it_is_stopped(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with (
        mosquitto.subscriber("mood/availability") as availability,
        daemon(run(mosquitto.url), environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: availability[-1:] == ["online"])
        mosquitto.freeze()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        mosquitto.thaw()
        wait_until(lambda: availability[-1] == "offline")


def test_a_host_that_does_not_answer_does_not_hold_it_up_when_it_is_stopped(tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        with (
            socket.create_connection(("127.0.0.1", port)),
            daemon(run(f"mqtt://127.0.0.1:{port}"), environment, tmp_path) as (process, _),
        ):
            wait_until(lambda: any(c.status == "SYN_SENT" for c in process.net_connections()))
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0


def test_events_outlive_daemons_that_are_killed(mosquitto, tmp_path):
    """Three die while the broker is away; the fourth delivers what all have seen, numbered on."""
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    environment["STATE_DIRECTORY"] = str(tmp_path / "state")
    journal = tmp_path / "state" / "events.journal"
    mosquitto.kill()
    for killed in range(3):
        directory = tmp_path / str(killed)
        directory.mkdir()
        with daemon(run(mosquitto.url), environment, directory) as (process, _):
            wait_until(lambda entered=f"+ {killed + 1} ": entered in journal.read_text())
            process.kill()
            process.wait()
    mosquitto.start()
    with (
        mosquitto.subscriber("mood/event") as events,
        daemon(run(mosquitto.url), environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: len(events) >= 4)
        assert [json.loads(event)["seq"] for event in events] == [1, 2, 3, 4]
        assert len(set(events)) == 4


def test_the_mood_of_a_dead_daemon_is_gone_before_there_is_one_online(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    mosquitto.publish("mood/current", '{"status":"ok","mood":"happy"}', "-r")
    with (
        mosquitto.subscriber("mood/#", "-F", "%t %p") as lines,
        daemon(run(mosquitto.url), environment, tmp_path),
    ):
        wait_until(lambda: "mood/availability online" in lines)
        before = lines[: lines.index("mood/availability online")]
        states = [json.loads(line.split(" ", 1)[1]) for line in before if "mood/current" in line]
        assert [(s["status"], s["mood"]) for s in states] == [("ok", "happy"), ("no_audio", None)]


def test_it_pauses_when_asked_and_tells_its_health(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    mosquitto.publish("mood/set", "pause", "-r")
    with (
        mosquitto.subscriber("mood/event") as events,
        mosquitto.subscriber("mood/health") as reports,
        daemon([*MOODSTREAM, "demo", "--broker", mosquitto.url], environment, tmp_path),
    ):
        wait_until(lambda: changes(events)[-1:] == [("warming_up", None)])
        for nonsense in ("Pause", "pause ", "pause\n", "{}", "\x1b[2J", "x" * 100_000):
            mosquitto.publish("mood/set", nonsense)
        mosquitto.publish("mood/set", "pause")
        wait_until(lambda: changes(events)[-1] == ("paused", None))
        assert [status for status, _ in changes(events)].count("paused") == 1
        mosquitto.publish("mood/set", "resume")
        wait_until(lambda: changes(events)[-1] == ("warming_up", None))
        report = json.loads(reports[0])
        assert report["frames"] == 0
        assert report["inference_p50_ms"] is None
        mosquitto.kill()
        mosquitto.start()
        with mosquitto.subscriber("mood/health") as later:
            wait_until(lambda: later and json.loads(later[-1])["reconnects"] == 1)
        report = json.loads(later[-1])
        assert report["frames"] > 0
        assert 0 < report["inference_p50_ms"] <= report["inference_p95_ms"]
        assert report["version"] == __version__
        assert 20 < report["memory_mb"] < 400
        assert 0 < report["cpu_s"] < 60
        assert (report["lost_samples"], report["lost_events"]) == (0, 0)
    logs = (tmp_path / "err").read_text()
    assert logs.count("unknown command") == 1
    assert "\x1b[2J" not in logs
    assert "x" * 50 not in logs


def test_daemons_that_share_a_broker_do_not_disturb_each_other(mosquitto, tmp_path):
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with (
        mosquitto.subscriber("a/one/#", "-F", "%t %p") as one,
        mosquitto.subscriber("a/two/#", "-F", "%t %p") as two,
        daemon([*run(mosquitto.url), "--prefix", "a/one"], environment, tmp_path / "one") as first,
        daemon([*run(mosquitto.url), "--prefix", "a/two"], environment, tmp_path / "two"),
    ):
        mosquitto.publish("a/one/set", "pause")
        wait_until(lambda: any('"paused"' in line for line in one))
        first[0].kill()
        wait_until(lambda: "a/one/availability offline" in one)
        states = len(two)
        wait_until(lambda: len(two) > states + 2)
        topics = [line.partition(" ")[0] for line in two]
        assert topics.count("a/two/event") == 1
        assert [line for line in two if "availability" in line] == ["a/two/availability online"]
        assert not any('"paused"' in line for line in two)
        assert not any('"reconnects":1' in line for line in two)


@pytest.mark.parametrize("is_there", [False, True])
def test_demo_brings_its_own_broker_unless_one_is_there_already(mosquitto, tmp_path, is_there):
    port = mosquitto.port if is_there else free_port()
    out = tmp_path / "out"
    command = [*MOODSTREAM, "demo", "--broker", f"embedded://127.0.0.1:{port}"]
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    with mosquitto.subscriber("mood/current") as states, out.open("wb") as stream:
        process = psutil.Popen(command, env=environment, stdout=stream, stderr=stream)
        wait_until(lambda: "warming up" in out.read_text(), 60)
        listens = [
            connection.laddr.port
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        if is_there:
            wait_until(lambda: states)
    assert listens == ([] if is_there else [port])
    assert bool(states) == is_there
    text = out.read_text()
    assert f"mqtt://127.0.0.1:{port}" in text
    assert "Traceback" not in text
