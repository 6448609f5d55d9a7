"""What is said of a recording in which no exercise is recognised."""

from dataclasses import replace

import numpy as np
import pytest

from posecoach.assessment.recognition import recognise
from posecoach.assessment.results import Note
from posecoach.coaching.watcher import Watcher
from posecoach.core.pose import Pose
from posecoach.session.recorded import PoseTrack, unrecognised
from posecoach.vision.orientation import turn_points
from tests.support.synthetic import CROOK, STRAIGHT, film, repeat

LYING = [(shot.t_s, shot.pose) for shot in film(STRAIGHT, [(3, STRAIGHT)])]


def stood(pose: Pose) -> Pose:
    """The same in a picture that was turned, so that the head is on top."""
    width, height = pose.size
    turned = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    image = pose.image[:, ::-1] * (1, -1) + (0, width)
    world = None if pose.world is None else pose.world @ turned.T
    return replace(pose, image=image, world=world, size=(height, width))


def hung(pose: Pose) -> Pose:
    """The same with the head below."""
    width, height = pose.size
    assert pose.world is not None
    image, world = turn_points(pose.image, pose.world, pose.size, 90)
    return replace(pose, image=image, world=world, size=(height, width))


def notes(seen: PoseTrack) -> tuple[Note | str, ...]:
    return unrecognised(seen, recognise(pose for _, pose in seen)).notes


def test_a_body_that_lies_and_does_nothing_known_wants_a_name() -> None:
    assert notes(LYING) == (Note("not_recognised"),)


def test_a_recording_lasts_from_its_first_frame_to_its_last() -> None:
    later = [(t_s + 300, pose) for t_s, pose in LYING]
    result = unrecognised(later, recognise(pose for _, pose in later))
    assert result.duration_s == pytest.approx(LYING[-1][0] - LYING[0][0])


def test_where_nobody_is_seen_no_name_would_help() -> None:
    assert notes([(t_s, None) for t_s, _ in LYING]) == (Note("body_unseen"),)


def test_a_body_that_stands_in_a_turned_picture_wants_it_turned_back() -> None:
    assert notes([(t_s, stood(pose)) for t_s, pose in LYING]) == (Note("not_lying"),)


def test_a_body_that_seems_to_lie_up_and_down_in_a_turned_picture_may_want_it_turned_back() -> None:
    hint = Note("runs_vertically")
    assert notes([(t_s, hung(pose)) for t_s, pose in LYING]) == (Note("not_recognised"), hint)
    raised = film(CROOK, repeat(CROOK, CROOK.but(hip_right=85, knee_right=15), 5))
    watchers = Watcher("hamstring"), Watcher("hamstring")
    for shot in raised:
        watchers[0].update(shot.pose, shot.t_s)
        watchers[1].update(hung(shot.pose), shot.t_s)
    [upright], [turned] = (watcher.finish() for watcher in watchers)
    assert (upright.verdict, hint in upright.notes) == ("good", False)
    assert (turned.verdict, hint in turned.notes) == ("unseen", True)
