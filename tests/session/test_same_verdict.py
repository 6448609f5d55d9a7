"""A recording gets one verdict live, in both kinds of `check`, and in `score`: over all samples."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.watcher import Watcher
from posecoach.core.observation import Observation
from posecoach.evaluation.labels import Label, load
from posecoach.kinematics.asking import answered
from posecoach.session.batch import Task
from posecoach.session.landmarks import Kept
from posecoach.session.pipeline import check, run
from posecoach.session.recorded import Recorded, Seen
from posecoach.session.rejudging import rejudging
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.source import Frame, Source
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile
from tests.conftest import SAMPLES

LABELS = load(SAMPLES / "labels.csv")


class Filmed(Source):
    """The times of a clip's frames, with an empty picture for each."""

    def __init__(self, seen: Seen) -> None:
        self.size, self.fps, self.live, self._seen = (64, 48), 12.0, True, seen

    def __iter__(self) -> Iterator[Frame]:  # type: ignore[override]
        for index, (t_s, _) in enumerate(self._seen):
            yield Frame(np.zeros((48, 64, 3), np.uint8), t_s, index)

    def close(self) -> None: ...


class Known:
    """A tracker that knows the bodies."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def settle(self, frames: Iterable[Frame]) -> None: ...

    def track(self, frame: Frame) -> Observation:
        return Observation(frame.t_s, frame.image, pose=self._seen[frame.index][1])


def _tracked(clip: Path, weights: bytes) -> Seen:
    with VideoFile(clip) as video, Tracker(weights, threads=1) as tracker:
        return Recorded(video, tracker, Stopwatch()).poses


@pytest.fixture(scope="module")
def bodies(weights: bytes) -> dict[Path, Seen]:
    """What the tracker sees in each sample clip."""
    clips = [label.clip for label in LABELS]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        return dict(zip(clips, pool.map(_tracked, clips, [weights] * len(clips)), strict=True))


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label.clip.stem)
def test_a_clip_gets_one_verdict_in_all_four_ways(label: Label, bodies: dict[Path, Seen]) -> None:
    seen, hold_s = bodies[label.clip], label.hold_target_s
    side: Literal["left", "right"] | None = (
        "left" if label.side == "left" else "right" if label.side == "right" else None
    )
    step = Step(label.exercise, side=side or "both", hold_s=hold_s, reps=label.reps or 1)

    def coach() -> Coach:
        return Coach(Routine("One step", (step,)))

    def told(result: Result) -> tuple[str, set[str]]:
        return result.verdict, {fault.name for fault in result.faults}

    scored = answered(
        rejudging(Task("", label.clip, label.exercise, side, hold_s), Kept("", "", seen))
    ).result
    assert scored is not None
    [checked] = check(Filmed(seen), Known(seen), Watcher(label.exercise, side, hold_s))
    [of_routine] = check(Filmed(seen), Known(seen), coach())
    [live] = run(Filmed(seen), Known(seen), coach()).results
    assert told(scored) == told(checked) == told(of_routine) == told(live)
