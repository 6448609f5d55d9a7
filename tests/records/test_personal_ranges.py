"""A person's own limits: the file, what follows from it, and which limit wins."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching import targets
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.targets import Range, Ranges
from posecoach.core.errors import InputError
from posecoach.core.types import Side
from tests.conftest import GOOD_CLIP, Run
from tests.support.synthetic import CROOK, film, repeat

KNEE = CATALOGUE["knee_to_chest"]
MEASURED = [exercise for exercise in CATALOGUE.values() if not exercise.timed_only]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.config_dir", lambda: tmp_path / "config")


def ranges(exercise: str, side: Side, rest: float, *peaks: float) -> Ranges:
    entries = tuple(Range(date=date(2025, 1, day + 1), rest=rest, peak=p) for day, p in enumerate(peaks))
    return {exercise: {side: entries}}


# -- targets -------------------------------------------------------------------------------------------


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
    own = ranges("lumbar_rotation", "left", 0, 21) | {}
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
        ({"enter": 95}, {"enter": 110}, {"enter": 110}),
        ({}, {"enter": 110}, {"enter": 110}),
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
    assert right.limits == in_file | given
    assert pause == steps[2]


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


# -- the file ------------------------------------------------------------------------------------------


def test_what_is_recorded_comes_back_and_what_was_there_stays() -> None:
    first, second = (Range(date=date(2025, month, 1), rest=12.5, peak=80 + month) for month in (1, 2))
    targets.record({("hamstring", "left"): first, ("bridge", "both"): first})
    targets.record({("hamstring", "left"): second, ("hamstring", "right"): second})
    assert targets.load() == {
        "hamstring": {"left": (first, second), "right": (second,)},
        "bridge": {"both": (first,)},
    }


def test_the_file_can_be_read_by_a_person_and_keeps_what_it_does_not_know() -> None:
    targets.path().parent.mkdir()
    entry = "date = 2024-05-01\nrest = 1.0\npeak = 2.0\n"
    targets.path().write_text(f'[["tai chi".left]]\n{entry}', "utf-8")
    targets.record({("press_up", "both"): Range(date=date(2025, 1, 2), rest=0, peak=14)})
    text = targets.path().read_text("utf-8")
    assert text.startswith("# ")
    assert tomllib.loads(text) == {
        "tai chi": {"left": [{"date": date(2024, 5, 1), "rest": 1, "peak": 2}]},
        "press_up": {"both": [{"date": date(2025, 1, 2), "rest": 0, "peak": 14}]},
    }
    assert [path.name for path in targets.path().parent.iterdir()] == [targets.path().name]


@pytest.mark.parametrize(
    "content",
    [
        "knee = [",
        "knee_to_chest = 3",
        "[[knee_to_chest.left]]\npeak = 80.0",
        "[[knee_to_chest.up]]\ndate = 2024-05-01\nrest = 1.0\npeak = 2.0",
        "[[knee_to_chest.left]]\ndate = 2024-05-01\nrest = nan\npeak = 2.0",
        "knee_to_chest.left = []",
        "[[knee_to_chest.left]]\ndate = 2024-05-01\nrest = 1.0\npeak = 1e9",
        "[[knee_to_chest.left]]\ndate = 2024-05-01\nrest = true\npeak = 80.0",
        '[[knee_to_chest.left]]\ndate = 2024-05-01\nrest = 1.0\npeak = "80"',
        "knee_to_chest = " + "[" * 5000,
        "\x00",
    ],
)
def test_a_damaged_file_is_named_and_never_written_over(content: str) -> None:
    targets.path().parent.mkdir()
    targets.path().write_text(content, "utf-8")
    with pytest.raises(InputError, match="cannot be understood"):
        targets.load()
    with pytest.raises(InputError, match="cannot be understood"):
        targets.record({("press_up", "both"): Range(date=date(2025, 1, 2), rest=0, peak=14)})
    assert targets.path().read_text("utf-8") == content


# -- the commands --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--limit", "enter"), "NAME=VALUE"),
        (("--limit", "enter=far"), "NAME=VALUE"),
        (("--limit", "enter=nan"), "NAME=VALUE"),
        (("--limit", "entr=95"), "did you mean 'enter'?"),
        (("--limit", "enter=20"), "--limit.enter of knee_to_chest must be between 85 and 150"),
        (("--limit", "enter=-95"), "between 85 and 150"),
        (("--limit", "bridge.enter=-30"), "another exercise"),
        (("--limit", "knees.enter=95"), "no exercise 'knees'"),
    ],
)
def test_a_bad_limit_is_one_sentence(posecoach: Run, options: tuple[str, ...], words: str) -> None:
    status, output, errors = posecoach("check", GOOD_CLIP, "--exercise", "knee_to_chest", *options)
    assert (status, output) == (2, "")
    assert words in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize("command", [("live",), ("check", GOOD_CLIP, "--routine")])
def test_with_a_routine_a_limit_names_its_exercise(posecoach: Run, command: tuple[object, ...]) -> None:
    for option, words in (("enter=95", "EXERCISE.NAME=VALUE"), ("fetal.enter=75", "has no fetal")):
        status, _, errors = posecoach(*command, "lower_back_basics", "--limit", option)
        assert status == 2
        assert words in errors


def test_live_shows_and_uses_the_limits_in_force(posecoach: Run, weights: bytes, short_clip: Path) -> None:
    targets.record({("knee_to_chest", "left"): OWN["knee_to_chest"]["left"][0]})
    arguments = ("live", "lower_back_basics", "--camera", short_clip, "--no-window")
    status, output, _ = posecoach(*arguments, "--limit", "spinal_twist.enter=40")
    assert status == 0
    assert "enter 91, shallow 81" in output
    assert "enter 40" in output
    assert "enter 100" in posecoach(*arguments, "--limit", "knee_to_chest.enter=100")[1]


def test_check_says_when_own_limits_apply(posecoach: Run, weights: bytes, short_clip: Path) -> None:
    check = ("check", short_clip, "--exercise", "knee_to_chest", "--rotate", "0")
    assert "own limits" not in posecoach(*check)[2]
    targets.record({("knee_to_chest", "left"): OWN["knee_to_chest"]["left"][0]})
    assert "Your own limits apply" in posecoach(*check)[2]
    assert "own limits" not in posecoach(*check, "--side", "right")[2]
    assert "own limits" not in posecoach(*check, "--limit", "enter=100")[2]
