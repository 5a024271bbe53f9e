"""Format of samples that need no decoder."""

from dataclasses import dataclass

ENCODINGS = {
    "u8": ("u1", 1),
    "s8": ("i1", 1),
    "s16": ("i2", 2),
    "s24": ("i4", 3),
    "s32": ("i4", 4),
    "f32": ("f4", 4),
    "f64": ("f8", 8),
    "ulaw": ("u1", 1),
    "alaw": ("u1", 1),
}
"""Numpy's type and the bytes of a sample by name; the names but the last two end in le or be."""


@dataclass(frozen=True)
class Layout:
    """Format of samples in a stream."""

    rate: int
    """Hertz."""
    channels: int
    encoding: str
    """Key of ENCODINGS."""
    big_endian: bool = False
    length: int | None = None
    """Bytes of the audio, None if unknown."""
    is_certain: bool = True
    """Whether the writer finished the file, so that the length can be trusted."""

    @property
    def frame(self) -> int:
        """Bytes of one sample of all channels."""
        return self.channels * ENCODINGS[self.encoding][1]


def raw_layout(text: str) -> Layout:
    """Return the format of samples without a header from text such as ``16000,1,s16``.

    Raises:
        ValueError: it is not RATE,CHANNELS,ENCODING.
    """
    rate, channels, encoding = (*text.split(","), "", "", "")[:3]
    name = encoding.removesuffix("le").removesuffix("be")
    is_right = rate.isdecimal() and channels.isdecimal() and text.count(",") == 2
    if not is_right or name not in ENCODINGS or int(rate) == 0 or not 0 < int(channels) <= 1024:
        names = ", ".join(ENCODINGS)
        raise ValueError(
            f"raw audio is described as RATE,CHANNELS,ENCODING such as 16000,1,s16, not '{text}'; "
            f"encodings are {names}, with the suffix 'be' for big endian"
        )
    return Layout(int(rate), int(channels), name, big_endian=encoding.endswith("be"))
