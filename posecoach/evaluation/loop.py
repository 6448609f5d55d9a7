"""A clip as an endless camera, and a screen that notes how old what it shows is."""

import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import numpy as np

from posecoach.core.types import Image
from posecoach.vision.camera import Paced
from posecoach.vision.native import cv2
from posecoach.vision.source import Frame, Source
from posecoach.vision.video_file import VideoFile

LIVE_FPS = 30.0
_PICTURES = 60  # of a clip, kept for a simulated camera


class Loop(Source):
    """A camera that shows a clip's pictures over and over, enlarged or not, for so many seconds."""

    def __init__(self, clip: Path, size: tuple[int, int], lasts_s: float) -> None:
        self.size, self.fps, self._lasts_s = size, LIVE_FPS, lasts_s
        with VideoFile(clip) as video:
            frames = islice(video, _PICTURES)
            self._images = [np.asarray(cv2.resize(frame.image, size), np.uint8) for frame in frames]

    def __iter__(self) -> Iterator[Frame]:  # type: ignore[override]
        # To and fro, so that nobody leaps.
        there_and_back = self._images + self._images[::-1]
        for index in count():
            t_s = index / LIVE_FPS
            if t_s > self._lasts_s:
                return
            yield Frame(there_and_back[index % len(there_and_back)], t_s, index)

    def close(self) -> None:
        pass


class AgeMeter:
    """Stands for the screen: notes how old what it shows is."""

    def __init__(self, source: Paced) -> None:
        self._source = source
        self.ages_s = list[float]()

    def write(self, image: Image, t_s: float) -> None:
        """See a picture."""
        self.ages_s.append(time.monotonic() - self._source.start_s - t_s)

    def close(self) -> None:
        """Nothing is kept."""
