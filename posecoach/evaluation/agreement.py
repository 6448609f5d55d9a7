"""How well results agree with labels and truth: verdicts, sides, holds, repetitions and angles."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal, TypeVar

import numpy as np

from posecoach.assessment.results import Result
from posecoach.core.pose import Array
from posecoach.evaluation.labels import NONE, Label
from posecoach.kinematics.measures import GOING_ROUND, without_side

T = TypeVar("T")

Limb = Literal["near", "far", ""]
_SURFACE = "_surface"
_NO_EXERCISE = "no exercise"


@dataclass(frozen=True)
class Agreement:
    """One clip's result against its label.

    right         whether verdict, fault names and side are as labelled; None where that is not judged,
                  because the label says nothing or too little could be seen
    wrong         what is not as labelled, in words
    hold_errors   seconds, one for each hold of a good clip; a hold that one side lacks counts in full
    rep_error     repetitions found minus those labelled, for a good clip
    """

    label: Label
    result: Result
    right: bool | None
    wrong: tuple[str, ...]
    hold_errors_s: tuple[float, ...] = ()
    rep_error: int | None = None

    @property
    def expected(self) -> str:
        """The labelled verdict, or what stands for it."""
        return _NO_EXERCISE if self.label.exercise == NONE else self.label.verdict or "not labelled"

    @property
    def found(self) -> str:
        """The verdict that was found; where there was to be no exercise, that none was."""
        none = self.label.exercise == NONE and self.result.exercise is None
        return _NO_EXERCISE if none else self.result.verdict


@dataclass(frozen=True)
class AngleError:
    """The mean absolute error of one measure in one clip, in the measure's own unit.

    `limb` says whether it belongs to the limb nearer the camera. `joints` compares with the body's joint
    centres and `surface` with points on its surface, None where the truth has no such column. `share` (0..1)
    is how much of the clip could be measured.
    """

    measure: str
    limb: Limb
    joints: float
    surface: float | None
    share: float

    @property
    def counted(self) -> float:
        """The error against the nearer of the two definitions."""
        return self.joints if self.surface is None else min(self.joints, self.surface)


def compare(label: Label, result: Result) -> Agreement:
    """The result of a clip against its label."""
    if label.exercise == NONE:
        taken = () if result.exercise is None else ("exercise",)
        return Agreement(label, result, not taken, taken)
    wrong = _wrong(label, result)
    judged = label.verdict != "" and result.verdict != "unseen"
    if label.verdict != "good":
        return Agreement(label, result, not wrong if judged else None, tuple(wrong))
    return Agreement(
        label,
        result,
        right=not wrong if judged else None,
        wrong=tuple(wrong),
        hold_errors_s=_hold_errors_s(label, result),
        rep_error=None if label.reps is None else result.reps - label.reps,
    )


def _hold_errors_s(label: Label, result: Result) -> tuple[float, ...]:
    if not label.holds_s:
        return ()  # nobody has labelled how long they were
    return tuple(abs(a - b) for a, b in zip_longest(label.holds_s, result.holds_s, fillvalue=0.0))


def _wrong(label: Label, result: Result) -> list[str]:
    if not label.verdict or result.verdict == "unseen":
        return []
    wrong = []
    if result.verdict != label.verdict:
        wrong.append("verdict")
    # The labelled faults are the main ones: others may be true beside them.
    if label.verdict == "fault" and not set(label.faults) <= {fault.name for fault in result.faults}:
        wrong.append("faults")
    # Where nothing was done there is no side to get right.
    performed = "not_performed" not in (label.verdict, result.verdict)
    if performed and label.side and result.side != label.side:
        wrong.append("side")
    return wrong


@dataclass(frozen=True, eq=False)
class Measured:
    """One measure of one clip beside its truth, frame by frame.

    found    (frames,) what was measured, NaN where unseen; what goes round is within half a turn of `joints`
    joints   (frames,) the truth by the body's joint centres;  surface  by points on its surface, or None
    nearer   the one of the two that is nearer over the whole clip
    """

    name: str
    limb: Limb
    found: Array
    joints: Array
    surface: Array | None

    @property
    def measure(self) -> str:
        """The measure's name without its side."""
        return without_side(self.name)

    @property
    def nearer(self) -> Array:
        if self.surface is None or _error(self.found, self.joints) <= _error(self.found, self.surface):
            return self.joints
        return self.surface

    @property
    def error(self) -> AngleError:
        """The error over the clip."""
        return AngleError(
            measure=self.measure,
            limb=self.limb,
            joints=_error(self.found, self.joints),
            surface=None if self.surface is None else _error(self.found, self.surface),
            share=float(np.isfinite(self.found).mean()),
        )


def beside_truth(
    t_s: Sequence[float],
    measures: Mapping[str, Sequence[float | None]],
    truth: Mapping[str, Array],
    near_side: str,
) -> list[Measured]:
    """Every measure that the truth has too; measures that were never seen with a known truth are left out.

    `t_s` are the frames' times in seconds, `measures` their values by name (None: unseen), `truth` the
    columns of a truth file, whose values are taken at the same times.
    """

    def at_frames(column: str) -> Array:
        return np.interp(t_s, truth["t_s"], truth[column])

    def direction_at_frames(column: str) -> Array:
        """An angle that goes round, which must not pass through 0 on its way from 179 to -179."""
        return np.degrees(np.angle(np.interp(t_s, truth["t_s"], np.exp(1j * np.radians(truth[column])))))

    both = []
    for name, values in measures.items():
        if name not in truth:
            continue
        found = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        if without_side(name) in GOING_ROUND:
            joints = direction_at_frames(name)
            found = _turned_near(found, joints)
        else:
            joints = at_frames(name)
        surface = at_frames(name + _SURFACE) if name + _SURFACE in truth else None
        if surface is not None and not np.isfinite(found - surface).any():
            surface = None
        if np.isfinite(found - joints).any():
            both.append(Measured(name, _limb(name, near_side), found, joints, surface))
    return both


def _turned_near(found: Array, truth: Array) -> Array:
    """Angles, each with the whole turns that bring it within half a turn of the truth."""
    return found - 360 * np.nan_to_num(np.round((found - truth) / 360))


def _error(found: Array, truth: Array) -> float:
    """The mean absolute error over the frames in which both are known."""
    return float(np.nanmean(np.abs(found - truth)))


def _limb(measure: str, near_side: str) -> Limb:
    side = measure.rpartition("_")[2]
    if side not in ("left", "right") or not near_side:
        return ""
    return "near" if side == near_side else "far"


@dataclass(frozen=True)
class Tally:
    """How many clips were judged how.

    wrong_good    a labelled fault, or nothing performed, that was called good
    false_fault   a labelled good that was called a fault
    unlabelled    judged, but the label says no verdict
    """

    right: int
    wrong: int
    unseen: int
    unlabelled: int
    wrong_good: int
    false_fault: int

    @property
    def judged(self) -> float:
        """Share (0..1) of the labelled clips that got a verdict."""
        labelled = self.right + self.wrong + self.unseen
        return (self.right + self.wrong) / labelled if labelled else 0.0


def tally(compared: Sequence[Agreement]) -> Tally:
    """Count verdicts."""
    # That a clip shows no exercise is a statement, too.
    labelled = [one for one in compared if one.label.verdict or one.label.exercise == NONE]
    unlabelled = [one for one in compared if one not in labelled]
    return Tally(
        right=sum(one.right is True for one in labelled),
        wrong=sum(one.right is False for one in labelled),
        unseen=sum(one.right is None for one in labelled),
        unlabelled=len(unlabelled),
        wrong_good=sum(one.result.verdict == "good" and one.label.verdict != "good" for one in labelled),
        false_fault=sum(one.result.verdict == "fault" and one.label.verdict == "good" for one in labelled),
    )


def confusion(compared: Iterable[Agreement]) -> Counter[tuple[str, str]]:
    """How many clips that were to be the first were found to be the second; a fault is named."""
    return Counter((_expected(one.label), _found(one)) for one in compared if one.label.verdict)


def _expected(label: Label) -> str:
    return ", ".join(label.faults) or label.verdict


def _found(one: Agreement) -> str:
    names = dict.fromkeys(fault.name for fault in one.result.faults)
    found = next(iter(names), one.result.verdict)
    # Faults beside the labelled ones may be true as well.
    if one.label.faults and set(one.label.faults) <= set(names):
        found = _expected(one.label)
    return f"{found} (other side)" if "side" in one.wrong else found


def by_view(rows: Iterable[tuple[Label, T]]) -> list[tuple[tuple[str, str], list[T]]]:
    """The rows grouped by exercise and view, in the order they come."""
    groups: dict[tuple[str, str], list[T]] = {}
    for label, row in rows:
        groups.setdefault((label.exercise, label.view), []).append(row)
    return sorted(groups.items())
