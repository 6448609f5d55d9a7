"""The targets that follow from a person's own range, and which limit wins."""

from datetime import date
from pathlib import Path

import pytest

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching import targets
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.targets import Range, Ranges
from posecoach.coaching.watcher import Watcher
from posecoach.core.errors import InputError
from posecoach.core.types import Side
from tests.support.synthetic import CROOK, film, repeat

KNEE = CATALOGUE["knee_to_chest"]
MEASURED = [exercise for exercise in CATALOGUE.values() if not exercise.timed_only]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.config_dir", lambda: tmp_path / "config")


def ranges(exercise: str, side: Side, rest: float, *peaks: float) -> Ranges:
    entries = tuple(Range(date=date(2025, 1, day + 1), rest=rest, peak=p) for day, p in enumerate(peaks))
    return {exercise: {side: entries}}


def test_without_a_range_nothing_is_personal() -> None:
    assert targets.limits(KNEE, "left", {}) == {}
    assert targets.limits(KNEE, "left", ranges("bridge", "both", -60, -30)) == {}
    assert targets.limits(KNEE, "left", ranges("knee_to_chest", "right", 60, 93)) == {}


def test_the_target_is_a_little_less_than_the_comfortable_peak_and_its_fault_moves_along() -> None:
    found = targets.limits(KNEE, "left", ranges("knee_to_chest", "left", 60, 96))
    assert found == {"enter": 91, "shallow": 81}


def test_the_last_of_several_counts() -> None:
    found = targets.limits(KNEE, "left", ranges("knee_to_chest", "left", 60, 96, 98))
    assert found["enter"] == 93


@pytest.mark.parametrize("peak", [104.9, 105, 130])
def test_nobody_is_urged_further_than_everybody(peak: float) -> None:
    found = targets.limits(KNEE, "left", ranges("knee_to_chest", "left", 60, peak))
    assert found.get("enter", 100) <= 100
    assert bool(found) == (peak < 105)


@pytest.mark.parametrize(
    ("rest", "peak", "enter"), [(60, 88, 85), (62, 88, 87), (66, 88, None), (10, 80, None)]
)
def test_the_target_stays_clear_of_rest(rest: float, peak: float, enter: float | None) -> None:
    """25 degrees above the rest, and above the rest of legs that may be bent another day."""
    found = targets.limits(KNEE, "left", ranges("knee_to_chest", "left", rest, peak))
    assert found.get("enter") == enter


@pytest.mark.parametrize(
    ("exercise", "side", "rest", "peak", "expected"),
    [
        ("bridge", "both", -60, -30, {"enter": -35, "hips_low": -40}),
        ("bridge", "both", -50, -42, {}),
        ("hamstring", "right", 12, 58, {"enter": 53, "leg_too_low": 43}),
        ("press_up", "both", 0, 11, {"enter": 10}),
        ("lumbar_rotation", "left", 0, 18, {"enter": 15.5}),
        ("fetal", "left", 15, 75, {"enter": 70, "legs_straight": 50}),
        ("happy_baby", "both", 60, 104, {"enter": 99}),
        ("pelvic_tilt", "both", 0, 5, {}),
    ],
)
def test_it_is_so_in_every_kind_of_motion(
    exercise: str, side: Side, rest: float, peak: float, expected: dict[str, float]
) -> None:
    assert targets.limits(CATALOGUE[exercise], side, ranges(exercise, side, rest, peak)) == expected


@pytest.mark.parametrize("exercise", MEASURED, ids=lambda exercise: exercise.id)
def test_no_range_makes_a_target_that_is_deeper_or_that_lying_still_reaches(exercise: Exercise) -> None:
    for motion in exercise.motions:
        default = exercise.limits[motion.enter].default
        for rest in range(-70, 70, 5):
            for peak in range(rest + 1, 150, 7):
                found = targets.limits(exercise, motion.side, ranges(exercise.id, motion.side, rest, peak))
                if found:
                    assert found[motion.enter] < default
                    assert found[motion.enter] - exercise.back > rest
                for name, value in found.items():
                    low, high = exercise.limits[name].between
                    assert low <= value <= high


def test_when_both_sides_are_worked_the_stiffer_one_counts() -> None:
    own = ranges("lumbar_rotation", "left", 0, 21)
    own = {"lumbar_rotation": {**own["lumbar_rotation"], **ranges("", "right", 0, 19)[""]}}
    assert targets.limits(CATALOGUE["lumbar_rotation"], "both", own) == {"enter": 16.5}


# -- which limit wins ----------------------------------------------------------------------------------

OWN = ranges("knee_to_chest", "left", 60, 96)


@pytest.mark.parametrize(
    ("in_file", "given", "expected"),
    [
        ({}, {}, {"enter": 91, "shallow": 81}),
        ({"head_lifted": 0.2}, {}, {"enter": 91, "shallow": 81, "head_lifted": 0.2}),
        ({"shallow": 70}, {}, {"enter": 91, "shallow": 70}),
        ({"enter": 95}, {}, {"enter": 95}),
        ({"enter": 95}, {"enter": 110}, {"enter": 110, "shallow": 100}),
        ({}, {"enter": 110}, {"enter": 110, "shallow": 100}),
        ({"enter": 110}, {"shallow": 75}, {"enter": 110, "shallow": 75}),
        ({"enter": 95}, {"shallow": 75}, {"enter": 95, "shallow": 75}),
    ],
)
def test_default_then_personal_then_the_routine_then_the_command_line(
    in_file: dict[str, float], given: dict[str, float], expected: dict[str, float]
) -> None:
    steps = (
        Step(exercise="knee_to_chest", side="left", limits=in_file),
        Step(exercise="knee_to_chest", side="right", limits=in_file),
        Step(pause_s=3, say="Breathe"),
    )
    chosen = Routine(title="Mine", steps=steps)
    left, right, pause = targets.applied(chosen, OWN, {"knee_to_chest": given}).steps
    assert left.limits == expected
    assert right.limits == {name: value for name, value in expected.items() if name in in_file | given} | (
        {"shallow": 100} if expected["enter"] == 110 and expected["shallow"] == 100 else {}
    )
    assert pause == steps[2]


@pytest.mark.parametrize("led", [False, True])
def test_whoever_stays_below_a_target_that_was_raised_is_told(led: bool) -> None:
    """Deep enough for the usual one: between the two it was neither right nor wrong."""
    deep, limits = CROOK.but(hip_left=100, knee_left=125), {"enter": 115.0}
    coach: Coach | Watcher = Watcher("knee_to_chest", "left", 2, limits)
    if led:
        step = Step(exercise="knee_to_chest", side="left", hold_s=2, limits=limits)
        coach = Coach(targets.applied(Routine(title="Mine", steps=(step,)), {}, {}))
    for shot in film(CROOK, repeat(CROOK, deep, 3), 8):
        coach.update(shot.pose, shot.t_s)
    (result,) = coach.finish()
    assert (result.verdict, [fault.name for fault in result.faults]) == ("fault", ["shallow"])


@pytest.mark.parametrize("exercise", [one for one in MEASURED if one.falls_short], ids=lambda one: one.id)
def test_the_highest_target_leaves_as_narrow_a_band_as_the_usual_one(exercise: Exercise) -> None:
    assert exercise.falls_short is not None
    entry, short = (exercise.limits[name] for name in ("enter", exercise.falls_short.limit))
    found = targets.raised(exercise, {"enter": entry.between[1]})
    gap = found["enter"] - found[exercise.falls_short.limit]
    assert gap == pytest.approx(entry.default - short.default)


@pytest.mark.parametrize(
    ("in_file", "own", "given", "refused"),
    [
        ({}, {}, {"shallow": 105}, "shallow of knee_to_chest is 105, beyond the target enter, which is 100"),
        ({"enter": 110}, {}, {"shallow": 105}, ""),
        ({"enter": 110}, {}, {"shallow": 110}, ""),
        ({}, OWN, {"shallow": 95}, "beyond the target enter, which is 91"),
        ({"shallow": 95}, OWN, {}, ""),
        ({"shallow": 95}, {}, {"enter": 90}, ""),
    ],
)
def test_what_the_command_line_sets_beyond_the_target_is_refused_but_not_what_a_file_sets(
    in_file: dict[str, float], own: Ranges, given: dict[str, float], refused: str
) -> None:
    """A patient's session never ends for what a file sets, which only comes to lie there through others."""
    step = Step(exercise="knee_to_chest", side="left", limits=in_file)
    chosen = Routine(title="Mine", steps=(step,))
    if refused:
        with pytest.raises(InputError, match=refused):
            targets.applied(chosen, own, {"knee_to_chest": given})
    else:
        assert targets.applied(chosen, own, {"knee_to_chest": given}).steps


@pytest.mark.parametrize(
    ("in_file", "given", "expected"),
    [
        ({"shallow": 95}, {"enter": 88}, {"enter": 88, "shallow": 88}),
        ({"shallow": 95}, {"enter": 96}, {"enter": 96, "shallow": 95}),
        ({}, {"enter": 86}, {"enter": 86, "shallow": 86}),
    ],
)
def test_what_counts_as_too_little_comes_down_to_a_target_that_is_lowered(
    in_file: dict[str, float], given: dict[str, float], expected: dict[str, float]
) -> None:
    chosen = Routine(title="Mine", steps=(Step(exercise="knee_to_chest", side="left", limits=in_file),))
    assert targets.applied(chosen, {}, {"knee_to_chest": given}).steps[0].limits == expected


def test_the_signs_of_a_bridge_are_told_as_they_were_given() -> None:
    [wrong] = targets.wrong_limits(CATALOGUE["bridge"], {"hips_low": 10, "enter": -40}, "limits")
    assert wrong.startswith("limits.hips_low of bridge is 10, beyond the target enter, which is -40")


def test_a_limit_of_an_exercise_that_is_not_in_the_routine_is_a_mistake() -> None:
    chosen = Routine(title="Mine", name="mine", steps=(Step(exercise="bridge"),))
    with pytest.raises(InputError, match=r"'mine' has no knee_to_chest"):
        targets.applied(chosen, {}, {"knee_to_chest": {"enter": 95}})


def test_with_an_own_limit_a_smaller_move_is_good() -> None:
    """The same move falls short of the usual target, and reaches the personal one."""
    deep = CROOK.but(hip_left=95, knee_left=120)
    routine = Routine(title="Mine", steps=(Step(exercise="knee_to_chest", side="left", hold_s=2),))
    verdicts = []
    for own in ({}, ranges("knee_to_chest", "left", 55, 96)):
        coach = Coach(targets.applied(routine, own, {}))
        for shot in film(CROOK, repeat(CROOK, deep, 3), 8):
            coach.update(shot.pose, shot.t_s)
        (result,) = coach.finish()
        verdicts.append((result.verdict, result.reps))
    assert verdicts[0][1] == 0
    assert verdicts[1] == ("good", 1)
