"""Plots are copied or drawn."""

from pathlib import Path


def test_every_picture_that_is_linked_is_there(written: tuple[Path, list[Path]], page: str) -> None:
    out, paths = written
    linked = {line.split("](")[1][:-1] for line in page.splitlines() if line.startswith("![")}
    made = {path.relative_to(out).as_posix() for path in paths if path.suffix == ".png"}
    assert linked == made
    assert all((out / name).exists() for name in linked)
    assert {
        "pictures/shipped-confusion-cremad.png",
        "pictures/shipped-rnn-curves.png",
        "pictures/songs-80-confusion-cnn.png",
        "pictures/songs-75-confusion-rnn.png",
        "pictures/songs-75-cnn-curves.png",
        "pictures/seed-project-cnn-curves.png",
    } <= linked
    assert (out / "pictures" / "songs-80-confusion-cnn.png").stat().st_size > 1000
