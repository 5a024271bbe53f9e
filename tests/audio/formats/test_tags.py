"""Tags are dropped whole, and nothing else is."""

import io

import pytest

from moodstream.audio.formats.byte_stream import ByteStream
from moodstream.audio.formats.tags import skip_tags
from tests.support.encoded import ape, id3v1, id3v2


@pytest.mark.parametrize(
    "tags",
    [
        id3v2(0),
        id3v2(300_000),
        id3v2(10) + id3v2(20),
        ape(500),
        id3v1(),
        ape(0) + id3v1(),
        b"LYRICSBEGINwords000016LYRICS200" + id3v1(),
    ],
)
def test_tags_are_dropped(tags):
    stream = ByteStream(io.BytesIO(tags + b"audio"))
    assert skip_tags(stream)
    assert stream.read(99) == b"audio"


@pytest.mark.parametrize(
    "content", [b"", b"ID", b"TA", b"audio", b"ID3\x03\x00\x00\xff\xff\xff\xff"]
)
def test_other_bytes_stay(content):
    stream = ByteStream(io.BytesIO(content))
    assert not skip_tags(stream)
    assert stream.read(99) == content
