"""Several sources of one sound server, which goes, comes and freezes."""

from tests.support.daemon import daemon
from tests.support.program import wait_until
from tests.support.several import command, of, raw, run, settings, statuses


def test_a_frozen_sound_server_ends_no_source(pulseaudio, mosquitto, tmp_path):
    """Two microphones wait for the server; a command is heard meanwhile."""
    tables = (
        {"name": "a"},
        {"name": "b"},
        {"name": "hall", "command": command(raw("happy", tmp_path))},
    )
    path = settings(tmp_path, mosquitto.url, *tables)
    topics = ("house/a/event", "house/b/event")

    def all_are(status):
        return all(statuses(lines, topic)[-1:] == [(status, None)] for topic in topics)

    with (
        mosquitto.subscriber("house/#", "-F", "%t %p") as lines,
        daemon(run(path), pulseaudio.environment, tmp_path) as (process, _),
    ):
        wait_until(lambda: all_are("silence"))
        pulseaudio.freeze()
        wait_until(lambda: (tmp_path / "err").read_text().count("server is frozen") == 2, 40)
        assert all_are("no_audio")
        before_n = len(of(lines, "house/hall/current"))
        wait_until(lambda: len(of(lines, "house/hall/current")) > before_n + 3)
        pulseaudio.thaw()
        wait_until(lambda: all_are("silence"), 40)
        assert process.is_running()
