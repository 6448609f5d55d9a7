"""What is kept of a session in the page, by its kind: a routine, a calibration, a practice."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date

from posecoach.assessment.results import Result
from posecoach.coaching import phrases
from posecoach.coaching.plan import Routine
from posecoach.coaching.practice import Practice
from posecoach.coaching.range_of_motion import Calibration, trials
from posecoach.coaching.step_result import StepDone
from posecoach.coaching.view import View
from posecoach.core.errors import InputError
from posecoach.core.translation import tr
from posecoach.records import personal_ranges
from posecoach.records.session_recorder import keeping
from posecoach.web import kept, wire
from posecoach.web.wire import Json


class RoutineRecord:
    """Keeps a session of a routine in the history while it goes on."""

    def __init__(self, routine: Routine, before: int | None) -> None:
        self._routine = routine
        self._stack = ExitStack()
        self._kept = self._stack.enter_context(keeping(routine, before))

    def follow(self, view: View) -> None:
        """A frame went by."""
        self._kept.follow(view.session_s)

    def step_done(self, done: StepDone) -> None:
        """A step is over."""
        self._kept.step_done(done)

    def end(self, ended: str, results: Sequence[Result]) -> Json:
        """The session is over."""
        self._kept.end(ended)
        return wire.summary(results, self._routine.steps) | self._in_history()

    def felt(self, after: int | None, pain: bool | None) -> Json:
        """Keep how it felt; returns the advice that follows, or nothing."""
        return {"advice": self._kept.felt(after, pain) or "", **self._in_history()}

    def _in_history(self) -> Json:
        """The number of the session, or why there is none."""
        number = self._kept.session.id if self._kept.saved else None
        return {"session": number, "problem": self._kept.problem or ""}

    def close(self) -> None:
        """Close the history."""
        self._stack.close()


class _Unkept:
    """Of a session that is in no history."""

    def follow(self, view: View) -> None:
        """Nothing is kept before the end."""

    def felt(self, after: int | None, pain: bool | None) -> Json:
        """Nothing: the page asks after a routine alone."""
        return {"advice": ""}

    def close(self) -> None:
        """Nothing is open."""


class PracticeRecord(_Unkept):
    """Tells which gestures were seen in a practice."""

    def __init__(self, coach: Practice) -> None:
        self._coach = coach

    def end(self, ended: str, results: Sequence[Result]) -> Json:
        """How often each gesture was seen."""
        return {"seen": list(self._coach.seen)}


class CalibrationRecord(_Unkept):
    """Keeps what a calibration found."""

    def __init__(self, coach: Calibration) -> None:
        personal_ranges.load()  # a file that cannot be added to is known before anybody moves
        self._coach = coach

    def end(self, ended: str, results: Sequence[Result]) -> Json:
        """Record what was reached."""
        found = self._coach.ranges(date.today())
        if found:
            personal_ranges.record(found)
        missed = [phrases.sided(tr(exercise.title), side) for exercise, side in self._coach.missed]
        return {"ranges": kept.ranges(), "found": len(found), "missed": missed}


def calibration(routine: Routine) -> tuple[Calibration, CalibrationRecord]:
    """A calibration of the exercises of a routine, and whoever keeps it; raises InputError when none of them
    can be measured."""
    wanted = trials(routine)
    if not wanted:
        raise InputError(tr("This routine has no exercise that can be measured: choose another."))
    coach = Calibration(wanted, phrases.BY_BUTTONS)
    return coach, CalibrationRecord(coach)
