"""moodstream beside Home Assistant itself: python -m tests.homeassistant PATH/TO/hass

A real daemon hears a recording through a sound server and publishes to a real mosquitto. The exit
status is 0 if all checks pass.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import soundfile

from moodstream.audio.demo import RECORDING
from moodstream.mood.circumplex import MOODS
from tests.homeassistant.house import House
from tests.support.mosquitto import Mosquitto
from tests.support.program import MOODSTREAM, wait_until
from tests.support.pulseaudio import PulseAudio

ENTITIES = {
    *("sensor.moodstream_kitchen_mood", "sensor.moodstream_kitchen_status"),
    *("sensor.moodstream_kitchen_valence", "sensor.moodstream_kitchen_arousal"),
    *("sensor.moodstream_kitchen_level", "switch.moodstream_kitchen_pause"),
    *("sensor.moodstream_kitchen_voice", "sensor.moodstream_kitchen_music"),
}
MOOD, STATUS, PAUSE = (
    "sensor.moodstream_kitchen_mood",
    "sensor.moodstream_kitchen_status",
    "switch.moodstream_kitchen_pause",
)
PLAYED_S = (60, 90)
"""Part of the recording that is played: music with a clear mood."""
PATIENCE_S = 90.0


@contextmanager
def daemon(broker: Mosquitto, sound: PulseAudio, folder: Path) -> Iterator[None]:
    """Run the daemon of the kitchen."""
    environment = {
        **sound.environment,
        "STATE_DIRECTORY": str(folder / "state"),
        "MOODSTREAM_AUDIO_NAME": "kitchen",
        "MOODSTREAM_HOMEASSISTANT_DISCOVERY": "true",
        "MOODSTREAM_MQTT_URL": broker.url,
    }
    with (folder / "daemon").open("ab") as log:
        process = subprocess.Popen(
            [*MOODSTREAM, "run"], env=environment, stdout=subprocess.DEVNULL, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def said(what: str, begun_s: float) -> None:
    """Print a check that has passed."""
    print(f"  ok  {time.monotonic() - begun_s:5.1f} s  {what}", flush=True)


def follows_the_daemon(house: House, broker: Mosquitto, sound: PulseAudio, folder: Path) -> None:
    """Check entities, moods, the pause, and that they go and come back with the daemon."""
    samples, rate = soundfile.read(RECORDING)
    begin, end = (second * rate for second in PLAYED_S)
    soundfile.write(folder / "played.wav", samples[begin:end], rate)
    begun_s = time.monotonic()
    with daemon(broker, sound, folder):
        wait_until(lambda: house.states().keys() >= ENTITIES, PATIENCE_S)
        said(f"{len(ENTITIES)} entities of one device appear", begun_s)
        player = sound.play(folder / "played.wav")
        wait_until(lambda: house.state(MOOD) in MOODS, PATIENCE_S)
        said(f"the mood is {house.state(MOOD)}", begun_s)
        player.wait()
        house.call("switch/turn_on", PAUSE)
        wait_until(lambda: house.state(STATUS) == "paused", PATIENCE_S)
        wait_until(lambda: house.state(PAUSE) == "on", PATIENCE_S)
        house.call("switch/turn_off", PAUSE)
        wait_until(lambda: house.state(STATUS) != "paused", PATIENCE_S)
        said("the switch pauses it, and wakes it up", begun_s)
    wait_until(lambda: {house.state(entity) for entity in ENTITIES} == {"unavailable"}, PATIENCE_S)
    said("all are unavailable after its end", begun_s)
    with daemon(broker, sound, folder):
        wait_until(lambda: house.state(STATUS) not in ("unavailable", "unknown"), PATIENCE_S)
        said("they are back after its start", begun_s)


def blueprints_fire(house: House, broker: Mosquitto) -> None:
    """Check both blueprints with every mood, spoken in place of the daemon that has ended."""
    begun_s = time.monotonic()
    with broker.subscriber("mood/current") as states:
        wait_until(lambda: states)
    state = json.loads(states[-1])
    broker.publish("mood/availability", "online", "-r")

    def say(mood: str) -> None:
        scores = {name: float(name == mood) for name in MOODS}
        spoken = {"status": "ok", "mood": mood, "confidence": 1.0, "scores": scores}
        broker.publish("mood/current", json.dumps({**state, **spoken}), "-r")
        wait_until(lambda: house.state(MOOD) == mood, PATIENCE_S)

    with broker.subscriber("lamp/set") as lamp, broker.subscriber("told") as told:
        for mood in MOODS:
            if mood != "angry":
                say(mood)
        wait_until(lambda: len(lamp) >= len(MOODS) - 1, PATIENCE_S)
        colours = {str(json.loads(command).get("color")) for command in lamp}
        assert len(colours) == len(MOODS) - 1, colours
        assert not told
        said(f"the light has another colour for each of {len(colours)} moods", begun_s)
        say("angry")
        wait_until(lambda: told == ["angry"], PATIENCE_S)
        wait_until(lambda: len(lamp) == len(MOODS), PATIENCE_S)
        red = json.loads(lamp[-1])["color"]
        assert red == {"r": 255, "g": 0, "b": 0}, red
        assert house.states()["automation.angry_by_default"]["attributes"]["last_triggered"]
        said("it is told that the room turns angry, and the light is red", begun_s)


def main(hass: Path) -> None:
    """Run all checks, and say how long they took."""
    begun_s = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broker, sound = Mosquitto(folder), PulseAudio(folder)
        house = House(hass, folder / "house", MOOD)
        broker.start()
        sound.start()
        try:
            house.start()
            house.add_mqtt(broker.port)
            said("Home Assistant runs, and has the MQTT integration", begun_s)
            follows_the_daemon(house, broker, sound, folder)
            blueprints_fire(house, broker)
            complaints = [line for line in house.log().splitlines() if "moodstream" in line]
            assert not any("ERROR" in line or "WARNING" in line for line in complaints), complaints
        except BaseException:
            print(house.log()[-4000:], file=sys.stderr)
            raise
        finally:
            house.stop()
            sound.kill()
            broker.kill()
    said("all checks passed", begun_s)


if __name__ == "__main__":
    os.environ["CI"] = "1"  # a program that is missing is a failure
    main(Path(sys.argv[1]).absolute())
