"""Clips in, results out: many clips at once, each judged by the same coach that runs a live session."""

import multiprocessing
import os
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar

import numpy as np

from posecoach.assessment.recognition import Recogniser, recognising
from posecoach.assessment.results import Result
from posecoach.coaching.targets import Limits
from posecoach.coaching.timeline import Timeline
from posecoach.coaching.watcher import Watcher
from posecoach.core import interrupts, messages
from posecoach.core.choices import OneSide
from posecoach.core.observation import Observation
from posecoach.core.pose import Pose
from posecoach.core.types import Rotation
from posecoach.kinematics.body import Body
from posecoach.kinematics.measurement_requests import Asking, answered
from posecoach.kinematics.remembered import OtherRestError, Remembered, RememberedBody, again
from posecoach.session.measurement_log import MeasurementLog
from posecoach.session.pipeline import Moment, check
from posecoach.session.recorded import PoseTrack, Recorded, unrecognised
from posecoach.session.stills import BodyPoints, Still, points_of
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile

_REMEMBERED = 2000  # frames of a clip whose measurements are kept, 5 KB each
_AHEAD = 2  # clips a worker that wait for it, so that it never waits for one
#: Why there is no answer about a clip whose worker died.
DIED = (
    "The process that judged it ended without an answer, twice: there is too little memory for it (try fewer "
    "--jobs), or it is damaged in a way that ends the decoder."
)


@dataclass(frozen=True)
class Task:
    """One clip and all that the judge is told about it. `name` is what results call the clip.

    `address` is where `clip` has to be fetched from, where that is no path (then `clip` is only its name).

    `exercise` is None where it is to be detected: each that the clip shows, or with `whole` the one that the
    clip shows when it is taken as one exercise, as its label takes it.

    `side` is what was asked for, not what is found; `hold_s` is the dose, 0 where no hold is too short.
    Of the frames each `every`-th is judged. `limits` override those of exercises, by exercise and name.
    """

    name: str
    clip: Path
    exercise: str | None
    side: OneSide | None = None
    hold_s: float = 0.0
    every: int = 1
    limits: Limits = field(default_factory=dict, hash=False)
    address: str = ""
    whole: bool = False

    @property
    def settings(self) -> dict[str, Any]:
        """What the judge is told, whatever the clip, as JSON has it."""
        return {
            "exercise": self.exercise or "auto",
            "side": self.side,
            "hold_s": self.hold_s,
            "every": self.every,
            "limits": self.limits,
        }

    def watcher(self, exercise: str, body: Body | None = None) -> Watcher:
        """A judge of the clip for one exercise; `body` measures the poses in place of a new one."""
        return Watcher(exercise, self.side, self.hold_s, self.limits.get(exercise), body)

    def detected(self, shown: Recogniser, body: Body | None = None) -> Watcher | Timeline | None:
        """A judge of the clip for what was recognised in it; None where that is nothing. `body` measures the
        poses of the first exercise in place of a new one.
        """
        if self.whole:
            exercise = shown.exercise()
            return self.watcher(exercise, body) if exercise is not None else None
        spans, bodies = shown.timeline(), iter([body])
        return Timeline(spans, lambda exercise: self.watcher(exercise, next(bodies, None))) if spans else None


@dataclass
class Bodies:
    """The body in each frame, kept small, to draw it on a picture of that frame later.

    landmarks  None: nobody was found
    turns      clockwise degrees from the clip's own picture to the upright one
    size       (width, height) of the upright picture in pixels; (0, 0) while nobody was found
    """

    landmarks: list[BodyPoints | None] = field(default_factory=list)
    turns: list[Rotation] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, seen: Iterable[Observation]) -> "Bodies":
        """The bodies of all frames."""
        bodies = cls()
        for one in seen:
            bodies.add(one)
        return bodies

    def add(self, seen: Observation) -> None:
        """Append one frame."""
        pose = seen.pose
        self.landmarks.append(None if pose is None else points_of(pose))
        self.turns.append(seen.rotation)
        if pose is not None:
            self.size = pose.size

    def pose(self, index: int, t_s: float) -> Pose | None:
        """The body in one frame, which is at `t_s` seconds: on the picture alone."""
        body = self.landmarks[index]
        if body is None:
            return None
        exact = body.astype(np.float64)
        return Pose(t_s, exact[:, :2], None, exact[:, 2], self.size, self.turns[index])

    def at(self, times: Sequence[float]) -> PoseTrack:
        """The bodies at the times of their frames, on the picture alone."""
        return [(t_s, self.pose(index, t_s)) for index, t_s in enumerate(times)]


@dataclass(frozen=True)
class Scored:
    """A clip that was judged, with what was measured in its `frames`; or `failure`, why it could not be.

    `results` are of the exercises that were detected, in the order of their times, or the one that was told.
    `note` says what was wrong with the clip, `details` where in the code a failure was. `content` is the
    SHA-256 of the clip and `stills` the moments of each result that tell most, where they were asked for, and
    `skipped` says that it was judged in an earlier run. `clip` is what kept landmarks call the clip.
    """

    task: Task
    results: tuple[Result, ...] = ()
    frames: MeasurementLog | None = None
    bodies: Bodies | None = None
    watch: Stopwatch = field(default_factory=Stopwatch)
    note: str | None = None
    failure: str | None = None
    details: str = ""
    content: str = ""
    skipped: bool = False
    stills: tuple[tuple[Still, ...], ...] = ()
    clip: str = ""

    @property
    def name(self) -> str:
        """What results call the clip: as kept landmarks do, or else the task."""
        return self.clip or self.task.name


class Judged(NamedTuple):
    """What comes of the poses of a clip: its results, and what was measured in each frame, where it was asked
    for; nothing was where no exercise was recognised."""

    results: list[Result]
    frames: MeasurementLog | None


def judging(task: Task, seen: PoseTrack, detailed: bool) -> Asking[Judged]:
    """Judge the poses of a clip, asking for what is measured in each; `detailed`: and keep that."""

    def watching(coach: Watcher | Timeline) -> Asking[Judged]:
        frames = MeasurementLog() if detailed else None
        results = yield from coach.watching(seen, frames.add if frames is not None else None)
        return Judged(results, frames)

    if task.exercise is not None:
        return (yield from watching(task.watcher(task.exercise)))
    memory: list[Remembered] = []
    shown = yield from recognising((pose for _, pose in seen), memory if len(seen) <= _REMEMBERED else None)

    def detected(body: Body | None = None) -> Asking[Judged]:
        coach = task.detected(shown, body)
        return Judged([unrecognised(seen, shown)], None) if coach is None else (yield from watching(coach))

    if memory:
        body = RememberedBody(memory)
        with suppress(OtherRestError):
            return (yield from again(detected(body), body))
    return (yield from detected())


def score(task: Task, model: bytes, threads: int | None = None) -> Scored:
    """Judge one clip as fast as it decodes, on so many cores; None: all.

    A failure is part of the answer, never raised.
    """
    try:
        ahead = threads != 1
        with VideoFile(task.clip, task.every) as video, Tracker(model, threads=threads) as tracker:
            if task.exercise is None:
                return _detected(video, tracker, task, ahead)
            return _told(video, tracker, task, task.watcher(task.exercise), ahead)
    except Exception as error:  # one bad clip must not cost the others their results
        return Scored(task, failure=messages.sentence(error), details=traceback.format_exc())


def _told(video: VideoFile, tracker: Tracker, task: Task, coach: Watcher, ahead: bool) -> Scored:
    """Judge a clip while it is tracked."""
    frames, bodies, watch = MeasurementLog(), Bodies(), Stopwatch()

    def keep(moment: Moment) -> None:
        frames.add(moment.seen.t_s, moment.view.phase, moment.view.measures)
        bodies.add(moment.seen)

    results = check(video, tracker, coach, on_moment=keep, watch=watch, ahead=ahead)
    return Scored(task, tuple(results), frames, bodies, watch, note=video.note)


def _detected(video: VideoFile, tracker: Tracker, task: Task, ahead: bool) -> Scored:
    """Track a clip, and judge its poses for what it shows: nobody asks for its pictures again."""
    watch = Stopwatch()
    tracked = Recorded(video, tracker, watch, ahead=ahead)
    watch.frames = len(tracked.seen)
    with watch("judge"):
        results, frames = answered(judging(task, tracked.poses, detailed=True))
        results = tracked.doubts.noted(results)
    bodies = Bodies.of(tracked.seen if frames is not None else ())
    return Scored(task, tuple(results), frames or MeasurementLog(), bodies, watch, note=video.note)


Work = Callable[[Task, bytes, int | None], Scored]
"""Judges one clip, given the pose model and how many cores to use (None: all); runs in a worker process."""

T = TypeVar("T")
R = TypeVar("R")


def score_all(
    tasks: Sequence[Task], model: bytes, jobs: int, done: Callable[[Scored], None], work: Work = score
) -> None:
    """Judge all clips, `jobs` at a time, and hand each to `done` as it is ready, in no fixed order."""
    share_out(tasks, model, jobs, done, work, lambda task: Scored(task, failure=DIED))


def share_out(
    tasks: Sequence[T],
    model: bytes,
    jobs: int,
    done: Callable[[R], None],
    work: Callable[[T, bytes, int | None], R],
    died: Callable[[T], R],
    parts: Callable[[T], Sequence[T]] = lambda _: (),
) -> None:
    """Do all tasks, `jobs` at a time, and hand what comes of each to `done`, in no fixed order.

    Memory does not grow with the number of tasks: only a few are under way, and none is kept. A worker that
    dies ends the others with it: each task that was under way is then done again by itself. One whose worker
    dies then, too, is done in `parts`, and of one that has none comes what `died` says.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        for task in tasks:
            done(work(task, model, None))
        return
    waiting = iter(tasks)
    while suspects := _until_broken(_Pool(jobs, model, work), waiting, done):
        while suspects:
            for task in _until_broken(_Pool(1, model, work, of=jobs), iter([suspects.pop(0)]), done):
                smaller = parts(task)
                suspects[:0] = smaller
                if not smaller:
                    done(died(task))


class _Pool(ProcessPoolExecutor):
    """Workers of `of` that share this machine; they are spawned, not forked: the networks' threads do not
    survive a fork."""

    def __init__(
        self, jobs: int, model: bytes, work: Callable[[T, bytes, int | None], R], of: int | None = None
    ) -> None:
        self.jobs = jobs
        threads = max(1, (os.cpu_count() or 1) // (of or jobs))
        spawning = multiprocessing.get_context("spawn")
        super().__init__(jobs, spawning, initializer=_begin, initargs=(model, threads, work))

    def begin(self, task: T) -> "Future[Any]":
        with interrupts.deferred():  # it may start a process
            return self.submit(_work, task)


def _until_broken(pool: _Pool, waiting: Iterator[T], done: Callable[[R], None]) -> list[T]:
    """Do what waits until it is done or a worker dies; returns the tasks that were under way then."""
    running: dict[Future[Any], T] = {}
    broken: list[T] = []
    with pool:
        try:
            for task in islice(waiting, _AHEAD * pool.jobs):
                running[pool.begin(task)] = task
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    try:
                        ended = future.result()
                    except BrokenProcessPool:
                        broken.append(task)
                        continue
                    done(ended)
                    for task in () if broken else islice(waiting, 1):
                        try:
                            running[pool.begin(task)] = task
                        except BrokenProcessPool:
                            broken.append(task)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return broken


_model = b""  # a worker's own copy, handed over once
_threads = 1
_judge: Callable[[Any, bytes, int | None], Any] = score


def _begin(model: bytes, threads: int, work: Callable[[Any, bytes, int | None], Any] = score) -> None:
    global _model, _threads, _judge
    _model, _threads, _judge = model, threads, work
    threading.Thread(target=_end_with_parent, name="posecoach-parent", daemon=True).start()
    interrupts.listen()


def _end_with_parent() -> NoReturn:
    """A parent that was killed cannot end its workers: they would judge on, and then wait, for nobody."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _work(task: Any) -> Any:
    return _judge(task, _model, _threads)
