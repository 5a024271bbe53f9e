from copy import deepcopy
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from moodstream.audio.chunk import Block, Gap
from moodstream.features.chroma import Chroma
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.features.mfcc import Mfcc
from moodstream.features.normalise import Normaliser
from moodstream.features.window import Window
from moodstream.pipeline import Pipeline
from moodstream.stopwatch import Stopwatch
from tests.support.hearing import describe, hear, messages
from tests.support.signals import glide, noise


@settings(max_examples=15)
@given(
    sizes=st.lists(st.integers(1, 30000), min_size=1, max_size=20),
    rate=st.sampled_from([8000, 16000, 44100, 48000]),
)
def test_any_block_sizes_give_the_same_messages(make_pipeline, at_once, recording, sizes, rate):
    samples = recording[0][140 * 32000 :][: 12 * rate]
    expected = at_once(rate, make_pipeline(), samples, rate)
    parts = make_pipeline()
    assert messages(parts, hear(parts, samples, rate, sizes)) == expected
    assert len(expected) > 24


def test_hears_what_the_whole_recording_at_once_would_give(make_pipeline, bundle, recording):
    """As training computes it: features of all of it, then windows and statistics at each hop."""
    samples = recording[0][80 * 32000 : 92 * 32000 : 2]
    card, (cnn, _) = bundle.card, bundle.classifiers()
    mfcc = Mfcc(card.features).process(samples)
    chroma = Chroma(card.chroma, 16000).process(samples)
    normaliser = Normaliser(card.normalisation)
    # The first hop is not learned: only after it is it known to be music.
    hops = enumerate(np.split(mfcc, 24))
    frames = np.concatenate([normaliser.process(hop, audible=i > 0) for i, hop in hops])
    mean, std = np.array(card.texture.mean, "f"), np.array(card.texture.std, "f")
    steps = hear(make_pipeline(), samples, 16000, [5000])
    assert len(steps) == 24
    for i, step in enumerate(steps):
        end, chroma_end = 32 * (i + 1), 4 * (i + 1)
        if end < cnn.window_frames:
            continue
        texture = describe(
            frames[max(0, end - card.texture.length) : end],
            chroma[max(0, chroma_end - card.texture.length // 8) : chroma_end],
            card.texture.lags,
        )
        window = Window(cnn.window_frames, card.features.n_mfcc)
        window.push(frames[:end])
        cnn.reset()
        expected = cnn.process(window, (texture - mean) / std)
        np.testing.assert_allclose(step.evidence[1], expected.moods, atol=0.05)


def test_warms_up_for_one_window_and_then_speaks_every_hop(make_pipeline):
    pipeline = make_pipeline()
    states = [step.state for step in hear(pipeline, glide(5), 16000, [1000])]
    assert [state.position_n for state in states] == [8000 * (i + 1) for i in range(10)]
    assert [state.status for state in states[:5]] == ["warming_up"] * 5
    assert all(state.status in ("ok", "uncertain") for state in states[5:])


def test_a_gap_is_not_bridged(make_pipeline, bundle, recording):
    samples, rate = recording
    room = Normaliser(bundle.card.normalisation)
    pipeline = make_pipeline(room=room)
    list(pipeline.process(Block(samples[40 * rate : 50 * rate], rate)))
    (lost,) = pipeline.process(Gap(rate, rate))
    assert lost.state.status == "warming_up"
    assert lost.state.mood is None
    assert lost.state.position_n == 11 * 16000
    # The room that was learned stays; all else is as if nothing had been heard before.
    fresh = make_pipeline(room=deepcopy(room))
    after = hear(pipeline, samples[80 * rate : 86 * rate], rate, [rate])
    assert [step.state.status for step in after[:5]] == ["warming_up"] * 5
    expected = hear(fresh, samples[80 * rate : 86 * rate], rate, [rate])
    for found, wanted in zip(after, expected, strict=True):
        assert found.state.position_n == wanted.state.position_n + 11 * 16000
        if wanted.evidence is not None:
            np.testing.assert_array_equal(found.evidence, wanted.evidence)


def test_a_lost_source_is_no_audio_until_the_window_is_full_again(make_pipeline):
    pipeline = make_pipeline()
    list(pipeline.process(Block(glide(4), 16000)))
    for _ in range(3):
        (step,) = pipeline.process(Gap(0, 16000, source_lost=True))
        assert (step.state.status, step.state.mood) == ("no_audio", None)
    (step,) = pipeline.process(Gap(16000 * 7, 16000))
    assert step.state.status == "warming_up"
    assert step.state.position_n == 11 * 16000
    statuses = [step.state.status for step in pipeline.process(Block(glide(3.0), 16000))]
    assert statuses[:-1] == ["warming_up"] * 5
    assert statuses[-1] in ("ok", "uncertain")


def test_silence_has_no_mood(make_pipeline):
    pipeline = make_pipeline()
    samples = np.concatenate((glide(5), np.zeros(16000 * 6, "f"), glide(4)))
    states = [step.state for step in hear(pipeline, samples, 16000, [4000])]
    quiet = [state for state in states if state.status == "silence"]
    assert {state.mood for state in quiet} == {None}
    assert {state.moods for state in quiet} == {None}
    # From when it has lasted for longer than two seconds, the hold, until the sound is back.
    assert quiet[0].position_n == 7.5 * 16000
    assert quiet[-1].position_n == 11 * 16000
    assert states[-1].status in ("ok", "uncertain")


def test_a_source_that_changes_its_rate_starts_again(make_pipeline):
    pipeline = make_pipeline()
    list(pipeline.process(Block(glide(4), 16000)))
    steps = list(pipeline.process(Block(glide(4, rate=48000), 48000)))
    assert [step.state.status for step in steps[:4]] == ["warming_up"] * 4
    assert steps[0].state.position_n == 4 * 16000 + 8000


def test_hostile_samples_give_finite_scores(make_pipeline):
    samples = noise(6)
    samples[1000:2000] = np.nan
    samples[30000] = np.inf
    samples[40000:40100] = 3e38
    samples[50000:50100] = -1e-42
    pipeline = make_pipeline()
    steps = hear(pipeline, samples, 16000, [333])
    assert pipeline.resampler.unreadable_n == 1001
    for step in steps:
        if step.state.moods:
            assert np.isfinite(step.state.moods.scores).all()
            assert abs(sum(step.state.moods.scores) - 1) < 1e-4


def test_scores_are_probabilities_and_since_is_when_the_state_began(make_pipeline, recording):
    samples, rate = recording
    pipeline = make_pipeline()
    steps = hear(pipeline, samples[30 * rate : 50 * rate], rate, [rate])
    before = None
    for step in steps:
        state = step.state
        if before is not None and state.key == before.key:
            assert state.since_n == before.since_n
        else:
            assert state.since_n == state.position_n
        if state.moods:
            assert abs(sum(state.moods.scores) - 1) < 1e-4
        before = state


def test_settings_are_heeded(make_pipeline, bundle):
    loud = replace(bundle.card.silence, open_dbfs=0.0, close_dbfs=0.0)
    pipeline = make_pipeline(hop_s=0.25)
    assert len(hear(pipeline, noise(2), 16000, [500])) == 8
    deaf = type(pipeline)(bundle, 0.5, loud, bundle.card.smoothing)
    statuses = {step.state.status for step in hear(deaf, noise(6), 16000, [500])}
    assert statuses == {"warming_up", "silence"}


def test_other_settings_are_heeded_from_the_next_hop_on_and_nothing_is_forgotten(
    make_pipeline, bundle, recording
):
    samples = recording[0][80 * 32000 : 110 * 32000 : 2]
    silence, smoothing = bundle.card.silence, bundle.card.smoothing
    expected = [step.state for step in hear(make_pipeline(), samples, 16000, [8000])]
    pipeline = make_pipeline()
    before = hear(pipeline, samples[:320000], 16000, [8000])
    pipeline.retune(silence, replace(smoothing, confident=1.0, doubtful=1.0))
    (doubtful,) = pipeline.process(Block(samples[320000:328000], 16000))
    pipeline.retune(replace(silence, stationary=1e9), smoothing)
    (stationary,) = pipeline.process(Block(samples[328000:336000], 16000))
    pipeline.retune(replace(silence, open_dbfs=0.0, close_dbfs=0.0, hold_s=0.0), smoothing)
    (silent,) = pipeline.process(Block(samples[336000:344000], 16000))
    assert [step.state for step in before] == expected[:40]
    assert expected[39].status == expected[40].status == "ok"
    assert doubtful.state.status == "uncertain"
    # Without a mood to name, none is favoured in the scores.
    assert replace(doubtful.state.moods, scores=()) == replace(expected[40].moods, scores=())
    assert doubtful.state.heard == expected[40].heard
    assert stationary.state.moods is None
    assert stationary.state.status == "silence"
    assert silent.state.status == "silence"


def test_by_default_the_bundle_decides(bundle):
    card = bundle.card
    expected = Pipeline(bundle, DEFAULT_HOP_S, card.silence, card.smoothing)
    found, samples = Pipeline.of(bundle), glide(6)
    for one, other in zip(
        *(hear(p, samples, 16000, [999]) for p in (found, expected)), strict=True
    ):
        assert one.state == other.state
    room = Normaliser(card.normalisation)
    hear(Pipeline.of(bundle, room), samples, 16000, [8000])
    assert room.frames_heard == 6 * 64 - 32  # all but the first hop


def test_the_parts_do_the_work(bundle):
    """Watched, every part is called; the states stay the same, and the parts explain the time."""
    pipeline, stopwatch, samples = Pipeline.of(bundle), Stopwatch(), glide(6, rate=48000)
    for name, part in pipeline.parts().items():
        stopwatch.watch(name, part)
    steps = stopwatch.call("all", hear, pipeline, samples, 48000, [24000])
    assert {*stopwatch.laps_ns} == {*pipeline.parts(), "all"}
    assert [s.state for s in steps] == [
        s.state for s in hear(Pipeline.of(bundle), samples, 48000, [24000])
    ]
    spent_s = sum(stopwatch.spent_s(name) for name in pipeline.parts())
    assert 0.5 * stopwatch.spent_s("all") < spent_s < stopwatch.spent_s("all")
