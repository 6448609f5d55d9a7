"""Results as tables for a person to read in the terminal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentences
from posecoach.assessment.results import Fault, Note, Result
from posecoach.coaching import phrases
from posecoach.coaching.plan import Routine, Step
from posecoach.core import dates
from posecoach.core.messages import minutes, printable
from posecoach.core.translation import decimal, humanise, marked, percent, several, tr
from posecoach.feedback import patient_words
from posecoach.feedback.patient_words import ANGLES
from posecoach.kinematics.measures import MEASURES, without_side
from posecoach.records.history import Session

#: How each verdict is coloured.
STYLES = {"good": "green", "fault": "yellow", "not_performed": "cyan", "unseen": "magenta"}
_NONE = marked("No exercise recognised")


def shown(name: str) -> str:
    """A name that somebody else wrote, without what a terminal would obey."""
    return escape(printable(name))


def _about(chosen: Routine) -> Iterable[str]:
    """How long a routine takes, where its doses come from, and what was prescribed."""
    yield tr("about {time}", time=minutes(chosen.estimated_s))
    if chosen.source:
        yield shown(tr(chosen.source))
    if chosen.days_a_week:
        yield several("{count} day a week", "{count} days a week", chosen.days_a_week)
    if chosen.note:
        yield shown(chosen.note)


def routine(chosen: Routine) -> Table:
    """The steps of a routine with their doses, and about how long it takes."""
    table = Table(
        title=shown(phrases.routine_title(chosen.title)),
        caption=" · ".join(_about(chosen)),
    )
    for heading in ("", tr("exercise"), tr("side"), tr("dose"), tr("target")):
        table.add_column(heading)
    for number, step in enumerate(chosen.steps, start=1):
        if step.exercise:
            title = tr(CATALOGUE[step.exercise].title)
            table.add_row(str(number), title, humanise(step.side), patient_words.dose(step), _target(step))
        else:
            table.add_row(str(number), Text(printable(tr(step.say)), "dim"), "", patient_words.dose(step), "")
    return table


def _target(step: Step) -> str:
    """What is asked for other than usually: how far, in words, and the other limits."""
    exercise = CATALOGUE[step.exercise]
    entries = [motion.enter for motion in exercise.motions]
    short = exercise.falls_short.limit if exercise.falls_short is not None else ""  # follows from how far
    told = [
        ANGLES[exercise.id].said(step.limits[name]) for name in dict.fromkeys(entries) if name in step.limits
    ]
    others = {
        name: value for name, value in step.limits.items() if name not in (*entries, short if told else "")
    }
    return ", ".join(told + [f"{humanise(name)} {value:g}" for name, value in others.items()]) or tr("usual")


def routines(known: Sequence[Routine]) -> Table:
    """One row per routine."""
    table = Table()
    for heading in (tr("name"), tr("title"), tr("steps"), tr("about")):
        table.add_column(heading)
    for one in known:
        table.add_row(
            shown(one.name),
            shown(phrases.routine_title(one.title)),
            str(len(one.steps)),
            minutes(one.estimated_s),
        )
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
            Text(printable(phrases.routine_title(one.title)), overflow="ellipsis", no_wrap=True),
            tr("cut off") if one.cut_off else _counted(one),
            "–" if one.cut_off else minutes(one.duration_s),
            ("" if felt == "– → –" else felt) + (tr(", came") if one.pain else ""),
        )
    return table


def _counted(session: Session) -> str:
    told = tr("{reps} of {target}", reps=session.done, target=session.steps)
    return phrases.in_brief(told, session.done, session.by_clock)


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


def _unjudged(result: Result) -> Iterable[str]:
    """How many faults could not be judged, where there are any: the score says nothing of them."""
    codes = [note.code for note in result.notes if isinstance(note, Note)]
    count = codes.count("fault_not_judged") + codes.count("fault_not_shown")
    if count:
        yield several("{count} check could not be judged", "{count} checks could not be judged", count)


def _summary(result: Result) -> Iterable[tuple[str, Text | str]]:
    yield tr("verdict"), Text(humanise(result.verdict), STYLES[result.verdict])
    if result.verdict in ("good", "fault"):  # otherwise nothing was judged, and 0 would read like a mark
        yield tr("score"), "; ".join((tr("{points} of 100", points=result.score), *_unjudged(result)))
    yield tr("side"), humanise(result.side)
    if result.detection is not None:
        yield tr("detected"), patient_words.detected(result.detection)
    if result.duration_s:
        yield (
            tr("length"),
            tr(
                "{seconds} s, the body seen in {share} of {frames} frames",
                seconds=decimal(result.duration_s),
                share=percent(result.seen),
                frames=result.frames,
            ),
        )
        yield tr("repetitions"), str(result.reps)
    for position in result.positions:
        yield (
            tr("in position"),
            tr(
                "{seconds} s, from {start} to {end} s ({which})",
                seconds=decimal(position.lasts_s),
                start=decimal(position.start_s),
                end=decimal(position.end_s),
                which=humanise(position.side),
            ),
        )
    if result.peaks:
        yield tr("peaks"), "\n".join(_peaks(result.peaks))
    for fault in result.faults:
        side = f" ({humanise(fault.side)})" if fault.side else ""
        told = filter(None, (patient_words.when(fault), measured(result.exercise, fault)))
        yield tr("fault"), Text(", ".join((humanise(fault.name) + side, *told)), "yellow")
    exercise = CATALOGUE.get(result.exercise or "")
    for name, limb in dict.fromkeys((fault.name, fault.side) for fault in result.faults):
        if exercise is not None:
            yield tr("advice"), phrases.cue(exercise, name, limb)
    for note in sentences(result.notes):
        yield tr("note"), Text(note, "dim")


def measured(exercise: str | None, fault: Fault) -> str:
    """How far a fault went, and its limit, as files set it; "" where no limit tells it."""
    found, known = fault.measured, CATALOGUE.get(exercise or "")
    if found is None or known is None or found.limit not in known.limits:
        return ""
    rules = (rule for rule in known.rules if rule.limit == found.limit)
    names = (name for rule in rules for value in rule.values.values() for name in value.names)
    name = next(names, None)  # none where an attempt fell short: that is told by an angle
    angle = name is None or MEASURES[without_side(name)].startswith("degrees")
    value, limit = _apart(found.value, found.allowed, 0 if angle else 2)
    value, limit = (f"{value}°", f"{limit}°") if angle else (f"{value} " + tr("torso lengths"), limit)
    told = tr("{value} (limit {limit})", value=value, limit=limit)
    return told if found.limit == fault.name else f"{humanise(found.limit)} {told}"


def _apart(value: float, limit: float, digits: int) -> tuple[str, str]:
    """Both with so many digits, and with up to two more where they would read as the same."""
    for more in (digits, digits + 1, digits + 2):
        # Adding 0.0 makes -0.0 plain 0.
        told, allowed = (decimal(round(one, more) + 0.0, f".{more}f") for one in (value, limit))
        if told != allowed:
            return told, allowed
    return decimal(round(value, digits) + 0.0, f".{digits}f"), decimal(limit, f".{digits}f")


def _peaks(peaks: Mapping[str, float]) -> Iterable[str]:
    """A line for each measure, both sides on one: angles in degrees, lifts and distances in torso lengths."""
    lines: dict[str, list[str]] = defaultdict(list)
    for name, value in peaks.items():
        base = without_side(name)
        side = name[len(base) + 1 :]
        # Adding 0.0 makes -0.0 plain 0.
        angle = MEASURES[base].startswith("degrees")
        number = f"{round(value)}°" if angle else decimal(round(value, 2) + 0.0, ".2f")
        lines[base].append(f"{humanise(side)} {number}" if side else number)
    for base, parts in lines.items():
        line = f"{humanise(base)} {', '.join(parts)}"
        yield line if MEASURES[base].startswith("degrees") else f"{line} " + tr("torso lengths")


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
