import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import atan2, degrees
from pathlib import Path
from string import Formatter

import pytest

from posecoach.assessment import exercises
from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result, fault_of
from posecoach.coaching.watcher import Watcher
from posecoach.core.errors import InputError
from posecoach.core.types import Posture
from posecoach.kinematics.baseline import FACING
from posecoach.kinematics.body import Body
from posecoach.kinematics.measures import MEASURES
from tests.support.synthetic import (
    CROOK,
    STRAIGHT,
    VIEWS,
    Segment,
    Shot,
    Stance,
    T,
    baseline_seen_from,
    film,
    flexion,
    held,
    in_turn,
    judge,
    numbers,
    repeat,
    rolling,
    watch,
)

ALL = CATALOGUE.values()

# -- the catalogue -------------------------------------------------------------------------------------

#: The identifiers of what was released, which stay, besides `bouncing` and `rushed`, which are checked in
#: every exercise. A new exercise comes in with its release.
FAULTS = {
    "knee_to_chest": {"shallow", "head_lifted", "short_hold"},
    "double_knees_to_chest": {"shallow", "head_lifted", "short_hold"},
    "pelvic_tilt": {"hips_lifted", "feet_lifted", "short_hold"},
    "figure_four": {"not_crossed", "shallow", "head_lifted", "short_hold"},
    "spinal_twist": {"shoulder_lifted", "knees_apart", "arms_not_out", "short_hold"},
    "lumbar_rotation": {"feet_lifted", "shoulder_lifted"},
    "press_up": {"pelvis_lifted", "too_high", "short_hold"},
    "fetal": {"legs_straight", "short_hold"},
    "hamstring": {"leg_too_low", "knee_too_bent", "head_lifted", "short_hold"},
    "bridge": {"hips_low", "over_arched"},
    "happy_baby": {"knees_narrow", "shins_not_vertical", "hips_lifted", "short_hold"},
}

LIMITS: Mapping[str, dict[str, float]] = {
    "knee_to_chest": {"enter": 100, "shallow": 90, "head_lifted": 0.15},
    "double_knees_to_chest": {"enter": 100, "shallow": 90, "head_lifted": 0.15},
    "pelvic_tilt": {"enter": 8, "hips_lifted": 0.12, "feet_lifted": 0.12},
    "figure_four": {"enter": 90, "shallow": 80},
    "spinal_twist": {"enter": 35, "shoulder_lifted": 0.15, "knees_apart": 0.55, "arms_not_out": 75},
    "lumbar_rotation": {"enter": 20, "feet_lifted": 0.15, "shoulder_lifted": 0.15},
    "press_up": {"enter": 12, "pelvis_lifted": 0.15, "too_high": 40},
    "fetal": {"enter": 80, "knees": 70, "legs_straight": 60},
    "hamstring": {"enter": 70, "knee": 45, "leg_too_low": 60, "head_lifted": 0.15},
    "bridge": {"enter": -20, "hips_low": -25, "over_arched": -18},
    "happy_baby": {"enter": 110, "shins_not_vertical": 25, "hips_lifted": 0.15},
}

each_exercise = pytest.mark.parametrize("exercise", ALL, ids=CATALOGUE)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_exercise_that_was_released_is_missing() -> None:
    assert set(FAULTS) <= set(CATALOGUE)


def test_each_exercise_is_one_file_of_its_name() -> None:
    folder = Path(exercises.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} == {"__init__", *CATALOGUE}
    assert all(name == exercise.id for name, exercise in CATALOGUE.items())


@pytest.mark.parametrize("exercise", FAULTS)
def test_the_faults_have_their_final_identifiers(exercise: str) -> None:
    assert set(CATALOGUE[exercise].faults) == FAULTS[exercise] | {"bouncing", "rushed"}


@pytest.mark.parametrize("exercise", LIMITS)
def test_the_default_limits_are_the_documented_ones(exercise: str) -> None:
    known = {name: limit.default for name, limit in CATALOGUE[exercise].limits.items()}
    assert LIMITS[exercise].items() <= known.items()


@each_exercise
def test_every_limit_that_is_used_exists_and_says_its_unit(exercise: Exercise) -> None:
    used = {motion.enter for motion in exercise.motions} | {rule.limit for rule in exercise.rules}
    used |= {condition.limit for motion in exercise.motions for condition in motion.also}
    used |= {exercise.falls_short.limit} if exercise.falls_short else set()
    used |= {condition.limit for condition in exercise.ready}
    assert used == set(exercise.limits)
    for name, limit in exercise.limits.items():
        assert "degrees" in limit.help or "torso lengths" in limit.help, name


@each_exercise
def test_it_only_looks_at_measures_that_there_are(exercise: Exercise) -> None:
    assert exercise.measures
    for name in exercise.measures:
        assert name.removesuffix("_left").removesuffix("_right") in MEASURES, name


@each_exercise
def test_an_attempt_is_a_rise_of_the_value_in_degrees_and_of_what_shows_it_in_its_own_unit(
    exercise: Exercise,
) -> None:
    assert exercise.attempt > 5
    for motion in exercise.motions:
        assert bool(motion.shown_rise) == (motion.attempt_by is not None)


@each_exercise
def test_every_fault_has_a_cue(exercise: Exercise) -> None:
    for cue in exercise.cues.values():
        assert 8 < len(cue) <= 70, "a cue is read from two metres"
        assert fields(cue) <= {"side"}
        assert "{" not in cue.format(side="left")


@each_exercise
def test_only_faults_with_a_side_speak_of_one(exercise: Exercise) -> None:
    """A cue with a side is never said about a fault that has none."""
    for rule in exercise.rules:
        if None in rule.values:
            assert not fields(rule.cue), rule.name


@each_exercise
def test_what_is_said_is_complete(exercise: Exercise) -> None:
    for text in (exercise.title, exercise.summary, exercise.source, exercise.start, exercise.move):
        assert text.strip()
    assert fields(exercise.move) <= {"side"}
    assert not fields(exercise.summary) | fields(exercise.title)
    assert exercise.sided or "side" not in fields(exercise.move)


@pytest.mark.parametrize(
    ("sided", "names"),
    [
        (True, {"knee_to_chest", "figure_four", "spinal_twist", "fetal", "hamstring"}),
        (
            False,
            {"double_knees_to_chest", "pelvic_tilt", "lumbar_rotation", "press_up", "bridge", "happy_baby"},
        ),
    ],
)
def test_which_exercises_have_sides(sided: bool, names: set[str]) -> None:
    assert {exercise for exercise in FAULTS if CATALOGUE[exercise].sided == sided} == names


@each_exercise
def test_a_hold_can_be_short_only_where_there_is_one(exercise: Exercise) -> None:
    assert ("short_hold" in exercise.faults) == (exercise.hold_s > 0)


# -- performances of the stick body ------------------------------------------------------------------------

FPS = 8  # what a slow computer reaches
DOSE_S = 2.0
REST_S, MOVE_S = 0.6, 1.1


def both(stance: Stance, hip: float, knee: float, **changes: float) -> Stance:
    return stance.but(hip_left=hip, hip_right=hip, knee_left=knee, knee_right=knee, **changes)


@dataclass(frozen=True)
class Move:
    """A good performance: the way it goes, and the true value by which its time in position is defined."""

    rest: Stance
    deep: Stance
    enter: float
    back: float
    value: Callable[[Shot], float]
    posture: Posture = "supine"
    side: str = "both"
    hold_s: float = DOSE_S
    dose_s: float = DOSE_S


def hip(side: str) -> Callable[[Shot], float]:
    return lambda shot: flexion(shot.at, "hip", side)


def turned(sign: float) -> Callable[[Shot], float]:
    return lambda shot: sign * shot.stance.turn


def near_the_line(shot: Shot) -> float:
    """Minus the hip angle of a bridge in the side-on plane: how near hip, shoulder and knee are to a line."""
    shoulder, hip, knee = (shot.at[f"left_{joint}"][[0, 2]] for joint in ("shoulder", "hip", "knee"))
    (trunk_x, trunk_z), (thigh_x, thigh_z) = hip - shoulder, knee - hip
    return -degrees(atan2(trunk_z * thigh_x - trunk_x * thigh_z, trunk_x * thigh_x + trunk_z * thigh_z))


KNEE_LEFT = CROOK.but(hip_left=118, knee_left=128)
KNEE_RIGHT = STRAIGHT.but(hip_right=118, knee_right=128)
BOTH_KNEES = both(CROOK, 118, 128)
FOUR_LEFT = CROOK.but(cross_left=1, hip_right=105, knee_right=105)
FOUR_RIGHT = CROOK.but(cross_right=1, hip_left=105, knee_left=105)
TWIST = T.but(turn=60)
SUNK = CROOK.but(turn=42)
RISE = STRAIGHT.but(trunk=22)
ON_SIDE = both(CROOK, 20, 30)
CURLED = both(CROOK, 105, 100)
LEG_UP = STRAIGHT.but(hip_left=85, knee_left=15)
LIFTED = CROOK.but(pelvis=0.45)
BABY = both(CROOK, 145, 60, gap=1.0, grip=1)

GOOD = {
    "knee_to_chest": Move(CROOK, KNEE_LEFT, 100, 10, hip("left"), side="left"),
    "knee_to_chest, right, legs straight": Move(STRAIGHT, KNEE_RIGHT, 100, 10, hip("right"), side="right"),
    "double_knees_to_chest": Move(CROOK, BOTH_KNEES, 100, 10, hip("left")),
    "figure_four": Move(CROOK, FOUR_LEFT, 90, 10, hip("right"), side="left"),
    "figure_four, right": Move(CROOK, FOUR_RIGHT, 90, 10, hip("left"), side="right"),
    "spinal_twist": Move(T, TWIST, 35, 10, turned(1), side="left"),
    "spinal_twist, right": Move(T, T.but(turn=-60), 35, 10, turned(-1), side="right"),
    "lumbar_rotation": Move(CROOK, SUNK, 20, 5, turned(1), hold_s=0.8, dose_s=0),
    "lumbar_rotation, right": Move(CROOK, CROOK.but(turn=-42), 20, 5, turned(-1), hold_s=0.8, dose_s=0),
    "press_up": Move(STRAIGHT, RISE, 12, 5, lambda shot: shot.stance.trunk, posture="prone"),
    "fetal": Move(ON_SIDE, CURLED, 80, 10, hip("left"), posture="left_side", side="left"),
    "fetal, right": Move(ON_SIDE, CURLED, 80, 10, hip("right"), posture="right_side", side="right"),
    "hamstring": Move(STRAIGHT, LEG_UP, 70, 10, hip("left"), side="left"),
    "hamstring, right, legs bent": Move(
        CROOK, CROOK.but(hip_right=85, knee_right=15), 70, 10, hip("right"), side="right"
    ),
    "bridge": Move(CROOK, LIFTED, -20, 10, near_the_line, hold_s=1.0, dose_s=0),
    "happy_baby": Move(CROOK, BABY, 110, 10, hip("left")),
}


def shoot(move: Move, fps: float = FPS, view: str = "side", reps: int = 1) -> list[Shot]:
    segments = repeat(move.rest, move.deep, move.hold_s, reps, REST_S, MOVE_S)
    return film(move.rest, segments, fps, VIEWS[view], posture=move.posture)


def check_good(case: str, shots: list[Shot], reps: int = 1, body: Body | None = None) -> None:
    move, exercise = GOOD[case], case.split(",")[0]
    result = watch(exercise, shots, move.dose_s, body)
    assert (result.verdict, result.faults) == ("good", ())
    assert (result.side, result.reps, result.score) == (move.side, reps, 100)
    found = [position.end_s - position.start_s for position in result.positions]
    assert found == pytest.approx(held(shots, move.value, move.enter, move.back), abs=0.7)


@pytest.mark.parametrize("case", GOOD)
def test_a_good_performance_is_good(case: str) -> None:
    check_good(case, shoot(GOOD[case]))


@pytest.mark.parametrize(
    ("case", "turn"),
    # Who turns from one side to the other still lies as a fetal position asks, and no knees go into the bed.
    [
        (case, turn)
        for case in GOOD
        for turn in (90, -90, 180)
        if turn != 180 or (GOOD[case].posture in FACING and GOOD[case].rest.knee_left < 45)
    ],
)
def test_it_is_good_before_turning_over_and_after(case: str, turn: float) -> None:
    """Whoever lay otherwise first, or turns over in the end, has done it no less well."""
    move = GOOD[case]
    rolled = rolling(move.rest, turn, start_s=0.0, fps=FPS, posture=move.posture)
    for shots in ([*reversed(rolled), *shoot(move)], [*shoot(move), *rolled[: 3 * FPS]]):
        result = watch(case.split(",")[0], in_turn(shots, FPS), move.dose_s)
        assert (result.verdict, result.side, result.reps) == ("good", move.side, 1)


def test_the_side_is_the_one_that_the_body_has_turned_to() -> None:
    """Lying on one side first, and then doing it on the other."""
    rolled = rolling(ON_SIDE, 180, start_s=0.0, fps=FPS, posture="left_side")
    curled = film(ON_SIDE, [(3.0, ON_SIDE), *repeat(ON_SIDE, CURLED, 4.0)], FPS, posture="left_side")
    result = watch("fetal", in_turn([*reversed(rolled), *curled], FPS), hold_s=4)
    assert (result.verdict, result.side, result.reps) == ("good", "left", 1)


@pytest.mark.parametrize(
    ("case", "fps"), [("knee_to_chest", 12), ("knee_to_chest", 25), ("spinal_twist", 30)]
)
def test_it_is_good_at_any_frame_rate(case: str, fps: float) -> None:
    check_good(case, shoot(GOOD[case], fps))


@pytest.mark.parametrize(
    ("case", "view"),
    [("knee_to_chest", "oblique"), ("spinal_twist", "far oblique"), ("press_up", "far side")],
)
def test_it_is_good_from_elsewhere(case: str, view: str) -> None:
    # The points of a stick figure are exact, which those of a pose network never are at an angle: what the
    # body model makes of its errors does not apply.
    check_good(case, shoot(GOOD[case], view=view), body=Body(None))


def test_of_a_limit_that_may_be_negative_it_is_said_which_way_is_stricter() -> None:
    limits = [(one.id, *named) for one in CATALOGUE.values() for named in one.limits.items()]
    negative = [(exercise, name, limit.help) for exercise, name, limit in limits if limit.between[0] < 0]
    assert len(negative) >= 3
    for exercise, name, told in negative:
        assert told.endswith("is stricter"), (exercise, name)
        assert re.search(r"-\d+", told), (exercise, name)


@pytest.mark.parametrize("case", ["lumbar_rotation", "bridge"])
def test_repetitions_are_counted(case: str) -> None:
    check_good(case, shoot(GOOD[case], reps=2), reps=2)


def test_one_side_then_the_other_is_both() -> None:
    segments = [*repeat(CROOK, KNEE_LEFT, 1), *repeat(CROOK, CROOK.but(hip_right=118, knee_right=128), 1)]
    shots = film(CROOK, segments, FPS)
    result = watch("knee_to_chest", shots)
    assert (result.verdict, result.side, result.reps) == ("good", "both", 2)
    assert [position.side for position in result.positions] == ["left", "right"]
    asked = Watcher("knee_to_chest", "right")
    for shot in shots:
        asked.update(shot.pose, shot.t_s)
    [result] = asked.finish()
    assert (result.verdict, result.side, result.reps, len(result.holds_s)) == ("good", "right", 1, 1)
    assert [position.side for position in result.positions] == ["left", "right"]


def test_lumbar_rotations_carry_their_own_sides() -> None:
    segments = [*repeat(CROOK, SUNK, 0.8), *repeat(CROOK, CROOK.but(turn=-42), 0.8)]
    result = watch("lumbar_rotation", film(CROOK, segments, FPS))
    assert (result.verdict, result.side, result.reps) == ("good", "both", 2)
    assert [position.side for position in result.positions] == ["left", "right"]


#: The exercise, the fault that is shown, its side, and how.
Shown = tuple[str, str, str | None, Stance, list[Segment], Posture]


def shown(
    exercise: str,
    fault: str,
    deep: Stance,
    side: str | None = None,
    rest: Stance = CROOK,
    posture: Posture = "supine",
    hold_s: float = DOSE_S,
    move_s: float = MOVE_S,
) -> Shown:
    return exercise, fault, side, rest, repeat(rest, deep, hold_s, 1, REST_S, move_s), posture


NARROW_T = CROOK.but(gap=0.3)
FAULTY = [
    shown("knee_to_chest", "shallow", CROOK.but(hip_left=80, knee_left=120), "left"),
    shown("knee_to_chest", "shallow", CROOK.but(hip_right=80, knee_right=120), "right"),
    shown("knee_to_chest", "head_lifted", KNEE_LEFT.but(head=0.3)),
    shown("knee_to_chest", "short_hold", KNEE_RIGHT, "right", rest=STRAIGHT, hold_s=0.2),
    shown("double_knees_to_chest", "shallow", both(CROOK, 80, 120)),
    shown("double_knees_to_chest", "head_lifted", BOTH_KNEES.but(head=0.3)),
    shown("pelvic_tilt", "hips_lifted", CROOK.but(pelvis=0.3)),
    shown("pelvic_tilt", "feet_lifted", CROOK.but(hip_left=70), "left"),
    shown("figure_four", "not_crossed", FOUR_LEFT.but(cross_left=0), "left", hold_s=3),
    shown("figure_four", "shallow", CROOK.but(cross_left=1, hip_right=66, knee_right=95), "left"),
    shown("figure_four", "head_lifted", FOUR_LEFT.but(head=0.3)),
    shown("spinal_twist", "shoulder_lifted", TWIST.but(shoulder_right=0.3), "right", rest=T),
    shown("spinal_twist", "shoulder_lifted", T.but(turn=-60, shoulder_left=0.3), "left", rest=T),
    shown("spinal_twist", "knees_apart", TWIST.but(gap=0.9), rest=T),
    shown("spinal_twist", "arms_not_out", TWIST.but(arm_left=25), "left", rest=T.but(arm_left=25)),
    shown("lumbar_rotation", "feet_lifted", both(SUNK, 85, 100)),
    shown("lumbar_rotation", "shoulder_lifted", SUNK.but(turn=60, shoulder_right=0.3), "right"),
    shown("press_up", "pelvis_lifted", RISE.but(pelvis=0.3), rest=STRAIGHT, posture="prone"),
    shown("press_up", "too_high", STRAIGHT.but(trunk=50), rest=STRAIGHT, posture="prone", move_s=1.6),
    shown("press_up", "short_hold", RISE, rest=STRAIGHT, posture="prone", hold_s=0.0),
    shown("fetal", "legs_straight", ON_SIDE, "right", rest=ON_SIDE, posture="right_side", hold_s=3),
    shown("hamstring", "leg_too_low", STRAIGHT.but(hip_left=35, knee_left=10), "left", rest=STRAIGHT),
    shown("hamstring", "knee_too_bent", LEG_UP.but(knee_left=75), "left", rest=STRAIGHT, hold_s=5),
    shown("hamstring", "head_lifted", LEG_UP.but(head=0.3), rest=STRAIGHT),
    shown("hamstring", "short_hold", LEG_UP, "left", rest=STRAIGHT, hold_s=0.2),
    shown("bridge", "hips_low", CROOK.but(pelvis=0.15)),
    shown("bridge", "over_arched", CROOK.but(pelvis=0.75)),
    shown("happy_baby", "knees_narrow", BABY.but(gap=0.4)),
    shown("happy_baby", "shins_not_vertical", both(BABY, 145, 130), "left"),
    shown("happy_baby", "hips_lifted", BABY.but(pelvis=0.3)),
]


@cache
def faulty(index: int, fps: float = FPS, view: str = "side") -> Result:
    exercise, _, _, rest, segments, posture = FAULTY[index]
    return watch(exercise, film(rest, segments, fps, VIEWS[view], posture=posture), hold_s=4)


each_fault = pytest.mark.parametrize(
    "index", range(len(FAULTY)), ids=[f"{exercise}-{fault}-{side}" for exercise, fault, side, *_ in FAULTY]
)


@each_fault
def test_a_fault_is_named_with_its_side(index: int) -> None:
    exercise, fault, side, *_ = FAULTY[index]
    result = faulty(index)
    assert (result.verdict, result.exercise) == ("fault", exercise)
    assert (fault, side) in {(found.name, found.side) for found in result.faults}
    assert result.score < 100


@each_fault
def test_no_other_kind_of_fault_is_named_besides(index: int) -> None:
    assert {found.name for found in faulty(index).faults} <= {FAULTY[index][1], "short_hold"}


@each_fault
def test_a_fault_says_how_far_beyond_its_limit_it_went(index: int) -> None:
    exercise = CATALOGUE[FAULTY[index][0]]
    rules = {rule.name: rule for rule in exercise.rules}
    short = exercise.falls_short
    for fault in faulty(index).faults:
        if fault.name in rules or (short is not None and not short.idle_s and fault.name == short.name):
            assert fault.measured is not None
            below = fault.name not in rules or rules[fault.name].beyond == "below"
            beyond = fault.measured.value - fault.measured.allowed
            assert beyond < 0 if below else beyond > 0
            assert fault.measured.allowed == exercise.limits[fault.measured.limit].default
    written = faulty(index).as_dict("clip.mp4")
    again = replace(faulty(index), faults=tuple(fault_of(one) for one in written["faults"]))
    assert again.as_dict("clip.mp4") == written


def test_what_a_fault_measured_is_near_what_was_done() -> None:
    found = {fault: faulty(index).faults[0].measured for index, (_, fault, *_) in enumerate(FAULTY)}
    for name, value, off in (("too_high", 50, 4), ("leg_too_low", 35, 4), ("pelvis_lifted", 0.3, 0.04)):
        measured = found[name]
        assert measured is not None
        assert measured.value == pytest.approx(value, abs=off), name


@pytest.mark.parametrize("fps", [12, 25])
def test_faults_are_named_at_any_frame_rate(fps: float) -> None:
    slow, fast = faulty(0), faulty(0, fps)
    assert {(f.name, f.side) for f in fast.faults} == {(f.name, f.side) for f in slow.faults}
    assert (fast.verdict, fast.side, fast.reps) == (slow.verdict, slow.side, slow.reps)


STILL: Mapping[str, tuple[Stance, Posture]] = {
    "knee_to_chest": (CROOK, "supine"),
    "double_knees_to_chest": (STRAIGHT, "supine"),
    "figure_four": (CROOK, "supine"),
    "spinal_twist": (T, "supine"),
    "lumbar_rotation": (CROOK, "supine"),
    "press_up": (STRAIGHT, "prone"),
    "hamstring": (STRAIGHT, "supine"),
    "bridge": (CROOK, "supine"),
    "happy_baby": (CROOK, "supine"),
    "pelvic_tilt": (CROOK, "supine"),
}


@pytest.mark.parametrize("exercise", STILL)
def test_lying_still_is_not_performed(exercise: str) -> None:
    stance, posture = STILL[exercise]
    result = watch(exercise, film(stance, [(2, stance)], FPS, posture=posture), hold_s=4)
    assert (result.verdict, result.faults, result.positions, result.score) == ("not_performed", (), (), 0)


@pytest.mark.parametrize("view", ["oblique", "top"])
def test_lying_still_on_the_front_is_no_press_up_wherever_the_camera_is(view: str) -> None:
    film_of_rest = film(STRAIGHT, [(2, STRAIGHT)], FPS, camera=VIEWS[view], posture="prone")
    assert watch("press_up", film_of_rest, hold_s=4).verdict == "not_performed"


def test_a_tilt_too_small_to_see_is_only_timed() -> None:
    result = watch("pelvic_tilt", film(CROOK, repeat(CROOK, CROOK.but(pelvis=0.04), DOSE_S), FPS))
    assert result.verdict == "unseen"
    assert result.notes


@pytest.mark.parametrize(
    ("exercise", "stance", "deep"),
    [
        ("double_knees_to_chest", CROOK, KNEE_LEFT),
        ("knee_to_chest", T, TWIST),
        ("spinal_twist", CROOK, KNEE_LEFT),
        ("bridge", CROOK, KNEE_LEFT),
        ("happy_baby", CROOK, BOTH_KNEES),
        ("figure_four", STRAIGHT, LEG_UP),
        ("press_up", STRAIGHT, both(CROOK, 118, 128)),
    ],
)
def test_another_movement_is_not_taken_for_the_exercise(exercise: str, stance: Stance, deep: Stance) -> None:
    assert (
        watch(exercise, film(stance, repeat(stance, deep, DOSE_S, 1, REST_S, MOVE_S), FPS)).verdict != "good"
    )


def test_legs_that_are_raised_straight_and_lowered_are_no_bridge() -> None:
    """They lie in line with the trunk in between, as they do in one."""
    raised = STRAIGHT.but(hip_left=80, hip_right=80)
    result = watch("bridge", film(STRAIGHT, repeat(STRAIGHT, raised, 1.0, 3, REST_S, MOVE_S), FPS))
    assert (result.verdict, result.reps) == ("not_performed", 0)


def test_legs_that_cross_straight_in_the_air_are_no_rotation() -> None:
    up = STRAIGHT.but(hip_left=60, hip_right=60)
    segments = [part for turn in (35, -35) for part in repeat(up, up.but(turn=turn), 0.5, 2)]
    result = watch("lumbar_rotation", film(up, segments, FPS))
    assert result.verdict != "good"
    assert result.reps == 0


def test_a_chest_that_is_lifted_without_hands_is_no_press_up() -> None:
    beside = {"trunk_inclination": 0.0, "pelvis_lift": 0.0, "hand_ahead_left": 0.0, "hand_ahead_right": 0.0}
    ahead = beside | {"hand_ahead_left": 0.9, "hand_ahead_right": 0.9}
    for rest, verdict in ((beside, "good"), (ahead, "unseen")):
        raised = {"trunk_inclination": 20.0}
        moves = [(1, rest), (1.5, raised), (3, raised), (1.5, rest), (1, rest)]
        result = judge("press_up", numbers(rest, moves, baseline=baseline_seen_from(posture="prone")))
        assert result.verdict == verdict


@pytest.mark.parametrize("content", ["EXERCISE = Exercise()", "EXERCISE = 1", ""])
def test_a_file_that_defines_no_exercise_is_named(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "half_written.py").write_text(content, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "half_written", raising=False)
    with pytest.raises(InputError, match=r"half_written\.py cannot be loaded .*adding-an-exercise"):
        exercises.exercise_in("half_written")
