"""The loop learns, stops and goes on."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from moodstream_train.dataset.examples import Batch
from moodstream_train.networks import cnn
from moodstream_train.recipe import CnnRecipe, Schedule
from moodstream_train.training import fit
from tests.train.conftest import PlugError

SCHEDULE = Schedule(batch=16, epochs=4, steps=10, learning_rate=1e-2, average=0.9)
RECIPE = CnnRecipe(SCHEDULE, window_frames=16, channels=(8, 8), texture=(8,), dropout=0.1)


def draw(rng: np.random.Generator) -> Batch:
    """Noise whose loudest coefficient is the mood, and tells what is heard."""
    moods = rng.integers(8, size=16)
    frames = rng.standard_normal((16, 16, 10)).astype(np.float32)
    frames[np.arange(16), :, moods] += 3
    own = np.column_stack((np.eye(8, dtype=np.float32)[moods], np.ones(16, np.float32)))
    voiced = moods < 4
    heard = np.column_stack((voiced, ~voiced, np.ones((16, 2)))).astype(np.float32)
    place = np.column_stack((heard[:, :2] - 0.5, np.ones((16, 2)))).astype(np.float32)
    targets = {"logits": np.hstack((own, np.zeros_like(own))), "heard": heard, "place": place}
    return Batch((frames, frames.mean(axis=1)), targets)


def run(folder: Path, say: object = print) -> tuple[list[np.ndarray], fit.History]:
    model, history = fit.fit(
        lambda: cnn.build(RECIPE, 10, 10), draw, draw, SCHEDULE, folder, 5, say
    )
    return model.get_weights(), history


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def whole(folder: Path) -> tuple[list[np.ndarray], fit.History]:
    return run(folder)


def test_it_learns(whole: tuple[list[np.ndarray], fit.History]) -> None:
    _, history = whole
    assert history["inner_loss"][-1] < history["inner_loss"][0]
    assert history["inner_accuracy"][-1] > 0.6
    for name in ("heard", "place"):
        assert history[f"inner_{name}_loss"][-1] < history[f"inner_{name}_loss"][0]


@pytest.mark.parametrize("stopped", ["2/4", "4/4"])
def test_an_interrupted_run_goes_on_to_the_same_result(
    tmp_path: Path, whole: tuple[list[np.ndarray], fit.History], stopped: str
) -> None:
    lines: list[str] = []

    def stop(line: str) -> None:
        lines.append(line)
        if line.startswith(f"epoch {stopped}"):
            raise PlugError

    with pytest.raises(PlugError):
        run(tmp_path, stop)
    weights, history = run(tmp_path, lines.append)
    assert [line.split()[1] for line in lines] == ["1/4", "2/4", "3/4", "4/4"]
    expected_weights, expected = whole
    assert history["loss"] == pytest.approx(expected["loss"], rel=1e-4)
    for found, wanted in zip(weights, expected_weights, strict=True):
        assert np.allclose(found, wanted, atol=1e-4)
    assert {path.name for path in tmp_path.iterdir()} == {fit.WEIGHTS, fit.HISTORY}


def test_a_finished_model_is_read_not_fitted(
    folder: Path, whole: tuple[list[np.ndarray], fit.History]
) -> None:
    first, history = whole
    assert not (folder / fit.CHECKPOINT).exists()

    def refuse(line: str) -> None:
        raise AssertionError(line)

    second, again = run(folder, refuse)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert again == history


def test_an_error_while_drawing_ends_the_training(tmp_path: Path) -> None:
    drawn = iter(range(100))

    def broken(rng: np.random.Generator) -> Batch:
        if next(drawn) == 25:
            raise OSError("the disk is gone")
        return draw(rng)

    with pytest.raises(Exception, match="the disk is gone"):
        fit.fit(lambda: cnn.build(RECIPE, 10, 10), broken, None, SCHEDULE, tmp_path, 5, print)


def test_without_inner_groups_the_history_has_no_inner_side(tmp_path: Path) -> None:
    _, history = fit.fit(
        lambda: cnn.build(RECIPE, 10, 10), draw, None, SCHEDULE, tmp_path, 5, print
    )
    assert history.keys() == {"loss", "accuracy", "heard_loss", "place_loss", "seconds"}
    assert {len(values) for values in history.values()} == {4}


def test_the_average_of_the_weights_is_kept(tmp_path: Path) -> None:
    """An average that never moves keeps the weights after the first step."""
    still = replace(SCHEDULE, average=1.0)
    steps = replace(SCHEDULE, epochs=1, steps=1, average=0.0)
    kept, first, moved = (
        fit.fit(lambda: cnn.build(RECIPE, 10, 10), draw, None, how, tmp_path / name, 5, print)[0]
        for how, name in ((still, "still"), (steps, "first"), (SCHEDULE, "moved"))
    )

    def far(model: object) -> float:
        pairs = zip(kept.trainable_weights, model.trainable_weights, strict=True)
        return max(float(np.abs(np.asarray(a) - np.asarray(b)).max()) for a, b in pairs)

    assert far(moved) > 10 * far(first)


def test_half_of_the_way_lies_in_the_middle(
    tmp_path: Path, whole: tuple[list[np.ndarray], fit.History]
) -> None:
    first: list[list[np.ndarray]] = []

    def build() -> object:
        keras.utils.set_random_seed(5)
        model = cnn.build(RECIPE, 10, 10)
        first.append(model.get_weights())
        return model

    short = replace(SCHEDULE, epochs=1)
    kept = {
        share: fit.fit(build, draw, None, short, tmp_path / str(share), 5, print, share=share)[0]
        for share in (1.0, 0.5)
    }
    ends, middles = (kept[share].get_weights() for share in (1.0, 0.5))
    assert any(not np.allclose(a, b) for a, b in zip(first[0], ends, strict=True))
    for begin, end, middle in zip(first[0], ends, middles, strict=True):
        assert np.allclose(middle, (begin + end) / 2, atol=1e-4)
