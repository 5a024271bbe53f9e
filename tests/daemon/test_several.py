"""A daemon that hears several sources at the same time: whole programs, real streams."""

import json
import os
import signal
import subprocess
from contextlib import contextmanager

from tests.support.daemon import daemon
from tests.support.program import run_program, wait_until
from tests.support.several import command, of, raw, run, settings, statuses

NO_DEVICE = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}


def heard_by_replay(path):
    """The state at each position of raw samples, without what differs from live."""
    result = run_program("replay", path, "--raw", "16000,1,s16", "--format", "jsonl")
    found = map(json.loads, result.stdout.splitlines())
    return {m["position"]: timeless(m) for m in found if m["type"] == "state"}


def heard_states(directory, source):
    """All states of a source with sound, within its first round; the broker may get fewer."""
    lines = (directory / "out").read_text().splitlines(keepends=True)
    states = [json.loads(line) for line in lines if line.endswith("\n")]
    return [
        state
        for state in states
        if (state["type"], state["source"]) == ("state", source)
        and state["status"] != "no_audio"
        and state["position"] <= 8
    ]


def timeless(message):
    differing = ("type", "file", "time", "since", "source")
    return {k: v for k, v in message.items() if k not in differing}


@contextmanager
def fifo(path, samples):
    """A writer into a FIFO, which it kills at the end."""
    process = subprocess.Popen([*command(samples, path).split()], stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_each_source_has_its_own_of_everything(mosquitto, tmp_path):
    """Nothing mixes: moods, numbers, rooms, pauses, announcements, journals."""
    happy, calm, pipe = raw("happy", tmp_path), raw("calm", tmp_path), tmp_path / "pipe"
    os.mkfifo(pipe)
    tables = (
        {"name": "hall", "command": command(happy)},
        {"name": "den", "fifo": str(pipe), "prefix": "upstairs/den"},
        {"name": "shed", "command": "sh -c 'echo http://me:geheim@h/ is down >&2; exit 3'"},
    )
    path = settings(tmp_path, mosquitto.url, *tables, more="[homeassistant]\ndiscovery = true\n")
    replayed = {"house/hall": heard_by_replay(happy), "upstairs/den": heard_by_replay(calm)}
    with (
        mosquitto.subscriber("#", "-F", "%t %p") as lines,
        fifo(pipe, calm) as writer,
        daemon(run(path, "--states"), NO_DEVICE, tmp_path) as (process, systemd),
    ):
        wait_until(lambda: any(mood for _, mood in statuses(lines, "house/hall/event")))
        for prefix, name in (("house/hall", "hall"), ("upstairs/den", "den")):
            wait_until(lambda name=name: len(heard_states(tmp_path, name)) > 12)
            assert {state["source"] for state in of(lines, f"{prefix}/current")} == {name}
            for state in heard_states(tmp_path, name):
                assert timeless(state) == replayed[prefix][state["position"]]
        assert {status for status, _ in statuses(lines, "house/shed/current")} == {"no_audio"}

        mosquitto.publish("upstairs/den/set", "pause")
        wait_until(lambda: statuses(lines, "upstairs/den/event")[-1] == ("paused", None))
        assert not any(s == "paused" for s, _ in statuses(lines, "house/hall/event"))
        mosquitto.publish("upstairs/den/set", "resume")
        wait_until(lambda: statuses(lines, "upstairs/den/event")[-1] != ("paused", None))
        writer.kill()
        wait_until(lambda: statuses(lines, "upstairs/den/event")[-1] == ("no_audio", None))
        before_n = len(of(lines, "house/hall/current"))
        pings = systemd.heard.count("WATCHDOG=1")
        wait_until(lambda: len(of(lines, "house/hall/current")) > before_n + 3)
        wait_until(lambda: systemd.heard.count("WATCHDOG=1") > pings)
        status = next(text for text in reversed(systemd.heard) if text.startswith("STATUS="))
        assert "den: no audio" in status
        assert "shed: no audio" in status

        for prefix in ("house/hall", "upstairs/den", "house/shed"):
            numbers = [event["seq"] for event in of(lines, f"{prefix}/event")]
            assert numbers == [*range(1, len(numbers) + 1)]
            assert of(lines, f"{prefix}/health")[0]["frames"] >= 0
        devices = [line for line in lines if line.startswith("homeassistant/device/")]
        assert len({line.partition(" ")[0] for line in devices}) == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        for prefix in ("house/hall", "upstairs/den", "house/shed"):
            wait_until(lambda prefix=prefix: f"{prefix}/availability offline" in lines)
    assert systemd.heard.count("READY=1") == 1
    for name in ("hall", "den"):
        assert (tmp_path / "state" / "sources" / name / "room.json").exists()
    written = (tmp_path / "err").read_text() + (tmp_path / "out").read_text() + "".join(lines)
    assert "geheim" not in written
    assert "it has ended, status 3: http://h is down" in written
    shown = run_program(
        *("room", "show", "--source", "hall", "-c", path),
        env={**NO_DEVICE, "STATE_DIRECTORY": str(tmp_path / "state")},
    )
    assert "learnt from" in shown.stdout


def test_streams_of_the_network_are_cut_and_come_back(mosquitto, icecast, rtsp, tmp_path):
    """A real Icecast and a real RTSP server, each with a login that nobody may see."""
    tables = ({"name": "radio", "url": icecast.url}, {"name": "camera", "url": rtsp.url})
    path = settings(tmp_path, mosquitto.url, *tables)
    with (
        mosquitto.subscriber("house/#", "-F", "%t %p") as lines,
        daemon(run(path, "--log-level", "debug"), NO_DEVICE, tmp_path) as (process, _),
    ):
        for name in ("radio", "camera"):
            wait_until(lambda name=name: has_mood(lines, f"house/{name}/event"), 40)
        shown = "".join(" ".join(p.cmdline()) for p in (process, *process.children(recursive=True)))
        icecast.cut()
        wait_until(lambda: statuses(lines, "house/radio/event")[-1] == ("no_audio", None))
        assert statuses(lines, "house/camera/event")[-1][0] != "no_audio"
        icecast.play()
        rtsp.freeze()
        wait_until(lambda: statuses(lines, "house/camera/event")[-1] == ("no_audio", None))
        rtsp.thaw()
        for name in ("radio", "camera"):
            topic = f"house/{name}/event"
            wait_until(lambda topic=topic: statuses(lines, topic)[-1][0] != "no_audio", 40)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    written = (tmp_path / "err").read_text() + (tmp_path / "out").read_text() + "".join(lines)
    assert "geheim" not in written + shown
    logged = [json.loads(line) for line in (tmp_path / "err").read_text().splitlines()]
    assert {entry["source"] for entry in logged if entry["event"] == "connected"} == {
        "radio",
        "camera",
    }


def seqs(lines, name):
    return [event["seq"] for event in of(dict.fromkeys(lines), f"house/{name}/event")]


def has_mood(lines, topic):
    return any(mood for _, mood in statuses(lines, topic))


def test_a_daemon_that_is_killed_leaves_all_prefixes_offline_and_numbers_go_on(mosquitto, tmp_path):
    path = settings(
        *(tmp_path, mosquitto.url, {"name": "a", "fifo": str(tmp_path / "none")}),
        {"name": "b", "fifo": str(tmp_path / "none")},
    )
    for turn in (1, 2):
        (tmp_path / str(turn)).mkdir()
        environment = {**NO_DEVICE, "STATE_DIRECTORY": str(tmp_path / "state")}
        with (
            mosquitto.subscriber("house/#", "-F", "%t %p") as lines,
            daemon(run(path), environment, tmp_path / str(turn)) as (process, _),
        ):
            for name in "ab":
                wait_until(lambda turn=turn, name=name: turn in seqs(lines, name))
                # Number 1 comes again if the daemon was killed before it had ticked it off.
                assert seqs(lines, name) in ([turn], [1, turn])
                wait_until(lambda name=name: f"house/{name}/availability online" in lines)
            process.kill()
            for name in "ab":
                wait_until(lambda name=name: f"house/{name}/availability offline" in lines)


def test_settings_are_read_again_for_all_sources(mosquitto, tmp_path):
    tables = [{"name": name, "fifo": str(tmp_path / "none")} for name in "ab"]
    path = settings(tmp_path, mosquitto.url, *tables)
    with daemon(run(path), NO_DEVICE, tmp_path) as (process, systemd):
        errors = tmp_path / "err"
        settings(tmp_path, mosquitto.url, *tables, more="[silence]\nhold_s = 7.0\n")
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: errors.read_text().count("the configuration was read again") == 2)
        assert errors.read_text().count('"changed": ["silence.hold_s"]') == 2
        wait_until(lambda: systemd.heard.count("READY=1") == 2)
        tables[0]["channels"] = [0]
        settings(tmp_path, mosquitto.url, *tables, {"name": "c", "fifo": "x"})
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: "a restart is needed to add or remove sources" in errors.read_text())
        wait_until(lambda: "a restart is needed to change these" in errors.read_text())
        path.write_text("nonsense")
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: "the configuration is refused" in errors.read_text())
        assert process.is_running()
