"""Clips beside their labels as tables for a person to read in the terminal."""

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from rich.table import Table
from rich.text import Text

from posecoach.assessment.notes import sentences
from posecoach.assessment.results import Result
from posecoach.core.messages import printable
from posecoach.core.translation import humanise
from posecoach.evaluation.agreement import Agreement, AngleError, by_view
from posecoach.evaluation.labels import Label
from posecoach.feedback.tables import STYLES, shown

#: Consoles with fewer columns get less of each clip.
NARROW = 110

_NAME_WIDTH = 24
_VERDICTS = ("good", "fault", "not_performed", "unseen")
_MARKS = {True: Text("✓", "green"), False: Text("✗", "bold red"), None: Text("–", "dim")}


def clips(found: Sequence[tuple[str, Result]], narrow: bool = False) -> Table:
    """One row per result, by the clip's name; where it is `narrow`, only what matters most of each."""
    table = Table()
    wide = ("clip", "exercise", "side", "verdict", "score", "in position, s", "reps", "faults", "seen")
    for heading in ("clip", "verdict", "held, s", "faults") if narrow else wide:
        table.add_column(heading, overflow="fold", no_wrap=narrow and heading == "clip")
    for name, result in found:
        verdict = Text(humanise(result.verdict), STYLES[result.verdict])
        held = ", ".join(f"{position.lasts_s:.1f}" for position in result.positions)
        if narrow:
            faults = ", ".join(dict.fromkeys(humanise(fault.name) for fault in result.faults))
            detected = () if result.detection is None else (_exercise(result),)
            table.add_row("\n".join((_broken(Path(name).stem), *detected)), verdict, held, faults)
            continue
        table.add_row(
            shown(name),
            _exercise(result),
            result.side,
            verdict,
            str(result.score),
            held,
            str(result.reps),
            ", ".join(f"{f.name} {f.start_s:.1f}-{f.end_s:.1f}" for f in result.faults),
            f"{result.seen:.0%}",
        )
    return table


def _exercise(result: Result) -> str:
    """The exercise, and from when to when it was detected."""
    found = result.detection
    when = f" {found.start_s:.1f}-{found.end_s:.1f}" if found is not None else ""
    return f"{result.exercise or 'none'}{when}"


def notes(found: Iterable[tuple[str, Result]]) -> Iterator[Text]:
    """A line for each result with notes: what could not be judged, or was doubtful."""
    for name, result in found:
        if result.notes:
            of = f", {_exercise(result)}" if result.detection is not None else ""
            yield Text(f"{printable(name)}{of}: {'. '.join(sentences(result.notes))}.")


def agreements(compared: Sequence[Agreement], narrow: bool = False) -> Table:
    """One row per clip: what was expected and what was found; where it is `narrow`, verdicts and what is
    wrong."""
    table = Table(title="Expected and found")
    wide = ("", "clip", "expected", "held, s", "reps", "found", "held, s", "reps", "wrong")
    for heading in ("", "clip", "expected", "found", "wrong") if narrow else wide:
        table.add_column(heading, overflow="fold", no_wrap=narrow and heading == "clip")
    for one in compared:
        label, result = one.label, one.result
        expected = _verdict(one.expected, label.side, label.faults)
        found = _verdict(one.found, result.side, dict.fromkeys(fault.name for fault in result.faults))
        wrong = Text(", ".join(one.wrong), "red")
        if narrow:
            table.add_row(_MARKS[one.right], _broken(label.clip.stem), expected, found, wrong)
            continue
        table.add_row(
            _MARKS[one.right],
            shown(label.clip.stem),
            expected,
            ", ".join(f"{hold:.1f}" for hold in label.holds_s),
            "" if label.reps is None else str(label.reps),
            found,
            ", ".join(f"{hold:.1f}" for hold in result.holds_s),
            str(result.reps),
            wrong,
        )
    return table


def _broken(name: str) -> str:
    """A long name on several lines, broken at its hyphens."""
    return "\n".join(shown(part) for part in textwrap.wrap(name, _NAME_WIDTH, break_long_words=False))


def _verdict(verdict: str, side: str, faults: Iterable[str]) -> Text:
    names = ", ".join(faults)
    worked = f", {side}" if side and verdict in STYLES else ""
    return Text(f"{verdict}{worked}{': ' + names if names else ''}", STYLES.get(verdict, ""))


def confusion(compared: Sequence[Agreement]) -> Table:
    """How many clips of each expected verdict (rows) were found to be what (columns)."""
    table = Table(title="Verdicts: expected (rows) and found (columns)")
    table.add_column("")
    counts = Counter[tuple[str, str]](
        (one.label.verdict, one.result.verdict) for one in compared if one.label.verdict
    )
    for verdict in _VERDICTS:
        table.add_column(humanise(verdict), justify="right")
    for expected in _VERDICTS[:-1]:
        row = [counts[expected, found] for found in _VERDICTS]
        style = {True: "green", False: "bold red"}
        table.add_row(
            humanise(expected),
            *(
                Text(str(n), style[found == expected] if n and found != "unseen" else "dim")
                for n, found in zip(row, _VERDICTS, strict=True)
            ),
        )
    return table


def timing(compared: Sequence[Agreement], narrow: bool = False) -> Table:
    """Hold and repetition errors of the good clips, by exercise and view; `narrow` breaks names at words."""
    table = Table(title="Good clips: time in position and repetitions")
    for heading in (
        "exercise",
        "view",
        "clips",
        "holds",
        "mean error, s",
        "worst, s",
        "within 1 s",
        "reps exact",
    ):
        table.add_column(heading, justify="left" if heading in ("exercise", "view") else "right")
    for (exercise, view), group in by_view(
        (one.label, one) for one in compared if one.label.verdict == "good"
    ):
        errors = [error for one in group for error in one.hold_errors_s]
        counted = [one.rep_error for one in group if one.rep_error is not None]
        table.add_row(
            exercise.replace("_", " ") if narrow else exercise,
            view,
            str(len(group)),
            str(len(errors)),
            f"{fmean(errors):.2f}" if errors else "–",
            f"{max(errors):.2f}" if errors else "–",
            f"{sum(error <= 1 for error in errors)} of {len(errors)}",
            f"{counted.count(0)} of {len(counted)}",
        )
    return table


def angles(measured: Sequence[tuple[Label, Sequence[AngleError]]], narrow: bool = False) -> Table:
    """The mean absolute error of each measure against the truth, over clips, by exercise and view; where it
    is `narrow`, only the error that counts."""
    table = Table(
        title="Mean absolute error of the measurements, averaged over clips",
        caption="counted: against joint centres or surface points, whichever is nearer over the whole clip",
    )
    against = () if narrow else ("joints", "surface")
    for heading in ("exercise", "view", "measure", "limb", "clips", *against, "counted", "seen"):
        table.add_column(
            heading, justify="left" if heading in ("exercise", "view", "measure", "limb") else "right"
        )
    for (exercise, view), group in by_view(measured):
        cells: Mapping[tuple[str, str], list[AngleError]] = defaultdict(list)
        for error in (error for errors in group for error in errors):
            cells[error.measure, error.limb].append(error)
        for (measure, limb), errors in cells.items():
            surface = [error.surface for error in errors if error.surface is not None]
            table.add_row(
                exercise.replace("_", " ") if narrow else exercise,
                view,
                measure.replace("_", " ") if narrow else measure,
                limb,
                str(len(errors)),
                *(() if narrow else (_error(error.joints for error in errors), _error(surface))),
                _error(error.counted for error in errors),
                f"{fmean(error.share for error in errors):.0%}",
            )
    return table


def _error(values: Iterable[float]) -> str:
    values = list(values)
    if not values:
        return ""
    mean = fmean(values)
    return f"{mean:.1f}" if mean >= 1 else f"{mean:.2f}"
