"""From which positions a step may start."""

import pytest

from posecoach.coaching import phrases
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from tests.support.synthetic import CROOK, STRAIGHT, Stance, film, repeat


@pytest.mark.parametrize("enter", [45, 53, 70])
@pytest.mark.parametrize(
    "rest", [CROOK, CROOK.but(hip_left=62, hip_right=62, knee_left=115, knee_right=115), STRAIGHT]
)
def test_a_hamstring_stretch_starts_from_bent_or_straight_legs_with_any_own_limit(
    enter: float, rest: Stance
) -> None:
    limits = {"enter": enter, "leg_too_low": enter - 10}
    step = Step(exercise="hamstring", side="left", hold_s=2, limits=limits)
    coach = Coach(Routine(title="x", steps=(step,)))
    raised = STRAIGHT.but(hip_left=85, knee_left=15, hip_right=rest.hip_right, knee_right=rest.knee_right)
    kinds = []
    for sample in film(rest, repeat(rest, raised, 3, 1, 2), 8):
        kinds += [event.kind for event in coach.update(sample.pose, sample.t_s).events]
    assert "step_done" in kinds
    (result,) = coach.finish()
    assert (result.verdict, result.reps) == ("good", 1)


def test_the_fetal_position_names_the_side_and_waits_for_it() -> None:
    lying = CROOK.but(hip_left=20, hip_right=20, knee_left=30, knee_right=30)
    coach = Coach(Routine(title="x", steps=(Step(exercise="fetal", side="right", hold_s=2),)))
    frames = film(lying, [(8, lying)], 8, posture="left_side")
    views = [coach.update(sample.pose, sample.t_s) for sample in frames]
    events = [event for view in views for event in view.events]
    assert phrases.LIE["right_side"] in {view.instruction for view in views}
    assert not any("{" in event.text for event in events)
    assert "ready" not in {event.kind for event in events}
