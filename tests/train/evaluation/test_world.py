"""The kinds of sound of row N."""

from pathlib import Path

import numpy as np
import soundfile

from moodstream_train.evaluation.world import held_out_games


def test_only_packages_that_no_model_is_trained_on_are_heard(tmp_path: Path) -> None:
    lines = ["file,package,kind,side"]
    for package, side in (("known", "train"), ("unknown", "held-out")):
        for kind in ("music", "effects"):
            soundfile.write(tmp_path / f"{package}-{kind}.wav", np.zeros(160), 16_000)
            lines.append(f"{package}-{kind}.wav,{package},{kind},{side}")
    (tmp_path / "index.csv").write_text("\n".join(lines) + "\n")
    found = held_out_games(tmp_path)
    assert {kind: [clip.name for clip in clips] for kind, clips in found.items()} == {
        "game music": ["unknown-music"],
        "game effects": ["unknown-effects"],
    }


def test_without_games_there_are_none(tmp_path: Path) -> None:
    assert held_out_games(tmp_path) == {}
