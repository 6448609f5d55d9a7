"""Measurements of many clips at once: each must be what it is when the clip is measured by itself."""

from dataclasses import replace

import pytest

from posecoach.core.pose import Pose
from posecoach.kinematics.body import Body, Measurements
from posecoach.kinematics.measurement_requests import Asking, answered, answered_together
from tests.support.synthetic import CROOK, STRAIGHT, VIEWS, film

DEEP = CROOK.but(hip_left=115, knee_left=125)
CLIPS = [
    film(CROOK, [(0.8, CROOK), (0.6, DEEP), (0.4, DEEP)], camera=VIEWS["side"]),
    film(STRAIGHT, [(1.5, STRAIGHT)], camera=VIEWS["oblique"], posture="prone"),
    film(STRAIGHT, [(0.5, CROOK), (0.7, CROOK)], camera=VIEWS["top"]),
]


def flat(pose: Pose) -> Pose:
    """The same body without a place in space."""
    return replace(pose, world=None)


def measured(poses: list[Pose]) -> Asking[list[Measurements]]:
    """What is measured in each pose of a clip, whose body rests whenever it is still."""
    body, found = Body(), list[Measurements]()
    for pose in poses:
        found.append((yield body, pose))
        body.may_rest(found[-1], "between_moves")
    return found


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_clips_side_by_side_measure_as_each_does_alone(at_once: int) -> None:
    clips = [[shot.pose for shot in shots] for shots in CLIPS]
    clips[1][4] = flat(clips[1][4])  # a frame that cannot be measured among others that can
    alone = [answered(measured(poses)) for poses in clips]
    together = list(answered_together(map(measured, clips), at_once))
    assert sorted(map(len, together)) == sorted(map(len, clips))
    for found in together:
        [same] = [other for other in alone if len(other) == len(found)]
        for one, other in zip(found, same, strict=True):
            assert (one.t_s, one.hidden, one.still) == (other.t_s, other.hidden, other.still)
            assert one.values == pytest.approx(other.values, abs=1e-3)
            assert one.deviations == pytest.approx(other.deviations, abs=1e-3)


def test_work_that_asks_for_nothing_has_its_result_too() -> None:
    assert list(answered_together([measured([]), measured([])], 1)) == [[], []]
