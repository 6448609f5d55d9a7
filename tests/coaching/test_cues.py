"""What is corrected, how often, and which side is named."""

from functools import cache
from itertools import pairwise

import pytest

from posecoach.coaching import phrases
from posecoach.coaching.plan import Step
from posecoach.coaching.view import View
from posecoach.coaching.watcher import Watcher
from posecoach.core.types import Posture
from tests.support.coached import FPS, KNEE_LEFT, RIGHT, coaching, kinds, run, told
from tests.support.synthetic import CROOK, T, film, repeat


@cache
def many_faults() -> list[View]:
    """A twist with both shoulders up, knees apart and arms in, held for long."""
    bad = T.but(turn=60, gap=0.9, shoulder_left=0.3, shoulder_right=0.3, arm_left=20, arm_right=20)
    coach = coaching(Step(exercise="spinal_twist", side="left", hold_s=20))
    return run(coach, film(T, [(1, T), (1.6, bad), (18, bad)], FPS))


def test_the_same_cue_is_not_repeated_soon() -> None:
    cues = [event for event in told(many_faults()) if event.kind == "cue"]
    assert len(cues) >= 2
    for text in {event.text for event in cues}:
        times = [event.t_s for event in cues if event.text == text]
        assert all(b - a >= 10 for a, b in pairwise(times))


def test_no_two_cues_come_close() -> None:
    times = [event.t_s for event in told(many_faults()) if event.kind == "cue"]
    assert all(b - a >= 3 for a, b in pairwise(times))


def test_a_cue_is_shown_as_long_as_the_fault_lasts() -> None:
    late = [view for view in many_faults() if view.phase == "hold" and view.hold_s > 4]
    assert late
    assert all(view.cue and not view.highlight_ok for view in late)


def test_a_cue_names_the_side() -> None:
    lifted = T.but(turn=60, shoulder_right=0.3)
    views = run(
        coaching(Step(exercise="spinal_twist", side="left", hold_s=5)),
        film(T, [(1, T), (1.6, lifted), (4, lifted)], FPS),
    )
    (cue,) = (event for event in told(views) if event.kind == "cue")
    assert cue.urgent
    assert "right shoulder" in cue.text
    assert "{" not in cue.text


def test_the_other_side_is_told_and_not_counted() -> None:
    coach = coaching(Step(exercise="knee_to_chest", side="left", hold_s=2))
    views = run(coach, film(CROOK, repeat(CROOK, RIGHT, 3), FPS))
    assert phrases.other_side("left") in [event.text for event in told(views) if event.kind == "cue"]
    assert views[-1].reps == 0
    assert "step_done" not in kinds(views)


@pytest.mark.parametrize("hip", [80, 118])
def test_both_knees_where_one_is_asked_for_are_told_and_nothing_is_corrected(hip: float) -> None:
    both = CROOK.but(hip_left=hip, hip_right=hip, knee_left=128, knee_right=128)
    coach = coaching(KNEE_LEFT)
    views = run(coach, film(CROOK, [(2, CROOK), *repeat(CROOK, both, 6)], FPS))
    said = [(event.kind, event.text) for event in told(views)]
    assert ("unseen", str(phrases.both_legs("left"))) in said
    assert not {"cue", "in_position", "hold_done"} & {kind for kind, _ in said}
    assert coach.finish()[0].verdict != "good"


@pytest.mark.parametrize("posture", ["left_side", "right_side"])
def test_whoever_lies_on_a_side_is_asked_to_turn_over_and_not_to_move_one_leg_only(posture: Posture) -> None:
    both = CROOK.but(hip_left=110, hip_right=110, knee_left=100, knee_right=100)
    views = run(
        Watcher("knee_to_chest"), film(CROOK, [(2, CROOK), (1.5, both), (6, both)], FPS, posture=posture)
    )
    assert views[-1].not_seen == phrases.LIE["supine"]
    assert str(phrases.both_legs("both")) not in [event.text for event in told(views)]
