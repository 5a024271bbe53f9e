"""Raw samples are described in one way."""

import pytest

from moodstream.audio.formats.uncompressed.layout import raw_layout


@pytest.mark.parametrize(
    "text", ["", "16000", "16000,0,s16", "0,1,s16", "16000,1,s17", "a,b,c", "1,2,s16,4"]
)
def test_wrong_descriptions_are_told(text):
    with pytest.raises(ValueError, match="RATE,CHANNELS,ENCODING"):
        raw_layout(text)
