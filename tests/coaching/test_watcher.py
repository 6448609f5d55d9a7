"""A clip is judged as a session is: from a starting position on, and for what it shows."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentences
from posecoach.assessment.recognition import Recogniser, recognise
from posecoach.assessment.results import Note, Result
from posecoach.assessment.run_recognition import Recognition
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.timeline import Timeline
from posecoach.coaching.watcher import Watcher
from posecoach.core.choices import OneSide
from posecoach.core.pose import Pose
from posecoach.kinematics.measurement_requests import answered
from tests.assessment.test_exercises import GOOD
from tests.support.synthetic import (
    CROOK,
    STRAIGHT,
    VIEWS,
    Segment,
    Shot,
    Stance,
    T,
    film,
    repeat,
    rolling,
    watch,
)

LANDMARKS = Path(__file__).parents[2] / "training" / "landmarks.npz"
KNEE = CROOK.but(hip_left=118, knee_left=128)
LIFTED = CROOK.but(pelvis=0.45)
RISE = STRAIGHT.but(trunk=22)


def codes(result: Result) -> set[str]:
    """The notes of a result."""
    return {note if isinstance(note, str) else note.code for note in result.notes}


def later(shots: Iterable[Shot], start_s: float) -> list[Shot]:
    """The part of a film from `start_s` on."""
    return [shot for shot in shots if shot.t_s >= start_s]


@pytest.mark.parametrize("rest", [CROOK, STRAIGHT, T], ids=["bent", "straight", "arms out"])
@pytest.mark.parametrize("exercise", sorted(CATALOGUE))
def test_who_lies_still_has_not_performed_anything(exercise: str, rest: Stance) -> None:
    verdict = watch(exercise, film(rest, [(12, rest)]), hold_s=5).verdict
    timed = CATALOGUE[exercise].timed_only
    assert verdict == "not_performed" or (timed and verdict == "unseen")


def seen_of_haste(coach: Watcher | Timeline, seen: Iterable[Shot]) -> tuple[bool, bool]:
    """Whether a view corrects the haste of what was `seen`, and whether a result has it."""
    views = [coach.update(shot.pose, shot.t_s) for shot in seen]
    faults = [fault.name for result in coach.finish() for fault in result.faults]
    return any("slowly" in str(view.cue) for view in views), "rushed" in faults


@pytest.mark.parametrize("of_spans", [False, True])
def test_what_is_drawn_and_said_of_a_clip_corrects_no_haste_that_cannot_be_judged(of_spans: bool) -> None:
    seen = film(CROOK, [(3.0, CROOK), *repeat(CROOK, LIFTED, 1.0, 4, move_s=0.5), (2, CROOK)], 15)

    def coach() -> Watcher | Timeline:
        if not of_spans:
            return Watcher("bridge")
        spans = recognise(shot.pose for shot in seen).timeline()
        return Timeline(spans, lambda exercise: Watcher(exercise))

    assert seen_of_haste(coach(), seen) == (True, True)
    untimed, dim = coach(), coach()
    untimed.mistrust_times()
    dim.picture("dim")
    assert not seen_of_haste(untimed, seen)[0]
    assert not seen_of_haste(dim, seen)[0]


def test_a_side_that_an_exercise_does_not_have_is_none() -> None:
    coach = Watcher("bridge", "left")
    views = [coach.update(shot.pose, shot.t_s) for shot in film(CROOK, repeat(CROOK, LIFTED))]
    (result,) = coach.finish()
    assert {view.side for view in views} == {result.side} == {"both"}


@pytest.mark.parametrize("exercise", sorted(set(CATALOGUE) - {"knee_to_chest"}))
def test_a_knee_drawn_in_is_no_other_exercise(exercise: str) -> None:
    result = watch(exercise, film(CROOK, repeat(CROOK, KNEE, 6.0)), hold_s=5)
    assert result.verdict != "good"


def test_another_exercise_than_the_told_one_is_named() -> None:
    result = watch("bridge", film(CROOK, repeat(CROOK, KNEE, 6.0)))
    assert (result.verdict, codes(result)) == ("not_performed", {"looks_like"})
    # It cannot be judged as that, and nothing hid it.
    both = KNEE.but(hip_right=KNEE.hip_left, knee_right=KNEE.knee_left)
    hidden = watch("knee_to_chest", film(CROOK, repeat(CROOK, both, 6.0)))
    assert (hidden.verdict, codes(hidden)) == ("unseen", {"looks_like"})
    double = watch("double_knees_to_chest", film(CROOK, repeat(CROOK, LIFTED, 3.0, reps=2)))
    assert double.verdict != "good"


@pytest.mark.parametrize(("exercise", "verdict"), [("pelvic_tilt", "unseen"), ("bridge", "not_performed")])
def test_a_tilt_that_looks_like_drawn_in_knees_may_be_one_with_lifted_feet(
    exercise: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shows = Recognition("knee_to_chest", certainty=1.0)
    monkeypatch.setattr(Recogniser, "mainly", lambda recogniser, spans: shows)
    result = watch(exercise, film(CROOK, [(8, CROOK)], camera=VIEWS["oblique"]))
    assert (result.verdict, codes(result)) == (verdict, {"looks_like"})


@pytest.mark.parametrize("bridges_first", [True, False])
def test_another_exercise_of_the_recording_is_left_out_of_the_told_one(bridges_first: bool) -> None:
    knee, bridges = repeat(CROOK, KNEE, 6.0), repeat(CROOK, LIFTED, 3.0, reps=3)
    shots = film(CROOK, [*bridges, (3, CROOK), *knee] if bridges_first else [*knee, (3, CROOK), *bridges])
    for told, reps, other in (("knee_to_chest", 1, "bridge"), ("bridge", 3, "knee_to_chest")):
        result = watch(told, shots)
        left_out = result.noted("left_out")
        assert (result.verdict, result.reps) == ("good", reps)
        assert left_out is not None
        assert left_out.arguments == {"exercise": other}
        assert (result.frames, result.duration_s) == (len(shots), shots[-1].t_s)
    raised = watch("hamstring", shots)
    assert raised.verdict == "unseen" or raised.seems is not None, "it is neither of them"


def test_that_the_other_side_was_worked_than_was_asked_for_is_said() -> None:
    def asked_for(side: OneSide, shots: list[Shot]) -> Result:
        return answered(Watcher("knee_to_chest", side).watching([(shot.t_s, shot.pose) for shot in shots]))[0]

    left_knee = film(CROOK, repeat(CROOK, KNEE, 6.0))
    as_asked, other = asked_for("left", left_knee), asked_for("right", left_knee)
    assert (as_asked.verdict, as_asked.side, codes(as_asked)) == ("good", "left", set())
    assert (other.verdict, other.side, codes(other)) == ("good", "left", {"other_side"})
    assert "The right side was asked for" in sentences(other.notes)[0]
    nothing = asked_for("right", film(CROOK, [(12, CROOK)]))
    assert (nothing.verdict, nothing.side, codes(nothing)) == ("not_performed", "right", set())


def test_what_came_before_turning_over_does_not_count_against_the_press_up() -> None:
    on_the_back = film(STRAIGHT, [(8, STRAIGHT)])
    on_the_front = film(STRAIGHT, repeat(STRAIGHT, RISE, 3.0), posture="prone", start_s=9.0)
    result = watch("press_up", [*on_the_back, *on_the_front], hold_s=2)
    assert (result.verdict, result.reps) == ("good", 1)


def test_a_clip_that_begins_in_position_is_good_and_says_so() -> None:
    result = watch("knee_to_chest", later(film(CROOK, repeat(CROOK, KNEE, 8.0, rest_s=3)), 6.0))
    assert result.verdict == "good"
    assert "began_in_position" in codes(result)


def test_a_position_that_nobody_saw_anybody_reach_is_not_good() -> None:
    shots = film(CROOK, repeat(CROOK, KNEE, 8.0, rest_s=3))
    unseen_way_in = [shot for shot in shots if not 2.9 < shot.t_s < 6.0]
    result = watch("knee_to_chest", unseen_way_in, hold_s=5)
    assert result.verdict == "unseen"


@pytest.mark.parametrize("lost_s", [0.2, 0.45], ids=["nearly in", "half way"])
@pytest.mark.parametrize("case", ["knee_to_chest", "double_knees_to_chest", "hamstring"])
def test_a_hold_that_nobody_saw_is_no_fault(case: str, lost_s: float) -> None:
    """The body is lost from before it is in position to as long after it has left it."""
    move = GOOD[case]
    shots = film(
        move.rest, [(6, move.rest), *repeat(move.rest, move.deep, 10, 1, 2, 1.8), (3, move.rest)], 12
    )
    whole = watch(case.split(",")[0], shots, hold_s=10)
    (held,) = whole.positions
    seen = [shot for shot in shots if not held.start_s - lost_s < shot.t_s < held.end_s + lost_s]
    assert (whole.verdict, watch(case.split(",")[0], seen, hold_s=10).verdict) == ("good", "unseen")


def test_sitting_up_between_two_holds_is_none_of_them() -> None:
    move, sits = GOOD["double_knees_to_chest"], CROOK.but(trunk=70, arm_left=20, arm_right=20)
    hold = repeat(move.rest, move.deep, 8, 1, 2, 1.8)
    pause: list[Segment] = [(2, CROOK), (2, sits), (6, sits), (2.5, CROOK), (3, CROOK)]
    result = watch("double_knees_to_chest", film(CROOK, [*hold, *pause, *hold], 12), hold_s=7)
    assert (result.verdict, result.reps, len(result.positions)) == ("good", 2, 2)


def test_a_short_move_soon_after_a_good_one_is_told() -> None:
    """The leg is put down bent in between, where it lay straight at first."""
    move, bent = GOOD["knee_to_chest"], CROOK.but(hip_right=2, knee_right=4)
    low = move.deep.but(hip_left=72, knee_left=90, hip_right=2, knee_right=4)
    deep = move.deep.but(hip_right=2, knee_right=4)
    segments = [
        (3, STRAIGHT),
        (1.8, deep),
        (9, deep),
        (1.8, bent),
        (1.5, bent),
        (1.5, low),
        (6, low),
        (1.5, bent),
    ]
    result = watch("knee_to_chest", film(STRAIGHT, [*segments, (2, bent)], 12), hold_s=8)
    assert [fault.name for fault in result.faults] == ["shallow"]


def test_too_few_frames_to_judge_haste_are_said() -> None:
    quick = repeat(CROOK, LIFTED, 2.0, reps=2, move_s=0.4)
    enough = watch("bridge", film(CROOK, quick, fps=25))
    too_few = watch("bridge", film(CROOK, quick, fps=5))
    assert {fault.name for fault in enough.faults} == {"rushed"}
    assert "tempo_not_judged" not in codes(enough)
    assert not too_few.faults
    assert "tempo_not_judged" in codes(too_few)


@pytest.mark.parametrize("deep", [LIFTED, CROOK.but(pelvis=0.05), CROOK])
def test_very_few_frames_a_second_are_said_and_nothing_is_called_left_out(deep: Stance) -> None:
    shots = film(CROOK, repeat(CROOK, deep, 2.0, reps=3))
    for every, few in ((4, False), (6, True)):
        result = watch("bridge", shots[::every])
        assert ("too_few_frames" in codes(result)) == few
        assert not few or (result.verdict == "unseen" and "tempo_not_judged" not in codes(result))


def test_a_picture_now_and_then_is_not_enough_to_praise_a_hold() -> None:
    shots = film(CROOK, repeat(CROOK, KNEE, 20.0, rest_s=3))
    assert watch("knee_to_chest", shots[::6], hold_s=10).verdict == "unseen"
    assert watch("knee_to_chest", shots[::60], hold_s=10).verdict != "good"


@pytest.mark.parametrize(("ends_s", "complete"), [(9.0, True), (6.0, False)])
def test_a_hold_that_was_long_enough_is_done_before_it_is_let_go(ends_s: float, complete: bool) -> None:
    step = Step(exercise="knee_to_chest", side="left", hold_s=5)
    coach = Coach(Routine(title="x", steps=(step,)))
    for shot in film(CROOK, repeat(CROOK, KNEE, 12.0, rest_s=2)):
        if shot.t_s < ends_s + 1:
            coach.update(shot.pose, shot.t_s)
    [result] = coach.finish()
    assert ("dose_not_done" not in codes(result)) == complete


@pytest.mark.parametrize(
    ("exercise", "rest", "deep", "hold_s"),
    [
        ("knee_to_chest", CROOK, KNEE, 6.0),
        ("bridge", CROOK, LIFTED, 2.0),
        ("knee_to_chest", CROOK, KNEE, 2.0),
    ],
)
def test_a_session_and_a_clip_give_the_same_verdict(
    exercise: str, rest: Stance, deep: Stance, hold_s: float
) -> None:
    dose_s = 5.0 if CATALOGUE[exercise].hold_s else 0.0
    shots = film(rest, repeat(rest, deep, hold_s, rest_s=3))
    step = Step(exercise=exercise, side="left" if CATALOGUE[exercise].sided else "both", hold_s=dose_s)
    coach = Coach(Routine(title="x", steps=(step,)))
    for shot in shots:
        coach.update(shot.pose, shot.t_s)
    [led] = coach.finish()
    watched = watch(exercise, shots, hold_s=dose_s)
    assert (led.verdict, led.reps, {f.name for f in led.faults}) == (
        watched.verdict,
        watched.reps,
        {f.name for f in watched.faults},
    )


def test_how_much_was_seen_is_a_share_of_the_frames() -> None:
    shots = film(CROOK, repeat(CROOK, KNEE, 6.0))
    coach = Watcher("knee_to_chest")
    for index, shot in enumerate(shots):
        coach.update(shot.pose if index % 4 else None, shot.t_s)
    [result] = coach.finish()
    assert result.seen == pytest.approx(0.75, abs=0.03)


def test_a_brief_rise_right_before_a_hold_is_how_it_began() -> None:
    up = CROOK.but(hip_left=80, knee_left=115)
    begins = [(1.0, CROOK), (0.6, up), (0.6, up), (0.6, CROOK), (0.5, CROOK)]
    hold = [(1.2, KNEE), (6.0, KNEE), (1.5, CROOK), (2.0, CROOK)]
    result = watch("knee_to_chest", film(CROOK, [*begins, *hold]), hold_s=5)
    assert (result.verdict, result.faults) == ("good", ())
    by_itself = watch("knee_to_chest", film(CROOK, [*begins, (3.0, CROOK)]), hold_s=5)
    assert [fault.name for fault in by_itself.faults] == ["shallow"]


def test_who_lies_still_on_a_side_at_an_angle_may_be_somebody_beside_whoever_presses_up() -> None:
    beside = film(STRAIGHT, [(8, STRAIGHT)], camera=VIEWS["oblique"], posture="left_side")
    assert watch("press_up", beside).verdict == "unseen"


@pytest.mark.parametrize(
    "name", ["bridge-over_arched-both-top-plain-102_0015", "press_up-good-both-top-plain-501_0087"]
)
def test_from_above_too_lying_still_is_not_performed(name: str) -> None:
    """Of rendered bodies: what is straight and flat tells a model little of where the camera is."""
    table = np.load(LANDMARKS)
    at_rest = np.flatnonzero(table["name"] == name)[0]
    image, world, visibility, size = (
        table[column][at_rest].tolist() for column in ("image", "world", "visibility", "size")
    )
    watcher = Watcher(name.split("-")[0])
    for index in range(144):
        pose = Pose(index / 12, np.array(image), np.array(world), np.array(visibility), (*size,))
        watcher.update(pose, pose.t_s)
    [result] = watcher.finish()
    assert result.verdict == "not_performed"


@pytest.mark.parametrize(("view", "verdict"), [("side", "fault"), ("oblique", "unseen")])
def test_haste_alone_is_no_fault_of_what_looks_like_another_exercise(view: str, verdict: str) -> None:
    crossed = CROOK.but(cross_left=1, hip_right=105, knee_right=105)
    hasty = film(CROOK, repeat(CROOK, crossed, 6.0, move_s=0.4), camera=VIEWS[view], fps=25)
    result = watch("double_knees_to_chest", hasty)
    assert (result.verdict, codes(result) >= {"looks_like"}) == (verdict, True)


@pytest.mark.parametrize("exercise", ["spinal_twist", "lumbar_rotation", "press_up", "bridge"])
def test_who_lies_on_a_side_does_nothing_that_is_done_on_the_back_or_front_well(exercise: str) -> None:
    curled = STRAIGHT.but(hip_left=95, hip_right=95, knee_left=95, knee_right=95)
    for shots in (
        film(STRAIGHT, repeat(STRAIGHT, curled, 6.0), posture="right_side"),
        later(film(curled, [(12, curled)], posture="left_side"), 1.0),
    ):
        assert watch(exercise, shots).verdict in ("unseen", "not_performed")


@pytest.mark.parametrize("turn", [90, -90])
def test_rolling_onto_a_side_after_a_good_hold_takes_nothing_from_it(turn: float) -> None:
    """That is how one gets up."""
    hold = repeat(CROOK, KNEE, 6.0, rest_s=2)
    shots = film(CROOK, [*hold, (2.0, CROOK)])
    rolled = rolling(CROOK, turn, start_s=shots[-1].t_s + 1 / 12)
    result = watch("knee_to_chest", [*shots, *rolled], hold_s=5)
    assert (result.verdict, result.faults) == ("good", ())


@pytest.mark.parametrize("lasts_s", [1.0, 3.0])
@pytest.mark.parametrize("turn", [180, -180])
def test_rolling_onto_the_front_after_good_bridges_is_no_arched_back(turn: float, lasts_s: float) -> None:
    shots = film(CROOK, repeat(CROOK, LIFTED, 1.5, reps=2))
    rolled = rolling(CROOK, turn, shots[-1].t_s + 1 / 12, lasts_s)
    result = watch("bridge", [*shots, *rolled])
    assert (result.verdict, result.faults, result.reps) == ("good", (), 2)


def test_a_session_praises_no_other_exercise_than_the_one_it_asked_for() -> None:
    both = KNEE.but(hip_right=100, knee_right=128)
    shots = film(CROOK, repeat(CROOK, both, 9.0, rest_s=3))
    coach = Coach(Routine(title="x", steps=(Step(exercise="knee_to_chest", side="left", hold_s=5),)))
    for shot in shots:
        coach.update(shot.pose, shot.t_s)
    [led] = coach.finish()
    assert led.verdict == watch("knee_to_chest", shots, hold_s=5).verdict != "good"


@pytest.mark.parametrize("fps", [12, 13, 15, 16, 20, 25, 30])
def test_haste_is_as_sure_whatever_the_camera_s_frames_a_second(fps: float) -> None:
    hasty = film(CROOK, repeat(CROOK, LIFTED, 2.0, reps=2, move_s=0.4), fps=fps)
    result = watch("bridge", hasty)
    assert {fault.name for fault in result.faults} == {"rushed"}
    assert result.confidence > 0.9


@pytest.mark.parametrize(
    ("turns", "held_s", "verdict", "told"),
    [
        ((45, 45), 0.5, "good", True),
        ((45, -45), 0.5, "good", False),
        ((45,), 0.5, "good", False),
        ((45,), 8.0, "unseen", True),
    ],
)
def test_of_turns_to_one_side_alone_the_other_side_is_named_as_missing(
    turns: tuple[float, ...], held_s: float, verdict: str, told: bool
) -> None:
    """A single one that is held is a twist."""
    moves = [part for turn in turns for part in repeat(CROOK, CROOK.but(turn=turn), held_s)]
    result = watch("lumbar_rotation", film(CROOK, moves))
    assert (result.verdict, result.reps) == (verdict, len(turns))
    assert (Note("one_side_only", {"side": "left"}) in result.notes) == told
