"""The picture of a terminal."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def picture(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    import terminal_picture  # noqa: PLC0415 - a script, not a package

    return terminal_picture


def drawn(picture, written: str, columns: int = 20, lines: int = 3) -> ET.Element:
    screen = picture.Screen(columns, lines)
    screen.write(written)
    return ET.fromstring(picture.svg(screen, "a <command>", "for & about"))


def texts(svg: ET.Element) -> dict[str, ET.Element]:
    return {element.text: element for element in svg.iter(f"{SVG}text")}


def test_a_picture_shows_the_screen_as_it_is_in_the_end(picture):
    svg = drawn(picture, "\x1b[Hold line\r\nsecond\x1b[H\x1b[2K\x1b[1;38;5;196mnew & <b>\x1b[0m")
    found = texts(svg)
    assert "old line" not in found
    assert found["new & <b>"].get("fill") == "#ff0000"
    assert found["new & <b>"].get("font-weight") == "bold"
    assert found["second"].get("fill") == picture.FOREGROUND
    assert "a <command>" in found


def test_letters_keep_to_their_cells(picture):
    found = texts(drawn(picture, "ab\x1b[2mcd\x1b[0m   語x"))
    lefts = {text: float(element.get("x")) for text, element in found.items()}
    assert lefts["cd"] - lefts["ab"] == pytest.approx(2 * picture.CELL_WIDTH, abs=0.1)
    assert float(found["cd"].get("opacity")) < 1
    # A wide character takes two cells.
    wide = next(element for text, element in found.items() if "語" in text)
    assert float(wide.get("textLength")) == pytest.approx(3 * picture.CELL_WIDTH, abs=0.1)


def test_bars_are_as_long_as_their_blocks(picture):
    svg = drawn(picture, "\x1b[38;5;33m██▌\x1b[0m")
    bar = next(rect for rect in svg.iter(f"{SVG}rect") if rect.get("fill") == "#0087ff")
    assert float(bar.get("width")) == pytest.approx(2.5 * picture.CELL_WIDTH, abs=0.1)


@pytest.mark.parametrize(
    ("index", "hue"), [(16, "#000000"), (21, "#0000ff"), (231, "#ffffff"), (244, "#808080")]
)
def test_colours_are_those_of_xterm(picture, index, hue):
    assert picture.colour(index) == hue


def test_the_picture_of_the_readme_is_a_whole_terminal():
    root = ET.parse(ROOT / "docs" / "pictures" / "watch.svg").getroot()
    shown = " ".join(text.text for text in root.iter(f"{SVG}text"))
    assert re.search(r"moodstream watch.*live from living room.*valence.*arousal", shown)
