"""Samples without a header, as they are described."""

import numpy as np
import pytest

from moodstream.audio.file import AudioFile
from moodstream.audio.formats.uncompressed.layout import raw_layout
from tests.support.encoded import tones


@pytest.mark.parametrize("text", ["32000,2,s16", "32000,2,s16be", "32000,2,f32le", "32000,2,s24"])
def test_raw_samples_are_heard_as_they_are_described(tmp_path, text):
    path = tmp_path / "x.raw"
    values = tones(2)
    encoding = text.split(",")[2]
    if encoding == "f32le":
        path.write_bytes(values.tobytes())
    elif encoding == "s24":
        whole = np.round(values * 2**23).astype("<i4")
        path.write_bytes(whole.reshape(-1, 1).view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
    else:
        path.write_bytes(
            np.round(values * 2**15).astype(">i2" if "be" in encoding else "<i2").tobytes()
        )
    with AudioFile(path, raw=raw_layout(text)) as file:
        found = np.concatenate([block.samples for block in file.blocks()])
    np.testing.assert_allclose(found, values.mean(axis=1), atol=1e-4)
