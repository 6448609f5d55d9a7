"""The accuracy report: one HTML page, complete in itself, of how results agree with labels and truth.

What the page shows is counted here; how it looks is in `templates/accuracy.html`.
"""

import base64
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from statistics import fmean
from typing import Any

from posecoach.assessment.exercises import CATALOGUE
from posecoach.core.messages import about
from posecoach.core.translation import humanise
from posecoach.evaluation import failure_cases, margins, plots
from posecoach.evaluation.agreement import Agreement, AngleError, Tally, by_view, confusion, tally
from posecoach.evaluation.failure_cases import Case
from posecoach.feedback.pages import render
from posecoach.kinematics.measures import without_side

_VIEWS = ("side", "oblique", "top")  # the order of the views that have a colour of their own
_MAIN = ("hip_flexion", "knee_flexion")
_FINE, _FAIR = 6.0, 12.0  # degrees of error up to which a cell is green, and yellow
_MARKS = {True: ("✓", "right-text"), False: ("✗", "wrong-text"), None: ("–", "none")}

Row = dict[str, Any]


def page(labels: str, cases: Sequence[Case], failures: Sequence[tuple[str, str]], command: str) -> str:
    """The whole page.

    labels    what the labels file is called;  command  what to type to get this report again
    cases     the clips that were judged
    failures  the others, by name, each with the reason in a sentence
    """
    compared = [case.agreement for case in cases]
    errors = [(case.label, one.error) for case in cases for one in case.measured]
    return render(
        "accuracy.html",
        labels=labels,
        clip_count=len(cases),
        date=f"{date.today():%d %B %Y}",
        command=command,
        views=_views(compared),
        failures=[about(name, sentence) for name, sentence in failures],
        wrong=[_shown(case) for case in cases if case.agreement.right is False],
        unseen=[_shown(case) for case in cases if _unseen(case)],
        confusions=list(_confusions(compared)),
        timing=list(_timing(compared)),
        angles=[_angles(exercise, view, group) for (exercise, view), group in by_view(errors)],
        every_angle=[
            row for (exercise, view), group in by_view(errors) for row in _every(exercise, view, group)
        ],
        fine=_FINE,
        fair=_FAIR,
        plots=list(_plots(cases)),
        margins=_margins(cases),
        colours=plots.VIEWS,
        clips=[_listed(case) for case in cases],
    )


# -- verdicts ------------------------------------------------------------------------------------------------


def _views(compared: Sequence[Agreement]) -> list[tuple[str, Tally]]:
    """How it went over all, and by view where there is more than one."""
    groups: dict[str, list[Agreement]] = {view: [] for view in _VIEWS}
    for one in compared:
        groups.setdefault(one.label.view or "no view named", []).append(one)
    views = [(view, tally(group)) for view, group in groups.items() if group]
    return views if len(views) == 1 else [("all views", tally(compared)), *views]


def _unseen(case: Case) -> bool:
    """True where too little was seen; not where there was to be no exercise, and none was found."""
    return case.agreement.right is None and case.result.verdict == "unseen"


def _shown(case: Case) -> Row:
    """One clip with its worst frame."""
    shown = failure_cases.worst(case)
    jpeg = failure_cases.picture(case, shown.index) if shown else None
    return {
        "name": case.label.clip.stem,
        "why": failure_cases.why(case),
        "t_s": shown.t_s if shown else 0.0,
        "what": shown.what if shown else "",
        "picture": _inline(jpeg, "jpeg") if jpeg else None,
    }


def _confusions(compared: Iterable[Agreement]) -> Iterator[Row]:
    groups: dict[str, list[Agreement]] = defaultdict(list)
    for one in compared:
        if one.label.verdict:
            groups[one.label.exercise].append(one)
    for exercise, group in sorted(groups.items()):
        counts = confusion(group)
        expected, found = (sorted({pair[i] for pair in counts}, key=_order) for i in (0, 1))

        def cells(
            row: str, counts: Mapping[tuple[str, str], int] = counts, found: Sequence[str] = found
        ) -> list[tuple[int, str]]:
            return [
                (counts[row, name], "hit" if name == row else "blind" if name == "unseen" else "miss")
                for name in found
            ]

        yield {
            "title": _title(exercise),
            "found": [humanise(name) for name in found],
            "rows": [(humanise(row), cells(row)) for row in expected],
        }


def _order(name: str) -> tuple[int, str]:
    """Good first, then the faults, then what was not performed or seen."""
    return {"good": 0, "not_performed": 2, "unseen": 3}.get(name, 1), name


def _timing(compared: Iterable[Agreement]) -> Iterator[Row]:
    good = ((one.label, one) for one in compared if one.label.verdict == "good")
    for (exercise, view), group in by_view(good):
        judged = [one for one in group if one.result.verdict != "unseen"]
        errors = [error for one in judged for error in one.hold_errors_s]
        reps = [one.rep_error for one in judged if one.rep_error is not None]
        yield {
            "title": _title(exercise),
            "view": view,
            "clips": len(group),
            "judged": len(judged),
            "errors": errors,
            "mean": fmean(errors) if errors else 0.0,
            "exact": reps.count(0),
            "counted": len(reps),
        }


def _listed(case: Case) -> Row:
    return {
        "mark": _MARKS[case.agreement.right],
        "name": case.label.clip.stem,
        "expected": failure_cases.verdict(case.agreement.expected, case.label.side, case.label.faults),
        "found": failure_cases.verdict(
            case.agreement.found,
            case.result.side,
            dict.fromkeys(fault.name for fault in case.result.faults),
        ),
        "seen": case.result.seen,
    }


# -- angles --------------------------------------------------------------------------------------------------


def _by_limb(errors: Iterable[AngleError]) -> Mapping[tuple[str, str], list[AngleError]]:
    groups: dict[tuple[str, str], list[AngleError]] = defaultdict(list)
    for error in errors:
        groups[error.measure, error.limb].append(error)
    return groups


def _counted(errors: Iterable[AngleError]) -> float | None:
    counted = [error.counted for error in errors]
    return fmean(counted) if counted else None


def _angles(exercise: str, view: str, errors: Sequence[AngleError]) -> Row:
    """The errors of hip and knee, and of what defines the exercise where that is something else.

    Where neither side is nearer the camera, both count as near.
    """
    limbs = _by_limb(error if error.limb else replace(error, limb="near") for error in errors)
    row: Row = {
        "title": _title(exercise),
        "view": view,
        "main": [_counted(limbs.get((name, limb), [])) for name in _MAIN for limb in ("near", "far")],
        "other": "",
        "other_degrees": None,
    }
    for name in _defining(exercise):
        found = [error for error in errors if error.measure == name and error.limb != "far"]
        if found:
            row |= {"other": humanise(name), "other_degrees": _counted(found)}
    return row


def _defining(exercise: str) -> list[str]:
    """The measures besides hip and knee flexion that the motions of an exercise are."""
    motions = CATALOGUE[exercise].motions if exercise in CATALOGUE else ()
    names = (name for motion in motions for name in motion.value.names)
    return [name for name in dict.fromkeys(map(without_side, names)) if name not in _MAIN]


def _every(exercise: str, view: str, errors: Sequence[AngleError]) -> Iterator[Row]:
    for (measure, limb), group in _by_limb(errors).items():
        surface = [error.surface for error in group if error.surface is not None]
        yield {
            "title": _title(exercise),
            "view": view,
            "measure": humanise(measure),
            "limb": limb,
            "clips": len(group),
            "joints": fmean(error.joints for error in group),
            "surface": fmean(surface) if surface else None,
            "counted": _counted(group),
            "seen": fmean(error.share for error in group),
        }


def _plots(cases: Iterable[Case]) -> Iterator[tuple[str, str, int]]:
    """For each exercise its title, the plot, and the width in pixels at which to show it."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.label.exercise].append(case)
    for exercise, group in sorted(groups.items()):
        panels: dict[str, list[plots.Series]] = {}
        for name in (*_MAIN, *_defining(exercise)):
            for case in group:
                panels.setdefault(humanise(name), []).extend(
                    plots.Series(case.label.view, one.limb != "far", one.nearer, one.found)
                    for one in case.measured
                    if one.measure == name
                )
        panels = {title: series for title, series in panels.items() if series}
        if panels:
            yield _title(exercise), _inline(plots.scatter(panels), "png"), 340 * len(panels)


def _margins(cases: Iterable[Case]) -> str | None:
    """A picture of the rules of which both good and faulty clips were judged; None where there are none."""
    rules = {
        f"{_title(exercise)}: {humanise(rule)}": found
        for (exercise, rule), found in margins.by_rule(margins.margins(cases)).items()
        if any(one.good for one in found) and any(one.faulty for one in found)
    }
    return _inline(plots.margins(rules), "png") if rules else None


def _title(exercise: str) -> str:
    return CATALOGUE[exercise].title if exercise in CATALOGUE else exercise


def _inline(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
