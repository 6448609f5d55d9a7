"""The routines that ship: their doses, what is said in them, and a session of each with a stick body."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Step
from posecoach.coaching.view import View
from posecoach.core.types import Posture
from posecoach.records import routine_files
from tests.support.synthetic import CROOK, STRAIGHT, Segment, Shot, Stance, T, film, repeat

ROUTINES = ("wake_up", "physio_morning", "in_bed", "lower_back_basics", "demo")
WORDS_A_SECOND = 2.0  # a calm voice

each_routine = pytest.mark.parametrize("name", ROUTINES)


def test_the_routines_that_ship() -> None:
    assert set(routine_files.available()) == set(ROUTINES)


# -- doses and words -------------------------------------------------------------------------------------

BOTH_SIDES = ("left", "right")
TAKEN = ("right",)
NO_SIDE = ("both",)

#: Exercise, sides, least and most seconds of a hold, least and most repetitions: as in the sources.
DOSES = {
    "wake_up": [
        ("knee_to_chest", BOTH_SIDES, (20, 30), (1, 1)),
        ("pelvic_tilt", NO_SIDE, (3, 5), (1, 10)),
        ("figure_four", BOTH_SIDES, (10, 30), (1, 1)),
        ("spinal_twist", BOTH_SIDES, (30, 30), (1, 1)),
        ("press_up", NO_SIDE, (2, 3), (3, 3)),
        ("fetal", TAKEN, (10, 10), (1, 1)),
    ],
    "physio_morning": [
        ("lumbar_rotation", NO_SIDE, (0, 0), (4, 6)),
        ("pelvic_tilt", NO_SIDE, (3, 5), (3, 4)),
        ("knee_to_chest", BOTH_SIDES, (10, 15), (1, 1)),
        ("hamstring", BOTH_SIDES, (10, 15), (1, 1)),
        ("bridge", NO_SIDE, (0, 0), (4, 5)),
        ("double_knees_to_chest", NO_SIDE, (10, 15), (1, 1)),
    ],
    "in_bed": [
        ("knee_to_chest", BOTH_SIDES, (20, 30), (2, 3)),
        ("double_knees_to_chest", NO_SIDE, (20, 30), (2, 3)),
        ("spinal_twist", BOTH_SIDES, (20, 30), (2, 3)),
        ("pelvic_tilt", NO_SIDE, (3, 5), (1, 10)),
        ("figure_four", BOTH_SIDES, (20, 30), (2, 3)),
        ("happy_baby", NO_SIDE, (20, 30), (2, 3)),
    ],
}


@pytest.mark.parametrize("name", DOSES)
def test_the_doses_are_those_of_the_source(name: str) -> None:
    steps = [step for step in routine_files.load(name).steps if step.exercise]
    expected = [(exercise, side, hold, reps) for exercise, sides, hold, reps in DOSES[name] for side in sides]
    assert [(step.exercise, step.side) for step in steps] == [one[:2] for one in expected]
    for step, (exercise, _, (least_s, most_s), (fewest, most)) in zip(steps, expected, strict=True):
        assert least_s <= step.hold_s <= most_s, exercise
        assert fewest <= step.reps <= most, exercise


@pytest.mark.parametrize(
    ("name", "cues"),
    [
        ("wake_up", ["breath", "onto your front", "right side", "sit up slowly"]),
        ("physio_morning", ["Breathe", "to one side", "sit up slowly"]),
        ("in_bed", ["breathe", "to one side", "sit up slowly"]),
    ],
)
def test_transitions_are_told_in_order(name: str, cues: list[str]) -> None:
    said = " / ".join(step.say for step in routine_files.load(name).steps if not step.exercise)
    places = [said.find(cue) for cue in cues]
    assert -1 not in places
    assert places == sorted(places)


def test_the_way_onto_the_front_and_the_side_comes_before_what_is_done_there() -> None:
    steps = routine_files.load("wake_up").steps
    order = [step.exercise or step.say for step in steps]
    at = {exercise: order.index(exercise) for exercise in ("press_up", "fetal")}
    assert "roll over" in order[at["press_up"] - 1]
    assert "right side" in order[at["fetal"] - 1]
    assert next(step.side for step in steps if step.exercise == "fetal") == "right"


@each_routine
def test_how_to_lie_is_never_part_of_what_is_said_after_the_move_was_asked_for(name: str) -> None:
    for step in routine_files.load(name).steps:
        assert not step.exercise or "roll" not in step.say.lower()


@each_routine
def test_what_is_said_can_be_said_in_its_time_and_read_from_afar(name: str) -> None:
    for step in routine_files.load(name).steps:
        assert step.say
        assert len(step.say) <= 90, step.say
        assert not step.say.endswith("."), "the coach goes on from there"
        if not step.exercise:
            assert len(step.say.split()) / WORDS_A_SECOND <= step.pause_s, step.say


# -- sessions --------------------------------------------------------------------------------------------

FPS = 10  # the fewest that suffice
IN_S = 1.3  # a way in or out


def bent(hip: float, knee: float, **changes: float) -> Stance:
    return CROOK.but(hip_left=hip, hip_right=hip, knee_left=knee, knee_right=knee, **changes)


@dataclass(frozen=True)
class Done:
    """How an exercise is done well: lying, and the stance that a side is worked in."""

    rest: Stance
    left: Stance
    right: Stance
    posture: Posture = "supine"


DONE = {
    "knee_to_chest": Done(
        CROOK, CROOK.but(hip_left=118, knee_left=128), CROOK.but(hip_right=118, knee_right=128)
    ),
    "double_knees_to_chest": Done(CROOK, bent(118, 128), bent(118, 128)),
    "pelvic_tilt": Done(CROOK, CROOK.but(pelvis=0.03), CROOK.but(pelvis=0.03)),
    "figure_four": Done(
        CROOK,
        CROOK.but(cross_left=1, hip_right=105, knee_right=105),
        CROOK.but(cross_right=1, hip_left=105, knee_left=105),
    ),
    "spinal_twist": Done(T, T.but(turn=60), T.but(turn=-60)),
    "lumbar_rotation": Done(CROOK, CROOK.but(turn=42), CROOK.but(turn=-42)),
    "press_up": Done(STRAIGHT, STRAIGHT.but(trunk=22), STRAIGHT.but(trunk=22), "prone"),
    "fetal": Done(bent(20, 30), bent(105, 100), bent(105, 100), "right_side"),
    "hamstring": Done(
        STRAIGHT, STRAIGHT.but(hip_left=85, knee_left=15), STRAIGHT.but(hip_right=85, knee_right=15)
    ),
    "bridge": Done(CROOK, CROOK.but(pelvis=0.45), CROOK.but(pelvis=0.45)),
    "happy_baby": Done(CROOK, left=bent(145, 60, gap=1.0, grip=1), right=bent(145, 60, gap=1.0, grip=1)),
}


def performance(step: Step) -> tuple[Done, list[Segment]]:
    """A good performance of a step: rest, the whole dose, rest."""
    done, hold_s = DONE[step.exercise], step.hold_s + 1.2
    if CATALOGUE[step.exercise].timed_only:
        # Nobody is waited for: the coach counts, and a tilt of a few degrees is all there is to it.
        turns = [(2.0, done.rest), (2.0, done.left), (step.hold_s, done.left)]
        listening = (16.0, done.rest)  # it is said first what to do
        return done, [listening, *(turns * step.reps), (4.0, done.rest)]
    if step.side != "both":
        stances = [getattr(done, step.side)] * step.reps
    else:
        stances = [done.left, done.right] * step.reps
    ways = (repeat(done.rest, stance, hold_s, 1, 1.0, IN_S) for stance in stances[: step.reps])
    return done, [(2.0, done.rest), *chain.from_iterable(ways)]


def thinned(shots: list[Shot]) -> Iterator[Shot]:
    """Every other frame where nothing moves: a long hold does not have to be looked at so often."""
    for index, shot in enumerate(shots):
        if index % 2 or shot.stance != shots[index - 1].stance:
            yield shot


@cache
def session(name: str) -> tuple[list[View], list[Result]]:
    """All views and results of a session in which everything is done well."""
    loaded = routine_files.load(name)
    coach, views, t_s = Coach(loaded), list[View](), 0.0
    lying: Stance = CROOK
    posture: Posture = "supine"
    for step in loaded.steps:
        if step.exercise:
            done, segments = performance(step)
            lying, posture = done.rest, done.posture
        else:
            segments = [(step.pause_s + 0.5, lying)]
        shots = film(lying, segments, FPS, posture=posture, start_s=t_s)
        before = len(views)
        views += [coach.update(shot.pose, shot.t_s) for shot in thinned(shots)]
        t_s = shots[-1].t_s + 1 / FPS
        assert any(event.kind in ("announce", "done") for view in views[before:] for event in view.events)
    assert coach.finished
    return views, coach.finish()


@each_routine
def test_a_session_runs_from_start_to_end(name: str) -> None:
    views, results = session(name)
    steps = routine_files.load(name).steps
    told = [event.kind for view in views for event in view.events]
    assert told.count("announce") == len(steps)
    assert told.count("step_done") == len(results) == sum(bool(step.exercise) for step in steps)
    assert told[-1] == "done"
    assert not {"moving_on", "unseen"} & set(told)


@each_routine
def test_every_step_done_well_is_good(name: str) -> None:
    _, results = session(name)
    steps = [step for step in routine_files.load(name).steps if step.exercise]
    for step, result in zip(steps, results, strict=True):
        timed = CATALOGUE[step.exercise].timed_only
        assert result.verdict == ("unseen" if timed else "good"), (result.exercise, result.faults)
        assert result.faults == ()
        assert timed or (result.side, result.reps) == (step.side, step.reps)


@each_routine
def test_it_takes_about_as_long_as_is_told(name: str) -> None:
    views, _ = session(name)
    estimated_s = routine_files.load(name).estimated_s
    assert 0.6 * estimated_s < views[-1].t_s < 1.4 * estimated_s
