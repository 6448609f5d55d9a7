"""Sessions for hours: does memory grow, are handles left open, does what is shown grow old?"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from posecoach.coaching.coach import Coach
from posecoach.evaluation.loop import AgeMeter, Loop
from posecoach.records import routine_files
from posecoach.session import pipeline
from posecoach.session.drawing import drawn
from posecoach.vision.camera import Paced
from posecoach.vision.source import Frame
from posecoach.vision.tracker import Tracker

STEP_S = 10.0
_SIZE = (640, 480)
# Memory is filled at first, which is no leak: until the second session is under way, which keeps the place
# of the first one's networks beside its own; or for so long where there is only one.
_SETTLE_S = 120.0


@dataclass(frozen=True)
class Soak:
    """Live sessions one after the other.

    slope_mb_per_h  how fast the memory grows once it is settled
    handles         open files and sockets once it is settled, and at the end
    oldest_ms       the oldest frame that was shown
    """

    minutes: float
    sessions: int
    shown: int
    dropped: int
    slope_mb_per_h: float
    handles: tuple[int, int]
    oldest_ms: float


def soak(clip: Path, model: bytes, minutes: float, routine: str, tell: Callable[[str], None]) -> Soak:
    """Lead through a routine live, again and again for so many minutes, with a clip as the camera."""
    watched = _Watched(minutes, tell)
    sessions = shown = dropped = 0
    oldest_s = 0.0
    while (left_s := watched.left_s) > 0:
        loop = Loop(clip, _SIZE, left_s)
        source = Paced(loop)
        meter = AgeMeter(source)
        with source, Tracker(model, 0) as tracker:
            tracker.track(Frame(next(iter(loop)).image, -1.0, 0))
            plan = routine_files.load(routine)
            summary = pipeline.run(source, tracker, Coach(plan), recorder=meter, draw=drawn, say=watched.look)
        sessions += 1
        if sessions == 1:
            watched.first_is_over()
        shown, dropped = shown + summary.frames_shown, dropped + summary.frames_dropped
        oldest_s = max([oldest_s, *meter.ages_s[1:]])
    return watched.result(sessions, shown, dropped, 1000 * oldest_s)


class _Watched:
    """This process while the sessions run."""

    def __init__(self, minutes: float, tell: Callable[[str], None]) -> None:
        self._minutes, self._tell = minutes, tell
        self._process, self._begin_s, self._due_s = psutil.Process(), time.monotonic(), 0.0
        self._points = list[tuple[float, float, int]]()  # hours, megabytes, handles
        self._settled_s = min(_SETTLE_S, 30 * minutes)

    @property
    def left_s(self) -> float:
        """Seconds that are left."""
        return 60 * self._minutes - (time.monotonic() - self._begin_s)

    def first_is_over(self) -> None:
        """The first session is over: memory is settled half a minute into the next one, if there is one."""
        if self.left_s > 2 * _SETTLE_S:
            self._settled_s = time.monotonic() - self._begin_s + _SETTLE_S / 4

    def look(self, _event: object) -> None:
        """Note memory and handles; called often, it looks seldom."""
        now_s = time.monotonic() - self._begin_s
        if now_s < self._due_s:
            return
        self._due_s = now_s + STEP_S
        mb = self._process.memory_info().rss / 1e6
        handles = self._process.num_fds() if hasattr(self._process, "num_fds") else 0
        self._points.append((now_s / 3600, mb, handles))
        self._tell(f"minute {now_s / 60:.1f} of {self._minutes:g}: {mb:.0f} MB, {handles} handles")

    def result(self, sessions: int, shown: int, dropped: int, oldest_ms: float) -> Soak:
        """What came of it."""
        settled = [point for point in self._points if point[0] * 3600 >= self._settled_s]
        settled = settled or self._points[-1:] or [(0.0, 0.0, 0)]
        hours, mb, handles = (np.array(column) for column in zip(*settled, strict=True))
        slope = float(np.polyfit(hours, mb, 1)[0]) if len(settled) > 2 else 0.0
        ends = int(handles[0]), int(handles[-1])
        return Soak(self._minutes, sessions, shown, dropped, slope, ends, oldest_ms)
