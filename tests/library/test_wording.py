import pytest

from moodstream.library.errors import LibraryError
from moodstream.library.tag_fields import AROUSAL, MOOD, VALENCE, WRITTEN
from moodstream.library.track import Track
from moodstream.library.wording import WORDS, Wording, read_words

CALM = Track("x", "neutral", "Q4", 0.5, 0.25, -0.5)


@pytest.mark.parametrize(
    ("what", "track", "words"),
    [
        ("quadrant", CALM, ("calm",)),
        ("mood", CALM, ("neutral",)),
        ("both", CALM, ("calm", "neutral")),
        ("both", Track("x", "sad", "Q3", 0.5, -0.5, -0.5), ("sad",)),  # no word comes twice
        ("both", Track("x", None, None, None, None, None), ()),
    ],
)
def test_the_words(what, track, words):
    fields = Wording(what).fields(track)
    assert fields[MOOD] == fields[WRITTEN] == words
    assert fields[VALENCE] == fields[AROUSAL] == ()


def test_numbers_on_request():
    fields = Wording(numbers=True).fields(CALM)
    assert (fields[VALENCE], fields[AROUSAL]) == (("0.250",), ("-0.500",))


def test_own_words(tmp_path):
    path = tmp_path / "words.toml"
    path.write_text('Q4 = "détente"\nneutral = ""\n')
    words = read_words(path)
    assert words == {**WORDS, "Q4": "détente", "neutral": ""}
    assert Wording("both", words=words).fields(CALM)[MOOD] == ("détente",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('clam = "x"', "did you mean 'calm'"),
        ("Q1 = 3", "Q1: expected a word"),
        ('Q1 = "a\\nb"', "Q1: expected a word"),
        ("Q1 = ", "not TOML"),
        ("\xff", "not TOML"),
    ],
)
def test_wrong_words_are_told(tmp_path, text, message):
    path = tmp_path / "words.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(LibraryError, match=message):
        read_words(path)
    with pytest.raises(LibraryError, match="No such file"):
        read_words(tmp_path / "absent")
