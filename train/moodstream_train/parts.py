"""Parts of a run: what each of them holds out."""

FOLDS = tuple(f"fold-{k}" for k in range(5))
"""Parts that hold out a fifth of the groups of every corpus."""
LEFT_OUT = (
    ("speech", "song", "music"),
    ("cremad", "musifeast"),
    ("nemo", "vgmidi"),
    ("ased", "emopia"),
    ("emovo",),
    ("turev",),
)
"""Corpora that are left out together: one of voices and one of music, as neither tells of the
other. Speech and song of RAVDESS are by the same actors."""
WITHOUT = {f"without-{'-'.join(names)}": names for names in LEFT_OUT}
"""Parts that leave whole corpora out."""
FINAL, RANDOM = "final", "random"
"""The part that is trained on everything, and the only part of a leaky recipe."""
PARTS = (*FOLDS, FINAL, *WITHOUT)
"""Parts of a recipe that splits by groups."""
