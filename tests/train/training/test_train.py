"""A part is trained on its own side."""

import numpy as np

from moodstream_train.corpora import Clip
from moodstream_train.training import run as runs
from moodstream_train.training.train import prior_of
from tests.train.conftest import Work


def test_the_prior_of_a_fold_is_of_its_training_side(
    work: Work, all_clips: list[Clip], all_features: tuple[runs.Features, runs.Features]
) -> None:
    run = runs.find(work.run)
    train = run.split(all_clips, "fold-0").train
    expected = prior_of(all_features[0], all_clips, train, run.recipe)
    found = run.prior("fold-0")
    for name, values in expected._asdict().items():
        assert np.allclose(getattr(found, name), values, atol=1e-4)
    assert not np.allclose(run.prior("final").mean, found.mean, atol=1e-2)
    card = run.normalisation("fold-0"), run.texture("fold-0")
    assert card[0].mean == tuple(np.round(found.mean.astype(float), 5))
    assert card[1].problems() == []
