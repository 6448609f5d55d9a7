"""The page of a session: what was done, and the weeks before it, in pictures; complete in itself, without an
image of anybody.

What the page shows is worked out here; how it looks is in `templates/report.html`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from posecoach.assessment import notes
from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching import adherence, phrases, safety, tally
from posecoach.core import dates
from posecoach.core.messages import minutes
from posecoach.core.translation import marked, several, tr
from posecoach.core.types import Side
from posecoach.feedback import patient_words
from posecoach.feedback.exercise_card import Row, card
from posecoach.feedback.pages import render
from posecoach.feedback.patient_words import ANGLES
from posecoach.feedback.svg import FLOOR, LEAST_SPAN, LEFT, RIGHT, TOP, WIDTH, Scale
from posecoach.records.history import Session

_WEEKS = 12  # that the page looks back
_ENDED = {
    "quit": marked("ended early"),
    "lost": marked("the camera was lost"),
    "source ended": marked("ended early"),
    None: marked("cut off"),
}


def page(known: Sequence[Session], chosen: Session, name: str = "", on_page: notes.Page | None = None) -> str:
    """The page of `chosen`, which is one of `known`; later sessions are not on it. `name` is the person's;
    `on_page` as for `notes.sentence`."""
    since = chosen.day - timedelta(weeks=_WEEKS)
    before = [one for one in known if since < one.day <= chosen.day and (one.id or 0) <= (chosen.id or 0)]
    cards = [card(done, phrases.is_gentle(chosen.title), on_page) for done in chosen.exercises]
    return render(
        "report.html",
        session=chosen,
        name=name,
        summary=" ".join(_summary(chosen, cards)),
        week=_week(chosen, {one.day for one in before if one.exercised}),
        routine_title=phrases.routine_title,
        when=f"{dates.weekday(chosen.day)}, {dates.long(chosen.day)}, {chosen.started:%H:%M}",
        facts=list(_facts(chosen)),
        cards=cards,
        ranges=list(_ranges(before)),
        feelings=_feelings(before),
        weeks=_weeks({one.day for one in before if one.exercised}, chosen.day),
        advice=safety.advice([one.feeling for one in before]),
        recommended=adherence.RECOMMENDED,
        source=adherence.SOURCE,
        width=WIDTH,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        floor=FLOOR,
    )


def _summary(session: Session, cards: Sequence[Row]) -> Iterator[str]:
    """The session in a few sentences."""
    time = minutes(session.duration_s)
    asked = session.steps
    if session.cut_off:
        yield tr("It was cut off before the first exercise was over: how far it went is not known.")
    elif session.done or not session.by_clock:
        yield tr("{done} of {asked} exercises done in {time}.", done=session.done, asked=asked, time=time)
    if session.by_clock:
        yield phrases.went_by_clock(session.by_clock, asked) + "."
    if session.unjudged:
        yield phrases.not_judged(session.unjudged, asked) + "."
    good = sum(tally.done_well(done.result) for done in session.exercises)
    if good:
        yield several("{count} was done well.", "{count} were done well.", good)
    lopsided = any(done.result.noted("one_side_only") for done in session.exercises)
    cues = [*(cue for row in cards for cue in row["cues"]), *([tr(phrases.BOTH_SIDES)] if lopsided else [])]
    if cues:
        yield tr("One thing for next time: {cue}.", cue=cues[0].rstrip("."))
    before, after = session.before, session.after
    if before is not None and after is not None:
        yield tr("Pain was {before} before and {after} after, of 10.", before=before, after=after)


def _week(session: Session, days: set[date]) -> str:
    """The days of the week against those that were prescribed, or else recommended."""
    return adherence.told(days, session.day, session.prescribed)[0]


def _kept(session: Session) -> tuple[int, int]:
    """Seconds held, and seconds prescribed, of what could be judged; no hold counts for more than was
    prescribed."""
    held_s = asked_s = 0.0
    verdicts = {patient_words.kind(done.result) for done in session.exercises}
    for done in session.exercises:
        if done.result.verdict == "unseen":
            continue
        holds = sorted(done.result.holds_s, reverse=True)
        asked_s += done.asked.hold_s * done.asked.reps
        held_s += sum(min(hold_s, done.asked.hold_s) for hold_s in holds[: done.asked.reps])
    return patient_words.whole_seconds(held_s, asked_s, "partly" if "partly" in verdicts else ""), round(
        asked_s
    )


def _facts(session: Session) -> Iterator[tuple[str, str]]:
    """What stands at the head of the page, each with what it is."""
    if not session.cut_off and (session.done or not session.by_clock):
        yield tr("{reps} of {target}", reps=session.done, target=session.steps), tr("exercises done")
    if session.by_clock:
        went = tr("{reps} of {target}", reps=session.by_clock, target=session.steps)
        yield went, tr("exercises by the clock")
    held_s, asked_s = _kept(session)
    if asked_s:
        yield tr("{held} of {asked} s", held=held_s, asked=asked_s), tr("of the prescribed holds")
    yield (
        "–" if session.cut_off else minutes(session.duration_s),
        tr(_ENDED.get(session.ended, marked("length"))),
    )
    if session.before is not None or session.after is not None:
        felt = ("–" if number is None else str(number) for number in (session.before, session.after))
        yield " → ".join(felt), tr("pain before and after, of 10")
    if session.pain is not None:
        yield tr("yes") if session.pain else tr("no"), tr("pain came during the session")


def _ranges(known: Sequence[Session]) -> Iterator[Row]:
    """For each exercise how far each side went, session by session."""
    reached: dict[str, dict[Side, list[tuple[datetime, float]]]] = {}
    enters: dict[str, float] = {}
    for session in known:
        deepest: dict[tuple[str, Side], float] = {}
        for done in session.exercises:
            for curve in done.curves:  # the target is that of the latest session, whatever came of it
                enters[done.asked.exercise] = curve.enter
            for curve in done.curves if done.result.verdict in ("good", "fault") else ():
                key, peak = (done.asked.exercise, curve.side), curve.peak
                if peak is not None:
                    deepest[key] = max(peak, deepest.get(key, peak))
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
    middle, half = (low + high) / 2, max(high - low, LEAST_SPAN) / 2
    up = Scale(middle - 1.15 * half, middle + 1.15 * half, FLOOR, TOP)
    angle = ANGLES[exercise.id]
    across, ticks = _calendar(known)
    ordered = sorted(sides.items())  # both, left, right
    return {
        "title": tr(exercise.title),
        "what": ". ".join(filter(None, (tr("goal: {goal}", goal=angle.said(enter)), angle.scale))),
        "enter": up(enter),
        "up": angle.ticks(up),
        "across": ticks,
        "series": [
            (side, [(across(at.timestamp()), up(angle.shown(value))) for at, value in points])
            for side, points in ordered
        ],
        "last": [(side, angle.brief(points[-1][1])) for side, points in ordered],
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
    up = Scale(0.0, 10.0, FLOOR, TOP)
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
