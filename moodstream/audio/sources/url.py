"""A stream behind a URL, decoded by FFmpeg's libraries in this process.

A child process would show the login in the list of processes. Here, FFmpeg is also loaded only once
for all streams.
"""

import ssl
import threading
from collections import deque
from collections.abc import Generator
from pathlib import Path
from typing import Any

from moodstream.audio.formats.decoder import Piece
from moodstream.audio.formats.frames import error_text, frames, samples
from moodstream.audio.formats.media import CONTAINERS
from moodstream.audio.sources.address import location, redacted
from moodstream.audio.sources.input import RETRY_S, STALL_S, START_S, InputError, Patience

DEBIAN_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
OPTIONS = {
    # Nothing that a server sends may open a file on this machine.
    "protocol_whitelist": "http,https,httpproxy,tcp,tls,udp,rtp,srtp,crypto",
    "format_whitelist": f"{CONTAINERS},mp3,rtsp,sdp,rtp",
    # UDP loses audio, so it is used only for servers without TCP.
    "rtsp_flags": "prefer_tcp",
    # A camera's video is not requested.
    "allowed_media_types": "audio",
    "tls_verify": "1",
    # Time and bytes for detecting the format of a stream: FFmpeg's defaults are for films.
    "analyzeduration": "2000000",
    "probesize": "262144",
}
"""Options of FFmpeg's protocols and demuxers; each uses those that it knows."""


class Url:
    """A stream of HTTP, Icecast or RTSP.

    Args:
        url: its address, with the login if it needs one.
    """

    retry_s = RETRY_S

    def __init__(self, url: str) -> None:
        self._url = url
        self.label = location(url)

    def pieces(self, closing: threading.Event) -> Generator[Piece, None, None]:
        """Yield the audio of the stream.

        Raises:
            InputError: the stream cannot be opened, holds no audio, has stalled or has ended.
        """
        import av  # noqa: PLC0415 - 16 MB that other sources do not need

        try:
            container: Any = av.open(
                self._url,
                timeout=(START_S, STALL_S),
                options={**OPTIONS, **_authorities()},
                metadata_errors="replace",
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            # Not "from error", because that error contains the URL.
            raise InputError(_reason(av, error, START_S)) from None
        last: deque[Exception] = deque(maxlen=1)
        patience = Patience(STALL_S, STALL_S)

        def note(error: Exception) -> None:
            last.append(error)
            patience.check()

        with container:
            if not container.streams.audio:
                raise InputError("it contains no audio")
            for frame in frames(av, container, container.streams.audio[0], note):
                if closing.is_set():
                    return
                patience.reward()
                yield Piece(samples(av, frame), frame.sample_rate)
        # Packets that cannot be decoded are skipped.
        causes = [error for error in last if not isinstance(error, av.error.InvalidDataError)]
        raise InputError(_reason(av, causes[0], STALL_S) if causes else "it has ended")


def _reason(av: Any, error: Exception, waited_s: float) -> str:
    if isinstance(error, av.error.ExitError):  # our own time limit
        return f"no audio came for {waited_s:g} s"
    return redacted(error_text(error))


def _authorities() -> dict[str, str]:
    """Return the file of the system's trusted authorities, which FFmpeg does not find itself."""
    found = ssl.get_default_verify_paths().cafile or DEBIAN_AUTHORITIES
    return {"ca_file": found} if Path(found).is_file() else {}
