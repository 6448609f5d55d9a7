"""The page of a session: what was done, and the weeks before it, in pictures; complete in itself, without an
image of anybody.

What the page shows is worked out here; how it looks is in `templates/report.html`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import fmean
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from posecoach import __version__
from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentences
from posecoach.assessment.results import Fault
from posecoach.assessment.trace import Trace
from posecoach.coaching import adherence, phrases, safety
from posecoach.core import dates, translation
from posecoach.core.messages import minutes
from posecoach.core.translation import decimal, humanise, marked, tr
from posecoach.core.types import Side
from posecoach.feedback.svg import LEFT, RIGHT, TOP, WIDTH, Scale, pieces
from posecoach.records.history import Done, Session

_WEEKS = 12  # that the page looks back
_FLOOR = 108.0  # of the plots
_LANE = 25.0  # a row under a plot: its words, and its bars
_LEAST_SPAN = 40.0  # degrees that a plot shows: noise is not to look like a move
_BLIND_S = 1.0  # a gap in a curve that is worth showing
_VERDICTS = {
    "good": marked("good"),
    "fault": marked("one thing to change"),
    "unseen": marked("could not be judged"),
    "not_performed": marked("left out"),
}
_ENDED = {
    "quit": marked("ended early"),
    "lost": marked("the camera was lost"),
    "source ended": marked("ended early"),
    None: marked("cut off"),
}

Row = dict[str, Any]


def page(known: Sequence[Session], chosen: Session) -> str:
    """The page of `chosen`, which is one of `known`; later sessions are not on it."""
    since = chosen.day - timedelta(weeks=_WEEKS)
    before = [one for one in known if since < one.day <= chosen.day and (one.id or 0) <= (chosen.id or 0)]
    environment = Environment(
        loader=PackageLoader("posecoach"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "tr": tr,
        "routine_title": phrases.routine_title,
        "plain": humanise,
        "language": translation.language(),
    }
    return environment.get_template("report.html").render(
        session=chosen,
        version=__version__,
        when=f"{dates.weekday(chosen.day)}, {dates.long(chosen.day)}, {chosen.started:%H:%M}",
        facts=list(_facts(chosen)),
        cards=[_card(done) for done in chosen.exercises],
        ranges=list(_ranges(before)),
        feelings=_feelings(before),
        weeks=_weeks({one.day for one in before if one.performed}, chosen.day),
        advice=safety.advice([one.feeling for one in before]),
        recommended=adherence.RECOMMENDED,
        source=adherence.SOURCE,
        width=WIDTH,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        floor=_FLOOR,
    )


def _degree(value: float) -> str:
    return f"{value:.0f}°".replace("-", "−")


def _facts(session: Session) -> Iterator[tuple[str, str]]:
    """What stands at the head of the page, each with what it is."""
    yield tr("{reps} of {target}", reps=session.performed, target=session.steps), tr("exercises done")
    yield minutes(session.duration_s), tr(_ENDED.get(session.ended, marked("length")))
    if session.before is not None or session.after is not None:
        felt = ("–" if number is None else str(number) for number in (session.before, session.after))
        yield " → ".join(felt), tr("pain before and after, of 10")
    if session.pain is not None:
        yield tr("yes") if session.pain else tr("no"), tr("pain came during the session")


# -- one exercise --------------------------------------------------------------------------------------


def _card(done: Done) -> Row:
    result = done.result
    exercise = CATALOGUE.get(result.exercise or "")
    timed = exercise is not None and bool(exercise.timed_only)
    faults = list(dict.fromkeys((fault.name, fault.side) for fault in result.faults))
    verdict = tr(_VERDICTS[result.verdict])
    if timed and result.verdict == "unseen":
        verdict = tr("timed")
    elif len({name for name, _ in faults}) > 1:
        verdict = tr("some things to change")
    return {
        "title": tr(exercise.title) if exercise else humanise(result.exercise or ""),
        "side": done.asked.side if done.asked.side in ("left", "right") else "",
        "verdict": verdict,
        "kind": "timed" if timed and result.verdict == "unseen" else result.verdict,
        "dose": _dose(done, timed),
        "target": _target(done),
        "cues": [phrases.cue(exercise, name, side) for name, side in faults] if exercise else [],
        "notes": sentences(result.notes) if result.verdict != "fault" else (),
        "plot": _plot(done),
    }


def _dose(done: Done, timed: bool) -> str:
    asked, result = done.asked, done.result
    if timed or result.verdict in ("unseen", "not_performed"):
        return ""
    if not asked.hold_s:
        return tr("{reps} of {target} times", reps=result.reps, target=asked.reps)
    held = [position.end_s - position.start_s for position in result.positions]
    times = tr("{reps} of {target} times", reps=len(held), target=asked.reps) if asked.reps > 1 else ""
    mean_s, target_s = f"{fmean(held) if held else 0:.0f}", decimal(asked.hold_s, "g")
    return ", ".join(filter(None, (times, tr("held {held} s of {target} s", held=mean_s, target=target_s))))


def _target(done: Done) -> str:
    """The target in words, with the usual one where it is the person's own."""
    exercise = CATALOGUE.get(done.result.exercise or "")
    if not done.curves or exercise is None:
        return ""
    enter = done.curves[0].enter
    usual = exercise.limits[exercise.motions[0].enter].default
    text = marked("in position from {degrees}")
    if enter != usual:
        text = marked("in position from {degrees}, your own; usually {usual}")
    return tr(text, degrees=_degree(enter), usual=_degree(usual))


def _plot(done: Done) -> Row | None:
    curves = [curve for curve in done.curves if curve.peak is not None]
    if not curves:
        return None
    times = curves[0].t_s
    across = Scale(times[0], max(times[-1], times[0] + 1.0), LEFT, RIGHT)
    up = _degrees([value for curve in curves for value in curve.value if value is not None], curves)
    drawn = [(curve.side, *pieces(across, up, curve.t_s, curve.value)) for curve in curves]
    blind = [(across(a), across(b)) for _, _, gaps in drawn[:1] for a, b in gaps if b - a >= _BLIND_S]
    lanes, floor = list[Row](), _FLOOR + 8
    held = done.result.positions
    if held:
        lanes.append(
            _lane(tr("in position"), "hold", [(p.start_s, p.end_s) for p in held], across, floor, True)
        )
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
    seconds = Scale(0.0, across.high - across.low, LEFT, RIGHT)
    enter, above = curves[0].enter, curves[0].above
    return {
        "lines": [(side, _points(lines)) for side, lines, _ in drawn],
        "several": len(drawn) > 1,
        "band": (up(above if above is not None else up.high), up(enter)),
        "blind": blind,
        "up": [(up(tick), _degree(tick)) for tick in up.ticks(4)],
        "across": [(seconds(tick), f"{decimal(tick, 'g')} s") for tick in seconds.ticks(5)],
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
    high = max(high, low + _LEAST_SPAN)
    room = 0.06 * (high - low)
    return Scale(low - room, high + room, _FLOOR, TOP)


def _points(lines: Iterable[Sequence[tuple[float, float]]]) -> list[str]:
    return [" ".join(f"{x:g},{y:g}" for x, y in line) for line in lines]


def _lane(
    title: str,
    kind: str,
    spans: Sequence[tuple[float, float]],
    across: Scale,
    top: float,
    seconds: bool = False,
) -> Row:
    """A row of bars under the plot, with words; a moment is as wide as can be seen."""
    bars = [(across(a), max(across(b) - across(a), 3.0)) for a, b in spans]
    said = [f"{b - a:.0f} s" for a, b in spans] if seconds else []
    if len(said) > 4:
        said = [tr("{count} times", count=len(said))]
    return {
        "kind": kind,
        "title": " · ".join(filter(None, (title, ", ".join(said)))),
        "bars": bars,
        "words_y": top + 9,
        "bar_y": top + 13,
    }


# -- the weeks before ----------------------------------------------------------------------------------


def _ranges(known: Sequence[Session]) -> Iterator[Row]:
    """For each exercise how far each side went, session by session."""
    reached: dict[str, dict[Side, list[tuple[datetime, float]]]] = {}
    enters: dict[str, float] = {}
    for session in known:
        deepest: dict[tuple[str, Side], float] = {}
        for done in session.exercises:
            for curve in done.curves if done.result.verdict in ("good", "fault") else ():
                key, peak = (done.asked.exercise, curve.side), curve.peak
                if peak is not None:
                    deepest[key] = max(peak, deepest.get(key, peak))
                    enters[done.asked.exercise] = curve.enter
        for (exercise, side), peak in deepest.items():
            reached.setdefault(exercise, {}).setdefault(side, []).append((session.started, peak))
    for exercise, sides in sorted(reached.items()):
        if exercise in CATALOGUE:
            yield _range(CATALOGUE[exercise], sides, enters[exercise], known)


def _range(
    exercise: Exercise,
    sides: Mapping[Side, Sequence[tuple[datetime, float]]],
    enter: float,
    known: Sequence[Session],
) -> Row:
    values = [value for points in sides.values() for _, value in points]
    low, high = min(*values, enter), max(*values, enter)
    middle, half = (low + high) / 2, max(high - low, _LEAST_SPAN) / 2
    up = Scale(middle - 1.15 * half, middle + 1.15 * half, _FLOOR, TOP)
    across, ticks = _calendar(known)
    ordered = sorted(sides.items())  # both, left, right
    return {
        "title": tr(exercise.title),
        "what": tr(exercise.limits[exercise.motions[0].enter].help.removesuffix(", degrees")),
        "enter": up(enter),
        "up": [(up(tick), _degree(tick)) for tick in up.ticks(4)],
        "across": ticks,
        "series": [
            (side, [(across(at.timestamp()), up(value)) for at, value in points]) for side, points in ordered
        ],
        "last": [(side, _degree(points[-1][1])) for side, points in ordered],
    }


def _calendar(known: Sequence[Session]) -> tuple[Scale, list[tuple[float, str]]]:
    """The scale of the sessions' times, and a mark for some days."""
    times = [one.started.timestamp() for one in known]
    first, last = min(times), max(times)
    least = timedelta(days=7).total_seconds()
    if last - first < least:
        first = last - least
    across = Scale(first, last, LEFT + 8, RIGHT - 8)
    count = 4
    marks = [first + (last - first) * index / (count - 1) for index in range(count)]
    zone = known[-1].started.tzinfo
    days = [datetime.fromtimestamp(mark, zone) for mark in marks]
    return across, [(across(mark), dates.of_year(day)) for mark, day in zip(marks, days, strict=True)]


def _feelings(known: Sequence[Session]) -> Row | None:
    """How much it hurt before and after each session."""
    felt = [one for one in known if one.before is not None or one.after is not None or one.pain]
    if not felt:
        return None
    across, ticks = _calendar(known)
    up = Scale(0.0, 10.0, _FLOOR, TOP)
    return {
        "up": [(up(tick), f"{tick:g}") for tick in (0, 5, 10)],
        "across": ticks,
        "points": [
            {
                "x": across(one.started.timestamp()),
                "before": None if one.before is None else up(one.before),
                "after": None if one.after is None else up(one.after),
                "pain": bool(one.pain),
            }
            for one in felt
        ],
    }


def _weeks(days: set[date], today: date) -> list[Row]:
    """A column for each week up to now, with its days."""
    first = adherence.monday(min(days, default=today))
    this = adherence.monday(today)
    weeks = max((this - first).days // 7 + 1, 4)
    columns = []
    for index in range(weeks):
        monday = this - timedelta(weeks=weeks - 1 - index)
        count = adherence.days_in_week(days, monday)
        columns.append(
            {
                "label": dates.of_year(monday),
                "count": count,
                "enough": count >= adherence.RECOMMENDED[0],
                "days": [
                    "done" if day in days else "later" if day > today else ""
                    for day in (monday + timedelta(days=offset) for offset in range(7))
                ],
            }
        )
    return columns
