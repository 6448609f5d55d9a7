"""One WebSocket: pictures and orders in; views, words and answers out. The newest picture wins."""

import asyncio
import contextlib
import logging

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from posecoach.core.errors import PosecoachError, SafetyError
from posecoach.core.messages import sentence
from posecoach.core.translation import tr
from posecoach.web import kept, orders
from posecoach.web.failures import told
from posecoach.web.frames import LARGEST_MESSAGE
from posecoach.web.studio import Studio
from posecoach.web.wire import Json

log = logging.getLogger(__name__)

_HELLO_S = 10.0  # for a connection to say who it is
_A_SECOND = 100  # messages that a client may send: three times what the fastest camera does
_BAD_IN_A_ROW = 30  # pictures that cannot be used, before the connection is closed
MOST_LINES = 8  # open at a time

_POLICY_VIOLATION, _TOO_BIG, _TRY_LATER, _TAKEN_OVER = 1008, 1009, 1013, 4001


class _ClosingError(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Line:
    """One connection from its first message to its last."""

    def __init__(self, socket: WebSocket, studio: Studio) -> None:
        self.client = ""
        self._socket, self._studio, self._now = socket, studio, studio.now
        self._newest: tuple[bytes, float] | None = None  # with the time at which it came
        self._came = asyncio.Event()
        self._bad = 0
        self._second, self._messages = 0, 0

    async def serve(self) -> None:
        """Serve the connection until either side ends it."""
        await self._socket.accept()
        pictures: asyncio.Task[None] | None = None
        try:
            hello = await asyncio.wait_for(self._socket.receive_text(), _HELLO_S)
            await self._obey(orders.parsed(hello))
            if not self.client:
                raise _ClosingError(_POLICY_VIOLATION, "The first message has to be a hello.")
            pictures = asyncio.create_task(self._follow())
            await self._listen()
        except _ClosingError as closing:
            await self._close(closing.code, str(closing))
        except PosecoachError as error:
            await self._close(_POLICY_VIOLATION, sentence(error))
        except (TimeoutError, KeyError):
            await self._close(_POLICY_VIOLATION, "Nothing was said in time.")
        except WebSocketDisconnect:
            pass
        finally:
            if pictures is not None:
                pictures.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await pictures
            await self._studio.leave(self)

    async def displaced(self) -> None:
        """Another page has taken the session over."""
        await self._send({"type": "taken"})
        await self._close(_TAKEN_OVER, "Another page has taken over.")

    async def _listen(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            self._count()
            data, text = message.get("bytes"), message.get("text")
            if data is not None:
                if len(data) > LARGEST_MESSAGE:
                    raise _ClosingError(_TOO_BIG, "The picture is too large.")
                self._newest = data, self._now()
                self._came.set()
            elif text is not None:
                if len(text) > 10_000:
                    raise _ClosingError(_TOO_BIG, "The message is too long.")
                try:
                    await self._obey(orders.parsed(text))
                except PosecoachError as error:
                    await self._send({"type": "problem", "text": sentence(error)})

    def _count(self) -> None:
        second = int(self._now())
        if second != self._second:
            self._second, self._messages = second, 0
        self._messages += 1
        if self._messages > _A_SECOND:
            raise _ClosingError(_POLICY_VIOLATION, "Too many messages a second.")

    async def _follow(self) -> None:
        """Give the session the newest picture, one after the other."""
        while True:
            await self._came.wait()
            self._came.clear()
            newest, self._newest = self._newest, None
            if newest is None:
                continue
            try:
                for answer in await self._studio.take(*newest, self):
                    await self._send(answer)
                self._bad = 0
            except PosecoachError as error:
                self._bad += 1
                await self._send({"type": "problem", "text": sentence(error)})
                if self._bad >= _BAD_IN_A_ROW:
                    await self._close(_POLICY_VIOLATION, "Too many pictures that cannot be used.")
                    return
            except WebSocketDisconnect:
                return
            except Exception as error:  # a fault of the program costs a picture, not the session
                log.error("%s", sentence(error))
                log.debug("", exc_info=error)
                await self._send({"type": "problem", "text": told(error)})

    async def _obey(self, order: orders.Order) -> None:
        match order:
            case orders.Hello():
                self.client = order.client
                session, ended = self._studio.status(self.client), self._studio.unanswered(self.client)
                await self._send({"type": "hello", "session": session, "ended": ended})
            case orders.Start():
                await self._begin(order)
            case orders.Join():
                plan = await self._studio.join(self, order.over)
                await self._send({"type": "started", "plan": plan})
            case orders.Felt():
                await self._felt(order)
            case _:
                await self._steer(order)

    async def _begin(self, order: orders.Start) -> None:
        await self._send({"type": "preparing"})
        try:
            plan = await self._studio.begin(order, self)
        except PosecoachError as error:
            unwise = isinstance(error, SafetyError)
            await self._send({"type": "refused", "text": sentence(error), "unwise": unwise})
        else:
            await self._send({"type": "started", "plan": plan})

    async def _steer(self, order: orders.Order) -> None:
        """Orders to the session, from the page that has it."""
        lesson = self._studio.lesson
        if lesson is None or not self._studio.has(self):
            await self._send({"type": "problem", "text": tr("No session is under way on this page.")})
            return
        match order:
            case orders.Pause():
                await self._studio.run(lesson.pause, order.on)
            case orders.Next():
                await self._studio.run(lesson.next_step)
            case orders.Said():
                await self._studio.run(lesson.said, order.id, order.seconds)
            case orders.Stop():
                await self._send(await self._studio.run(lesson.end, "quit"))

    async def _felt(self, order: orders.Felt) -> None:
        lesson = self._studio.lesson
        if lesson is not None and self._studio.had(self.client):
            told = await self._studio.run(lesson.felt, order.after, order.pain)
        else:  # posecoach was started anew since
            told = await self._studio.run(kept.felt, order.session, order.after, order.pain)
        await self._send({"type": "thanks", **told})

    async def _send(self, value: Json) -> None:
        if self._socket.application_state == WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it closed meanwhile
                await self._socket.send_json(value)

    async def _close(self, code: int, reason: str) -> None:
        if self._socket.application_state == WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close(code, reason)


class Lines:
    """The connections that are open, of which there may be only so many."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._open = 0

    async def serve(self, socket: WebSocket) -> None:
        """Serve a connection, or refuse it."""
        if self._open >= MOST_LINES:
            await socket.accept()
            await socket.close(_TRY_LATER, "Too many pages are open.")
            return
        self._open += 1
        try:
            await Line(socket, self._studio).serve()
        finally:
            self._open -= 1
