"""What is said of a recording in which no exercise is recognised."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.assessment.recognition import recognise
from posecoach.assessment.results import Note
from posecoach.coaching.watcher import Watcher
from posecoach.core.pose import Pose
from posecoach.core.types import Rotation
from posecoach.kinematics.measurement_requests import answered
from posecoach.session.checking import Checker
from posecoach.session.doubts import with_notes
from posecoach.session.pipeline import check
from posecoach.session.recorded import PoseTrack, Recorded, unrecognised
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.orientation import turn_points
from posecoach.vision.source import Frame
from posecoach.vision.video_file import VideoFile
from tests.session.test_frozen import FPS, LEFT, Pictures, Sees
from tests.support.synthetic import CROOK, STRAIGHT, film, repeat

TO_BEND = [(shot.t_s, shot.pose) for shot in film(CROOK, [(8, CROOK)])]
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


def placed(pose: Pose, scale: float, across: float = 0.0) -> Pose:
    """The same, smaller, and moved across the picture by a share of its width."""
    width, height = pose.size
    middle = np.array([width / 2, height / 2])
    return replace(pose, image=(pose.image - middle) * scale + middle + (across * width, 0))


SMALL, CUT = Note("picture_too_small"), Note("picture_cuts")


@pytest.mark.parametrize(
    ("scale", "across", "why"),
    [
        (0.15, 0.0, (SMALL,)),
        (1.0, 0.5, (CUT,)),
        (0.15, 0.5, (SMALL, CUT)),
        (0.6, 0.0, (Note("not_recognised"),)),
    ],
)
def test_a_body_that_is_too_small_or_cut_off_is_called_so_before_a_name_is_asked_for(
    scale: float, across: float, why: tuple[Note, ...]
) -> None:
    assert notes([(t_s, placed(pose, scale, across)) for t_s, pose in LYING]) == why


def test_a_body_that_is_cut_off_is_called_so_where_the_exercise_is_told() -> None:
    [told] = answered(Watcher("bridge").watching([(t_s, placed(pose, 1.0, 0.5)) for t_s, pose in LYING]))
    assert (told.verdict, told.notes) == ("unseen", (Note("body_unseen"), CUT))
    assert with_notes(told, [CUT]).notes == told.notes, "and once"


@pytest.mark.parametrize(("across", "verdict"), [(0.0, "not_performed"), (-0.28, "unseen")])
def test_whose_feet_are_outside_the_picture_may_have_done_it_there(across: float, verdict: str) -> None:
    lying = film(CROOK, [(6, CROOK)])
    seen = [(shot.t_s, placed(shot.pose, 1.0, across)) for shot in lying if shot.pose is not None]
    [told] = answered(Watcher("double_knees_to_chest").watching(seen))
    assert (told.verdict, CUT in told.notes) == (verdict, verdict == "unseen")


@pytest.mark.parametrize(("scale", "small"), [(0.7, False), (0.35, True)])
def test_of_a_body_that_is_small_in_the_picture_a_verdict_is_less_sure(scale: float, small: bool) -> None:
    done = film(CROOK, [(2.0, CROOK), *repeat(CROOK, LEFT, 14.0)], FPS)
    seen = [(shot.t_s, placed(shot.pose, scale)) for shot in done if shot.pose is not None]
    [told] = answered(Watcher("knee_to_chest").watching(seen))
    assert (told.verdict, SMALL in told.notes, told.confidence < 0.8) == ("good", small, small)


def test_beside_another_exercise_a_body_is_framed_once_and_missed_only_where_it_was_away() -> None:
    bridge = film(CROOK, [(1.0, CROOK), *repeat(CROOK, CROOK.but(pelvis=0.45), 3.0, 3, 1.5)], FPS)
    knee = film(CROOK, [(2.0, CROOK), *repeat(CROOK, LEFT, 8.0)], FPS)
    later = [(shot.t_s + knee[-1].t_s + 1 / FPS, shot.pose) for shot in bridge]
    seen = [*((shot.t_s, shot.pose) for shot in knee[:-1]), (knee[-1].t_s, None), *later]
    small = [(t_s, None if pose is None else placed(pose, 0.35)) for t_s, pose in seen]
    [told] = answered(Watcher("knee_to_chest").watching(small))
    codes = [note.code for note in told.notes if isinstance(note, Note)]
    assert told.verdict == "good"
    assert sorted(codes) == ["left_out", "picture_too_small"]


def test_who_seems_to_lie_otherwise_in_a_picture_that_may_be_turned_may_have_done_it() -> None:
    lying = [(shot.t_s, hung(shot.pose)) for shot in film(STRAIGHT, [(6, STRAIGHT)]) if shot.pose is not None]
    [told] = answered(Watcher("press_up").watching(lying))
    assert told.verdict == "unseen"
    assert Note("runs_vertically") in told.notes


@pytest.mark.parametrize(("gone_s", "told"), [(0.8, False), (3.0, True)])
def test_that_nobody_was_seen_for_a_while_is_said(gone_s: float, told: bool) -> None:
    done = film(CROOK, [(2.0, CROOK), *repeat(CROOK, LEFT, 14.0)], FPS)
    seen = [(shot.t_s, None if 8 < shot.t_s < 8 + gone_s else shot.pose) for shot in done]
    [result] = answered(Watcher("knee_to_chest").watching(seen))
    assert (result.verdict, Note("body_away") in result.notes) == ("good", told)
    nothing = [(t_s, None if 1 < t_s < 1 + gone_s else pose) for t_s, pose in TO_BEND]
    [result] = answered(Watcher("knee_to_chest").watching(nothing))
    assert result.verdict == ("unseen" if told else "not_performed"), "it may have been done then"


def test_that_frames_come_too_seldom_is_said_before_a_name_is_asked_for() -> None:
    assert notes([(10 * t_s, pose) for t_s, pose in LYING]) == (Note("too_few_frames"),)


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


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_recording_is_judged_without_its_pictures_as_with_them(rotation: Rotation) -> None:
    shots = film(CROOK, [(2.0, CROOK), *repeat(CROOK, LEFT, 14.0)], FPS)
    stands = 60
    numbers = [*range(stands), *[stands] * 40, *range(stands + 40, len(shots))]
    tracked = Recorded(Pictures(numbers), Sees(shots, rotation), Stopwatch(), ahead=False)
    with_them = check(Pictures(numbers), tracked, Watcher("knee_to_chest"))
    assert Note("picture_frozen") in with_them[0].notes
    assert check(tracked.without_pictures(), tracked, Watcher("knee_to_chest")) == with_them


def test_a_video_that_was_tracked_is_decoded_again_only_to_be_drawn(
    weights: bytes, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = 0
    original = VideoFile.__iter__

    def counted(self: VideoFile) -> Generator[Frame, None, None]:
        nonlocal decoded
        for frame in original(self):
            decoded += 1
            yield frame

    monkeypatch.setattr(VideoFile, "__iter__", counted)
    checker = Checker(weights)
    seen = checker.track(short_clip)
    plain = checker.judge(short_clip, Watcher("knee_to_chest"), seen)
    assert decoded == len(seen.seen)
    drawn = checker.judge(short_clip, Watcher("knee_to_chest"), seen, tmp_path / "drawn.mp4")
    assert decoded == 2 * len(seen.seen)
    assert (plain.results, plain.frames) == (drawn.results, drawn.frames)
