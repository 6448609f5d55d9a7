"""What is said through a hold, each thing at its second, and the pace of the breath in it."""

from math import cos, pi

from posecoach.coaching import phrases
from posecoach.coaching.verbosity import Verbosity
from posecoach.coaching.view import Kind
from posecoach.core.translation import tr

IN_S, OUT_S = 4.0, 6.0  # breathing out takes longer: it is what lets the muscles go
BREATH_S = IN_S + OUT_S

LONG_S = 8.0  # holds from here on have room to breathe
_HALVED_S = 10.0  # in shorter ones half way is a second before the countdown
COUNTED_S = 4.0  # shorter ones are over before they could be counted down
_SETTLING_S = 2.5  # the first words of a hold take that long
_APART_S = 1.5  # no words about the breath this close to others
_LATE_S = 0.5  # what is about a moment is left out when the moment is over
_KNOWN = 2  # repetitions after which a tone is enough


def lungs(led_s: float) -> float:
    """How full the lungs are, 0 to 1, so many seconds after the breath has been led from an exhale on."""
    within = led_s % BREATH_S
    share = 1 - within / OUT_S if within < OUT_S else (within - OUT_S) / IN_S
    return (1 - cos(pi * share)) / 2


def breaths(from_s: float, until_s: float) -> list[tuple[float, str]]:
    """When to breathe out and in, at the pace of `lungs`: the whole pairs that lie between two times."""
    last = int(max(0.0, until_s) // BREATH_S)
    pairs = [cycle * BREATH_S for cycle in range(last + 1)]
    return [
        moment
        for at_s in pairs
        if from_s <= at_s and at_s + OUT_S <= until_s
        for moment in ((at_s, tr(phrases.BREATHE_OUT)), (at_s + OUT_S, tr(phrases.BREATHE_IN)))
    ]


class Pace:
    """The milestones of one hold of `target_s` seconds; with 0 nobody is asked to hold."""

    def __init__(self, target_s: float, verbosity: Verbosity, reps: int = 0) -> None:
        """`reps` of the exercise were done before, on whichever side."""
        self._target_s = target_s
        self._todo = sorted(_milestones(target_s, verbosity, reps))

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


def opening(target_s: float, verbosity: Verbosity, reps: int, judged: bool = True) -> str:
    """What is said when a hold of so many seconds begins, or the way back, after `reps` before; without
    praise where nobody has `judged` that it is the position.
    """
    known = reps >= _KNOWN and not verbosity.again
    if not target_s:
        return "" if reps >= _KNOWN else tr(phrases.IN_POSITION_REP)
    if target_s < LONG_S:
        return "" if known else tr(phrases.SHORT_HOLD)
    if reps and not verbosity.again:
        return tr(phrases.SHORT_HOLD)
    return tr(phrases.IN_POSITION if judged else phrases.HOLD)


def _milestones(target_s: float, verbosity: Verbosity, reps: int) -> list[tuple[float, Kind, str]]:
    if not target_s:
        return []
    long = target_s >= LONG_S
    release = tr(phrases.HOLD_DONE) if long else tr(phrases.SHORT_HOLD_DONE)
    if not long and reps >= _KNOWN and not verbosity.again:
        release = ""
    spoken: list[tuple[float, Kind, str]] = [(target_s, "hold_done", release)]
    last = [tr(text) for text in phrases.LAST_SECONDS] if verbosity.seconds else []
    if target_s >= COUNTED_S:
        spoken += [(target_s - len(last) + index, "count", text) for index, text in enumerate(last)]
    if not long:
        return spoken
    until_s = target_s - _APART_S - len(last)
    led = breaths(_SETTLING_S, until_s)
    half_s = target_s / 2
    apart = all(abs(at_s - half_s) >= _APART_S for at_s, _ in led)
    if verbosity.halfway and target_s >= _HALVED_S and apart:
        spoken.append((half_s, "halfway", tr(phrases.HALFWAY)))
    aloud = verbosity.breaths and (not reps or verbosity.again)
    spoken += [(at_s, "breath", text if aloud else "") for at_s, text in led]
    return spoken
