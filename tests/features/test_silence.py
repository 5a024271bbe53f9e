from dataclasses import replace

import numpy as np
import pytest

from moodstream.features.silence import SilenceGate, SilenceSpec, level_dbfs

HOP_N = 8000


def test_silence_has_hysteresis_and_a_hold():
    gate = SilenceGate(
        SilenceSpec(open_dbfs=-50, close_dbfs=-60, hold_s=1.0, stationary=0.0), 16000
    )
    levels = [-90, -55, -50, -55, -59, -61, -61, -61, -55, -49, -61, -59, -61, -61, -61]
    silent = [gate.process(level, HOP_N) for level in levels]
    assert silent == [
        *(True, True),  # not loud enough to begin
        *(False, False, False, False, False),  # between the thresholds, then within the hold
        *(True, True),  # held for more than a second; -55 does not end it
        *(False, False, False, False, False),  # one hop above the threshold renews the hold
        True,
    ]


def test_levels():
    square = np.ones(100, np.float32)
    sine = np.sin(np.linspace(0, 20 * np.pi, 16000, endpoint=False)).astype(np.float32)
    assert level_dbfs(square) == pytest.approx(0)
    assert level_dbfs(sine * 0.1) == pytest.approx(-23.01, abs=0.01)
    assert level_dbfs(np.zeros(10, np.float32)) == -120


def test_another_spec_is_heeded_at_once_and_nothing_is_forgotten():
    spec = SilenceSpec(open_dbfs=-50, close_dbfs=-60, hold_s=1.0, stationary=0.0)
    gate = SilenceGate(spec, 16000)
    assert not gate.process(-40, HOP_N)
    assert not gate.process(-70, HOP_N)
    gate.retune(replace(spec, hold_s=0.75))
    assert gate.process(-70, HOP_N)  # both quiet hops count
    gate.retune(replace(spec, open_dbfs=-75, close_dbfs=-80))
    assert not gate.process(-70, HOP_N)
    gate.reset()
    assert gate.silent


def test_thresholds_in_the_wrong_order_are_named():
    spec = SilenceSpec(open_dbfs=-60, close_dbfs=-50, hold_s=1.0, stationary=0.0)
    assert spec.problems() == ["close_dbfs -50 is above open_dbfs -60"]
    assert replace(spec, open_dbfs=-50).problems() == []
