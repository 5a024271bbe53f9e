import json
from datetime import UTC, datetime, timedelta

from moodstream.messages import published
from moodstream.messages.published import Announcer, encode, recording_clock, timestamp, wall_clock
from moodstream.mood.circumplex import MOODS
from moodstream.mood.state import Heard, Moods, MoodState

SCORES = (0.05, 0.6, 0.05, 0.1, 0.05, 0.05, 0.05, 0.05)
CALM = Moods(SCORES, 0.3, -0.4, "calm", "sad")


def states():
    silence = MoodState("silence", None, None, 8000, 8000, -90.0)
    calm = MoodState("ok", "calm", CALM, 16000, 16000, -20.04, Heard(0.1, 0.9, 0.00001))
    later = MoodState("ok", "calm", CALM, 24000, 16000, -20.0)
    other = MoodState("other", None, None, 32000, 32000, -20.0, Heard(0.1, 0.2, 0.7))
    return silence, calm, later, other


def announced():
    announcer = Announcer("room", "sha", 16000, recording_clock, seq=7)
    return [announcer.process(state) for state in states()]


def test_a_message_has_the_fields_of_the_contract_in_their_order():
    message, event = announced()[1]
    assert list(message) == [
        *("v", "status", "mood", "confidence", "quadrant", "valence", "arousal", "heard"),
        *("scores", "cnn", "rnn", "since", "time", "position", "level_dbfs", "source", "bundle"),
    ]
    assert list(event) == [*message, "previous", "seq"]
    assert message["confidence"] == message["scores"]["calm"] == 0.6
    assert list(message["scores"]) == list(MOODS)
    assert message["quadrant"] == "Q4"
    assert message["heard"] == {"voice": 0.1, "music": 0.9, "other": 0.0}
    assert message["level_dbfs"] == -20.0
    assert message["time"] == "1970-01-01T00:00:01.000Z"


def test_what_is_neither_voice_nor_music_has_kinds_of_sound_and_no_mood():
    message, _ = announced()[3]
    assert (message["status"], message["mood"], message["scores"]) == ("other", None, None)
    assert message["heard"] == {"voice": 0.1, "music": 0.2, "other": 0.7}


def test_each_change_is_an_event_and_tells_what_was_before():
    messages = announced()
    assert [event is not None for _, event in messages] == [True, True, False, True]
    events = [event for _, event in messages if event]
    assert [event["seq"] for event in events] == [8, 9, 10]
    assert [event["previous"] for event in events] == [
        None,
        {"status": "silence", "mood": None},
        {"status": "ok", "mood": "calm"},
    ]
    assert messages[2][0]["since"] == messages[1][0]["time"]


def test_the_start_of_a_state_moves_along_when_the_clock_is_set():
    now, moved = datetime(2023, 1, 1, tzinfo=UTC), timedelta()
    announcer = Announcer("x", "y", 16000, lambda _: now, moved=lambda: moved)
    silence, calm, later, _ = states()
    announcer.process(silence)
    announcer.process(calm)
    moved = timedelta(days=1000)
    now += moved
    message, event = announcer.process(later)
    assert event is None
    assert message["since"] == message["time"] == "2025-09-27T00:00:00.000Z"


def test_json_is_on_one_line_and_exact():
    for message, event in announced():
        for one in filter(None, (event, message)):
            text = encode(one)
            assert "\n" not in text
            assert json.loads(text) == one
            assert list(json.loads(text)) == list(one)
            assert text == json.dumps(one, separators=(",", ":"), ensure_ascii=False)


def test_a_message_is_encoded_once_for_all_sinks(monkeypatch):
    encoded = []

    dumps = json.dumps

    def counting(message, **options):
        encoded.append(message)
        return dumps(message, **options)

    message, event = announced()[1]
    monkeypatch.setattr(published.json, "dumps", counting)
    for _ in range(3):
        encode(event)
        encode(message)
    assert encoded == [{"previous": event["previous"], "seq": 9}, message]


def test_clocks():
    assert timestamp(recording_clock(61.25)) == "1970-01-01T00:01:01.250Z"
    assert abs(wall_clock(5.0) - datetime.now(UTC)) < timedelta(seconds=10)
