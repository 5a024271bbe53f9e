"""Headers of uncompressed audio, as programs write them and as killed ones leave them."""

import struct

import numpy as np
import pytest
import soundfile

from moodstream.audio.file import AudioFileError
from tests.support.encoded import encoded, heard, heard_bytes, id3v1, tones

WAV = encoded(tones(3), "WAV", "PCM_16")
DATA = WAV.index(b"data")
FORMS = [
    (form, subtype)
    for form in ("WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "CAF")
    for subtype in ("PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW")
]


def written(path, content):
    path.write_bytes(content)
    return path


def sized(whole: int, data: int, behind: bytes = b"") -> bytes:
    """The same audio under other lengths."""
    head = WAV[:4] + struct.pack("<I", whole) + WAV[8 : DATA + 4] + struct.pack("<I", data)
    return head + WAV[DATA + 8 :] + behind


@pytest.mark.parametrize(("form", "subtype"), FORMS)
def test_each_form_is_decoded_as_libsndfile_does(tmp_path, form, subtype):
    path = tmp_path / "x"
    path.write_bytes(encoded(tones(1)[:, 0], form, subtype))
    expected, _ = soundfile.read(path, dtype="float32")
    found, seconds, said = heard(path)
    assert seconds == pytest.approx(1)
    assert not said
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("whole", "data"),
    [
        (0xFFFFFFFF, 0xFFFFFFFF),  # ffmpeg into a pipe
        (0x80000024, 0x80000000),  # sox into a pipe
        (0x7FFFF024, 0x7FFFF000),
        (0x80000024, 0x7FFFFFFF),  # arecord without a length
        (0, 0),  # a recorder that was killed
        (36, 0),
        (36 + 32000, 32000),  # one that updates its header now and then
    ],
)
def test_lengths_that_nobody_knew_are_not_believed(tmp_path, whole, data):
    seconds, said = heard_bytes(tmp_path, sized(whole, data))
    assert seconds == pytest.approx(3)
    assert not said


def test_a_header_that_promises_more_is_told(tmp_path):
    seconds, said = heard_bytes(tmp_path, WAV[: len(WAV) // 3])
    assert seconds == pytest.approx(1, abs=0.01)
    assert "damaged after 1.0 s: its header promises 3.0 s" in said


@pytest.mark.parametrize(
    "behind",
    [
        b"LIST" + struct.pack("<I", 4000) + b"\xff\x7f" * 2000,
        b"id3 " + struct.pack("<I", 600_000) + b"\x55" * 600_000,
        id3v1(),
        bytes(9000),
        b"\x01",
    ],
)
def test_what_stands_behind_the_audio_is_no_audio(tmp_path, behind):
    seconds, said = heard_bytes(tmp_path, sized(len(WAV) - 8, len(WAV) - DATA - 8, behind))
    assert seconds == pytest.approx(3)
    assert not said


def test_chunks_of_odd_length_before_the_audio_are_padded(tmp_path):
    chunk = b"LIST" + struct.pack("<I", 27) + b"INFOISFT" + bytes(20)
    seconds, said = heard_bytes(tmp_path, WAV[:DATA] + chunk + WAV[DATA:])
    assert seconds == pytest.approx(3)
    assert not said


@pytest.mark.parametrize(
    ("form", "mark", "unknown"),
    [
        ("AU", b".snd\0\0\0\x18", b"\xff" * 4),
        ("AU", b".snd\0\0\0\x18", bytes(4)),
        ("CAF", b"data", b"\xff" * 8),
        ("AIFF", b"SSND", bytes(4)),
        ("W64", b"data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a", bytes(8)),
        ("RF64", b"data", b"\xff" * 4),
    ],
)
def test_unknown_lengths_of_other_formats_are_not_believed(tmp_path, form, mark, unknown):
    content = bytearray(encoded(tones(3), form, "PCM_16"))
    at = content.index(mark) + len(mark)
    content[at : at + len(unknown)] = unknown
    if form == "RF64":  # nor in its own chunk of lengths
        at = content.index(b"ds64") + 8
        content[at : at + 24] = bytes(24)
    seconds, said = heard_bytes(tmp_path, bytes(content))
    assert seconds == pytest.approx(3, abs=0.01)
    assert not said


@pytest.mark.parametrize("first", ["WAV", "RF64", "W64", "AIFF", "AU", "CAF"])
@pytest.mark.parametrize("second", ["WAV", "RF64", "W64", "AIFF", "AU", "CAF"])
def test_files_behind_each_other_are_all_heard(tmp_path, first, second):
    """As ``cat`` joins them, each with a header, a rate and channels of its own."""
    one, other = encoded(tones(3), first, "PCM_16"), encoded(tones(2)[:, 0], second, "FLOAT", 16000)
    whole, seconds, said = heard(written(tmp_path / "both", one + other))
    assert seconds == pytest.approx(3 + 4, abs=0.001)
    assert not said
    alone, _, _ = heard(written(tmp_path / "other", other))
    np.testing.assert_array_equal(whole[-len(alone) :], alone)


def test_a_file_behind_another_that_cannot_be_heard_is_told(tmp_path):
    other = encoded(tones(2)[:, 0], "WAV", "IMA_ADPCM")
    seconds, said = heard_bytes(tmp_path, WAV + other)
    assert seconds == pytest.approx(3)
    assert "another file follows that cannot be read: its samples are compressed" in said


@pytest.mark.parametrize("subtype", ["IMA_ADPCM", "MS_ADPCM", "GSM610"])
def test_compressed_audio_that_breaks_off_or_is_followed_is_told(tmp_path, subtype):
    content = encoded(tones(3)[:, 0], "WAV", subtype)
    assert not heard_bytes(tmp_path, content)[1]
    seconds, said = heard_bytes(tmp_path, content[: len(content) // 2])
    assert 1 < seconds < 2
    assert f"its header promises {len(content)} bytes, there are {len(content) // 2}" in said
    assert f"another file follows at byte {len(content)}" in heard_bytes(tmp_path, 2 * content)[1]


def test_a_page_of_text_named_as_audio_is_not_heard(tmp_path):
    """libsndfile takes whatever is named so for samples without a header."""
    for name in ("x.au", "x.SND"):
        with pytest.raises(AudioFileError, match="it has no header"):
            heard_bytes(tmp_path, b"<!doctype html><title>404 Not Found</title>\n" * 400, name)


@pytest.mark.parametrize("form", ["RF64", "W64", "AIFF", "AU", "CAF"])
def test_other_formats_that_break_off_are_told(tmp_path, form):
    content = encoded(tones(3), form, "PCM_16")
    seconds, said = heard_bytes(tmp_path, content[: len(content) // 2])
    assert seconds == pytest.approx(1.5, abs=0.1)
    assert "its header promises 3.0 s" in said
