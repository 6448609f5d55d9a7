"""Sessions as the history has them, without a camera: made up, or done by a stick body."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache

from posecoach.assessment.results import Fault, Position, Result
from posecoach.assessment.trace import Trace
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.step_result import StepDone
from posecoach.coaching.view import View
from posecoach.core.choices import OneSide
from posecoach.records.history import Done, Session
from tests.support.synthetic import CROOK, Shot, film, repeat

FPS = 10
LEFT = CROOK.but(hip_left=118, knee_left=128)
RIGHT = CROOK.but(hip_right=118, knee_right=128)
ROUTINE = Routine(
    name="short",
    title="Short & <easy>",
    steps=(
        Step(exercise="knee_to_chest", side="left", hold_s=2),
        Step(pause_s=1, say="Rest"),
        Step(exercise="knee_to_chest", side="right", hold_s=2),
        Step(exercise="pelvic_tilt", hold_s=2),
    ),
)
START = datetime(2026, 3, 6, 6, 58, tzinfo=timezone(timedelta(hours=1)))


def shots() -> list[Shot]:
    """A body that does all of `ROUTINE`."""
    moves = [*repeat(CROOK, LEFT, 2.0), (2.0, CROOK), *repeat(CROOK, RIGHT, 2.0), (40.0, CROOK)]
    return film(CROOK, [(1.0, CROOK), *moves], FPS)


@cache
def moments() -> tuple[tuple[View, tuple[StepDone, ...]], ...]:
    """What a coach made of it, frame by frame: its views, and the steps that ended in them."""
    ended = list[StepDone]()
    coach, seen = Coach(ROUTINE, ended.append), list[tuple[View, tuple[StepDone, ...]]]()
    for shot in shots():
        view = coach.update(shot.pose, shot.t_s)
        seen.append((view, tuple(ended)))
        ended.clear()
        if coach.finished:
            break
    return tuple(seen)


def knee(side: OneSide = "left", peak: float = 110.0, fault: str = "") -> Done:
    """A knee that was drawn in as far as `peak`, unseen for two seconds of its hold."""
    at_s = 3.0 if side == "left" else 40.0
    result = Result(
        exercise="knee_to_chest",
        side=side,
        duration_s=30.0,
        frames=300,
        seen=1.0,
        verdict="fault" if fault else "good",
        faults=(Fault(fault, None, at_s + 5, at_s + 9),) if fault else (),
        positions=(Position(side, at_s + 4, at_s + 24),),
        reps=1,
        peaks={f"hip_flexion_{side}": peak},
        score=70 if fault else 100,
        step=1 if side == "left" else 2,
    )
    times = tuple(at_s + index / 5 for index in range(150))
    values = tuple(
        None if 60 <= index < 70 else 50 + (peak - 50) * min(index / 20, 1) for index in range(150)
    )
    step = Step(exercise="knee_to_chest", side=side, hold_s=20)
    return Done(step, result, (Trace(side, 100.0, 10.0, None, times, values),))


def session(*exercises: Done, days_ago: float = 0.0, before: int | None = 3) -> Session:
    """A session of a morning."""
    begun = Session(START - timedelta(days=days_ago), "short", ROUTINE.title, 2, exercises, before=before)
    return replace(begun, ended="finished", duration_s=64.0, after=2, pain=False)


def weeks(count: int) -> Iterator[Session]:
    """A session every three days, each a little deeper than the last, the right side behind the left."""
    for index in range(count):
        done = (knee("left", 92.0 + index), knee("right", 86.0 + index, "head_lifted"))
        yield session(*done, days_ago=3.0 * (count - 1 - index))
