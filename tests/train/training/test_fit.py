"""The loop learns, stops and goes on."""

from dataclasses import replace
from pathlib import Path

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
    """Noise whose loudest coefficient is the mood."""
    moods = rng.integers(8, size=16)
    frames = rng.standard_normal((16, 16, 10)).astype(np.float32)
    frames[np.arange(16), :, moods] += 3
    masks = np.eye(8, dtype=np.float32)[moods][None]
    return Batch((frames, frames.mean(axis=1)), masks, np.ones((1, 16), np.float32))


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
    assert history.keys() == {"loss", "accuracy", "seconds"}
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


def targets(masks: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return fit.targets_of(Batch((), masks, weights))


def test_targets_hold_masks_and_weights_with_the_batch_first() -> None:
    rng = np.random.default_rng(0)
    masks, weights = rng.random((2, 5, 8)), rng.random((2, 5))
    packed = targets(masks, weights)
    assert packed.shape == (5, 2, 9)
    assert np.array_equal(packed[3, 1], [*masks[1, 3], weights[1, 3]])
    assert targets(masks[:1, :, None], weights[:1, :, None]).shape == (5, 1, 1, 9)


def test_the_loss_of_music_is_that_of_its_whole_quadrant() -> None:
    logits = np.log(np.float32([[0.2, 0.3, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]]))
    quadrant = np.float32([[1, 1, 0, 0, 0, 0, 0, 0]])
    assert float(fit.losses(logits, quadrant, 0.0)[0]) == pytest.approx(-np.log(0.5), rel=1e-5)


def test_the_loss_is_a_mean_by_weight() -> None:
    logits = np.log(np.float32([[0.5, 0.5], [0.9, 0.1]]))
    masks = np.float32([[[1, 0], [0, 1]]])
    found = float(fit.loss_of(targets(masks, np.float32([[3, 1]])), logits))
    assert found == pytest.approx(-(3 * np.log(0.5) + np.log(0.1)) / 4, rel=1e-5)


def test_accuracy_counts_by_weight_the_targets_whose_mood_is_right() -> None:
    logits = np.float32([[2, 1, 0], [0, 1, 2], [0, 2, 1]])
    masks = np.float32([[[1, 1, 0], [1, 1, 0], [0, 1, 1]]])
    found = float(fit.accuracy(targets(masks, np.float32([[1, 3, 2]])), logits))
    assert found == pytest.approx(3 / 6)


def test_where_no_mood_is_right_all_should_be_as_probable() -> None:
    none = np.zeros((1, 8), np.float32)
    even, sure = np.zeros((1, 8), np.float32), np.float32([[5, 0, 0, 0, 0, 0, 0, 0]])
    assert float(fit.losses(even, none, 0.05)[0]) == pytest.approx(np.log(8), rel=1e-5)
    assert float(fit.losses(sure, none, 0.05)[0]) > np.log(8)
    one = np.eye(8, dtype=np.float32)[:1]
    masks, logits = np.concatenate((one, none))[None], np.concatenate((sure, sure))
    assert float(fit.accuracy(targets(masks, np.ones((1, 2), np.float32)), logits)) == 1
