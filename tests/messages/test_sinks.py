import io
import json

from moodstream.messages.sinks import JsonLines, publish

MESSAGE = {"v": 1, "source": "room"}
EVENT = {**MESSAGE, "seq": 3}


def lines(**options):
    stream = io.StringIO()
    publish(MESSAGE, EVENT, [JsonLines(stream, **options)])
    publish(MESSAGE, None, [JsonLines(stream, **options)])
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_line_tells_its_type_first():
    found = lines(states=True)
    assert [line["type"] for line in found] == ["state", "event", "state"]
    assert [next(iter(line)) for line in found] == ["type"] * 3
    assert found[1] == {"type": "event", **EVENT}


def test_states_are_left_out_unless_they_are_wanted():
    assert [line["type"] for line in lines(states=False)] == ["event"]


def test_lines_of_a_recording_name_it():
    name = 'a "b"\n\x1b[m会.wav'
    assert {line["file"] for line in lines(states=True, file=name)} == {name}
    assert not any("file" in line for line in lines(states=True))
