"""`moodstream bench`: what hearing costs here."""

from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import failures
from moodstream.cli.options import BUNDLE, HOP, configured

if TYPE_CHECKING:
    from moodstream.config.sections import Config


@click.command()
@click.option(
    "--seconds",
    type=click.FloatRange(1, 600),
    default=15.0,
    show_default=True,
    help="How long to measure: two thirds on one core, a third on all of them.",
)
@configured(HOP, BUNDLE)
def bench(config: "Config", seconds: float) -> None:
    """Measure what hearing costs here, and how many streams this machine could carry.

    Hears the bundled recording as fast as it goes; needs no microphone, broker or network. Other
    work of the machine is not counted, but makes the hops come later.
    """
    from moodstream.assembly import load_bundle
    from moodstream.bench import available_mb, hear_many, hear_one, report

    with failures():
        models = load_bundle(config)
        cost = hear_one(config, models, seconds * 2 / 3)
        audio_per_s = hear_many(config, models, seconds / 3)
        click.echo(report(cost, audio_per_s, available_mb(), config.pipeline.hop_s))
