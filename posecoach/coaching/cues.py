"""Which cue a frame asks for, and whether it is due: nothing is said too often."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.judge import Judge, Judgement
from posecoach.assessment.results import Result
from posecoach.coaching import phrases
from posecoach.coaching.phrases import Unseen
from posecoach.coaching.pictures import Pictures
from posecoach.core.pose import INDEX
from posecoach.core.translation import tr
from posecoach.core.types import Side
from posecoach.kinematics.body import Measurements

_REPEAT_S = 10.0  # the same cue is not repeated earlier
_BETWEEN_S = 3.0  # no two cues come closer
_KEEPING_TIME_S = 180.0  # that only time is kept is said once; after this long it may have been forgotten
_PRAISE_STEPS = 2  # praise wears out: not for each of two clean steps in a row

#: Unseen for this long is said and shown.
LOST_S = 1.0


@dataclass(frozen=True)
class Cue:
    """One thing to change: its text, a key to recognise it by, and the landmarks of the limb at fault (none:
    the limb that moves)."""

    key: str
    text: str
    limb: tuple[int, ...] = ()


def fault_cue(exercise: Exercise, judged: Judgement, unjudged: Set[str]) -> Cue | None:
    """The cue of the fault that matters most at this frame, of those that are not left `unjudged`."""
    faults = [fault for fault in judged.faults if fault.name not in unjudged]
    if not faults:
        return None
    fault = faults[0]
    joints = (joint.format(side=fault.side) for joint in exercise.limb_of(fault.name))
    return Cue(
        f"{fault.name}-{fault.side}",
        phrases.cue(exercise, fault.name, fault.side),
        tuple(INDEX[joint] for joint in joints),
    )


def side_cue(side: Side, judged: Judgement) -> Cue | None:
    """The cue for a hold on the other side than `side`, which is asked for."""
    if side == "both" or judged.phase != "hold" or judged.side == side:
        return None
    text = phrases.other_side(side)
    return Cue(text, text)


def instead_cue(exercise: Exercise, side: Side, other: str | None) -> Cue | None:
    """The cue for another exercise, by its identifier, that is done in place of this one."""
    if other is None:
        return None
    return Cue("instead", phrases.instead(CATALOGUE[other], exercise, side))


def amiss(judge: Judge, side: Side, found: Measurements | None) -> str | None:
    """Why nothing is judged of a body that is seen, and what would help on the `side` that is asked for; None
    where that is not known."""
    if found is None:
        return None
    alike = judge.legs_are_alike(found.values)
    # Whoever lies on a side has one leg on the other.
    if judge.lies_wrong(found) or (alike and judge.lies_elsewhere(found)):
        return tr(phrases.LIE[judge.exercise.postures[0]])
    return str(phrases.both_legs(side)) if alike else None


def blind(exercise: Exercise, pictures: Pictures) -> Unseen | None:
    """Why nothing can be judged, whatever is done; None where that is not so."""
    if not pictures.there:
        return phrases.no_picture(pictures.state)
    return phrases.too_few_pictures() if pictures.sparse and not exercise.timed_only else None


def what_is_unseen(exercise: Exercise, side: Side, found: Measurements | None) -> Unseen:
    """What of a body cannot be seen: all of it where no limb of it is known to be hidden."""
    return (unseen_limb(exercise, side, found) if found is not None else None) or phrases.nobody()


def unseen_limb(exercise: Exercise, side: Side, found: Measurements) -> Unseen | None:
    """Which of the joints that move on this side cannot be seen."""
    needed = [joint for motion in exercise.motions_on(side) for joint in motion.limb]
    hidden = [joint for joint in dict.fromkeys(needed) if joint in found.hidden]
    return phrases.cannot_see(hidden) if hidden else None


def for_next_time(results: Sequence[Result]) -> str:
    """The cue of the fault that was there the most, or that a side was left out; "" where all was well."""
    lasted: Counter[tuple[str, str, str | None]] = Counter()
    for result in results:
        for fault in result.faults:
            if result.exercise is not None:
                # A fault of a moment, such as haste, weighs as much as one that lasts for a second.
                seconds = max(1.0, fault.lasts_s)
                lasted[result.exercise, fault.name, fault.side] += round(10 * seconds)
    if not lasted:
        lopsided = any(result.noted("one_side_only") is not None for result in results)
        return tr(phrases.BOTH_SIDES) if lopsided else ""
    (exercise, name, side), _ = lasted.most_common(1)[0]
    return phrases.cue(CATALOGUE[exercise], name, side)


class CueMemory:
    """When each cue was spoken: the same one takes twice as long each time until it comes again."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, int]] = {}  # when last, and how often, in this step
        self._last_s = self._keeping_time_s = float("-inf")
        self._hints: set[str] = set()
        self._praised = -_PRAISE_STEPS  # the step that was praised last

    def begin_step(self) -> None:
        """Begin a step: its cues are new."""
        self._said.clear()

    def said(self, key: str) -> bool:
        """Whether this cue was spoken in this step."""
        return key in self._said

    def due(self, key: str, t_s: float) -> bool:
        """Whether a cue may be spoken at `t_s`; what may be is noted as spoken."""
        said_s, times = self._said.get(key, (float("-inf"), 0))
        if t_s - self._last_s < _BETWEEN_S or t_s - said_s < _REPEAT_S * 2 ** max(0, times - 1):
            return False
        self._said[key], self._last_s = (t_s, times + 1), t_s
        return True

    def keeping_time_due(self, t_s: float) -> bool:
        """Whether it may be said at `t_s` that only time is kept; noted as said."""
        due = t_s - self._keeping_time_s > _KEEPING_TIME_S
        if due:
            self._keeping_time_s = t_s
        return due

    def hint_due(self, hint: str) -> bool:
        """Whether a hint is new in this session; noted as given."""
        due = hint not in self._hints
        self._hints.add(hint)
        return due

    def praise_due(self, step: int) -> bool:
        """Whether a clean step, by its number, may be praised; noted as praised."""
        due = step - self._praised >= _PRAISE_STEPS
        if due:
            self._praised = step
        return due
