import json
import time

from tests.support.program import free_port, run_program, wait_until


def test_events_that_no_broker_took_are_told(short):
    begun_s = time.monotonic()
    url = f"mqtt://127.0.0.1:{free_port()}"
    result = run_program("replay", short, "--publish", "--broker", url)
    assert result.returncode == 1
    assert f"not delivered to {url}" in result.stderr
    assert "short.wav" in result.stdout  # the results are there all the same
    assert time.monotonic() - begun_s < 60


def test_more_events_than_may_wait_are_all_delivered(tmp_path, mosquitto, short):
    for number in range(40):
        (tmp_path / f"{number:02}.wav").hardlink_to(short)
    config = tmp_path / "config.toml"
    config.write_text("[mqtt]\njournal_events = 10\n")
    with mosquitto.subscriber("room/event", "-F", "%p") as lines:
        arguments = ("--publish", "--broker", mosquitto.url, "--prefix", "room")
        result = run_program("replay", tmp_path, *arguments, "--config", config)
        assert result.returncode == 0, result.stderr
        wait_until(lambda: lines and json.loads(lines[-1])["status"] == "no_audio")
    warming = [line for line in lines if json.loads(line)["status"] == "warming_up"]
    assert len(warming) == 40
