"""What an exercise is made of, in the judge's terms: motions, rules, limits. Mostly for data to be written in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from posecoach.body import Baseline, Measures, Posture
from posecoach.events import Side

#: A number taken from one frame's measurements; None where it is unseen.
Value = Callable[[Measures], float | None]

#: Rules are spoken of and counted once they have held this long.
FAULT_S = 0.7
#: A final shape is judged once the move in has settled, at the latest this long after entry.
SETTLE_S = 3.0


def measure(name: str) -> Value:
    """The measure itself."""
    return lambda measures: measures.get(name)


def negative(name: str) -> Value:
    """The measure with its sign turned round."""

    def value(measures: Measures) -> float | None:
        found = measures.get(name)
        return None if found is None else -found

    return value


def least(*names: str) -> Value:
    """The smallest of several measures; unseen when any of them is."""

    def value(measures: Measures) -> float | None:
        found = [measures.get(name) for name in names]
        return None if None in found else min(v for v in found if v is not None)

    return value


@dataclass(frozen=True)
class Limit:
    """A limit of an exercise: its default and what it means, with its unit. Routines may override it."""

    default: float
    help: str


@dataclass(frozen=True)
class Motion:
    """A way into position; larger values are deeper.

    side      the side that is worked
    value     how far the move has gone
    enter     name of the limit that begins the position
    limb      joints to show
    off_bed   a heel's lift that has to exceed 0.12 torso lengths for the move to be an attempt: sliding a
              foot along the bed to bend a knee is no attempt at drawing it in
    """

    side: Side
    value: Value
    enter: str
    limb: tuple[str, ...]
    off_bed: str | None = None


@dataclass(frozen=True)
class Rule:
    """A fault while in position: a value beyond its limit for long enough.

    values       by the side the fault concerns (None: neither)
    limit        name of the limit; `beyond` says on which side of it the fault lies
    heights      the value is a height, whose noise depends on how far the camera looks down
    final_shape  judged only once the move in has settled
    noise        how far past the limit the value has to be, where it is known to read that much too low or high
    cue          what to change, in a few kind words
    """

    name: str
    values: Mapping[Literal["left", "right"] | None, Value]
    limit: str
    cue: str
    beyond: Literal["above", "below"] = "above"
    noise: float = 0.0
    heights: bool = False
    final_shape: bool = False

    def judgeable(self, baseline: Baseline | None, limit: float) -> bool:
        """False where this view's noise is more than half the limit: then it is unseen."""
        return not self.heights or (baseline is not None and baseline.height_noise <= limit / 2)


@dataclass(frozen=True)
class FallsShort:
    """The fault of an attempt whose peak stays below a limit."""

    name: str
    limit: str
    cue: str


@dataclass(frozen=True)
class Exercise:
    """One exercise, as a physical therapist would check it.

    back      how far the value falls back past entry before the position ends
    attempt   how far above rest the value rises before the move counts as an attempt
    hold_s    the usual dose, seconds in position; 0 where repetitions count
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
    falls_short: FallsShort | None = None
    back: float = 10.0
    attempt: float = 25.0
    measures: tuple[str, ...] = field(default=())

    @property
    def sided(self) -> bool:
        """True when one side is worked at a time."""
        return any(motion.side != "both" for motion in self.motions)

    @property
    def faults(self) -> tuple[str, ...]:
        """Identifiers of all faults that are checked."""
        names = [rule.name for rule in self.rules]
        if self.falls_short:
            names.insert(0, self.falls_short.name)
        if self.hold_s:
            names.append("short_hold")
        return tuple(names)

    def cue(self, fault: str) -> str:
        """What to say about a fault."""
        if fault == "short_hold":
            return "Stay a little longer next time, if it is comfortable"
        if self.falls_short and fault == self.falls_short.name:
            return self.falls_short.cue
        return next(rule.cue for rule in self.rules if rule.name == fault)
