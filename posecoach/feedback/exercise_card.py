"""One exercise of a session as the page shows it: verdict, target, advice, and its curve."""

from collections.abc import Iterable, Sequence
from typing import Any

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import Page, sentences
from posecoach.assessment.results import Fault, Note, Result
from posecoach.assessment.trace import Trace
from posecoach.coaching import phrases, tally
from posecoach.core.translation import decimal, humanise, tr
from posecoach.feedback import figures, patient_words
from posecoach.feedback.patient_words import ANGLES, PLAIN
from posecoach.feedback.svg import FLOOR, LEAST_SPAN, LEFT, RIGHT, TOP, Scale, degree, pieces
from posecoach.records.history import Done

_LANE = 25.0  # a row under a plot: its words, and its bars
_BLIND_S = 1.0  # a gap in a curve that is worth showing
Row = dict[str, Any]


def card(done: Done, gentle: bool = False, on_page: Page | None = None) -> Row:
    """What the template draws of one exercise, of a session that was a `gentle` one or not; `on_page` as for
    `notes.sentence`."""
    result = done.result
    exercise = CATALOGUE.get(result.exercise or "")
    faults = list(dict.fromkeys((fault.name, fault.side) for fault in result.faults))
    return {
        "title": tr(exercise.title) if exercise else humanise(result.exercise or ""),
        "figure": figures.inline_svg(exercise.id, done.asked.worked_side) if exercise else "",
        "side": done.asked.side if done.asked.side in ("left", "right") else "",
        "verdict": patient_words.verdict(result),
        "kind": patient_words.kind(result),
        "dose": _dose(done),
        "asked": patient_words.dose(done.asked),
        "target": _target(done, gentle),
        "reached": reached(done),
        "error": _error(done),
        "cues": [phrases.cue(exercise, name, side) for name, side in faults] if exercise else [],
        "notes": sentences(_noted(result), on_page),
        "plot": _plot(done),
    }


def _noted(result: Result) -> tuple[Note | str, ...]:
    """The notes to be shown: beside what is to change, only that a side was left out."""
    lopsided = result.noted("one_side_only")
    if result.verdict != "fault":
        return result.notes
    return (lopsided,) if lopsided is not None else ()


def _dose(done: Done) -> str:
    """How much was done; "" where that could not be judged."""
    result = done.result
    timed = tally.timed_only(result) and result.verdict != "good"
    if tally.by_clock(result) or (timed and tally.done(result)):
        return tr("by the clock")
    if timed or result.verdict in ("unseen", "not_performed"):
        return ""
    return patient_words.amount(result, done.asked)


def _target(done: Done, gentle: bool) -> str:
    """The target in words, with the usual one where it is another."""
    exercise = CATALOGUE.get(done.result.exercise or "")
    if not done.curves or exercise is None:
        return ""
    enter = done.curves[0].enter
    usual = exercise.limits[exercise.motions[0].enter].default
    goal = ANGLES[exercise.id].said(enter)
    if enter == usual:
        return tr("goal: {goal}", goal=goal)
    told = {"goal": goal, "usual": ANGLES[exercise.id].degrees(usual)}
    if gentle:
        return tr("goal: {goal}, gentler that day; usually {usual}", **told)
    return tr("goal: {goal}, your own; usually {usual}", **told)


def reached(done: Done) -> str:
    """How far it went, in words; "" where that was not seen."""
    peaks = [curve.peak for curve in done.curves if curve.peak is not None]
    if not peaks or done.result.verdict not in ("good", "fault"):
        return ""
    return patient_words.reached(done.result, max(peaks))


def _error(done: Done) -> str:
    """How sure the angle is; "" where there is none."""
    error_deg = ANGLES[done.result.exercise].error_deg if done.result.exercise in ANGLES else None
    return "" if error_deg is None or not reached(done) else f"± {degree(error_deg)}"


def _plot(done: Done) -> Row | None:
    curves = [curve for curve in done.curves if curve.peak is not None]
    if not curves:
        return None
    times = curves[0].t_s
    across = Scale(times[0], max(times[-1], times[0] + 1.0), LEFT, RIGHT)
    up = _degrees([value for curve in curves for value in curve.value if value is not None], curves)
    drawn = [(curve.side, *pieces(across, up, curve.t_s, curve.value)) for curve in curves]
    blind = [(across(a), across(b)) for _, _, gaps in drawn[:1] for a, b in gaps if b - a >= _BLIND_S]
    lanes, floor = list[Row](), FLOOR + 8
    held = done.result.positions
    if held:
        asked_s, verdict = done.asked.hold_s, patient_words.kind(done.result)
        seconds = [patient_words.whole_seconds(one.lasts_s, asked_s, verdict) for one in held]
        spans = [(one.start_s, one.end_s) for one in held]
        lanes.append(_lane(tr("in position"), "hold", spans, across, floor, seconds))
        floor += _LANE
    groups: dict[tuple[str, str | None], list[Fault]] = {}
    for fault in done.result.faults:
        groups.setdefault((fault.name, fault.side), []).append(fault)
    for (name, side), faults in groups.items():
        spans = [(fault.start_s, fault.end_s) for fault in faults]
        side = side if side and done.asked.side not in ("left", "right") else None
        title = " ".join(filter(None, (humanise(side or ""), humanise(name))))
        lanes.append(_lane(title, "fault", spans, across, floor))
        floor += _LANE
    axis = Scale(0.0, across.high - across.low, LEFT, RIGHT)
    enter, above = curves[0].enter, curves[0].above
    return {
        "lines": [(side, _points(lines)) for side, lines, _ in drawn],
        "several": len(drawn) > 1,
        "band": (up(above if above is not None else up.high), up(enter)),
        "blind": blind,
        "up": ANGLES.get(done.asked.exercise, PLAIN).ticks(up),
        "across": [(axis(tick), f"{decimal(tick, 'g')} s") for tick in axis.ticks(5)],
        "lanes": lanes,
        "height": floor + 16,
        "axis": floor + 12,
    }


def _degrees(values: Sequence[float], curves: Sequence[Trace]) -> Scale:
    """A scale for these values, with the target well inside it."""
    limits = [limit for curve in curves for limit in (curve.enter, curve.above) if limit is not None]
    low, high = min(*values, *limits), max(*values, *limits)
    if len(curves) > 1:
        low = -5.0  # the other side's way is this one's, turned round
    high = max(high, low + LEAST_SPAN)
    room = 0.06 * (high - low)
    return Scale(low - room, high + room, FLOOR, TOP)


def _points(lines: Iterable[Sequence[tuple[float, float]]]) -> list[str]:
    return [" ".join(f"{x:g},{y:g}" for x, y in line) for line in lines]


def _lane(
    title: str,
    kind: str,
    spans: Sequence[tuple[float, float]],
    across: Scale,
    top: float,
    seconds: Sequence[int] = (),
) -> Row:
    """A row of bars under the plot, with words and how many seconds they last; a moment is as wide as can be
    seen."""
    bars = [(across(a), max(across(b) - across(a), 3.0)) for a, b in spans]
    said = [f"{one} s" for one in seconds]
    if len(said) > 4:
        said = [tr("{count} times", count=len(said))]
    return {
        "kind": kind,
        "title": " · ".join(filter(None, (title, ", ".join(said)))),
        "bars": bars,
        "words_y": top + 9,
        "bar_y": top + 13,
    }
