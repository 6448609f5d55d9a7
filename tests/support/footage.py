"""Small videos and sources of frames, made up for the tests of whatever takes frames."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from posecoach.core.types import Image
from posecoach.vision.source import Frame, Source

SIZE = (64, 48)


def picture(shade: int, size: tuple[int, int] = SIZE) -> Image:
    """A grey picture whose upper left quarter is white."""
    image: Image = np.full((size[1], size[0], 3), shade, np.uint8)
    image[: size[1] // 2, : size[0] // 2] = 255
    return image


def video(path: Path, stamps_ms: list[int], size: tuple[int, int] = SIZE, codec: str = "libx264") -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=25, options={"g": "5", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for index, stamp in enumerate(stamps_ms):
            frame = av.VideoFrame.from_ndarray(picture(index % 200, size), format="bgr24")
            frame.pts, frame.time_base = stamp, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


class Listed(Source):
    """Frames from a list; `error` is raised after the last."""

    def __init__(self, stamps: list[float], error: Exception | None = None) -> None:
        self.size, self.fps, self.frame_count = SIZE, 25.0, len(stamps)
        self._stamps, self._error, self.closed = stamps, error, False

    def __iter__(self) -> Iterator[Frame]:  # type: ignore[override]
        for index, t_s in enumerate(self._stamps):
            yield Frame(picture(0), t_s, index)
        if self._error:
            raise self._error

    def close(self) -> None:
        self.closed = True
