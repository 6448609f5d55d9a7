"""What keeps an exercise from starting: the body is not seen, lies otherwise, or is not at rest."""

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.judge import Judge
from posecoach.coaching import phrases
from posecoach.coaching.cues import unseen_limb
from posecoach.coaching.phrases import Unseen
from posecoach.core.translation import tr
from posecoach.core.types import Side
from posecoach.kinematics.body import SHOULDERS, Measurements


def lies_otherwise(exercise: Exercise, side: Side, found: Measurements | None) -> bool:
    """True for a body that seems to lie otherwise than the exercise asks for."""
    lies = found.baseline if found is not None else None
    return lies is not None and lies.posture not in exercise.lying(side)


def what_is_missing(
    exercise: Exercise, side: Side, found: Measurements | None, judge: Judge | None = None
) -> str | Unseen | None:
    """What keeps the exercise from starting; None when the starting position is taken.

    With a `judge` the position must also be none that counts already, and what its exercise asks of a start.
    """
    start, postures = phrases.start(exercise, side), exercise.lying(side)
    if found is None:
        return phrases.nobody()
    if found.baseline is None:
        return start
    if found.baseline.posture not in postures:
        return phrases.cannot_see(SHOULDERS) if found.shoulders_hidden else tr(phrases.LIE[postures[0]])
    if exercise.timed_only:
        return None if found.still else tr(phrases.STILL)
    motions = exercise.motions if judge is not None else exercise.motions_on(side)
    if any(motion.value(found.values) is None for motion in motions):
        return unseen_limb(exercise, side, found) or start
    if judge is not None and judge.begun(found):
        return tr(phrases.STILL)  # in a position: how to lie is no help
    if judge is not None and not judge.ready(found):
        return start
    return None if found.still else tr(phrases.STILL)


def needs_rest(exercise: Exercise) -> bool:
    """True where the trunk moves, which shows only against the body at rest; how limbs bend shows at once."""
    return exercise.rises or exercise.turns
