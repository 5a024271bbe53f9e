"""Pictures of recordings, by the whole program."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from moodstream.audio.demo import RECORDING
from moodstream.pictures.heard import hear
from moodstream.pictures.palette import COLOURS
from moodstream.pipeline import Pipeline
from tests.support.program import run_program
from tests.support.replays import replayed

ROOT = Path(__file__).parents[2]
HAPPY = ROOT / "tests" / "data" / "happy.flac"


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_the_same_recording_gives_the_same_bytes(tmp_path, suffix):
    pictures = [tmp_path / f"{name}.{suffix}" for name in ("one", "two")]
    for picture in pictures:
        result = run_program("replay", HAPPY, "--plot", picture)
        assert (result.returncode, result.stdout) == (0, f"Wrote {picture}\n")
    one, two = (picture.read_bytes() for picture in pictures)
    assert one == two
    assert len(one) > 10_000


def test_the_strip_shows_the_moods_of_the_results(tmp_path):
    picture = tmp_path / "demo.png"
    run_program("replay", RECORDING, "--plot", picture)
    segments = run_program("replay", RECORDING, "--format", "jsonl").stdout
    heard = set(re.findall(r'"mood":"(\w+)"', segments))
    pixels = np.asarray(Image.open(picture).convert("RGB")).reshape(-1, 3)
    for mood, colour in COLOURS.items():
        wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        count = int((pixels == wanted).all(axis=1).sum())
        if mood in heard and f'"status":"ok","mood":"{mood}"' in segments:
            assert count > 500, mood
        else:
            assert count < 100, mood


def test_the_lines_are_the_published_valence_and_arousal(bundle):
    drawn = hear(HAPPY, bundle, Pipeline.of(bundle)).places
    _, lines = replayed(HAPPY)
    states = [one for one in lines if one["type"] == "state" and one["scores"]]
    published = [(one["position"], one["valence"], one["arousal"]) for one in states]
    np.testing.assert_allclose(drawn, published, atol=1e-4)
    assert len(published) > 5


def test_silence_is_hatched_and_names_are_no_formulas(tmp_path):
    sound = tmp_path / "$a_{b$.wav"
    soundfile.write(sound, np.zeros(16000 * 8), 16000)
    picture = tmp_path / "x.svg"
    assert run_program("replay", sound, "--plot", picture).returncode == 0
    text = picture.read_text()
    assert "<pattern" in text
    ET.fromstring(text)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((HAPPY, "--plot", "x.pdf"), 1, "expected a name that ends with .png or .svg"),
        ((HAPPY, HAPPY, "--plot", "x.png"), 2, "--plot draws one recording"),
        ((HAPPY, "--plot", "x.png", "--report", "x.html"), 2, "cannot be used with --report"),
        ((HAPPY, "--plot", "no/such/folder/x.png"), 1, "No such file or directory"),
        (("nothing.wav", "--plot", "x.png"), 1, "nothing.wav"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, arguments, status, said):
    result = run_program("replay", *arguments, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert result.returncode == status
    assert said in result.stderr
    assert not [*tmp_path.iterdir()]


def test_a_missing_matplotlib_is_named_with_its_extra(tmp_path):
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from moodstream.cli.group import main\n"
        f"main(['replay', {str(HAPPY)!r}, '--plot', {str(tmp_path / 'x.png')!r}])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    assert "pip install 'moodstream[plot]'" in result.stderr


def test_the_report_is_one_page_without_a_network(tmp_path):
    folder = tmp_path / "music"
    folder.mkdir()
    samples, rate = soundfile.read(HAPPY)
    soundfile.write(folder / "<b>rain & co.flac", samples, rate)
    (folder / "broken.wav").write_bytes(b"RIFF nothing")
    pages = [tmp_path / name for name in ("one.html", "two.html")]
    for page in pages:
        result = run_program("replay", folder, "--report", page)
        assert result.returncode == 1  # one file is broken
        assert "broken.wav" in result.stderr
    text = pages[0].read_text()
    assert text == pages[1].read_text()
    assert "&lt;b&gt;rain &amp; co.flac" in text
    assert "<b>" not in text
    assert "broken.wav" in text
    assert not re.search(r"(src|href)\s*=|https?:|@import|<script", text)
    assert text.count("<tr>") == 2
    assert 'class="map"' in text
    assert 'class="strip"' in text
