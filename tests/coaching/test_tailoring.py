import pytest

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching import tailoring, targets
from posecoach.coaching.plan import Routine, Step
from posecoach.core.errors import InputError
from posecoach.records import routine_files

MORNING = Routine(
    name="morning",
    title="Morning",
    steps=(
        Step(pause_s=20, say="Breathe"),
        Step(exercise="knee_to_chest", side="left", hold_s=20),
        Step(exercise="knee_to_chest", side="right", hold_s=20, limits={"enter": 95}),
        Step(pause_s=15, say="Roll over"),
        Step(exercise="press_up", hold_s=2, reps=3),
        Step(pause_s=12, say="Onto your side"),
        Step(exercise="fetal", side="right", hold_s=10),
        Step(pause_s=15, say="Sit up"),
    ),
)


def outline(chosen: Routine) -> list[str]:
    return [step.exercise or step.say for step in chosen.steps]


@pytest.mark.parametrize(
    ("only", "skipped", "left"),
    [
        ([], [], outline(MORNING)),
        (["knee_to_chest"], [], ["knee_to_chest", "knee_to_chest"]),
        (["press_up"], [], ["Roll over", "press_up"]),
        (
            [],
            ["press_up"],
            ["Breathe", "knee_to_chest", "knee_to_chest", "Onto your side", "fetal", "Sit up"],
        ),
        ([], ["knee_to_chest", "fetal"], ["Breathe", "Roll over", "press_up", "Sit up"]),
        (["press_up", "fetal"], ["fetal"], ["Roll over", "press_up"]),
    ],
)
def test_what_leads_to_an_exercise_comes_and_goes_with_it(
    only: list[str], skipped: list[str], left: list[str]
) -> None:
    assert outline(tailoring.selected(MORNING, only, skipped)) == left


@pytest.mark.parametrize(
    ("only", "skipped", "words"),
    [
        (["bridge"], [], "--only: the routine 'morning' has no bridge, only knee_to_chest, press_up, fetal"),
        ([], ["bridge"], "--skip: the routine 'morning' has no bridge"),
        (["fetal"], ["fetal"], "leave nothing"),
    ],
)
def test_what_cannot_be_selected_is_a_sentence(only: list[str], skipped: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        tailoring.selected(MORNING, only, skipped)


def test_gentle_holds_are_half_as_long_and_never_a_moment() -> None:
    gentle = tailoring.gentler(MORNING, {})
    assert [step.hold_s for step in gentle.steps if step.exercise] == [10, 10, 2, 5]
    assert gentle.estimated_s < MORNING.estimated_s
    assert "gentle" in gentle.title


@pytest.mark.parametrize("exercise", CATALOGUE.values(), ids=CATALOGUE)
def test_gentle_targets_are_smaller_and_everything_else_is_as_strict(exercise: Exercise) -> None:
    found = exercise
    less = tailoring.less_deep(found, {}, {})
    depth = {motion.enter for motion in found.motions} | (
        {found.falls_short.limit} if found.falls_short else set()
    )
    assert set(less) == (set() if found.timed_only else depth)
    for name, value in less.items():
        assert found.limits[name].between[0] <= value < found.limits[name].default
    if found.falls_short and less:
        assert less[found.falls_short.limit] < less[found.motions[0].enter]


def test_gentle_starts_from_the_limits_in_force_and_leaves_the_command_line_alone() -> None:
    gentle = tailoring.gentler(MORNING, {"press_up": {"enter": 20}})
    limits = [dict(step.limits) for step in gentle.steps if step.exercise]
    assert limits[0] == {"enter": 92.5, "shallow": 82.5}
    assert limits[1] == {"enter": 90, "shallow": 85}
    assert limits[2] == {}
    again = tailoring.gentler(
        targets.applied(MORNING, {}, {"press_up": {"enter": 20}}), {"press_up": {"enter": 20}}
    )
    assert again.steps[4].limits == {"enter": 20}


def test_what_the_command_line_counts_as_too_little_is_never_beyond_a_gentle_target() -> None:
    given = {"knee_to_chest": {"shallow": 95.0}}
    gentle = tailoring.gentler(targets.applied(MORNING, {}, given), given)
    assert gentle.steps[1].limits == {"enter": 92.5, "shallow": 92.5}


def test_a_gentle_routine_asks_for_nothing_that_a_file_could_not() -> None:
    for name in routine_files.available():
        for step in tailoring.gentler(routine_files.load(name), {}).steps:
            for limit, value in step.limits.items():
                targets.check_limit(CATALOGUE[step.exercise], limit, value)
