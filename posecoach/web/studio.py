"""The one session that there may be, and which connection has it.

Connections live on the event loop; the session lives on a thread of its own, which does one thing at a time,
so that a picture under way never holds a connection up.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from posecoach.coaching.phrases import BY_BUTTONS
from posecoach.coaching.practice import Practice
from posecoach.core.errors import InputError
from posecoach.core.translation import tr
from posecoach.records import history
from posecoach.session.doubts import Doubts
from posecoach.web import engine, kept, routines, session_records, wire
from posecoach.web.engine import OpenEyes
from posecoach.web.lesson import Lesson
from posecoach.web.orders import Start
from posecoach.web.wire import Json

T = TypeVar("T")

log = logging.getLogger(__name__)

GRACE_S = 60.0  # for a page that is gone to come back


class Holder(Protocol):
    """The connection that has the session."""

    @property
    def client(self) -> str: ...
    async def displaced(self) -> None: ...


class Studio:
    """Begins, hands over and ends the session.

    open_eyes  makes a tracker
    browser    the language of the page's browser, "" where it has none that is spoken here
    """

    def __init__(
        self,
        open_eyes: OpenEyes,
        now: Callable[[], float] = time.monotonic,
        grace_s: float = GRACE_S,
    ) -> None:
        self.now, self.browser = now, ""
        self._open_eyes, self._grace_s = open_eyes, grace_s
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="posecoach-session")
        self._lesson: Lesson | None = None
        self._begun_s = 0.0
        self._holder: Holder | None = None
        self._client = ""  # who had the session last
        self._expiry: asyncio.TimerHandle | None = None
        self._expiring: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()  # held while the session changes, or the page that has it

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Do something with the session, on its thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    @property
    def lesson(self) -> Lesson | None:
        """The session that is under way, or was the last."""
        return self._lesson

    def status(self, client: str) -> Json | None:
        """What a page is told of the session under way; None where there is none."""
        if self._lesson is None or self._lesson.summary is not None:
            return None
        return {**self._lesson.plan, "yours": client == self._client, "active": self._holder is not None}

    def unanswered(self, client: str) -> Json | None:
        """The summary of a session that this client had and that is over, until it has said how it felt."""
        return self._lesson.unanswered if self._lesson is not None and self.had(client) else None

    def had(self, client: str) -> bool:
        """Whether this client has the session, or had it last: its connection may be a new one."""
        return client == self._client

    def has(self, holder: Holder) -> bool:
        """Whether this connection has the session."""
        return self._holder is holder

    async def begin(self, order: Start, holder: Holder) -> Json:
        """Begin a session for this connection; returns its plan.

        Raises SafetyError when the answers speak against one, InputError when one is under way already or the
        routine cannot be had.
        """
        async with self._changing:  # a tracker takes seconds, in which another page may ask as well
            if self.status(holder.client) is not None:
                raise InputError(tr("A session is under way already: go on with it, or end it first."))
            await self._let_go()
            self._lesson = await self.run(self._made, order)
            self._begun_s = self.now()
            self._holder, self._client = holder, holder.client
            return self._lesson.plan

    def _made(self, order: Start) -> Lesson:
        kept.speak(self.browser)
        if order.kind == "practise":  # nothing is asked of the back
            chosen = kept.chosen()
            practice = Practice(BY_BUTTONS, chosen.rate)
            plan = {"kind": order.kind, "title": tr("Practice"), "steps": []}
            eyes = self._open_eyes(chosen.rotate)
            return Lesson(plan, practice, eyes, session_records.PracticeRecord(practice), chosen.rate)
        kept.may_begin(order.new_today, order.before)
        routine = routines.wanted(order.routine, order.only, order.skip, order.gentle)
        chosen = kept.choose({"routine": order.routine} if order.kind == "routine" else {})
        plan = {**wire.routine(routine, own=False), "kind": order.kind}
        eyes = self._open_eyes(chosen.rotate)
        try:
            if order.kind == "calibration":
                calibration, found = session_records.calibration(routine)
                return Lesson(plan, calibration, eyes, found, chosen.rate)
            record = session_records.RoutineRecord(routine, order.before)
            doubts = Doubts()
            told = doubts.noting(record.step_done)
            coach = engine.coach_of(routine, eyes, told, chosen, history.is_new())
            return Lesson(plan, coach, eyes, record, chosen.rate, doubts)
        except BaseException:
            eyes.close()
            raise

    async def join(self, holder: Holder, over: bool) -> Json:
        """Give the session to this connection: one that had it before, or, with `over`, any other.

        Raises InputError when there is none, or when another connection has it.
        """
        async with self._changing:
            status = self.status(holder.client)
            if status is None or self._lesson is None:
                raise InputError(tr("The session is over: what was done is in your history."))
            before = self._holder
            if before is not None and before is not holder and not (over or status["yours"]):
                raise InputError(tr("Another page has the camera: take over there, or here."))
            self._holder, self._client = holder, holder.client
            self._forget_expiry()
            if before is not None and before is not holder:
                await before.displaced()
            await self.run(self._lesson.rejoin, self.now() - self._begun_s)
            return status

    async def take(self, message: bytes, came_s: float, holder: Holder) -> list[Json]:
        """A picture that came at `came_s` by the studio's clock, from the connection that has the session;
        those of any other, and from before the session, are passed over."""
        if self._lesson is None or self._holder is not holder or came_s <= self._begun_s:
            return []
        return await self.run(self._lesson.take, message, came_s - self._begun_s)

    async def leave(self, holder: Holder) -> None:
        """This connection is gone; the session waits for a while."""
        if self._holder is not holder:
            return
        self._holder = None
        if self._lesson is not None and self._lesson.summary is None:
            await self.run(self._lesson.leave)
            self._forget_expiry()
            loop = asyncio.get_running_loop()
            self._expiry = loop.call_later(self._grace_s, self._expire)

    def _expire(self) -> None:
        if self._holder is None and self._lesson is not None:
            log.info("The page did not come back: the session ended, and what was done is kept.")
            self._expiring = asyncio.get_running_loop().create_task(self._end("lost"))

    async def _end(self, why: str) -> None:
        if self._lesson is not None:
            await self.run(self._lesson.end, why)

    def _forget_expiry(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None

    async def close(self) -> None:
        """End whatever is under way and let go of it; another may begin."""
        async with self._changing:
            await self._let_go()

    async def _let_go(self) -> None:
        self._forget_expiry()
        lesson, self._lesson, self._holder = self._lesson, None, None
        if lesson is not None:
            await self.run(lesson.close)
