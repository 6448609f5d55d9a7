"""From which positions a step may start."""

import pytest

from posecoach.coaching import phrases
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.view import Event
from posecoach.coaching.watcher import Watcher
from tests.support.synthetic import CROOK, STRAIGHT, Shot, Stance, T, film, repeat

LEFT = CROOK.but(hip_left=118, knee_left=128)
RIGHT = CROOK.but(hip_right=118, knee_right=128)
CURLED = CROOK.but(hip_left=105, hip_right=105, knee_left=100, knee_right=100)
KNEES = [Step("knee_to_chest", side="left", hold_s=3), Step("knee_to_chest", side="right", hold_s=3)]


def session(steps: list[Step], shots: list[Shot]) -> tuple[Coach, list[Event]]:
    """A coach who has seen all shots, and what was told."""
    coach = Coach(Routine(title="x", steps=tuple(steps)))
    return coach, [event for shot in shots for event in coach.update(shot.pose, shot.t_s).events]


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


def test_whoever_changes_legs_at_once_is_judged_from_there_on() -> None:
    segments = [(3, CROOK), (1.5, LEFT), (4, LEFT), (1.5, RIGHT), (5, RIGHT), (1.5, CROOK), (1, CROOK)]
    shots = film(CROOK, segments, 10)
    coach, told = session(KNEES, shots)
    assert "waiting" not in {event.kind for event in told}
    first, second = (event.t_s for event in told if event.kind == "hold_done")
    assert second - first > 3
    assert told[-1].text.startswith(phrases.DONE.format(done=2, count=2))
    left, right = coach.finish()
    assert (left.verdict, right.verdict, right.side) == ("good", "good", "right")
    watcher = Watcher("knee_to_chest", "right", 3)
    for shot in shots:
        if shot.t_s > first + 1.2:
            watcher.update(shot.pose, shot.t_s)
    assert watcher.finish()[0].verdict == right.verdict


def test_whoever_lies_curled_up_already_is_not_told_how_to_lie() -> None:
    uncurled = CROOK.but(hip_left=20, hip_right=20, knee_left=30, knee_right=30)
    shots = film(CURLED, [(6, CURLED), (2, uncurled), (1, uncurled)], 10, posture="right_side")
    coach, told = session([Step("fetal", side="right", hold_s=4)], shots)
    assert [event.kind for event in told][:2] == ["announce", "in_position"]
    assert {"hold_done", "done"} <= {event.kind for event in told}
    assert "waiting" not in {event.kind for event in told}
    [result] = coach.finish()
    watcher = Watcher("fetal", "right", 4)
    for shot in shots:
        watcher.update(shot.pose, shot.t_s)
    [checked] = watcher.finish()
    assert (result.verdict, result.notes) == (checked.verdict, checked.notes)
    assert "way_in_unseen" in str(result.notes)


def test_a_limb_that_passes_through_the_position_does_not_begin_the_step() -> None:
    coach, told = session(KNEES[1:], film(RIGHT, [(0.5, RIGHT), (1.5, CROOK), (2, CROOK)], 10))
    assert "in_position" not in {event.kind for event in told}
    assert "ready" in {event.kind for event in told}
    assert coach.finish()[0].faults == ()


def test_knees_that_lean_while_the_step_is_explained_are_how_somebody_rests() -> None:
    leaning = T.but(turn=30)
    coach = Coach(Routine(title="x", steps=(Step("spinal_twist", side="left", hold_s=8),)))
    for shot in film(T, [(1.5, T), (0.2, leaning), (4.3, leaning)]):
        view = coach.update(shot.pose, shot.t_s)
    assert view.phase != "hold"
    turn = (view.measures or {}).get("trunk_rotation")
    assert turn is not None
    assert abs(turn) < 10
