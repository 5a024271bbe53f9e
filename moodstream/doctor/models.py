"""Checks of the bundle, and of the CPU time that a second of audio takes."""

import numpy as np

from moodstream import self_test
from moodstream.assembly import load_bundle, make_pipeline
from moodstream.audio.chunk import Block
from moodstream.bundle import disk
from moodstream.bundle.bundle import Bundle, BundleError
from moodstream.config.sections import Config, ConfigError
from moodstream.config.sources import each
from moodstream.doctor.finding import Finding, failure, ok, warning
from moodstream.stopwatch import Stopwatch

MEASURED_S = 12
"""Length of the audio that is measured, seconds."""
BUSY, TOO_BUSY = 0.3, 0.8
"""Shares of a hop that its computation may take, so that other work also fits."""


def models(config: Config) -> tuple[Bundle | None, Finding]:
    """Check that the bundle can be read, passes its self-test and fits the settings."""
    where = config.models.bundle or disk.shipped()
    try:
        bundle = load_bundle(config)
        make_pipeline(config, bundle)
    except BundleError as error:
        return None, failure(str(error), f"models.bundle is {where}")
    except ConfigError as error:
        return None, failure(str(error), "the settings must fit the bundle's own values")
    return bundle, ok(f"bundle {bundle.sha256[:12]} in {where}, checksums right, self-test passed")


def budget(config: Config, bundle: Bundle) -> Finding:
    """Check that the computation of a hop fits into the hop, in CPU time."""
    pipeline = make_pipeline(config, bundle)
    samples = self_test.signal(pipeline.rate)
    hop_n = round(config.pipeline.hop_s * pipeline.rate)
    stream = np.resize(samples, max(1, MEASURED_S * pipeline.rate // hop_n) * hop_n)
    stopwatch = Stopwatch()
    for start in range(0, len(stream), hop_n):
        block = Block(stream[start : start + hop_n], pipeline.rate)
        stopwatch.call("hop", list, pipeline.process(block))
    costs = stopwatch.laps_s("hop")
    hop_s, sources_n = hop_n / pipeline.rate, len(each(config))
    part, worst = sum(costs) / len(costs) / hop_s, float(np.percentile(costs, 95)) / hop_s
    found = (
        f"{part * 1000:.1f} ms of CPU for a second of audio: {part:.2%} of a core; "
        f"95 of 100 hops of {hop_s:g} s take {worst * hop_s * 1000:.1f} ms or less"
    )
    if sources_n > 1:
        found += f"; {sources_n} sources take {part * sources_n:.1%} of a core"
        worst *= sources_n
    if worst > TOO_BUSY:
        return failure(found, "this machine is too slow: raise pipeline.hop_s")
    if worst > BUSY:
        return warning(found, "little time is left for other work: raise pipeline.hop_s")
    return ok(found)
