"""The types that exercises are written in: motions, conditions, rules and limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import acos, degrees
from typing import Literal

from posecoach.assessment.thresholds import FAULT_S
from posecoach.core.choices import OneSide
from posecoach.core.types import Posture, Side
from posecoach.kinematics.baseline import SIDE_ON, Baseline
from posecoach.kinematics.measures import BY_FIT, Measures

_ARM = 1.09  # torso lengths from shoulder to wrist; see `skeleton_fit`


@dataclass(frozen=True)
class Value:
    """A number taken from one frame's measurements: `combine` of the measures called `names`.

    smallest  it is the smallest of the measures, so that each of them that is seen bounds it
    alike     the measures are of limbs that lie on one another, or move as one: what is unseen is as what is
              seen
    """

    names: tuple[str, ...]
    combine: Callable[[Sequence[float]], float]
    smallest: bool = False
    alike: bool = False

    def __call__(self, measures: Measures) -> float | None:
        """The number; None when any of the measures is unseen, or all of those that are alike."""
        found = []
        for name in self.names:
            value = measures.get(name)
            if value is not None:
                found.append(value)
            elif not self.alike:
                return None
        return self.combine(found) if found else None

    @property
    def falls(self) -> bool:
        """True where the number grows as the measures fall."""
        return self.combine([1.0] * len(self.names)) < 0

    def at_most(self, measures: Measures) -> float | None:
        """What the number cannot exceed, whatever is unseen; None where nothing bounds it."""
        found = [value for name in self.names if (value := measures.get(name)) is not None]
        bounded = bool(found) and (self.smallest or self.alike or len(found) == len(self.names))
        return self.combine(found) if bounded else None

    def deviation(self, deviations: Mapping[str, float]) -> float:
        """The number's standard deviation, from those of the measures; 0 where none is known."""
        most = 0.0
        for name in self.names:
            most = max(most, deviations.get(name, 0.0))
        return most


class _Measure(Value):
    """The measure itself: what most values are, and asked for many times a frame."""

    def __call__(self, measures: Measures) -> float | None:
        return measures.get(self.names[0])

    def at_most(self, measures: Measures) -> float | None:
        return measures.get(self.names[0])

    def deviation(self, deviations: Mapping[str, float]) -> float:
        return deviations.get(self.names[0], 0.0)


def measure(name: str) -> Value:
    """The measure itself."""
    return _Measure((name,), min, smallest=True)


def least(*names: str) -> Value:
    """The smallest of several measures."""
    return Value(names, min, smallest=True)


def mean(*names: str) -> Value:
    """The mean of several measures."""
    return Value(names, lambda values: sum(values) / len(values))


def mean_alike(*names: str) -> Value:
    """The mean of measures of limbs that lie on one another, of which one may be hidden."""
    return replace(mean(*names), alike=True)


def negative(*names: str) -> Value:
    """Minus the mean of the measures."""
    return Value(names, lambda values: -sum(values) / len(values))


def unsigned(name: str) -> Value:
    """The measure without its direction."""
    return Value((name,), lambda values: abs(values[0]))


def negative_alike(*names: str) -> Value:
    """Minus the mean of measures of limbs that move as one, of which one may be hidden."""
    return replace(negative(*names), alike=True)


def arm_out(side: OneSide) -> Value:
    """Degrees between arm and trunk: the mean of what the upper arm in space and the hand along the bed tell.

    An arm that points at the camera, or away from it, has an elbow whose depth is a guess; how far its hand
    is from the hip along the bed is seen. Bent elbows bring a hand no nearer to the hip than straight ones.
    """
    return Value((f"shoulder_abduction_{side}", f"hand_ahead_{side}"), _of_arm)


def _of_arm(seen: Sequence[float]) -> float:
    abduction, ahead = seen
    return (abduction + degrees(acos(min(1.0, max(-1.0, -ahead / _ARM))))) / 2


@dataclass(frozen=True)
class Limit:
    """A limit of an exercise: its default and what it means, with its unit. Routines may override it.

    between  the least and most it may be set to: an entry stays clear of what lying still reads (bent legs
             rest at hips of 60 to 65 degrees) and within what somebody could reach
    """

    default: float
    between: tuple[float, float]
    help: str


#: Which views can show a thing: any; those whose noise of heights is at most half the limit; those from a
#: camera that does not look down from above, or that does; those across the body, from the side or above;
#: those at an angle to it, but not along it; those from the side.
Visibility = Literal["any", "heights", "low", "above", "across", "aslant", "side"]
_ALONG = 55.0  # degrees off the side view from which the camera looks along the body


def shows(view: Visibility, baseline: Baseline | None, limit: float) -> bool:
    """Whether the view that a baseline was taken in can show what needs `view`; without a baseline: no."""
    if view == "any":
        return True
    if baseline is None:
        return False
    if view == "heights":
        return baseline.height_noise <= limit / 2
    if view == "across":
        return baseline.azimuth < SIDE_ON
    if view == "aslant":
        return SIDE_ON <= baseline.azimuth < _ALONG
    if view == "side":
        return baseline.side_on
    return baseline.from_above == (view == "above")


@dataclass(frozen=True)
class Condition:
    """Something besides the motion's own value that makes the position: a value beyond its limit.

    slack  how far it may fall back before the position ends
    vague  where it is not met this may be the position all the same, or another move
    rare   what would break it is seldom done: unseen, it is met
    """

    value: Value
    limit: str
    beyond: Literal["above", "below"]
    slack: float
    view: Visibility = "any"
    vague: bool = False
    rare: bool = False

    def met(self, measures: Measures, baseline: Baseline | None, limit: float, held: bool) -> bool | None:
        """Whether it is met; None where it is unseen. `held`: it was met before, so the slack applies."""
        met = self._met(measures, baseline, limit, held)
        if self.rare and met is None:
            return True
        return None if self.vague and met is False else met

    def _met(self, measures: Measures, baseline: Baseline | None, limit: float, held: bool) -> bool | None:
        if self.view != "any" and not shows(self.view, baseline, limit):
            return None
        value, slack = self.value(measures), self.slack if held else 0.0
        most = self.value.at_most(measures) if value is None else value
        if self.beyond == "below":
            # One hand that holds its foot is enough, whether or not the other one is seen.
            met = most is not None and most <= limit + slack
            return met if met or value is not None else None
        unmet = most is not None and most < limit - slack
        return not unmet if unmet or value is not None else None


@dataclass(frozen=True)
class Pace:
    """What haste and bouncing are judged by: a value that follows fast moves, degrees or as large as these.

    view   the views that can show it
    seems  share of its real time that a move seems to take by this value
    """

    value: Value
    view: Visibility = "any"
    seems: float = 1.0

    def __call__(self, measures: Measures, baseline: Baseline | None) -> float | None:
        """The value in one frame; None where it is unseen."""
        return self.value(measures) if shows(self.view, baseline, 0.0) else None

    @property
    def trembles(self) -> bool:
        """True for the fit alone: at an angle the motion's own value, which is corrected, is steadier."""
        return set(self.value.names) <= set(BY_FIT.values())


@dataclass(frozen=True)
class Motion:
    """A way into position; larger values are deeper.

    side        the side that is worked
    value       how far the move has gone
    enter       name of the limit that begins the position
    limb        joints to show
    also        conditions that the position needs besides
    off_bed     a heel's lift that has to exceed `OFF_BED` for the move to be an attempt: sliding a
                foot along the bed to bend a knee is no attempt at drawing it in
    reads_low   degrees by which the value reads lower than between the joints' centres, which limits mean
    pace        what haste and bouncing are judged by; None where nothing is sure enough
    attempt_by  what shows an attempt, where that is not the value itself
    shown_rise  how far that rises above rest before the move is an attempt, as it reads
    posture     the only posture in which this motion counts, where the exercise has several
    """

    side: Side
    value: Value
    enter: str
    limb: tuple[str, ...]
    reads_low: float = 0.0
    pace: Pace | None = None
    also: tuple[Condition, ...] = ()
    off_bed: Value | None = None
    attempt_by: Value | None = None
    shown_rise: float = 0.0
    posture: Posture | None = None

    @property
    def fault_side(self) -> OneSide | None:
        """The side as faults name it: None where the motion works both."""
        return None if self.side == "both" else self.side


@dataclass(frozen=True)
class Rule:
    """A fault while in position: a value beyond its limit for long enough.

    always       judged out of position as well
    values       by the side the fault concerns (None: neither)
    limit        name of the limit; `beyond` says on which side of it the fault lies
    view         the views that can show it
    final_shape  judged only once the move in has settled
    noise        how far past the limit the value has to be, where it is known to read that much off
    far_noise    and how much further of the limb that is further from the camera
    cue          what to change, in a few kind words
    limb         joints to show while the fault is there, `{side}` for its side; the motion's own where empty
    """

    name: str
    values: Mapping[OneSide | None, Value]
    limit: str
    cue: str
    beyond: Literal["above", "below"] = "above"
    noise: float = 0.0
    far_noise: float = 0.0
    always: bool = False
    view: Visibility = "any"
    final_shape: bool = False
    limb: tuple[str, ...] = ()


#: The faults that are about how a move is made, whatever the move; and all that are told by the clock.
OF_TEMPO = frozenset({"rushed", "bouncing"})
OF_TIME = OF_TEMPO | {"short_hold"}


@dataclass(frozen=True)
class FallsShort:
    """The fault of an attempt whose peak stays below a limit.

    idle_s  lying in the starting position for this long without any attempt is the same fault; 0: it is not
    """

    name: str
    limit: str
    cue: str
    idle_s: float = 0.0


@dataclass(frozen=True)
class Unmet:
    """The fault of a move that goes deep enough for `after_s` while the position lacks a condition."""

    name: str
    cue: str
    after_s: float = FAULT_S


@dataclass(frozen=True)
class Exercise:
    """One exercise, as a physical therapist would check it.

    ready       what makes the starting position, besides the posture and a body at rest
    back        how far the value falls back past entry before the position ends
    attempt     how far above rest the value rises before the move is an attempt, degrees
    hold_s      the usual dose, seconds in position; 0 where repetitions count
    release     how to leave the position at once, and gently: where the camera has lost the picture
    alternating a step works both sides in turn, rather than one
    one_leg     the other leg stays down: where both seem to come along, one of them was taken for both
    rises       the trunk leaves the mattress, which a camera that looks down hardly sees
    timed_only  why the camera may not be able to judge the position itself, so that a session keeps time by
                the clock; or empty
    """

    id: str
    title: str
    summary: str
    source: str
    postures: tuple[Posture, ...]
    start: str
    move: str
    motions: tuple[Motion, ...]
    rules: tuple[Rule, ...]
    limits: Mapping[str, Limit]
    hold_s: float
    ready: tuple[Condition, ...] = ()
    falls_short: FallsShort | None = None
    unmet: Unmet | None = None
    back: float = 10.0
    attempt: float = 25.0
    timed_only: str = ""
    release: str = "Let go gently"
    alternating: bool = False
    one_leg: bool = False
    rises: bool = False

    @property
    def sided(self) -> bool:
        """True when a step works one side at a time."""
        return not self.alternating and any(motion.side != "both" for motion in self.motions)

    @cached_property
    def turns(self) -> bool:
        """True when the knees turn to a side, and the pelvis with them."""
        return any("trunk_rotation" in motion.value.names for motion in self.motions)

    def motions_on(self, side: Side) -> tuple[Motion, ...]:
        """The motions that work `side`; all of them for both."""
        return tuple(motion for motion in self.motions if side in ("both", motion.side))

    def limits_with(self, overrides: Mapping[str, float]) -> Mapping[str, float]:
        """Every limit by name: the default, unless `overrides` has another."""
        return {name: limit.default for name, limit in self.limits.items()} | dict(overrides)

    def lying(self, side: Side) -> tuple[Posture, ...]:
        """How the body lies when `side` is worked."""
        own = tuple(motion.posture for motion in self.motions_on(side) if motion.posture is not None)
        return own or self.postures

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures that its motions and rules look at."""
        values = [value for rule in self.rules for value in rule.values.values()]
        for motion in self.motions:
            values += [motion.value, *(condition.value for condition in motion.also)]
            values += [value for value in (motion.off_bed, motion.attempt_by) if value is not None]
        return tuple(dict.fromkeys(name for value in values for name in value.names))

    @property
    def cues(self) -> Mapping[str, str]:
        """What to say about each fault that is checked, the most important first."""
        named = [self.falls_short, self.unmet, *self.rules]
        cues = {fault.name: fault.cue for fault in named if fault is not None}
        if self.hold_s:
            cues["short_hold"] = "Stay a little longer, if it is comfortable"
        return cues | {
            "bouncing": "Hold still, without bouncing",
            "rushed": "Move more slowly, in and out",
        }

    @property
    def faults(self) -> tuple[str, ...]:
        """Identifiers of all faults that are checked."""
        return tuple(self.cues)

    def limb_of(self, fault: str) -> tuple[str, ...]:
        """The joints that a fault is about; empty where it is about the motion itself."""
        return next((rule.limb for rule in self.rules if rule.name == fault), ())
