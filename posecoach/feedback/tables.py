"""Results as tables for a person to read in the terminal."""

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import TypeVar

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Fault, Result
from posecoach.coaching import phrases
from posecoach.coaching.plan import Routine, Step
from posecoach.core import dates
from posecoach.core.translation import decimal, humanise, marked, tr
from posecoach.evaluation.agreement import Agreement, AngleError
from posecoach.evaluation.labels import Label
from posecoach.records.history import Session

T = TypeVar("T")

_VERDICTS = ("good", "fault", "not_performed", "unseen")
_STYLES = {"good": "green", "fault": "yellow", "not_performed": "cyan", "unseen": "magenta"}
#: Consoles with fewer columns get less of each clip.
NARROW = 110
_NAME_WIDTH = 24

_NONE = marked("No exercise recognised")
_MARKS = {True: Text("✓", "green"), False: Text("✗", "bold red"), None: Text("–", "dim")}


def minutes(seconds: float) -> str:
    """A time of day-to-day length: `45 s` or `4 min 30 s`."""
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s" if whole >= 60 else f"{whole} s"


def dose(step: Step) -> str:
    """What a step asks for, in words."""
    if not step.exercise:
        return f"{decimal(step.pause_s, 'g')} s"
    if not step.hold_s:
        return tr("{count} times", count=step.reps)
    held = tr("hold {seconds} s", seconds=decimal(step.hold_s, "g"))
    return f"{step.reps} × {held}" if step.reps > 1 else held


def routine(chosen: Routine) -> Table:
    """The steps of a routine with their doses, and about how long it takes."""
    table = Table(
        title=escape(chosen.title),
        caption=tr("about {time}", time=minutes(chosen.estimated_s))
        + (f" · {escape(chosen.source)}" if chosen.source else ""),
    )
    for heading in ("", tr("exercise"), tr("side"), tr("dose"), tr("own limits")):
        table.add_column(heading)
    for number, step in enumerate(chosen.steps, start=1):
        limits = ", ".join(f"{name} {value:g}" for name, value in step.limits.items())
        if step.exercise:
            table.add_row(
                str(number), tr(CATALOGUE[step.exercise].title), humanise(step.side), dose(step), limits
            )
        else:
            table.add_row(str(number), Text(step.say, "dim"), "", dose(step), "")
    return table


def routines(known: Sequence[Routine]) -> Table:
    """One row per routine."""
    table = Table()
    for heading in (tr("name"), tr("title"), tr("steps"), tr("about")):
        table.add_column(heading)
    for one in known:
        table.add_row(escape(one.name), escape(one.title), str(len(one.steps)), minutes(one.estimated_s))
    return table


def sessions(known: Sequence[Session]) -> Table:
    """One row per session, within 80 columns."""
    table = Table(title=tr("Your sessions") if len(known) > 1 else tr("Your session"))
    for heading, numbers in (
        ("", True),
        (tr("when"), True),
        (tr("routine"), False),
        (tr("done"), True),
        (tr("time"), True),
        (tr("pain, 0–10"), False),
    ):
        table.add_column(heading, justify="right" if numbers else "left")
    for one in known:
        felt = " → ".join("–" if number is None else str(number) for number in (one.before, one.after))
        table.add_row(
            str(one.id),
            f"{dates.short(one.day)}, {one.started:%H:%M}",
            Text(one.title, overflow="ellipsis", no_wrap=True),
            tr("{reps} of {target}", reps=one.performed, target=one.steps),
            minutes(one.duration_s),
            ("" if felt == "– → –" else felt) + (tr(", came") if one.pain else ""),
        )
    return table


def results(found: Sequence[Result]) -> Iterable[Table]:
    """One table per result: holds, repetitions, peaks, faults with their times, and notes."""
    for result in found:
        title = tr(CATALOGUE[result.exercise].title if result.exercise else _NONE)
        table = Table(
            title=tr("Step {number}: {title}", number=result.step, title=title) if result.step else title,
            show_header=False,
            min_width=60,
        )
        table.add_column(style="bold")
        table.add_column()
        for row in _summary(result):
            table.add_row(*row)
        yield table


def _summary(result: Result) -> Iterable[tuple[str, Text | str]]:
    yield tr("verdict"), Text(humanise(result.verdict), _STYLES[result.verdict])
    if result.verdict in ("good", "fault"):  # otherwise nothing was judged, and 0 would read like a mark
        yield tr("score"), tr("{points} of 100", points=result.score)
    yield tr("side"), humanise(result.side)
    if result.duration_s:
        yield (
            tr("length"),
            tr(
                "{seconds} s, the body seen in {share} of {frames} frames",
                seconds=decimal(result.duration_s),
                share=f"{result.seen:.0%}",
                frames=result.frames,
            ),
        )
        yield tr("repetitions"), str(result.reps)
    for position in result.positions:
        held = position.end_s - position.start_s
        yield (
            tr("in position"),
            tr(
                "{seconds} s, from {start} to {end} s ({which})",
                seconds=decimal(held),
                start=decimal(position.start_s),
                end=decimal(position.end_s),
                which=humanise(position.side),
            ),
        )
    if result.peaks:
        yield tr("peaks"), "\n".join(_peaks(result.peaks))
    for fault in result.faults:
        side = f" ({humanise(fault.side)})" if fault.side else ""
        yield (
            tr("fault"),
            Text(f"{humanise(fault.name)}{side}, {_when(fault)}", "yellow"),
        )
    exercise = CATALOGUE.get(result.exercise or "")
    for name, limb in dict.fromkeys((fault.name, fault.side) for fault in result.faults):
        if exercise is not None:
            yield tr("advice"), phrases.cue(exercise, name, limb)
    for note in result.notes:
        yield tr("note"), Text(note, "dim")


def _when(fault: Fault) -> str:
    if fault.end_s - fault.start_s < 0.05:
        return tr("at {start} s", start=decimal(fault.start_s))
    return tr("{start} to {end} s", start=decimal(fault.start_s), end=decimal(fault.end_s))


def _peaks(peaks: Mapping[str, float]) -> Iterable[str]:
    """A line for each measure, both sides on one: angles in degrees, lifts and distances in torso lengths."""
    lines: dict[str, list[str]] = defaultdict(list)
    for name, value in peaks.items():
        base, _, side = name.rpartition("_")
        if side not in ("left", "right"):
            base, side = name, ""
        # Adding 0.0 makes -0.0 plain 0.
        lines[base].append(
            f"{humanise(side)} " * bool(side)
            + (f"{value:.0f}" if abs(value) >= 5 else decimal(round(value, 2) + 0.0, ".2f"))
        )
    return (f"{humanise(base)} {', '.join(parts)}" for base, parts in lines.items())


def clips(found: Sequence[tuple[str, Result]], narrow: bool = False) -> Table:
    """One row per clip, by the clip's name; where it is `narrow`, only what matters most of each."""
    table = Table()
    wide = ("clip", "exercise", "side", "verdict", "score", "in position, s", "reps", "faults", "seen")
    for heading in ("clip", "verdict", "held, s", "faults") if narrow else wide:
        table.add_column(heading, overflow="fold", no_wrap=narrow and heading == "clip")
    for name, result in found:
        verdict = Text(humanise(result.verdict), _STYLES[result.verdict])
        held = ", ".join(f"{p.end_s - p.start_s:.1f}" for p in result.positions)
        if narrow:
            faults = ", ".join(dict.fromkeys(humanise(fault.name) for fault in result.faults))
            table.add_row(_broken(Path(name).stem), verdict, held, faults)
            continue
        table.add_row(
            escape(name),
            result.exercise or "none",
            result.side,
            verdict,
            str(result.score),
            held,
            str(result.reps),
            ", ".join(f"{f.name} {f.start_s:.1f}-{f.end_s:.1f}" for f in result.faults),
            f"{result.seen:.0%}",
        )
    return table


def agreements(compared: Sequence[Agreement], narrow: bool = False) -> Table:
    """One row per clip: what was expected and what was found; where it is `narrow`, verdicts and what is
    wrong."""
    table = Table(title="Expected and found")
    wide = ("", "clip", "expected", "held, s", "reps", "found", "held, s", "reps", "wrong")
    for heading in ("", "clip", "expected", "found", "wrong") if narrow else wide:
        table.add_column(heading, overflow="fold", no_wrap=narrow and heading == "clip")
    for one in compared:
        label, result = one.label, one.result
        expected = _verdict(label.verdict or "not labelled", label.side, label.faults)
        found = _verdict(result.verdict, result.side, dict.fromkeys(fault.name for fault in result.faults))
        wrong = Text(", ".join(one.wrong), "red")
        if narrow:
            table.add_row(_MARKS[one.right], _broken(label.clip.stem), expected, found, wrong)
            continue
        positions = (position.end_s - position.start_s for position in result.positions)
        table.add_row(
            _MARKS[one.right],
            escape(label.clip.stem),
            expected,
            ", ".join(f"{hold:.1f}" for hold in label.holds_s),
            "" if label.reps is None else str(label.reps),
            found,
            ", ".join(f"{hold:.1f}" for hold in positions),
            str(result.reps),
            wrong,
        )
    return table


def _broken(name: str) -> str:
    """A long name on several lines, broken at its hyphens."""
    return escape("\n".join(textwrap.wrap(name, _NAME_WIDTH, break_long_words=False)))


def _verdict(verdict: str, side: str, faults: Iterable[str]) -> Text:
    names = ", ".join(faults)
    return Text(f"{verdict}, {side}{': ' + names if names else ''}", _STYLES.get(verdict, ""))


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


def by_view(rows: Iterable[tuple[Label, T]]) -> list[tuple[tuple[str, str], list[T]]]:
    """The rows grouped by exercise and view, in the order they come."""
    groups: dict[tuple[str, str], list[T]] = {}
    for label, row in rows:
        groups.setdefault((label.exercise, label.view), []).append(row)
    return sorted(groups.items())


def exercises() -> Group:
    """The catalogue, with the faults that are checked and the limits that a routine may override."""
    return Group(*(part for exercise in CATALOGUE.values() for part in _exercise(exercise)))


def _exercise(exercise: Exercise) -> Iterable[RenderableType]:
    sides = tr("left or right side") if exercise.sided else tr("both sides at once")
    held = tr(", usually held {seconds} s", seconds=decimal(exercise.hold_s, "g")) if exercise.hold_s else ""
    yield Text.assemble((exercise.id, "bold"), f"  {tr(exercise.title)}: {sides}{held}")
    yield Padding(tr(exercise.summary), (0, 0, 0, 2))
    yield Padding(tr("faults: {names}", names=", ".join(exercise.faults)), (0, 0, 0, 2))
    for name, limit in exercise.limits.items():
        low, high = limit.between
        shown = {
            "default": f"{limit.default:g}",
            "low": f"{low:g}",
            "high": f"{high:g}",
            "help": tr(limit.help),
        }
        text = tr("limit {name} = {default} ({low} to {high}): {help}", name=name, **shown)
        yield Padding(text, (0, 0, 0, 2))
    yield ""
