"""How sure a result is: the same frames, judged again with every measure off by what it may be off by.

A measurement errs in much the same way all through a recording: a thigh that reads five degrees low in one
frame does so in the next. So each of a few further judges sees every measure moved by its own share of the
measure's standard deviation, from the first frame to the last. Where they come to the same result, no error
of that size would have changed it.
"""

from dataclasses import replace
from functools import cache, cached_property
from math import inf
from statistics import NormalDist

import numpy as np

from posecoach.assessment.deviation import deviation
from posecoach.assessment.exercise import Exercise
from posecoach.assessment.judge import Judge, Judgement, Sight
from posecoach.assessment.results import Note, Result, unsettled
from posecoach.core.types import Side
from posecoach.kinematics.body import Measurements
from posecoach.kinematics.measures import Measures

_OTHERS = 6  # further judges
_EVENED_S = 1.0  # over which deviations are averaged: an error that came and went with them would be a bounce
_STEP_S = 0.045  # they see no more than twenty frames a second, and never fewer than haste needs
# Frames, one after the other by each judge: what it needs of memory is near then. So many of a session, whose
# next frame must not wait; of a clip, whose others are needed only for some results, as many as may be kept.
_AT_ONCE, _OF_A_CLIP = 8, 500

# How often results were right on clips of bodies that the limits were not made with: where all
# judges agreed, where hardly any did, and by what factor where a fault could not be judged at all.
_MOST, _LEAST, BLIND = 0.99, 0.65, 0.76
# Share of judges that have to agree, from the side and at an angle: of what fewer came to, half was wrong.
_AGREED = (0.5, 0.6)
#: Notes of a good result that may have had a fault.
_BLIND = ("fault_not_judged", "fault_not_shown", "tempo_not_judged", "too_few_frames")

#: A measure, its value and its standard deviation.
Spread = tuple[str, float, float]


class SureJudge(Judge):
    """A judge whose results say how sure they are."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._shares = _drawn(self.exercise.measures, _as_seen(self.exercise))
        self._seen_s = float("-inf")
        self._ahead: list[Sight] = []  # frames that the others have not seen yet
        # When each measure was last seen, and its deviation, averaged over time.
        self._offs: dict[str, tuple[float, float]] = {}

    @cached_property
    def _others(self) -> list[Judge]:
        # Not before they are needed: a judge may be dropped at the starting position.
        return [Judge(self.exercise, self.hold_s, self.limits, self.rested) for _ in range(_OTHERS)]

    def update(self, found: Measurements | None, t_s: float) -> Judgement:
        """See `Judge`."""
        judgement = super().update(found, t_s)
        if len(self._ahead) >= _AT_ONCE:
            self._catch_up()
        return judgement

    def follow(self, sight: Sight, measures: Measures) -> Measures:
        """See `Judge`."""
        if sight.t_s - self._seen_s >= _STEP_S:
            self._seen_s = sight.t_s
            self._ahead.append(sight)
            if len(self._ahead) >= _OF_A_CLIP:
                self._catch_up()
        return super().follow(sight, measures)

    def _spreads(self, sight: Sight) -> list[Spread]:
        """All that the other judges look at, which they see moved by their shares of the deviations."""
        measures, deviations, baseline = sight.measures, sight.deviations, sight.baseline
        spreads = []
        for name in self._shares[0]:
            value = measures.get(name)
            if value is None:
                continue
            off = deviation(name, deviations, baseline)
            before_s, before = self._offs.get(name, (sight.t_s - _EVENED_S, off))
            evened = before + min(1.0, (sight.t_s - before_s) / _EVENED_S) * (off - before)
            self._offs[name] = sight.t_s, evened
            spreads.append((name, value, evened))
        return spreads

    def _catch_up(self) -> None:
        """Show the other judges the frames that they have not seen yet."""
        frames = [(sight, self._spreads(sight)) for sight in self._ahead]
        for other, own in zip(self._others, self._shares, strict=True):
            for sight, spreads in frames:
                other.follow(sight, {name: value + own[name] * off for name, value, off in spreads})
        self._ahead.clear()

    def interrupt(self, since_s: float = inf) -> None:
        """See `Judge`."""
        super().interrupt(since_s)
        self._catch_up()
        for other in self._others:
            other.interrupt(since_s)

    def result(self, step: int | None = None, side: Side = "both") -> Result:
        """See `Judge`."""
        result = super().result(step, side)
        if result.verdict == "unseen":
            return result
        self._catch_up()
        same = [_supports(other.result(), result) for other in self._others]
        agreed = sum(same) / len(same)
        least = _AGREED[not self._side_on]
        if not self._side_on and result.noted("began_in_position") is not None:
            least = 1.0  # no move into it has shown that it is one
        if agreed < least:
            return unsettled(result, Note("too_near_to_tell"))
        return replace(result, confidence=_confidence(agreed, result))


def _confidence(agreed: float, result: Result) -> float:
    """How likely a result is right to which a share `agreed` (0..1) of the other judges has come."""
    blind = any(result.noted(code) is not None for code in _BLIND)
    return (_LEAST + (_MOST - _LEAST) * agreed) * (BLIND if blind and result.verdict == "good" else 1.0)


def _supports(other: Result, result: Result) -> bool:
    """Whether another result says all that `result` does; it may name further faults."""
    names, found = ({fault.name for fault in one.faults} for one in (result, other))
    return other.verdict == result.verdict and names <= found


def _as_seen(exercise: Exercise) -> tuple[str, ...]:
    """What a judge looks at besides the measures of motions and rules."""
    paces = [name for motion in exercise.motions if motion.pace for name in motion.pace.value.names]
    return ("legs_apart", *paces)


@cache
def _drawn(names: tuple[str, ...], unmoved: tuple[str, ...]) -> list[dict[str, float]]:
    """By how many deviations each judge sees each measure moved, those that are `unmoved` by none: the same
    in every run.

    The shares of each measure are spread evenly over the normal distribution.
    """
    even = np.array([NormalDist().inv_cdf((rank + 0.5) / _OTHERS) for rank in range(_OTHERS)])
    order = np.random.default_rng(1)
    shares = np.stack([order.permutation(even) for _ in names], axis=1).tolist()
    as_seen = dict.fromkeys(unmoved, 0.0)
    return [as_seen | dict(zip(names, own, strict=True)) for own in shares]
