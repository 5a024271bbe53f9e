"""Several sources of one sound server, which goes, comes and freezes."""

import signal

from tests.support.daemon import daemon
from tests.support.program import wait_until
from tests.support.several import command, of, raw, run, settings, statuses


def test_microphones_of_one_sound_server(pulseaudio, mosquitto, tmp_path):
    """Two devices in one process; the server goes and comes back, and both with it."""
    tables = [{"name": name} for name in "ab"]
    path = settings(tmp_path, mosquitto.url, *tables)
    with (
        mosquitto.subscriber("house/+/event", "-F", "%t %p") as lines,
        daemon(run(path), pulseaudio.environment, tmp_path) as (process, systemd),
    ):
        for name in "ab":
            wait_until(
                lambda name=name: ("silence", None) in statuses(lines, f"house/{name}/event")
            )
        pulseaudio.kill()
        for name in "ab":
            topic = f"house/{name}/event"
            wait_until(lambda topic=topic: statuses(lines, topic)[-1] == ("no_audio", None))
        pulseaudio.start()
        for name in "ab":
            topic = f"house/{name}/event"
            wait_until(lambda topic=topic: statuses(lines, topic)[-1] == ("silence", None), 60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert systemd.heard.count("READY=1") == 1


def test_a_frozen_sound_server_ends_no_other_source(pulseaudio, mosquitto, tmp_path):
    happy = raw("happy", tmp_path)
    tables = ({"name": "mic"}, {"name": "hall", "command": command(happy)})
    path = settings(tmp_path, mosquitto.url, *tables)
    with (
        mosquitto.subscriber("house/#", "-F", "%t %p") as lines,
        daemon(run(path), pulseaudio.environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: ("silence", None) in statuses(lines, "house/mic/event"))
        pulseaudio.freeze()
        wait_until(lambda: "the audio server is frozen" in (tmp_path / "err").read_text(), 30)
        assert statuses(lines, "house/mic/event")[-1] == ("no_audio", None)
        before_n = len(of(lines, "house/hall/current"))
        wait_until(lambda: len(of(lines, "house/hall/current")) > before_n + 3)
        pulseaudio.thaw()
        wait_until(lambda: statuses(lines, "house/mic/event")[-1] == ("silence", None), 30)
        assert process.is_running()
