"""Rules followed over time: a fault is a value that stays beyond its limit for long enough."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf

from posecoach.assessment.deviation import deviation, is_lift
from posecoach.assessment.exercise import Rule, shows
from posecoach.assessment.reading import Evidence
from posecoach.assessment.results import Fault, Measured
from posecoach.assessment.thresholds import FAULT_S, GAP_S
from posecoach.core.choices import OneSide
from posecoach.kinematics.baseline import Baseline


@dataclass(frozen=True)
class RuleRecord:
    """What came of one rule in a whole span.

    unjudged  it could be judged in no frame on any side, or a value seen at an angle came too near its limit
    missed    that is so because what it needs was not shown: the rest before, or the position for long enough
    """

    name: str
    faults: tuple[Fault, ...]
    unjudged: bool
    missed: bool = False


@dataclass(slots=True)
class _Excess:
    """A value beyond the limit on one side.

    since_s    when it went beyond; None within the limit
    last_s     when it was last beyond
    furthest   the value that was furthest beyond
    seen_s     when it was last seen
    confirmed  it has lasted long enough to be a fault
    watched_s  since when it has been watched without a gap; None while the rule does not apply
    judged     it was watched for as long as it takes to be a fault
    unrested   frames in which it was seen against a body that had not rested
    unseen     frames in which it could not be seen
    doubted_s  when it came nearer to the limit than it may be off; None where it is not so near
    doubted    that has lasted as long as a fault
    """

    since_s: float | None = None
    last_s: float = 0.0
    furthest: float = 0.0
    seen_s: float = 0.0
    confirmed: bool = False
    watched_s: float | None = None
    judged: bool = False
    unrested: int = 0
    unseen: int = 0
    doubted_s: float | None = None
    doubted: bool = False

    def count(self, seen: bool, rested: bool, t_s: float) -> None:
        """Count a frame in which the rule applies."""
        if seen and rested:
            if self.watched_s is None or t_s - self.seen_s > GAP_S:
                self.watched_s = t_s
            self.judged |= t_s - self.watched_s >= FAULT_S
        self.unrested += seen and not rested
        self.unseen += not seen

    def doubt(self, near: bool, t_s: float) -> None:
        """Take a frame in which the value is, or is not, as `near` to the limit as it may be off."""
        if not near:
            self.doubted_s = None
            return
        self.doubted_s = t_s if self.doubted_s is None else self.doubted_s
        self.doubted |= t_s - self.doubted_s >= FAULT_S


@dataclass
class RuleTracker:
    """Follows one rule on each of its sides; `limit` is the one in force."""

    rule: Rule
    limit: float
    faults: list[Fault] = field(default_factory=list)
    _sides: dict[OneSide | None, _Excess] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sides = {side: _Excess() for side in self.rule.values}
        #: Whether it asks for heights above the rest.
        self.of_lifts = any(is_lift(name) for value in self.rule.values.values() for name in value.names)

    def record(self) -> RuleRecord:
        """What comes of the span, were it over now; a fault under way goes on undisturbed."""
        under_way = [self._fault(side, state) for side, state in self._sides.items() if state.confirmed]
        faults = (*self.faults, *under_way)
        sides = self._sides.values()
        judged = any(state.judged for state in sides)
        missed = not judged and all(state.unrested >= state.unseen for state in sides)
        doubted = not faults and any(state.doubted for state in sides)
        return RuleRecord(self.rule.name, faults, unjudged=doubted or not judged, missed=missed)

    def going_on(self, t_s: float) -> Iterator[Fault]:
        """The faults that are there now."""
        for side, state in self._sides.items():
            if state.confirmed:
                yield replace(self._fault(side, state), end_s=t_s)

    def update(self, now: Evidence, due: bool, rested: bool) -> None:
        """Take one frame; `due` while the rule applies.

        Where the baseline is of a body that had not `rested`, what is no lift above it may be one after all.
        """
        if not due:
            self.close()
            return
        baseline, deviations, t_s = now.baseline, now.deviations, now.t_s
        able = shows(self.rule.view, baseline, self.limit)
        for side, value_of in self.rule.values.items():
            value = value_of(now.measures) if able else None
            if value is not None:
                off = known = value_of.deviation(deviations)
                if baseline is not None:
                    if not baseline.side_on:
                        off = max(deviation(name, deviations, baseline) for name in value_of.names)
                    self._sides[side].doubt(self._beyond(value) > min(self.rule.noise, 0.0) - off, t_s)
                if abs(value - self.limit) < known:
                    value = None  # it may be on either side of the limit
            far = side is not None and baseline is not None and side != baseline.near_side
            self._sides[side].count(value is not None, rested or not self.of_lifts, t_s)
            margin = self.rule.noise + (self.rule.far_noise if far else 0.0)
            if baseline is not None and self.rule.view == "heights":
                margin += _of_heights(baseline, far)
            self._follow(side, value, margin, t_s)

    def _beyond(self, value: float) -> float:
        """How far a value is beyond the limit."""
        return value - self.limit if self.rule.beyond == "above" else self.limit - value

    def _follow(self, side: OneSide | None, value: float | None, margin: float, t_s: float) -> None:
        state = self._sides[side]
        if state.since_s is not None and t_s - state.seen_s > GAP_S:
            self._end(side)
        if value is None:
            return
        state.seen_s = t_s
        if self._beyond(value) > margin:
            if state.since_s is None or self._beyond(value) > self._beyond(state.furthest):
                state.furthest = value
            state.since_s = t_s if state.since_s is None else state.since_s
            state.last_s = t_s
            state.confirmed |= t_s - state.since_s >= FAULT_S
        elif state.since_s is not None and (not state.confirmed or t_s - state.last_s > GAP_S):
            self._end(side)

    def close(self, seen_until_s: float = inf) -> None:
        """The rule no longer applies, or the span is over; what came after `seen_until_s` was not seen."""
        for side, state in self._sides.items():
            state.watched_s = None
            if state.since_s is not None:
                state.last_s = min(state.last_s, seen_until_s)
                state.confirmed &= state.last_s - state.since_s >= FAULT_S
                self._end(side)

    def _fault(self, side: OneSide | None, state: _Excess) -> Fault:
        assert state.since_s is not None
        # A value that is known to read too little, by a noise below 0, went as much further.
        more = max(-self.rule.noise, 0.0) * (1 if self.rule.beyond == "above" else -1)
        measured = Measured(self.rule.limit, self.limit, state.furthest + more)
        return Fault(self.rule.name, side, state.since_s, state.last_s, measured)

    def _end(self, side: OneSide | None) -> None:
        state = self._sides[side]
        if state.confirmed:
            self.faults.append(self._fault(side, state))
        state.since_s, state.confirmed = None, False


def _of_heights(baseline: Baseline, far: bool) -> float:
    """How far past its limit a height has to be, torso lengths, in the view of a baseline."""
    if baseline.side_on:
        return baseline.height_noise / 2
    # At an angle, what hides behind drawn-in legs reads high besides, and most of all on the far side: the
    # far shoulder of a rotation by 0.07 on average and up to 0.2 (three bodies), the near one by 0.1 at most.
    return (3 if far else 1) * baseline.height_noise


def rule_trackers(rules: tuple[Rule, ...], limits: Mapping[str, float]) -> list[RuleTracker]:
    """One tracker for each rule, with the limits in force."""
    return [RuleTracker(rule, limits[rule.limit]) for rule in rules]
