"""Video files that play in a browser and on a phone: H.264, yuv420p, the index in front.

A recording must survive whatever ends it. So it is written in fragments, playable up to the last one even
if the power fails, and turned into an ordinary file with its index in front when it is closed.
"""

import contextlib
import errno
import os
import secrets
import stat
import struct
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import numpy as np

from posecoach.core import files
from posecoach.core.errors import OutputError
from posecoach.core.translation import tr
from posecoach.core.types import Image
from posecoach.vision.native import av, cv2
from posecoach.vision.video_file import DRAWN

_TIME_BASE = Fraction(1, 1000)
_KEYFRAME_S = 2
_FRAGMENT_S = 0.5  # what a power cut costs, more or less
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SUFFIXES = {".mp4", ".m4v", ".mov"}


class VideoWriter:
    """Writes pictures with the times at which they were seen; use as a context manager.

    It is as large as the first picture, made even, as H.264 wants it; a picture of another size is fitted in.
    `fps` is nominal. However the `with` block ends, what was written is playable, and where nothing was
    written no file is left. Raises OutputError when the file cannot be written.
    """

    def __init__(self, path: str | Path, fps: float) -> None:
        self.path = Path(path)
        self._rate = Fraction(fps).limit_denominator(1001)
        if self.path.suffix.lower() not in _SUFFIXES:
            raise OutputError(
                tr("{file} would not be an MP4 video: give it a name that ends in .mp4.", file=self.path)
            )
        self._created = files.there(self.path) is None
        try:
            self._held = self.path.open("ab")
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            files.lock(self._held)
        except OSError as error:
            self._held.close()
            raise OutputError(
                tr("The video {file} is being written by another program: name another file.", file=self.path)
            ) from error
        self._container: Any = None
        self._stream: Any = None
        self._first_t_s = 0.0
        self._last_stamp = -1

    def write(self, image: Image, t_s: float) -> None:
        """Append `image`, uint8 (height, width, 3) in BGR, seen at `t_s` seconds; times should rise."""
        try:
            if self._container is None:
                self._begin(image, t_s)
            frame = av.VideoFrame.from_ndarray(
                _fitted(image, self._stream.width, self._stream.height), format="bgr24"
            )
            self._last_stamp = max(self._last_stamp + 1, round((t_s - self._first_t_s) / _TIME_BASE))
            frame.pts, frame.time_base = self._last_stamp, _TIME_BASE
            self._container.mux(self._stream.encode(frame))
        except (OSError, av.FFmpegError) as error:
            self._abandon()
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Finish the file; may be called more than once."""
        if self._container is None:
            self._let_go()
            return
        try:
            self._container.mux(self._stream.encode(None))
            self._container.close()
        except (OSError, av.FFmpegError) as error:
            self._abandon()
            raise self._unwritable(error) from error
        self._container = None
        self._put_index_in_front()
        self._held.close()

    def _let_go(self) -> None:
        """Leave no file where nothing was written; what was there before stays."""
        if not self._held.closed:
            if self._created:
                self.path.unlink(missing_ok=True)
            self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, image: Image, t_s: float) -> None:
        height, width = image.shape[:2]
        self._first_t_s = t_s
        self._container = av.open(
            f"file:{self.path}",
            "w",
            format="mp4",
            options={
                "movflags": "frag_keyframe+empty_moov+default_base_moof",
                "frag_duration": str(round(_FRAGMENT_S * 1_000_000)),
                "flush_packets": "1",
            },
        )
        self._container.metadata["comment"] = DRAWN
        self._stream = self._container.add_stream("libx264", rate=self._rate)
        self._stream.width, self._stream.height = max(2, width // 2 * 2), max(2, height // 2 * 2)
        self._stream.pix_fmt = "yuv420p"
        self._stream.time_base = self._stream.codec_context.time_base = _TIME_BASE
        self._stream.codec_context.gop_size = max(1, round(self._rate * _KEYFRAME_S))
        # No B-frames: a picture is in the file soon after it was seen, and stamps need no reordering.
        self._stream.codec_context.max_b_frames = 0
        # As sharp as "veryfast" at 22, in two thirds of the time and half as large again.
        self._stream.options = {"preset": "superfast", "crf": "25"}

    def _abandon(self) -> None:
        """Let go of a file that cannot be written any more; its whole fragments stay."""
        container, self._container = self._container, None
        with contextlib.suppress(OSError, av.FFmpegError):
            if container is not None:
                container.close()
        self._created = False  # what is left of it is settled here
        with contextlib.suppress(OSError):
            end = _end_of_whole_fragments(self.path)
            if end:
                os.truncate(self.path, end)
                self._put_index_in_front()
            else:
                self.path.unlink()

    def _put_index_in_front(self) -> None:
        # In a file that was not there before, under a name that nobody can have planted a link at.
        whole = self.path.with_name(f".posecoach-{secrets.token_hex(8)}.mp4")
        try:
            with whole.open("xb"):
                pass
            with (
                av.open(f"file:{self.path}") as source,
                av.open(f"file:{whole}", "w", format="mp4", options={"movflags": "+faststart"}) as target,
            ):
                target.metadata.update(source.metadata)
                stream = target.add_stream_from_template(source.streams.video[0])
                for packet in source.demux(video=0):
                    if packet.dts is not None:
                        packet.stream = stream
                        target.mux(packet)
            with contextlib.suppress(OSError):
                whole.chmod(stat.S_IMODE(self.path.stat().st_mode))
            whole.replace(self.path.resolve())
        except (OSError, av.FFmpegError):
            # As when the disk is nearly full: the fragments that are there play as well.
            whole.unlink(missing_ok=True)

    def _unwritable(self, error: Exception) -> OutputError:
        reason = getattr(error, "strerror", None) or str(error)
        if getattr(error, "errno", None) in _FULL:
            return OutputError(
                tr("The video {file} cannot be written ({why}): free some space.", file=self.path, why=reason)
            )
        return OutputError(
            tr(
                "The video {file} cannot be written ({why}): name another file, in a folder you may write "
                "to.",
                file=self.path,
                why=reason,
            )
        )


def _end_of_whole_fragments(path: Path) -> int:
    """Where the last whole fragment ends, in bytes; 0 where there is none."""
    size = path.stat().st_size
    begin = end = 0
    with path.open("rb") as file:
        while begin + 8 <= size:
            file.seek(begin)
            length, kind = struct.unpack(">I4s", file.read(8))
            begin += max(length, 8)
            if kind == b"mdat" and begin <= size:
                end = begin
    return end


def _fitted(image: Image, width: int, height: int) -> Image:
    """`image` cut to the size where it is a pixel larger, else scaled into it on black."""
    got_height, got_width = image.shape[:2]
    if (got_width // 2 * 2, got_height // 2 * 2) == (width, height):
        return image[:height, :width]
    scale = min(width / got_width, height / got_height)
    inner = (max(1, round(got_width * scale)), max(1, round(got_height * scale)))
    fitted: Image = np.zeros((height, width, 3), np.uint8)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    fitted[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner)
    return fitted
