"""How fast posecoach is on this machine, beside the loop that a user would write: ratios, all from one run.

bare      read a frame, give it to MediaPipe in VIDEO mode; nothing else
score     what `posecoach score` does with a clip
jobs      the same, one clip on each core
overlay   the same with the overlay drawn, encoded and written
live      a camera of 30 frames a second that waits for nobody
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import numpy as np
import psutil

from posecoach.coaching.watcher import Watcher
from posecoach.core.errors import PosecoachError
from posecoach.evaluation.loop import AgeMeter, Loop
from posecoach.evaluation.soak import Soak
from posecoach.feedback.video import VideoWriter
from posecoach.session import pipeline
from posecoach.session.batch import Task, score, score_all
from posecoach.session.drawing import drawn
from posecoach.session.stopwatch import Stage, Stopwatch
from posecoach.vision import native
from posecoach.vision.camera import Paced
from posecoach.vision.native import cv2
from posecoach.vision.source import Frame
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile

ROUNDS = 3
LIVE_S = 12.0
LIVE_SIZES = ((640, 480), (1280, 720))
_EXERCISE: Final = "knee_to_chest"
_SIDE: Final = "left"


@dataclass(frozen=True)
class Live:
    """A live session: frames shown and dropped, how old a frame is when it is shown, and how busy a core is.

    cpu  share of all cores, 0..1
    """

    shown: int
    dropped: int
    age_p50_ms: float
    age_p95_ms: float
    cpu: float


@dataclass
class Bench:
    """Frames a second of each way, milliseconds a frame of each stage, memory in megabytes.

    The speeds are those of the fastest round, the least disturbed one. `*_vs_bare` is the median of the
    ratios of each round to the bare loop right before it: they hold on a machine that is busy with something
    else.
    """

    bare_fps: float = 0.0
    score_fps: float = 0.0
    score_jobs_fps: float = 0.0
    overlay_fps: float = 0.0
    score_vs_bare: float = 0.0
    score_jobs_vs_bare: float = 0.0
    overlay_vs_bare: float = 0.0
    judge_ms: float = 0.0
    start_s: float = 0.0
    rss_mb: float = 0.0
    cores: int = 0
    memory_gb: float = 0.0
    stages_ms: dict[Stage, float] = field(default_factory=dict)
    lives: dict[str, Live] = field(default_factory=dict)
    soak: Soak | None = None

    def to_json(self) -> dict[str, object]:
        """The same, with each live session under a key of its own, as `live_640x480`."""
        values = {name: value for name, value in vars(self).items() if name not in ("lives", "soak")}
        values["soak"] = vars(self.soak) if self.soak is not None else None
        return values | {f"live_{name}": vars(one) for name, one in self.lives.items()}


def run(clip: Path, model: bytes, tell: Callable[[str], None]) -> Bench:
    """Measure everything but the soak; `tell` hears what is under way."""
    result = Bench(cores=os.cpu_count() or 1, memory_gb=psutil.virtual_memory().total / 1e9)
    VideoFile(clip).close()  # one that cannot be read is told at once
    bare, alone, drawn = list[float](), list[float](), list[float]()
    watch = Stopwatch()
    tell("the start")
    result.start_s = _start_s(clip, model)
    for number in range(1, ROUNDS + 1):
        tell(f"round {number} of {ROUNDS}: bare")
        bare.append(_bare_fps(clip, model))
        tell(f"round {number} of {ROUNDS}: score")
        alone.append(_score_fps(clip, model, watch))
        tell(f"round {number} of {ROUNDS}: overlay")
        drawn.append(_overlay_fps(clip, model, watch))
    tell("score with a job on each core")
    with _Memory() as memory:  # of workers: this process carries the peer along
        result.score_jobs_fps = _jobs_fps(clip, model)
    around = statistics.mean((bare[-1], _bare_fps(clip, model)))
    result.rss_mb = memory.most_mb
    result.bare_fps, result.score_fps, result.overlay_fps = max(bare), max(alone), max(drawn)
    result.score_vs_bare, result.overlay_vs_bare = _ratio(alone, bare), _ratio(drawn, bare)
    result.score_jobs_vs_bare = result.score_jobs_fps / around
    result.stages_ms = watch.per_frame_ms()
    result.judge_ms = result.stages_ms["judge"]
    for size in LIVE_SIZES:
        name = f"{size[0]}x{size[1]}"
        tell(f"live at {name}")
        result.lives[name] = _live(clip, model, size)
    return result


def _ratio(fps: Sequence[float], bare_fps: Sequence[float]) -> float:
    return statistics.median(one / bare for one, bare in zip(fps, bare_fps, strict=True))


def _task(clip: Path) -> Task:
    return Task(str(clip), clip, _EXERCISE, _SIDE)


def _start_s(clip: Path, model: bytes) -> float:
    """Seconds from the start of a new process to its first judged frame, with a warm cache of files."""
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "model"
        weights.write_bytes(model)
        command = [sys.executable, "-c", _FIRST_FRAME, str(clip), str(weights)]
        taken = list[float]()
        for _ in range(2):  # the first run warms the cache
            begin = time.perf_counter()
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            taken.append(time.perf_counter() - begin)
            if ended.returncode:
                raise PosecoachError(f"A new process could not judge {clip}: run 'posecoach doctor'.")
    return taken[-1]


_FIRST_FRAME = (
    "import pathlib, sys; from posecoach.evaluation import bench; "
    "bench.judge_first(*map(pathlib.Path, sys.argv[1:]))"
)


def judge_first(clip: Path, weights: Path) -> None:
    """Judge the first frame of a clip, and nothing else."""
    with VideoFile(clip) as video, Tracker(weights.read_bytes()) as tracker:
        next(pipeline.moments(video, tracker, Watcher(_EXERCISE, _SIDE)))


def _bare_fps(clip: Path, model: bytes) -> float:
    threads = cv2.getNumThreads()
    cv2.setNumThreads(-1)  # as many as by default
    try:
        return _bare_loop_fps(clip, model)
    finally:
        cv2.setNumThreads(threads)


def _bare_loop_fps(clip: Path, model: bytes) -> float:
    mediapipe, vision, base_options = native.mediapipe()
    options = vision.PoseLandmarkerOptions(
        base_options=base_options(model_asset_buffer=model), running_mode=vision.RunningMode.VIDEO
    )
    frames = 0
    with native.quiet(), vision.PoseLandmarker.create_from_options(options) as landmarker:
        capture = cv2.VideoCapture(str(clip))
        begin = time.perf_counter()
        while True:
            ok, image = capture.read()
            if not ok:
                break
            rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
            picture = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
            landmarker.detect_for_video(picture, frames * 33)
            frames += 1
        elapsed_s = time.perf_counter() - begin
        capture.release()
    return frames / elapsed_s


def _score_fps(clip: Path, model: bytes, watch: Stopwatch) -> float:
    begin = time.perf_counter()
    scored = score(_task(clip), model)
    elapsed_s = time.perf_counter() - begin
    if scored.failure:
        raise PosecoachError(scored.failure)
    watch.add(scored.watch)
    return scored.watch.frames / elapsed_s


def _jobs_fps(clip: Path, model: bytes) -> float:
    """Once every worker has judged its first clip: in long runs its start does not count."""
    jobs = os.cpu_count() or 1
    ended = list[tuple[float, int]]()
    tasks = [_task(clip)] * (jobs * (1 + ROUNDS))
    score_all(tasks, model, jobs, lambda one: ended.append((time.perf_counter(), one.watch.frames)))
    return sum(frames for _, frames in ended[jobs:]) / (ended[-1][0] - ended[jobs - 1][0])


def _overlay_fps(clip: Path, model: bytes, watch: Stopwatch) -> float:
    drawing = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        with (
            VideoFile(clip) as video,
            Tracker(model) as tracker,
            VideoWriter(Path(folder) / "overlay.mp4", video.fps) as recorder,
        ):
            pipeline.check(video, tracker, Watcher(_EXERCISE, _SIDE), recorder, watch=drawing, draw=drawn)
        elapsed_s = time.perf_counter() - begin
    watch.add(drawing)
    return drawing.frames / elapsed_s


def _live(clip: Path, model: bytes, size: tuple[int, int]) -> Live:
    loop = Loop(clip, size, LIVE_S)
    source = Paced(loop)
    meter = AgeMeter(source)
    process = psutil.Process()
    with source, Tracker(model, 0) as tracker:
        first = next(iter(loop))
        tracker.track(Frame(first.image, -1.0, 0))  # a session is set up before its first frame counts
        before = sum(process.cpu_times()[:2])
        begin = time.perf_counter()
        summary = pipeline.run(source, tracker, Watcher(_EXERCISE, _SIDE), recorder=meter, draw=drawn)
        elapsed_s = time.perf_counter() - begin
        busy_s = sum(process.cpu_times()[:2]) - before
    p50, p95 = np.percentile(meter.ages_s, (50, 95)) * 1000
    return Live(
        summary.frames_shown,
        summary.frames_dropped,
        float(p50),
        float(p95),
        busy_s / elapsed_s / (os.cpu_count() or 1),
    )


class _Memory:
    """The most that any worker process takes, megabytes, while the `with` block runs."""

    def __init__(self) -> None:
        self.most_mb = 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.2):
            for worker in psutil.Process().children():
                with contextlib.suppress(psutil.Error):
                    self.most_mb = max(self.most_mb, worker.memory_info().rss / 1e6)
