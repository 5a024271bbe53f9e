"""The recipes that can be named: the one that ships, and others beside it."""

from dataclasses import asdict, replace

from moodstream_train.recipe import Recipe, Shares


def _lasting(recipe: Recipe, share: float) -> Recipe:
    """Return a recipe with fewer epochs, for a part of the data."""
    cnn, rnn = recipe.cnn, recipe.rnn
    return replace(
        recipe,
        cnn=replace(cnn, schedule=replace(cnn.schedule, epochs=round(cnn.schedule.epochs * share))),
        rnn=replace(rnn, schedule=replace(rnn.schedule, epochs=round(rnn.schedule.epochs * share))),
    )


_NONE = Shares(**dict.fromkeys(asdict(Shares()), 0.0))
_SHIPPED = Recipe()
_VOICE = replace(
    _SHIPPED,
    shares=replace(_SHIPPED.shares, music=0, emopia=0, musifeast=0, vgmidi=0, games=0),
)
_SONGS = replace(
    _SHIPPED,
    shares=replace(_NONE, song=1),
    # The same singers are on both sides. Augmentation that helps with other voices hurts here.
    augmentation=replace(
        _SHIPPED.augmentation,
        variant_share=0.25,
        gain_share=0.3,
        segment_gain_db=0.0,
        channel_db=1.0,
        stretch=0.1,
        warp=0.05,
        room_share=0.0,
    ),
)
_QUICK = replace(
    _lasting(_SHIPPED, 0.1),
    folds=1,
    shares=replace(_NONE, speech=0.25, song=0.15, music=0.4, sounds=0.15, noise=0.05),
    variants=replace(_SHIPPED.variants, count=0),
)

RECIPES = {
    "shipped": _SHIPPED,
    # All steps of it in a quarter of an hour, with three corpora:
    "quick": _QUICK,
    # Recipes to compare with the shipped one. Voices and music alone:
    "voice": _lasting(_VOICE, 0.3),
    "music": _lasting(replace(_SHIPPED, shares=replace(_NONE, music=1)), 0.2),
    # One corpus alone, to be tried on another:
    "speech": _lasting(replace(_SHIPPED, shares=replace(_NONE, speech=1)), 0.2),
    "cremad": _lasting(replace(_SHIPPED, shares=replace(_NONE, cremad=1)), 0.2),
    "emopia": _lasting(replace(_SHIPPED, shares=replace(_NONE, emopia=1)), 0.2),
    # The leaky splits of the student project:
    "songs-80": replace(_SONGS, split="random-20"),
    "songs-75": replace(_SONGS, split="random-25"),
}
"""Recipes by the name that ``moodstream train --recipe`` takes."""
