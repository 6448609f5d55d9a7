"""How well results agree with labels and truth: verdicts, sides, holds, repetitions and angles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

import numpy as np

from posecoach.labels import Label
from posecoach.pose import Array
from posecoach.results import Result

Limb = Literal["near", "far", ""]
_SURFACE = "_surface"


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
    wrong = _wrong(label, result)
    judged = label.verdict != "" and result.verdict != "unseen"
    if label.verdict != "good":
        return Agreement(label, result, not wrong if judged else None, tuple(wrong))
    found = [position.end_s - position.start_s for position in result.positions]
    return Agreement(
        label,
        result,
        right=not wrong if judged else None,
        wrong=tuple(wrong),
        hold_errors_s=tuple(abs(a - b) for a, b in zip_longest(label.holds_s, found, fillvalue=0.0)),
        rep_error=None if label.reps is None else result.reps - label.reps,
    )


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


def angle_errors(
    t_s: Sequence[float],
    measures: Mapping[str, Sequence[float | None]],
    truth: Mapping[str, Array],
    near_side: str,
) -> list[AngleError]:
    """The error of every measure that the truth has too; measures that were never seen are left out.

    `t_s` are the frames' times in seconds, `measures` their values by name (None: unseen), `truth` the
    columns of a truth file, whose values are taken at the same times.
    """
    errors = []
    for name, values in measures.items():
        if name not in truth:
            continue
        found = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        seen = np.isfinite(found)
        if not seen.any():
            continue

        def error(column: str, found: Array = found, seen: Array = seen) -> float:
            expected = np.interp(t_s, truth["t_s"], truth[column])
            return float(np.nanmean(np.abs(found - expected)[seen]))

        surface = name + _SURFACE
        errors.append(
            AngleError(
                measure=name.removesuffix("_left").removesuffix("_right"),
                limb=_limb(name, near_side),
                joints=error(name),
                surface=error(surface) if surface in truth else None,
                share=float(seen.mean()),
            )
        )
    return errors


def _limb(measure: str, near_side: str) -> Limb:
    side = measure.rpartition("_")[2]
    if side not in ("left", "right") or not near_side:
        return ""
    return "near" if side == near_side else "far"
