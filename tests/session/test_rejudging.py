"""Landmarks judged again: each clip is judged as if it were measured anew for it."""

import os
from pathlib import Path

import pytest

from posecoach.assessment.recognition import recognise
from posecoach.assessment.results import Result
from posecoach.coaching.timeline import Timeline
from posecoach.coaching.watcher import Watcher
from posecoach.kinematics.measurement_requests import Asking, answered
from posecoach.session.batch import Scored, Task, judging
from posecoach.session.landmarks import Kept
from posecoach.session.measurement_log import MeasurementLog
from posecoach.session.recorded import PoseTrack
from posecoach.session.rejudging import Group, rejudge_all, rejudging
from tests.assessment.test_exercises import GOOD
from tests.assessment.test_recognition import FPS, shoot
from tests.support.synthetic import Shot, film, in_turn, repeat, rolling

BRIDGE = GOOD["bridge"]
LOW = BRIDGE.rest.but(pelvis=0.08)
CLIPS = {
    "as a session begins": shoot(GOOD["knee_to_chest"]),
    "on a side first": [
        *reversed(rolling(GOOD["hamstring, right, legs bent"].rest, 90, 0.0, fps=FPS)),
        *shoot(GOOD["hamstring, right, legs bent"]),
    ],
    "in the position first": shoot(GOOD["knee_to_chest"])[3 * FPS :],
    "a low bridge first": [
        *film(BRIDGE.rest, repeat(BRIDGE.rest, LOW, 4.0), FPS),
        *shoot(BRIDGE),
        *shoot(BRIDGE),
    ],
    "two exercises": [*shoot(GOOD["knee_to_chest"]), *shoot(BRIDGE)],
}


def seen_in(shots: list[Shot]) -> PoseTrack:
    return [(shot.t_s, shot.pose) for shot in in_turn(shots, FPS)]


def rejudged(seen: PoseTrack) -> tuple[Result, ...]:
    """What comes of a clip whose exercise is detected, taken as one."""
    return answered(rejudging(Task("clip", Path("clip"), None, whole=True), Kept("clip", "", seen))).results


@pytest.mark.parametrize("clip", CLIPS)
def test_a_clip_is_judged_as_with_a_body_of_its_own(clip: str) -> None:
    seen = seen_in(CLIPS[clip])
    [result] = rejudged(seen)
    if result.exercise is not None:
        assert [result] == answered(Watcher(result.exercise).watching(seen))


@pytest.mark.parametrize("clip", CLIPS)
def test_what_is_kept_of_each_frame_is_what_a_screen_shows_of_it(clip: str) -> None:
    seen = seen_in(CLIPS[clip])
    judged = answered(judging(Task("clip", Path("clip"), None), seen, detailed=True))
    spans = recognise(pose for _, pose in seen).timeline()
    if not spans:
        assert judged.frames is None
        return
    coach, shown = Timeline(spans, Watcher), MeasurementLog()
    for t_s, pose in seen:
        view = coach.update(pose, t_s)
        shown.add(t_s, view.phase, view.measures)
    assert judged == (coach.finish(), shown)


def test_a_clip_that_rests_alike_is_measured_once() -> None:
    seen, measured = seen_in(CLIPS["as a session begins"]), 0

    def counted(asking: Asking[object]) -> Asking[object]:
        nonlocal measured
        try:
            asked = next(asking)
            while True:
                measured += 1
                asked = asking.send((yield asked))
        except StopIteration as end:
            return end.value

    answered(counted(rejudging(Task("clip", Path("clip"), None), Kept("clip", "", seen))))
    assert measured == len(seen)


def test_a_clip_that_ends_its_worker_costs_the_others_of_its_group_nothing() -> None:
    finished: list[Scored] = []
    names = [*"abcd", "deadly", "e"]
    rejudge_all([Task(name, Path(name), None) for name in names], 2, finished.append, _judge_or_die)
    assert sorted(one.task.name for one in finished) == sorted(names)
    assert {one.task.name for one in finished if one.failure} == {"deadly"}


def _judge_or_die(group: Group, model: bytes, threads: int | None) -> list[Scored]:
    if any(task.name == "deadly" for task in group):
        os._exit(11)
    return [Scored(task) for task in group]
