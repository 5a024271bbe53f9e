"""Formats of FFmpeg's libraries."""

import subprocess
import sys
from fractions import Fraction

import av
import pytest

from tests.support.encoded import RATE, encoded, heard_bytes, id3v2, tones

FRAME_N = 1024
"""Samples that an encoder takes at once."""


def media(path, container, codec, seconds, without=()):
    """A file made by FFmpeg's encoders, some frames left out."""
    with av.open(path, "w", format=container) as output:
        stream = output.add_stream(codec, rate=RATE, layout="stereo")
        stream.bit_rate = 96000
        whole = av.AudioFrame.from_ndarray(tones(seconds).T.copy(), "fltp", "stereo")
        whole.rate = RATE
        cut = av.AudioResampler("fltp", "stereo", RATE, FRAME_N)
        frames = [*cut.resample(whole), *cut.resample(None), None]
        for number, frame in enumerate(frames):
            if frame:
                frame.pts, frame.time_base = number * FRAME_N, Fraction(1, RATE)
            packets = stream.encode(frame)
            output.mux([] if number in without else packets)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("ipod", "aac"),
        ("ipod", "alac"),
        ("adts", "aac"),
        ("matroska", "aac"),
        ("asf", "wmav2"),
        ("mov", "aac"),
    ],
)
def test_music_and_the_sound_of_videos_is_heard(tmp_path, container, codec):
    content = media(tmp_path / "made", container, codec, 5)
    seconds, said = heard_bytes(tmp_path, content)
    assert seconds == pytest.approx(5, abs=0.15)
    assert not said


def test_a_file_that_breaks_off_is_told(tmp_path):
    content = media(tmp_path / "made", "matroska", "aac", 10)
    seconds, said = heard_bytes(tmp_path, content[: len(content) // 2])
    assert 3 < seconds < 7
    assert f"damaged after {seconds:.1f} s" in said


def test_a_hole_in_a_file_is_told(tmp_path):
    """FFmpeg steps over the damaged parts of some containers without a word."""
    content = media(tmp_path / "made", "matroska", "aac", 10, without=range(100, 150))
    seconds, said = heard_bytes(tmp_path, content)
    missing_s = 50 * FRAME_N / RATE
    assert seconds == pytest.approx(10 - missing_s, abs=0.1)
    assert f"damaged after {seconds:.1f} s: {missing_s:.1f} s are missing within it" in said


def test_ogg_of_other_codecs_that_breaks_off_is_told(tmp_path):
    source = tmp_path / "x.flac"
    source.write_bytes(encoded(tones(10), "FLAC"))
    command = ["ffmpeg", "-v", "error", "-i", source, "-c:a", "copy", tmp_path / "x.ogg"]
    subprocess.run(command, check=True)
    content = (tmp_path / "x.ogg").read_bytes()
    seconds, said = heard_bytes(tmp_path, content)
    assert seconds == pytest.approx(10, abs=0.1)
    assert not said
    seconds, said = heard_bytes(tmp_path, content[: len(content) // 2])
    assert 3 < seconds < 7
    assert "it ends before its last page" in said


def test_a_second_file_behind_one_is_told(tmp_path):
    content = media(tmp_path / "made", "ipod", "aac", 3)
    seconds, said = heard_bytes(tmp_path, content + content)
    assert seconds == pytest.approx(3, abs=0.1)
    assert f"another file follows at byte {len(content)} and is not read" in said


@pytest.mark.parametrize(("container", "codec"), [("ipod", "aac"), ("matroska", "aac")])
def test_tags_before_any_container_are_stepped_over(tmp_path, container, codec):
    content = media(tmp_path / "made", container, codec, 3)
    seconds, said = heard_bytes(tmp_path, id3v2(3000) + content)
    assert seconds == pytest.approx(3, abs=0.1)
    assert not said


def test_without_the_extra_the_command_is_named(tmp_path):
    path = tmp_path / "x.m4a"
    media(path, "ipod", "aac", 1)
    code = (
        "import sys; sys.modules['av'] = None\n"
        "from moodstream.audio import file; from pathlib import Path\n"
        "file.AudioFile(Path(sys.argv[1]))"
    )
    result = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert "pip install 'moodstream[media]'" in result.stderr


def test_nothing_of_it_is_loaded_for_other_formats(tmp_path):
    path = tmp_path / "x.flac"
    path.write_bytes(encoded(tones(1), "FLAC"))
    code = (
        "import sys; from moodstream.audio.file import AudioFile; from pathlib import Path\n"
        "list(AudioFile(Path(sys.argv[1])).blocks()); print('av' in sys.modules)"
    )
    command = [sys.executable, "-c", code, path]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "False\n"


def test_a_playlist_opens_no_other_file(tmp_path):
    (tmp_path / "secret.wav").write_bytes(encoded(tones(1), "WAV"))
    playlist = (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{tmp_path}/secret.wav\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(Exception, match="not an audio file"):
        heard_bytes(tmp_path, playlist.encode())
