"""How far good and faulty clips lie from the limit of each rule: whether a limit can tell them apart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil
from statistics import fmean, pvariance

from posecoach.assessment.exercise import Rule, Value, Visibility
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.thresholds import FAULT_S
from posecoach.evaluation.failure_cases import Case
from posecoach.session.measurement_log import MeasurementLog

# Views of labels that cannot show a rule which needs another.
_UNSHOWN: Mapping[Visibility, tuple[str, ...]] = {
    "above": ("side", "oblique"),
    "low": ("top",),
    "across": ("oblique",),
    "aslant": ("side", "top"),
}
_SETTLED, _LEFT = 0.25, 0.9  # the part of a hold in which its final shape is there


@dataclass
class Margin:
    """The values of one rule from one view, each clip's furthest that lasted as long as a fault does.

    rule   the name of its limit: two rules may find the same fault
    limit  where the fault begins: the exercise's limit and the noise that the rule allows for
    good   values of good clips;  faulty  values of clips with this fault
    """

    exercise: str
    rule: str
    view: str
    limit: float
    good: list[float] = field(default_factory=list)
    faulty: list[float] = field(default_factory=list)

    @property
    def apart(self) -> float | None:
        """Standard deviations between good and faulty clips; None with fewer than two of either."""
        if min(len(self.good), len(self.faulty)) < 2:
            return None
        spread = ((pvariance(self.good) + pvariance(self.faulty)) / 2) ** 0.5
        return abs(fmean(self.faulty) - fmean(self.good)) / spread if spread else None


def margins(cases: Iterable[Case]) -> list[Margin]:
    """The margins of all rules of which good clips or some with the fault were judged, by exercise, view."""
    found: dict[tuple[str, str, str], Margin] = {}
    for case in cases:
        label = case.label
        if label.exercise not in CATALOGUE:
            continue
        exercise = CATALOGUE[label.exercise]
        for rule in exercise.rules:
            unshown = label.view in _UNSHOWN.get(rule.view, ())
            if unshown or (label.verdict != "good" and rule.name not in label.faults):
                continue
            furthest = _furthest(rule, case.frames)
            if furthest is None:
                continue
            side = 1 if rule.beyond == "above" else -1
            limit = exercise.limits[rule.limit].default + side * rule.noise
            key = (label.exercise, rule.limit, label.view)
            margin = found.setdefault(key, Margin(*key, limit))
            (margin.faulty if rule.name in label.faults else margin.good).append(furthest)
    return [found[key] for key in sorted(found)]


def _furthest(rule: Rule, log: MeasurementLog) -> float | None:
    """The furthest value on any side that lasted as long as a fault does; None where there is none."""
    spans = [range(len(log.t_s))] if rule.always else list(_holds(log.phases, rule.final_shape))
    frame_s = (log.t_s[-1] - log.t_s[0]) / (len(log.t_s) - 1) if len(log.t_s) > 1 else FAULT_S
    frames = max(1, ceil(FAULT_S / frame_s))
    extremes = [
        sorted(values, reverse=rule.beyond == "above")[frames - 1]
        for value in rule.values.values()
        for span in spans
        if len(values := _values(value, log, span)) >= frames
    ]
    return None if not extremes else max(extremes) if rule.beyond == "above" else min(extremes)


def _values(value: Value, log: MeasurementLog, span: Sequence[int]) -> list[float]:
    frames = ({name: log.measures[name][index] for name in value.names} for index in span)
    return [found for frame in frames if (found := value(frame)) is not None]


def _holds(phases: Sequence[str], final_shape: bool) -> Iterator[range]:
    """The frames of each hold; of a final shape, those in which it is settled."""
    for phase, group in groupby(range(len(phases)), key=lambda index: phases[index]):
        indices = list(group)
        if phase != "hold":
            continue
        first, last = (_SETTLED, _LEFT) if final_shape else (0.0, 1.0)
        begin, count = indices[0], len(indices)
        yield range(begin + round(first * count), begin + round(last * count))


def by_rule(found: Iterable[Margin]) -> dict[tuple[str, str], list[Margin]]:
    """The margins of each rule of an exercise."""
    rules: dict[tuple[str, str], list[Margin]] = defaultdict(list)
    for margin in found:
        rules[margin.exercise, margin.rule].append(margin)
    return rules
