"""MP3 whose headers say nothing, or say what is not so."""

import subprocess
import sys

import pytest

from moodstream.audio.formats.mp3 import header_at
from tests.support.encoded import ape, encoded, heard_bytes, id3v1, id3v2, tones


def mp3(seconds: float, hertz: float = 440.0) -> bytes:
    return encoded(tones(seconds, hertz), "MP3")


def without_information(content: bytes) -> bytes:
    """The frames of audio alone, as an encoder writes them into a pipe."""
    start = next(i for i in range(len(content)) if header_at(content, i))
    return content[start + header_at(content, start).length :]


def test_a_stream_without_information_is_heard_to_its_end(tmp_path):
    seconds, said = heard_bytes(tmp_path, without_information(mp3(12)))
    assert seconds == pytest.approx(12, abs=0.1)
    assert not said


def test_files_behind_each_other_are_all_heard(tmp_path):
    parts = mp3(4), mp3(7, 300)
    seconds, said = heard_bytes(tmp_path, id3v2(3000) + parts[0] + id3v2(999) + parts[1])
    assert seconds == pytest.approx(11, abs=0.1)
    assert not said


def test_parts_of_other_rates_and_channels_are_all_heard(tmp_path):
    mono = encoded(tones(3)[:, 0], "MP3", rate=16000)
    seconds, said = heard_bytes(tmp_path, mp3(4) + mono + mp3(2))
    assert seconds == pytest.approx(4 + 6 + 2, abs=0.1)
    assert not said


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (id3v2(200_000), id3v1()),
        (b"", ape(900) + id3v1()),
        (id3v2(10) + id3v2(70_000), bytes(5000)),
        (b"", b"LYRICSBEGIN" + b"\xff\xfb\x90\x64" * 50 + b"000211LYRICS200" + id3v1()),
    ],
)
def test_tags_are_no_damage(tmp_path, before, behind):
    seconds, said = heard_bytes(tmp_path, before + mp3(5) + behind)
    assert seconds == pytest.approx(5, abs=0.1)
    assert not said


@pytest.mark.parametrize("strip", [lambda content: content, without_information])
def test_a_file_that_breaks_off_is_told_with_the_time(tmp_path, strip):
    whole = strip(mp3(10))
    seconds, said = heard_bytes(tmp_path, whole[: len(whole) // 2 + 7])
    assert seconds == pytest.approx(5, abs=0.5)
    assert f"damaged after {seconds:.1f} s" in said


def test_damage_in_the_middle_is_told_and_the_rest_is_heard(tmp_path):
    content = bytearray(mp3(10))
    middle = len(content) // 2
    content[middle : middle + 4000] = bytes(i * 31 % 255 for i in range(4000))
    seconds, said = heard_bytes(tmp_path, bytes(content))
    assert 8 < seconds < 10
    assert "are not MPEG audio" in said


def test_machine_code_is_no_music(tmp_path):
    jumps = b"".join(b"\xff\xff\x25" + bytes((i % 256,)) * 61 for i in range(2000))
    with pytest.raises(Exception, match="not an audio file"):
        heard_bytes(tmp_path, b"\x7fELF" + jumps)


def test_the_decoder_writes_nothing_to_the_terminal(tmp_path):
    content = bytearray(mp3(5))
    for at in range(3000, len(content), 700):  # inside of frames, so that Huffman codes fail
        content[at : at + 40] = b"\x5a" * 40
    (tmp_path / "hurt.mp3").write_bytes(content)
    code = (
        "import sys; from pathlib import Path; from tests.support.encoded import heard;"
        "print('still there', file=sys.stderr); print(heard(Path(sys.argv[1]))[1])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "hurt.mp3")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stderr == "still there\n"
    assert float(result.stdout) > 1
