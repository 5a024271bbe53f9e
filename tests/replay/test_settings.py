from dataclasses import replace

from moodstream.replay.settings import fingerprint


def test_any_other_setting_is_another_fingerprint(bundle):
    silence, smoothing = bundle.card.silence, bundle.card.smoothing
    base = (bundle.sha256, 0.5, silence, smoothing)
    same = fingerprint(*base, adapt=False)
    assert same == fingerprint(*base, adapt=False)
    others = {
        fingerprint("0" * 64, 0.5, silence, smoothing, adapt=False),
        fingerprint(bundle.sha256, 0.25, silence, smoothing, adapt=False),
        fingerprint(bundle.sha256, 0.5, replace(silence, hold_s=9.0), smoothing, adapt=False),
        fingerprint(bundle.sha256, 0.5, silence, replace(smoothing, confident=0.9), adapt=False),
        fingerprint(*base, adapt=True),
    }
    assert len(others | {same}) == 6


def test_the_first_half_is_the_bundles(bundle):
    card = bundle.card
    marks = [
        fingerprint(bundle.sha256, hop_s, card.silence, card.smoothing, adapt=False)
        for hop_s in (0.5, 1.0)
    ]
    assert {mark.partition("-")[0] for mark in marks} == {bundle.sha256[:12]}
