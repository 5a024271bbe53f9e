"""Counters of a daemon, and when they are reported."""

import numpy as np
import pytest

from moodstream.audio.chunk import Block, Gap
from moodstream.daemon import health as module
from moodstream.daemon.health import Health

BLOCK = Block(np.zeros(100, np.float32), 16000)


class Publisher:
    """Counts and reports, as the publisher does."""

    lost_events = waiting_events = reconnects = 0

    def __init__(self):
        self.reports = []

    def health(self, message):
        self.reports.append(message)


@pytest.fixture
def publisher():
    return Publisher()


def test_it_reports_at_once_then_every_minute_and_when_something_is_lost(
    publisher, make_pipeline, monkeypatch
):
    now_s = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now_s[0])
    health = Health(make_pipeline(), publisher, int)
    for _ in range(240):
        health.process(BLOCK, 0, 0.001)
        now_s[0] += 0.25
    assert len(publisher.reports) == 1
    health.process(BLOCK, 0, 0.001)
    assert [report["uptime_s"] for report in publisher.reports] == [0, 60]
    health.process(Gap(4000, 16000), 1, 0.001)
    assert publisher.reports[-1]["lost_samples"] == 4000
    publisher.reconnects = 1
    health.process(BLOCK, 0, 0.001)
    assert publisher.reports[-1]["reconnects"] == 1
    assert len(publisher.reports) == 4


def test_what_is_paused_is_not_lost(publisher, make_pipeline):
    health = Health(make_pipeline(), publisher, int)
    health.process(Gap(4000, 16000, paused=True), 1, 0.001)
    assert publisher.reports[-1]["lost_samples"] == 0


def test_lines_that_were_not_written_are_counted(publisher, make_pipeline):
    Health(make_pipeline(), publisher, lambda: 7).process(BLOCK, 0, 0.0)
    assert publisher.reports[-1]["lost_lines"] == 7


def test_percentiles_are_those_of_the_hops(publisher, make_pipeline, monkeypatch):
    monkeypatch.setattr(module, "INTERVAL_S", 0.0)
    health = Health(make_pipeline(), publisher, int)
    health.process(BLOCK, 0, 5.0)  # no hop was completed
    assert publisher.reports[-1]["inference_p50_ms"] is None
    for took_ms in range(1, 101):
        health.process(BLOCK, 1, took_ms / 1e3)
    assert publisher.reports[-1]["inference_p50_ms"] == 50
    assert publisher.reports[-1]["inference_p95_ms"] == 95
    health.process(BLOCK, 4, 8.0)  # two seconds for each of four hops
    assert publisher.reports[-1]["inference_p50_ms"] == 51
