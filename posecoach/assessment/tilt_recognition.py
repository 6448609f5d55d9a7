"""Which frames of a recording show pelvic tilts: small moves, which are one only where they come again."""

from collections.abc import Sequence

from posecoach.assessment.run_recognition import Shown
from posecoach.assessment.thresholds import GAP_S

TILT = "pelvic_tilt"

_HELD_S = 1.5  # for which a pelvis is tilted at the least: a body that shifts passes through it
_PAUSE_S = 10.0  # between two tilts at the most
_REPEATED = 2


def with_tilts(shown: Sequence[Shown]) -> Sequence[Shown]:
    """The frames, those that show nothing else named after the tilt that they are part of."""
    named = list(shown)
    group: list[tuple[int, int]] = []
    for run in _runs(shown):
        if group and not _follows(shown, group[-1], run):
            group = []
        group.append(run)
        if len(group) >= _REPEATED:
            for begin, end in group:
                named[begin:end] = [frame._replace(name=TILT) for frame in shown[begin:end]]
    return named


def _follows(shown: Sequence[Shown], before: tuple[int, int], run: tuple[int, int]) -> bool:
    """Whether one tilt comes soon after another, with nothing else in between."""
    between = shown[before[1] : run[0]]
    soon = shown[run[0]].t_s - shown[before[1] - 1].t_s <= _PAUSE_S
    return soon and all(frame.name is None for frame in between)


def _runs(shown: Sequence[Shown]) -> list[tuple[int, int]]:
    """The tilts that are held: where each begins and ends, as a slice."""
    runs: list[tuple[int, int]] = []
    for index, frame in enumerate(shown):
        if frame.name is not None or not frame.tilts:
            continue
        goes_on = runs and frame.t_s - shown[runs[-1][1] - 1].t_s <= GAP_S
        begin = runs.pop()[0] if goes_on else index
        runs.append((begin, index + 1))
    return [(begin, end) for begin, end in runs if shown[end - 1].t_s - shown[begin].t_s >= _HELD_S]
