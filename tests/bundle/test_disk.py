import pytest

from moodstream import self_test
from moodstream.bundle import disk
from moodstream.bundle.bundle import BundleError
from moodstream.mood.circumplex import MOODS
from tests.support.bundle import change_card, read_card
from tests.support.program import run_program

CHROMA = {
    "frame_length": 4096,
    "hop_length": 2000,
    "fmin": 80.0,
    "fmax": 2100.0,
}
NOTHING = {"moods": [], "heard": [], "place": [], "tolerance": 0.05}


def failure(directory):
    with pytest.raises(BundleError) as caught:
        self_test.load(directory).classifiers()
    return str(caught.value)


def test_the_shipped_bundle_is_whole_and_small(bundle):
    card = bundle.card
    assert card.labels == MOODS
    assert len(bundle.sha256) == 64
    for model in (card.cnn, card.rnn):
        assert model.quantisation in ("int8", "dynamic-range")
    assert len(bundle.cnn_model) + len(bundle.rnn_model) <= 1 << 20
    assert card.training
    assert card.results
    assert (disk.shipped() / "MODEL_CARD.md").is_file()


def test_a_damaged_model_is_refused(copied):
    path = copied / "cnn.tflite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert "sha256" in failure(copied)
    assert "install the bundle again" in failure(copied)


def test_what_is_missing_is_named(copied, tmp_path):
    (copied / "rnn.tflite").unlink()
    assert "rnn.tflite: No such file" in failure(copied)
    assert "card.json: No such file" in failure(tmp_path)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"schema": 99}, "its schema is 99, this version of moodstream reads 5"),
        ({"schema": "new"}, "its schema is 'new'"),
        ({"labels": ["happy"]}, "labels must be neutral"),
        ({"smoothing": {}}, "smoothing.lasting_s: missing"),
        (
            {"normalisation": {"mean": [0], "std": [1], "prior_frames": 1, "memory_frames": 1}},
            "for 1",
        ),
        ({"features": 3}, "features: expected a table"),
        (
            {"chroma": {**CHROMA, "hop_length": 2001}},
            "must be a multiple of features.hop_length 250",
        ),
        ({"chroma": {**CHROMA, "hop_length": 1750}}, "must be whole chroma frames of 1750 samples"),
        ({"chroma": {**CHROMA, "fmax": 9000}}, "80 .. 9000 Hz must rise"),
        (
            {"texture": {"length": 512, "lags": [1], "mean": [0] * 3, "std": [1] * 3}},
            "texture is for 3 statistics, features, chroma and lags make 140",
        ),
        (
            {"texture": {"length": 9, "lags": [0], "mean": [], "std": []}},
            "lags[0]: must be at least",
        ),
        ({"schema": 4}, "its schema is 4, this version of moodstream reads 5"),
        ({"self_test": {**NOTHING, "moods": [[[1.0]]]}}, "3 rows of 8 probabilities"),
        ({"self_test": {**NOTHING, "heard": [[0.5, 0.5]]}}, "heard must hold 2 numbers"),
        ({"surprise": 1}, "surprise: unknown key"),
        ({"name": "a\0"}, "name: expected Unicode text without NUL"),
        ({"name": "\ud800"}, "name: expected Unicode text without NUL"),
        ({"labels": [0] * 10_000}, "labels[0]: expected text, found 0; labels[1]"),
    ],
)
def test_a_card_that_is_wrong_is_refused(copied, changes, part):
    change_card(copied, **changes)
    assert part in failure(copied)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_a_card_that_is_no_card_is_refused(copied, text):
    (copied / disk.CARD).write_bytes(text)
    assert "card.json" in failure(copied)


@pytest.mark.parametrize("key", ["schema", "name", "cnn"])
def test_brackets_almost_too_deep_to_be_read(copied, key):
    for depth in range(900, 1000):
        (copied / disk.CARD).write_text(f'{{"{key}": {"[" * depth}{"]" * depth}}}')
        assert "card.json" in failure(copied)


def test_a_card_cannot_reach_outside_its_directory(copied):
    change_card(copied, cnn={**read_card(copied)["cnn"], "file": "../../etc/passwd"})
    assert "must be in the folder of the card" in failure(copied)


def test_the_program_says_what_is_wrong_and_how_to_go_on(copied, tmp_path):
    (copied / "cnn.tflite").write_bytes(b"not a model")
    result = run_program("replay", "--bundle", copied, tmp_path / "x.wav")
    assert result.returncode == 78
    assert "install the bundle again" in result.stderr
