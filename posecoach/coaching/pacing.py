"""What is said through a hold, each thing at its second, and the pace of the breath in it."""

from math import cos, pi

from posecoach.coaching import phrases
from posecoach.coaching.view import Kind
from posecoach.core.translation import tr

IN_S, OUT_S = 4.0, 6.0  # breathing out takes longer: it is what lets the muscles go

LONG_S = 8.0  # holds from here on have room to breathe
_HALVED_S = 10.0  # in shorter ones half way is a second before the countdown
COUNTED_S = 4.0  # shorter ones are over before they could be counted down
_SETTLING_S = 2.5  # the first words of a hold take that long
_APART_S = 1.5  # no words about the breath this close to others
_LATE_S = 0.5  # what is about a moment is left out when the moment is over


def lungs(held_s: float) -> float:
    """How full the lungs are, 0 to 1, so many seconds into a hold that began on an exhale."""
    within = held_s % (IN_S + OUT_S)
    share = within / IN_S if within < IN_S else 1 - (within - IN_S) / OUT_S
    return (1 - cos(pi * share)) / 2


class Pace:
    """The milestones of one hold of `target_s` seconds; with 0 nobody is asked to hold."""

    def __init__(self, target_s: float) -> None:
        self._target_s = target_s
        self._todo = sorted(_milestones(target_s))

    def breath(self, held_s: float) -> float | None:
        """How full the lungs are now; None where no breath is led."""
        return lungs(held_s) if self._target_s >= LONG_S else None

    def due(self, held_s: float) -> list[tuple[Kind, str]]:
        """What is to be said now, that was not said before."""
        due: list[tuple[Kind, str]] = []
        while self._todo and self._todo[0][0] <= held_s:
            at_s, kind, text = self._todo.pop(0)
            if kind == "hold_done" or held_s - at_s <= _LATE_S:
                due.append((kind, text))
        return due


def opening(target_s: float) -> str:
    """What is said when a hold of so many seconds begins."""
    if not target_s:
        return tr(phrases.IN_POSITION_REP)
    return tr(phrases.IN_POSITION if target_s >= LONG_S else phrases.SHORT_HOLD)


def _milestones(target_s: float) -> list[tuple[float, Kind, str]]:
    if not target_s:
        return []
    long = target_s >= LONG_S
    spoken: list[tuple[float, Kind, str]] = []
    spoken.append((target_s, "hold_done", tr(phrases.HOLD_DONE if long else phrases.SHORT_HOLD_DONE)))
    if target_s >= COUNTED_S:
        last = [tr(text) for text in phrases.LAST_SECONDS]
        spoken += [(target_s - len(last) + index, "count", text) for index, text in enumerate(last)]
    if not long:
        return spoken
    if target_s >= _HALVED_S:
        spoken.append((target_s / 2, "halfway", tr(phrases.HALFWAY)))
    begins_s = IN_S + OUT_S
    cycles = range(int(target_s / begins_s) + 1)
    breaths = [
        moment
        for cycle in cycles
        for moment in (
            (cycle * begins_s, tr(phrases.BREATHE_IN)),
            (cycle * begins_s + IN_S, tr(phrases.BREATHE_OUT)),
        )
    ]
    until_s = target_s - len(phrases.LAST_SECONDS) - _APART_S
    spoken += [
        (at_s, "breath", text)
        for at_s, text in breaths
        if _SETTLING_S < at_s < until_s and abs(at_s - target_s / 2) >= _APART_S
    ]
    return spoken
