"""How it went in everyday words: one sentence, what was done of each exercise, and a short table."""

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from posecoach.assessment.exercise import Motion
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import Page, sentence, sentences
from posecoach.assessment.results import Result
from posecoach.coaching import cues, phrases, tally
from posecoach.coaching.plan import Step
from posecoach.core.translation import several, tr
from posecoach.feedback import patient_words, tables
from posecoach.kinematics.measures import Measures

_STYLES = tables.STYLES | {"partly": "cyan", "timed": "magenta"}


def headline(results: Sequence[Result], count: int = 0, on_page: Page | None = None) -> str:
    """What a recording shows, in one sentence, and the one thing to change; `count` exercises were asked for,
    where they were. That it shows another exercise than the told one comes first, and before all that its
    times are not those of what was done. `on_page` as for `notes.sentence`.
    """
    if not results:
        return tr("The recording ends before an exercise of the routine begins") + "."
    cue = cues.for_next_time(results)
    single = max(len(results), count) == 1
    if single and (other := results[0].seems) is not None:
        title = tr(CATALOGUE[results[0].exercise or ""].title)
        told = [tr("This looks like {other}, not {title}", other=tr(CATALOGUE[other].title), title=title)]
        cue = cue and tr("If it is {title}: {cue}", title=title, cue=cue)
    elif single:
        told = [tr("{title}: {verdict}", title=_title(results[0]), verdict=patient_words.verdict(results[0]))]
    else:
        good = sum(map(tally.done_well, results))
        told = [tally.counted(results, count)]
        if good:
            told.append(several("{count} was done well", "{count} were done well", good))
    slow = results[0].noted("source_slow_motion")
    if slow is not None:
        told.insert(0, sentence(slow, on_page))
    if cue:
        told.append(cue)
    return ". ".join(told) + "."


def table(results: Iterable[Result], steps: Sequence[Step] = (), hold_s: float = 0.0) -> Table:
    """A row for each result: what came of it and how much was done. Asked for were `steps`, or one exercise
    with a hold of `hold_s` seconds, if any."""
    drawn = Table(show_header=False)
    for result in results:
        asked = steps[result.step - 1] if result.step is not None and result.step <= len(steps) else None
        words = Text(patient_words.verdict(result), _STYLES[patient_words.kind(result)])
        drawn.add_row(Text(_title(result), "bold"), words, *_cell(_details(result, asked, hold_s)))
    return drawn


def _cell(lines: Iterable[str]) -> Iterable[str]:
    """One cell; none where there is nothing to say."""
    text = "\n".join(lines)
    return (text,) if text else ()


def _title(result: Result) -> str:
    if result.exercise is None:
        return tr("No exercise recognised")
    return phrases.sided(tr(CATALOGUE[result.exercise].title), result.side)


def _details(result: Result, asked: Step | None, hold_s: float) -> Iterable[str]:
    told = sentences(result.notes)
    if result.seems is not None:
        yield from told  # that it is another exercise comes before any advice
    if result.detection is not None:
        yield patient_words.detected(result.detection)
    if result.exercise is not None and result.verdict in ("good", "fault"):
        yield done(result, asked, hold_s)
        exercise = CATALOGUE[result.exercise]
        for name, side in dict.fromkeys((fault.name, fault.side) for fault in result.faults):
            times = (patient_words.when(one) for one in result.faults if (one.name, one.side) == (name, side))
            cue = phrases.cue(exercise, name, side)
            # In a session nobody looks at the clock; in a recording one wants to find the place.
            yield f"{cue} ({'; '.join(times)})" if result.step is None else cue
    if result.seems is None:
        yield from told


def done(result: Result, asked: Step | None = None, hold_s: float = 0.0) -> str:
    """How much was done, of what was asked as for `table`, and how far it went; "" where nothing was
    judged."""
    if result.exercise is None or result.verdict not in ("good", "fault"):
        return ""
    return ", ".join(filter(None, (patient_words.amount(result, asked, hold_s), _reached(result))))


def _reached(result: Result) -> str:
    """How far it went; "" where that was not seen."""
    exercise = CATALOGUE[result.exercise or ""]
    if exercise.timed_only and result.verdict != "good":
        return ""  # what was done instead may have looked like any tilt
    depths = (_depth(motion, result.peaks) for motion in exercise.motions_on(result.side))
    deepest = max((depth for depth in depths if depth is not None), default=None)
    return patient_words.reached(result, deepest) if deepest is not None else ""


def _depth(motion: Motion, peaks: Measures) -> float | None:
    """How deep a motion went; None where that was not seen."""
    value = motion.value(peaks)
    return None if value is None else value + motion.reads_low
