"""Messages of a daemon, and hostile ones."""

import json
import re

from moodstream.messages.received import MAX_BYTES
from moodstream.mood.circumplex import MOODS

HAPPY = {
    "v": 1,
    "status": "ok",
    "mood": "happy",
    "confidence": 0.83,
    "quadrant": "Q1",
    "valence": 0.62,
    "arousal": -0.41,
    "scores": {**dict.fromkeys(MOODS, 0.02), "happy": 0.83, "surprised": 0.05},
    "cnn": "happy",
    "rnn": "surprised",
    "since": "2026-11-22T20:15:03.250Z",
    "time": "2026-11-22T20:15:09.250Z",
    "position": 42.0,
    "level_dbfs": -18.2,
    "source": "kitchen",
    "bundle": "b5bb9d80",
}


SILENCE = HAPPY | {"status": "silence", "mood": None, "confidence": None, "scores": None}


SGR = re.compile(r"\x1b\[[0-9;]*m")


def said(**changes):
    return json.dumps(HAPPY | changes).encode()


HOSTILE = [
    b"",
    b"\xff\xfe",
    b"[" * 10_000,
    b"1" * 5000,
    b'{"v":1}',
    said(v=2),
    said(status="\x1b]0;owned\x07"),
    said(status="silence"),
    said(mood="h\x1b[2J"),
    said(confidence=float("nan")),
    said(valence=10**400),
    said(valence=-(10**400)),
    said(level_dbfs=1e300),
    said(level_dbfs="loud"),
    said(scores={"happy": 1}),
    said(scores=[1] * 8),
    said(scores={**HAPPY["scores"], "sad": True}),
    said(seq=10**300),
    said(since="\x1b[31m20:15"),
    said(time={}),
    said(time="2026-02-30T20:15:09Z"),
    said(since="2026-11-22T25:15:09.5Z"),
    said(source=["kitchen"]),
    said(source="x" * MAX_BYTES),
    said(status="other"),  # a mood comes with ok alone
    said(heard={"voice": 1.0}),
    said(heard={"voice": 0.1, "music": 0.2, "other": 1.7}),
    said(heard=[0.1, 0.2, 0.7]),
]


def clean(text):
    assert all(c.isprintable() for c in SGR.sub("", text)), text
