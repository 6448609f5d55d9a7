"""Detects which exercises a recording shows, from the posture and the measures of its frames, one by one.

Each frame shows at most one exercise (`frame_recognition`); a run of them shows one where enough agree
(`run_recognition`); and a recording shows one after the other, each in a span of its own (`spans`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from math import inf

from posecoach.assessment.frame_recognition import (
    OTHER,
    further_leg,
    is_effort,
    may_turn_over,
    shown_exercise,
    tilts,
    turns_over,
)
from posecoach.assessment.results import Position
from posecoach.assessment.run_recognition import SHOWN_AS, Recognition, Shown, lasted_s, recognised
from posecoach.assessment.spans import NO_WAY_IN_S, REST_S, Span, timeline
from posecoach.assessment.tilt_recognition import TILT, with_tilts
from posecoach.core.pose import Pose
from posecoach.core.types import Posture
from posecoach.kinematics.body import Body, Measurements
from posecoach.kinematics.measurement_requests import Asking, answered
from posecoach.kinematics.remembered import Remembered

_MOVES = 0.06  # torso lengths in half a second: low bridges come to 0.08 or more, who lies still to 0.06
_ROLLS_FOR_S = 0.3  # for which shoulders roll at the least: at an angle one may leap up for a moment
_OWN_SHARE = 1 / 3  # of the telling frames in position; on good clips it is 0.43 at the least
#: What turns look like, told from one another only by how often and how long they are taken.
_TURNING = ("spinal_twist", "lumbar_rotation")

_LATELY_S = 10.0  # for which it is asked what is done instead of what was asked for
_INSTEAD_S = 4.0  # of these, that another exercise takes at least


def recognise(poses: Iterable[Pose | None]) -> "Recogniser":
    """A recogniser that has taken all poses of a clip."""
    return answered(recognising(poses))


def recognising(poses: Iterable[Pose | None], memory: list[Remembered] | None = None) -> Asking["Recogniser"]:
    """The same, asking for what is measured in each pose, which is added to `memory`."""
    body, recogniser = Body(), Recogniser()
    for pose in (one for one in poses if one is not None):
        found = yield body, pose
        rested = None if recogniser.update(found) else body.may_rest(found, "between_moves")
        if memory is not None:
            memory.append(Remembered(found, rested, body.baseline))
    return recogniser


@dataclass
class Recogniser:
    """Takes the measurements of a recording and then tells what it shows."""

    _shown: list[Shown] = field(default_factory=list)
    _lay: Posture | None = None
    _upright: int = 0
    _rolls_since_s: float = inf

    def update(self, found: Measurements) -> bool:
        """Take one frame in which the body was found; whether it `shows_effort`."""
        if found.baseline is None:
            return False
        posture = found.baseline.posture
        self._upright += posture == "upright"
        to_front = self._lay is not None and {self._lay, posture} == {"supine", "prone"}
        to_side = self._lay == "supine" and posture in ("left_side", "right_side")
        rolls = posture == "supine" and turns_over(found.baseline, found.values)
        self._rolls_since_s = min(self._rolls_since_s, found.t_s) if rolls else inf
        if to_front or to_side or found.t_s - self._rolls_since_s >= _ROLLS_FOR_S:
            self._forget_episode()
        self._lay = posture
        name = shown_exercise(found.baseline, found.values)
        rolls = may_turn_over(found.values)
        moves = _MOVES < found.moved < inf and posture != "upright"
        leg = further_leg(found.values)
        self._shown.append(Shown(found.t_s, name, leg, rolls, tilts(found.values), moves))
        return is_effort(found.baseline, found.values, name)

    def _forget_episode(self) -> None:
        """Somebody has turned over: what was measured meanwhile, against the rest before, shows nothing, and
        what was shown for a moment before is a way into it.
        """
        now_s = self._shown[-1].t_s if self._shown else 0.0
        latest_first = reversed(self._shown)
        episode = list(takewhile(lambda f: f.name is not None or now_s - f.t_s <= REST_S, latest_first))
        began_s = min((frame.t_s for frame in episode if frame.rolls), default=float("-inf")) - REST_S
        before = [frame for frame in episode if frame.t_s < began_s]
        kept = len(before) if before and before[0].t_s - before[-1].t_s >= NO_WAY_IN_S else 0
        for index in range(len(self._shown) - len(episode) + kept, len(self._shown)):
            self._shown[index] = self._shown[index]._replace(name=None)

    @property
    def upright(self) -> float:
        """The share of the frames in which the body does not lie; 0 where nothing was measured."""
        return self._upright / len(self._shown) if self._shown else 0.0

    def at_odds(self, exercise: str, positions: Sequence[Position]) -> str | None:
        """What the frames of these positions show where most of them are not of `exercise`; None where they
        agree, or say nothing.
        """
        own = SHOWN_AS.get(exercise, (exercise,))
        inside = [f for f in self._shown if any(p.start_s <= f.t_s <= p.end_s for p in positions)]
        counted = Counter(frame.name for frame in inside if frame.name not in (None, OTHER))
        if sum(counted[name] for name in own) >= _OWN_SHARE * counted.total():
            return None
        others = {name: frames for name, frames in counted.items() if name not in own}
        most = max(others, key=lambda name: others[name])
        return "spinal_twist" if most.startswith("turn_") else most

    def instead_of(self, exercise: str) -> str | None:
        """Another exercise than this one that has been going on for some seconds; None where none is."""
        if not self._shown or self._shown[-1].name is None:
            return None
        since_s = self._shown[-1].t_s - _LATELY_S
        lately = list(takewhile(lambda frame: frame.t_s >= since_s, reversed(self._shown)))[::-1]
        shows = recognised(lately)
        if not shows.sure or shows.exercise is None or shows.exercise in _taken_for(exercise):
            return None
        return shows.exercise if lasted_s(lately, shows.exercise) >= _INSTEAD_S else None

    def other_than(self, exercise: str) -> str | None:
        """Another exercise than this one that all that was seen shows for sure; None where it does not."""
        shows = recognised(self._shown)
        return shows.exercise if shows.sure and shows.exercise not in _taken_for(exercise) else None

    def mainly(self, spans: Sequence[Span]) -> Recognition:
        """What the recording shows, taken as one exercise; of several, what it shows for longest of its
        `sure_spans`.
        """
        whole = recognised(self._shown)
        if whole.sure or not spans:
            return whole
        return max(spans, key=lambda span: span.end_s - span.start_s).recognition

    def sure_spans(self, told: str) -> tuple[Span, ...]:
        """The spans of a recording that are hardly another exercise than they seem. Pelvic tilts are among
        them only where those were `told`: so small a move may be a faint attempt at what was asked for.
        """
        spans = self.timeline() if told == TILT else timeline(self._shown)
        return tuple(span for span in spans if span.recognition.sure)

    def exercise(self) -> str | None:
        """The identifier of the exercise that the whole recording shows, or None when it cannot be told."""
        return self.recognition().exercise

    def recognition(self) -> Recognition:
        """What the whole recording shows, taken as one exercise."""
        return recognised(with_tilts(self._shown))

    def timeline(self) -> tuple[Span, ...]:
        """The exercises of the recording one after the other; their spans meet in the rests between them."""
        return timeline(with_tilts(self._shown))


def beside(exercise: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Of the `sure_spans` of a recording those of other exercises; none where none shows this one as well.

    Where it shows both, a twist and a rotation are two.
    """
    shown = any(span.recognition.exercise == exercise for span in spans)
    own = (exercise, *SHOWN_AS.get(exercise, ()))
    return tuple(span for span in spans if shown and span.recognition.exercise not in own)


def _taken_for(exercise: str) -> tuple[str, ...]:
    """Exercises that one may seem to be, though it is done."""
    return _TURNING if exercise in _TURNING else SHOWN_AS.get(exercise, (exercise,))
