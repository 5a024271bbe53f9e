"""The command `moodstream bench`: the cost of processing audio on this machine."""

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
    help="Duration of the measurement: two thirds on one core, one third on all cores.",
)
@click.option(
    "--json", "is_json", is_flag=True, help="Print JSON, including details of the machine."
)
@configured(HOP, BUNDLE)
def bench(config: "Config", seconds: float, is_json: bool) -> None:
    """Measure CPU time, memory and energy, and how many streams this machine could process.

    The bundled recording is processed as fast as possible. No microphone, broker or network is
    needed. The CPU time of other programs is not counted, but they delay the hops.
    """
    from moodstream.assembly import load_bundle
    from moodstream.bench import measure, report

    with failures():
        models = load_bundle(config)
        cost = measure.one_stream(config, models, seconds * 2 / 3)
        found = (cost, measure.all_cores(config, models, seconds / 3), measure.available_mb())
        hop_s = config.pipeline.hop_s
        if is_json:
            click.echo(report.as_json(*found, hop_s, models.sha256))
        else:
            click.echo(report.text(*found, hop_s))
