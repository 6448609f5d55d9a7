"""Keeps a session in the history while it goes on: each exercise is saved the moment it ends."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

from posecoach.coaching import safety
from posecoach.coaching.plan import Routine, exercises_in
from posecoach.coaching.step_result import StepDone
from posecoach.core import interrupts
from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import tr
from posecoach.records import history
from posecoach.records.history import Done, Session, Store

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now().astimezone().replace(microsecond=0)


class SessionRecorder:
    """One session on its way into the history.

    What cannot be written is said once, kept in memory, and tried again when the next exercise ends and
    at the end: a history that fails costs no session.
    """

    def __init__(
        self,
        store: Store | None,
        routine: Routine,
        before: int | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """`store` None keeps nothing; `before` is how much it hurts, 0..10."""
        self._store = store
        self._now = now
        count = exercises_in(routine.steps)
        self._session = Session(
            now(), routine.name, routine.title, count, before=before, days_a_week=routine.days_a_week
        )
        self._begun = self._said = self._saved = False
        self._problem: str | None = None

    @property
    def session(self) -> Session:
        """The session as far as it has gone."""
        return self._session

    @property
    def saved(self) -> bool:
        """True while the history has the session as it is now."""
        return self._saved

    @property
    def problem(self) -> str | None:
        """Why the history lacks the session as it is now, as a sentence; None where nothing is lacking."""
        return self._problem

    def follow(self, session_s: float) -> None:
        """A frame went by, at a time on the session's clock, which begins with the first step."""
        if session_s <= 0:
            return
        self._begin()
        self._session = replace(self._session, duration_s=round(session_s, 2))

    def step_done(self, done: StepDone) -> None:
        """A step with an exercise is over: keep it."""
        self._begin()
        exercises = (*self._session.exercises, Done(done.step, done.result, done.traces))
        self._session = replace(self._session, exercises=exercises, duration_s=round(done.ended_s, 2))
        self._write()

    def end(self, ended: str) -> None:
        """The session is over, and all of its steps have come."""
        if self._begun:
            self._session = replace(self._session, ended=ended)
            self._write()

    def felt(self, after: int | None, pain: bool | None) -> str | None:
        """How it felt, once it was over: known of a session that ended before its first frame too, of which
        nothing is kept. Returns the advice that follows from this and the sessions before; None for none."""
        self._session = replace(self._session, after=after, pain=pain)
        if self._begun:
            self._write()
        felt = [self._session.feeling]
        if self._saved:
            with suppress(InputError):  # then this session has to do
                felt = history.feelings()
        return safety.advice(felt)

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._session = replace(self._session, started=self._now())
            self._write()

    def _write(self) -> None:
        if self._store is None:
            return
        before, self._saved = self._store.set_aside, False
        try:
            with interrupts.deferred():  # between writing and knowing its number it would be written twice
                self._session = self._store.write(self._session)
            self._saved, self._problem = True, None
        except OutputError as error:
            lost = tr("This session, or what came last in it, is not in the history.")
            self._problem = f"{error} {lost}"
            if not self._said:
                self._said = True
                log.warning("%s %s", error, tr("The session goes on without it for now."))
        if self._store.set_aside != before:
            told = tr(
                "The history was damaged: the file is kept as {file}, and the {count} sessions that could be "
                "read are in the new one.",
                file=self._store.set_aside,
                count=self._store.rescued,
            )
            log.warning("%s", told)


@contextmanager
def keeping(routine: Routine, before: int | None, wanted: bool = True) -> Iterator[SessionRecorder]:
    """A session of `routine` that is kept if `wanted`."""
    with Store() as store:
        yield SessionRecorder(store if wanted else None, routine, before)
