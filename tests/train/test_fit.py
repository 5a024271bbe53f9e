"""The loop learns, stops and goes on."""

from pathlib import Path

import numpy as np
import pytest

from moodstream_train import cnn, fit
from moodstream_train.examples import Batch
from moodstream_train.recipe import CnnRecipe, Schedule

SCHEDULE = Schedule(batch=16, epochs=4, steps=10, learning_rate=1e-2, average=0.9)
RECIPE = CnnRecipe(SCHEDULE, window_frames=16, channels=(8, 8), dropout=0.1)


class PlugError(Exception):
    """Somebody pulled the plug."""


def draw(rng: np.random.Generator) -> Batch:
    """Noise whose loudest coefficient is the mood."""
    moods = rng.integers(8, size=16)
    frames = rng.standard_normal((16, 16, 10)).astype(np.float32)
    frames[np.arange(16), :, moods] += 3
    return Batch(frames, np.eye(8, dtype=np.float32)[moods][None], np.ones((1, 16), np.float32))


def run(folder: Path, say: object = print) -> tuple[list[np.ndarray], fit.History]:
    model, history = fit.fit(lambda: cnn.build(RECIPE, 10), draw, draw, SCHEDULE, folder, 5, say)
    return model.get_weights(), history


def test_it_learns(tmp_path: Path) -> None:
    _, history = run(tmp_path)
    assert history["inner_loss"][-1] < history["inner_loss"][0]
    assert history["inner_accuracy"][-1] > 0.6


def test_an_interrupted_run_goes_on_to_the_same_result(tmp_path: Path) -> None:
    lines: list[str] = []

    def stop(line: str) -> None:
        lines.append(line)
        if line.startswith("epoch 2/4"):
            raise PlugError

    with pytest.raises(PlugError):
        run(tmp_path / "a", stop)
    weights, history = run(tmp_path / "a", lines.append)
    assert [line.split()[1] for line in lines] == ["1/4", "2/4", "3/4", "4/4"]
    whole, expected = run(tmp_path / "b")
    assert history["loss"] == pytest.approx(expected["loss"], rel=1e-4)
    for found, wanted in zip(weights, whole, strict=True):
        assert np.allclose(found, wanted, atol=1e-4)


def test_an_error_while_drawing_is_not_swallowed(tmp_path: Path) -> None:
    def broken(_rng: np.random.Generator) -> Batch:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        fit.fit(lambda: cnn.build(RECIPE, 10), broken, None, SCHEDULE, tmp_path, 5, print)


def test_the_loss_of_music_is_that_of_its_whole_quadrant() -> None:
    logits = np.log(np.float32([[0.2, 0.3, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]]))
    quadrant = np.float32([[1, 1, 0, 0, 0, 0, 0, 0]])
    assert float(fit.losses(logits, quadrant, 0.0)[0]) == pytest.approx(-np.log(0.5), rel=1e-5)
