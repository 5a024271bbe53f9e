import pytest

from moodstream.bench import measure
from moodstream.config.sections import Config


@pytest.fixture(scope="module")
def cost(bundle):
    return measure.one_stream(Config(), bundle, 1.0)


def test_every_stage_takes_time_and_all_take_no_less(cost):
    assert list(cost.stages_s) == [measure.DECODE, *measure.STAGES, measure.MESSAGE]
    assert min(cost.stages_s.values()) > 0
    assert sum(cost.stages_s.values()) < cost.cpu_s
    assert 0 < cost.live_s < cost.cpu_s / cost.audio_s


def test_as_many_hops_as_audio(cost):
    assert len(cost.hops_s) == pytest.approx(2 * cost.audio_s, abs=2)
    assert cost.hops_s.min() > 0
    assert cost.resident_mb > 30


def test_every_part_of_a_stage_is_one_of_the_pipeline(make_pipeline):
    named = [name for names in measure.STAGES.values() for name in names]
    assert len(set(named)) == len(named)
    assert {*named} < {*make_pipeline().parts()}


def test_memory_is_left():
    assert 10 < measure.available_mb() < 1e8
