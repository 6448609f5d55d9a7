"""Sessions whose camera goes away, on a clock of their own: what is said, shown and kept each time.

    python -m tests.support.camera_losses

prints the table of docs/reliability.md. Everything from the driver's pictures on is the program's own; the
driver, and what would find a body in a picture, are told what to give.
"""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from rich.table import Table

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.view import Event, View
from posecoach.core.errors import SourceError
from posecoach.core.types import Image
from posecoach.feedback import overlay
from posecoach.records.settings import Settings
from posecoach.session import live
from posecoach.session.pipeline import LiveSummary
from posecoach.vision.backend import DetectedBody
from posecoach.vision.camera import REOPENED_SILENCE_S, Camera
from posecoach.vision.real_time import RealTime
from posecoach.vision.reconnecting import Reconnecting
from tests.support.synthetic import CROOK, Shot, film, repeat

FPS = 12
ADDRESS = "rtsp://anna:secret@camera.local/1"
ROUTINE = Routine(
    name="losses",
    title="A bridge and a knee",
    steps=(
        Step(exercise="bridge", reps=4),
        Step(pause_s=50, say="Rest, and breathe"),
        Step(exercise="knee_to_chest", side="left", hold_s=8),
    ),
)
_BRIDGE = CROOK.but(pelvis=0.45)
_KNEE = CROOK.but(hip_left=118, knee_left=128)
_BY_CLOCK_S = 30.0  # after so long without a picture the bridges are over
_NOISE = np.random.default_rng(3).integers(0, 255, (48, 64, 3), np.uint8)


class FakeTime(RealTime):
    """Time that passes when somebody waits, or a picture is taken. What reopens a camera waits by it, too.

    looked_at_s  how much passes whenever the session looks at it: while a picture is waited for in vain
    """

    looked_at_s = 0.0

    def __init__(self) -> None:
        self._t_s = 0.0
        self._passed = threading.Condition()
        self._until: dict[int, float] = {}  # by thread, who waits until when

    def now(self) -> float:
        if threading.current_thread() is threading.main_thread():
            self.advance(self.looked_at_s)
        return self._t_s

    def advance(self, seconds: float) -> None:
        with self._passed:
            self._t_s += seconds
            self._passed.notify_all()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        if threading.current_thread().name == "posecoach-reopen":
            return self._sleep(event, seconds)
        self.advance(seconds)
        if threading.current_thread() is threading.main_thread():
            self._settle()
        return event.is_set()

    def _sleep(self, event: threading.Event, seconds: float) -> bool:
        me = threading.get_ident()
        with self._passed:
            self._until[me] = self._t_s + seconds
            while self._t_s < self._until[me] and not event.is_set():
                self._passed.wait(0.02)
            del self._until[me]
        return event.is_set()

    def _settle(self) -> None:
        """Let whatever is due be done before time goes on."""
        while any(
            self._until.get(thread.ident or 0, 0.0) <= self._t_s
            for thread in threading.enumerate()
            if thread.name == "posecoach-reopen"
        ):
            time.sleep(0.0005)


@dataclass
class Script:
    """What the camera does, and the body before it.

    how     what goes wrong: "gone", "hangs", "frozen", "raises" or a kind of picture
    at_s    when, on the film; `lasts_s`: for how long
    before  the film until then; `after` follows once there are pictures again
    """

    how: str
    lasts_s: float
    before: list[Shot]
    after: list[Shot]
    clock: FakeTime = field(default_factory=FakeTime)
    begun_s: float | None = None
    shot: Shot | None = None
    taken: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1))
    noticed: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    given: int = 0

    @property
    def wrong(self) -> bool:
        """True while something is wrong with the camera."""
        return self.begun_s is not None and self.clock.now() - self.begun_s < self.lasts_s

    def next_shot(self) -> Shot | None:
        """The next moment of the film; None when it is to go wrong."""
        if self.before:
            return self.before.pop(0)
        if self.begun_s is None:
            self.begun_s = self.clock.now()
        if self.wrong and self.how not in _PICTURES:
            return None
        return self.after.pop(0) if len(self.after) > 1 else self.after[0]


_PICTURES: dict[str, Callable[[Image], object]] = {
    "grey": lambda image: image[:, :, 1],
    "BGRA": lambda image: np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]),
    "16 bits": lambda image: image.astype(np.uint16) << 8,
    "another size": lambda image: image.repeat(2, axis=0).repeat(2, axis=1),
}


class Driver:
    """Stands for OpenCV's capture of one opened camera."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._waits = False

    def setExceptionMode(self, _: bool) -> None: ...  # noqa: N802, its real name

    def open(self, _: object) -> bool:
        self._script.taken = threading.Semaphore(1)
        return True

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def get(self, _: int) -> float:
        return float(FPS)

    def read(self) -> tuple[bool, Any]:
        script = self._script
        if self._waits:
            script.taken.acquire()
        self._waits = False
        shot = script.next_shot()
        if shot is None:
            return self._fail(script)
        script.clock.advance(1 / FPS)
        script.shot, script.given, self._waits = shot, script.given + 1, True
        image = np.roll(_NOISE, script.given)  # none returns, as a camera's noise does not
        return True, _PICTURES[script.how](image) if script.wrong and script.how in _PICTURES else image

    def _fail(self, script: Script) -> tuple[bool, Any]:
        if script.how == "raises":
            raise OSError("the driver fell over")
        if script.how == "empty":
            return True, np.zeros((0, 0, 3), np.uint8)
        if script.how == "frozen":
            script.clock.advance(1 / FPS)
            self._waits = True
            return True, np.roll(_NOISE, script.given)
        if script.how == "hangs":
            script.clock.looked_at_s = 0.25
            script.noticed.wait(20)
            script.clock.looked_at_s = 0.0
            script.over.wait(20)
        return False, None

    def release(self) -> None: ...


class Eyes:
    """Finds the body of the film in each picture, scaled to it."""

    dim = dark = lamp_needed = False

    def __init__(self, script: Script) -> None:
        self._script = script

    def follow(self, image: Image, t_s: float, turn: int) -> DetectedBody | None:
        shot = self._script.shot
        assert shot is not None
        assert shot.pose.world is not None
        self._script.taken.release()
        scale = np.array([image.shape[1] / shot.pose.size[0], image.shape[0] / shot.pose.size[1]])
        return DetectedBody(shot.pose.image * scale, shot.pose.world, shot.pose.visibility)

    def look(self, image: Image, turn: int) -> DetectedBody | None:
        return None

    def close(self) -> None: ...


@dataclass
class Told:
    """What came of a session whose camera went wrong at `begun_s`."""

    events: list[Event]
    views: list[View]
    summary: LiveSummary
    begun_s: float

    def after_s(self, kind: str) -> float | None:
        """Seconds from then until something of this kind is told; None where it is not."""
        return next((event.t_s - self.begun_s for event in self.events if event.kind == kind), None)

    @property
    def screen(self) -> list[str]:
        """The messages on the screen from then on."""
        shown = (overlay.message(view)[0] for view in self.views if view.t_s >= self.begun_s)
        return list(dict.fromkeys(filter(None, shown)))

    @property
    def results(self) -> list[Result]:
        return self.summary.results


@cache
def _films(by_clock: bool) -> tuple[list[Shot], list[Shot]]:
    """What the body does before the camera goes wrong, and after it: it let go, and goes on, with the knee
    where the bridges were done `by_clock`."""
    bridges = repeat(CROOK, _BRIDGE, 1.5, reps=2)
    knee = [(6.0, CROOK), (2.0, _KNEE), (10.0, _KNEE), (2.0, CROOK), (1.0, CROOK)]
    before = film(CROOK, [(6.0, CROOK), *bridges, (1.5, _BRIDGE), (0.5, _BRIDGE)], FPS)
    last = [] if by_clock else [*bridges[:5], (50.0, CROOK)]
    return before, film(CROOK, [(3.0, CROOK), *last, *knee], FPS)


def session(how: str, lasts_s: float = 5.0) -> Told:
    """Bridges whose camera goes wrong at the top of the third, and one knee drawn in after four of them."""
    before, after = _films(_BY_CLOCK_S < lasts_s < 1e6)
    script = Script(how, lasts_s, list(before), list(after))

    def opener() -> Camera:
        if script.wrong and how in ("gone", "hangs", "raises", "empty"):
            raise SourceError("not there")
        return Camera(ADDRESS, REOPENED_SILENCE_S, lambda: Driver(script), script.clock)

    views, events = list[View](), list[Event]()

    def follow(view: View) -> None:
        views.append(view)
        events.extend(view.events)
        if any(event.kind == "picture_lost" for event in view.events):
            script.noticed.set()

    chosen = Settings(sound="off", rotate="0", camera=ADDRESS)
    stage = live.Stage(chosen, Table(), window=False, follow=follow, steps=ROUTINE.steps)
    source = Reconnecting(opener, clock=script.clock)
    with redirect_stdout(io.StringIO()):
        summary = live.run(live.Opened(source, Eyes(script)), Coach(ROUTINE), stage)
    script.over.set()
    return Told(events, views, summary, script.begun_s or 0.0)


ROWS = (
    ("vanishes for 0.3 s", "gone", 0.3),
    ("vanishes for 5 s", "gone", 5.0),
    ("vanishes for 60 s", "gone", 60.0),
    ("vanishes for ever", "gone", 1e9),
    ("hangs for 5 s", "hangs", 5.0),
    ("shows a frozen picture for 10 s", "frozen", 10.0),
    ("raises errors for 5 s", "raises", 5.0),
    ("gives empty pictures for 5 s", "empty", 5.0),
    ("gives grey pictures", "grey", 1e9),
    ("gives BGRA pictures", "BGRA", 1e9),
    ("gives pictures of 16 bits", "16 bits", 1e9),
    ("changes the size of its pictures", "another size", 1e9),
)


def _row(what: str, told: Told) -> Iterator[str]:
    yield what
    for kind in ("picture_lost", "picture_found"):
        after_s = told.after_s(kind)
        yield "–" if after_s is None else f"{after_s:.1f} s"
    lost = [text for text in told.screen if "picture" in text]
    yield "; ".join(lost) or "–"
    yield "; ".join(
        f"{(result.exercise or '').replace('_', ' ')}: {result.reps}, {result.verdict}"
        for result in told.results
    )


if __name__ == "__main__":
    for what, how, lasts_s in ROWS:
        print("|", " | ".join(_row(what, session(how, lasts_s))), "|", flush=True)
