"""`posecoach history`: the last sessions, the week, exports, and forgetting."""

import csv
import io
import json
import logging
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from posecoach.assessment.results import in_position_s
from posecoach.cli.commands import questions
from posecoach.cli.inputs import distinct, remembered
from posecoach.coaching import adherence, safety
from posecoach.core.errors import InputError
from posecoach.core.messages import inert
from posecoach.core.translation import several, tr
from posecoach.feedback import tables, terminal
from posecoach.feedback.outputs import LinesTarget
from posecoach.records import forgetting, history
from posecoach.records.history import Session

log = logging.getLogger(__name__)

_SHOWN = 10
_COLUMNS = (
    *("session", "started", "routine", "before", "after", "pain", "step", "exercise", "side"),
    *("hold_s", "reps_asked", "verdict", "in_position_s", "reps", "faults", "score"),
)


def show(json_target: str | None, csv_target: str | None) -> int:
    """Print the last sessions and how the week goes, or write all of them for other programs."""
    remembered(tell=False)
    if json_target == csv_target == "-":
        raise InputError(
            tr("Only one of --json and --csv can go to the terminal: name a file for the other.")
        )
    files = [Path(one) for one in (json_target, csv_target) if one not in (None, "-")]
    distinct(files, [])
    as_json, as_csv = LinesTarget(json_target), LinesTarget(csv_target)
    known = history.sessions()
    as_json.write([exported(one) for one in known])
    as_csv.write(_rows(known))
    if json_target or csv_target:
        return 0
    console = terminal.console()
    if not known:
        log.info("%s", tr("There is no session yet: 'posecoach live' begins one."))
        return 0
    today = date.today()
    console.print(tables.sessions(known[-_SHOWN:]))
    for line in adherence.told({one.day for one in known if one.exercised}, today, known[-1].prescribed):
        console.print(line)
    advice = safety.advice([one.feeling for one in known])
    if advice:
        console.print(advice)
    return 0


def forget(numbers: Sequence[int], sure: bool) -> int:
    """Remove sessions for good, or with no numbers all that is known of a person's sessions and answers."""
    remembered(tell=False)
    if numbers:
        forgetting.check(numbers)
        what = several(
            "session {numbers}", "sessions {numbers}", len(numbers), numbers=", ".join(map(str, numbers))
        )
    else:
        what = tr("every session and your answers about safety")
    if not sure and not questions.sure(tr("Remove {what} for good?", what=what)):
        log.info("%s", tr("Nothing was removed."))
        return 0
    if numbers:
        forgetting.forget(numbers)
    else:
        forgetting.forget_all()
    log.info("%s", tr("Removed {what}.", what=what))
    return 0


def exported(session: Session) -> str:
    """A session as one JSON object on one line."""
    fields = {
        "session": session.id,
        "started": session.started.isoformat(),
        "routine": session.routine,
        "steps": session.steps,
        "ended": session.ended,
        "duration_s": session.duration_s,
        "before": session.before,
        "after": session.after,
        "pain": session.pain,
        "days_a_week": session.days_a_week,
        "exercises": [
            {
                **{name: value for name, value in done.result.as_dict("").items() if name != "clip"},
                "hold_asked_s": done.asked.hold_s,
                "reps_asked": done.asked.reps,
                "peak": {curve.side: curve.peak for curve in done.curves},
            }
            for done in session.exercises
        ],
    }
    return json.dumps(fields, allow_nan=False)


def _rows(known: Iterable[Session]) -> list[str]:
    """A header, and a row for each exercise."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for session in known:
        felt = ("" if session.pain is None else "yes" if session.pain else "no",)
        start = (
            session.id,
            session.started.isoformat(),
            inert(session.routine),
            session.before,
            session.after,
            *felt,
        )
        for done in session.exercises:
            result = done.result
            held = in_position_s(result.side, result.positions)
            faults = " ".join(dict.fromkeys(fault.name for fault in result.faults))
            asked = (done.asked.hold_s, done.asked.reps)
            found = (result.verdict, round(held, 2), result.reps, faults, result.score)
            writer.writerow((*start, result.step, result.exercise, result.side, *asked, *found))
    return text.getvalue().splitlines()
