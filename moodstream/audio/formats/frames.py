"""Frames that FFmpeg's libraries decode, as samples."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

PLANES = 8
"""Largest number of planar channels that PyAV handles; beyond it, PyAV reads other memory."""


def frames(
    av: ModuleType, container: Any, audio: Any, note: Callable[[Exception], None]
) -> Iterator[Any]:
    """Yield decoded frames; skip packets that cannot be decoded.

    Args:
        av: the module of PyAV.
        container: open container.
        audio: stream of the container.
        note: receives each error; an error of the container ends the frames.
    """
    packets = container.demux(audio)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, EOFError):
            return
        except av.FFmpegError as error:
            note(error)
            return
        try:
            yield from packet.decode()
        except EOFError:
            return
        except av.FFmpegError as error:
            note(error)


def samples(av: ModuleType, frame: Any) -> Any:
    """Return the samples of a frame [shape=(n, channels), float32]."""
    channels = frame.layout.nb_channels
    if frame.format.name == "fltp" and channels <= PLANES:
        return frame.to_ndarray().T
    resampler = av.AudioResampler("flt", frame.layout, frame.sample_rate)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray().reshape(-1, channels) for part in parts])


def error_text(error: Exception) -> str:
    """Return the reason that FFmpeg gives for an error, without the name of the file."""
    return str(getattr(error, "strerror", None) or error).lower()
