"""A coach before bodies that move as told: the steps, the moves, and what was said and shown of them."""

from collections.abc import Iterable, Iterator
from functools import cache

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.view import Event, View
from posecoach.coaching.watcher import Watcher
from posecoach.core.choices import WordsChoice
from posecoach.core.types import Posture
from tests.support.synthetic import CROOK, Shot, Stance, film, repeat

FPS = 10  # the fewest that suffice
LEFT = CROOK.but(hip_left=118, knee_left=128)
RIGHT = CROOK.but(hip_right=118, knee_right=128)

KNEE_LEFT = Step(exercise="knee_to_chest", side="left", hold_s=8)
KNEE_RIGHT = Step(exercise="knee_to_chest", side="right", hold_s=2)
PRESS_UP = Step(exercise="press_up", hold_s=2)


def coaching(*steps: Step, words: WordsChoice = "normal") -> Coach:
    return Coach(Routine(title="A morning", steps=steps), words=words)


def run(coach: Coach | Watcher, shots: Iterable[Shot]) -> list[View]:
    return [coach.update(shot.pose, shot.t_s) for shot in shots]


def told(views: Iterable[View]) -> list[Event]:
    return [event for view in views for event in view.events]


def kinds(views: Iterable[View]) -> list[str]:
    return [event.kind for event in told(views)]


def lying(
    stance: Stance, lasts: float, start_s: float = 0.0, posture: Posture = "supine", fps: float = FPS
) -> list[Shot]:
    return film(stance, [(lasts, stance)], fps, start_s=start_s, posture=posture)


def nobody(lasts: float, start_s: float = 0.0, fps: float = 4) -> Iterator[tuple[None, float]]:
    return ((None, start_s + frame / fps) for frame in range(round(lasts * fps)))


@cache
def two_steps() -> tuple[list[View], list[Result]]:
    """A session of a left knee, held for long, and a right one."""
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    views = run(coach, film(CROOK, [*repeat(CROOK, LEFT, 8.0), *repeat(CROOK, RIGHT, 2.0)], FPS))
    assert coach.finished
    return views, coach.finish()


def watched(shots: Iterable[Shot], hold_s: float = 4) -> tuple[list[View], Watcher]:
    coach = Watcher("knee_to_chest", hold_s=hold_s)
    return run(coach, shots), coach
