"""A page without a browser: its messages, and a tracker that sees a stick body."""

import io
import itertools
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from PIL import Image as Pillow
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from posecoach.core.choices import RotationChoice
from posecoach.core.observation import UNBELIEVABLE, Doubt, Observation
from posecoach.records import safety_answers
from posecoach.records.safety_answers import Answers
from posecoach.vision.source import Frame
from posecoach.web import app
from posecoach.web.access import Guard
from posecoach.web.clips import Clips
from posecoach.web.engine import Eyes
from posecoach.web.studio import Studio
from tests.support.synthetic import Shot

Json = dict[str, Any]

ADDRESS = "http://localhost:8765"
LINE = "ws://localhost:8765/line"
PAGE = {"origin": ADDRESS}
FPS = 8


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    s: float = 100.0

    def __call__(self) -> float:
        return self.s


class StickEyes(Eyes):
    """Sees one shot after the other, whatever the picture, and then nobody; with these doubts, in a picture
    that has stood still for `still_s`.
    """

    def __init__(self, shots: Iterable[Shot]) -> None:
        self.closed = False
        self.doubts: frozenset[Doubt] = frozenset()
        self.still_s = 0.0
        self._shots = iter(shots)

    @property
    def light(self) -> float | None:
        return 0.6

    def track(self, frame: Frame) -> Observation:
        shot = next(self._shots, None)
        pose = None if shot is None or self.doubts & UNBELIEVABLE else shot.pose
        since_s = frame.t_s - self.still_s
        return Observation(frame.t_s, frame.image, 0, pose, self.light, self.doubts, still_since_s=since_s)

    def close(self) -> None:
        self.closed = True


@dataclass
class Server:
    """A server whose tracker sees `shots`, its clock, and a client for its requests."""

    shots: Iterable[Shot] = ()
    clock: Clock = field(default_factory=Clock)
    code: str | None = None
    grace_s: float = 60.0
    model: bytes = b""
    patience_s: float = 30.0

    def __post_init__(self) -> None:
        self.opened: list[StickEyes] = []
        self.studio = Studio(self._open, now=self.clock, grace_s=self.grace_s)
        application = app.create(self.studio, Clips(self.model, self.patience_s))
        self.guard = Guard(application, {"localhost"}, self.code, self.clock)
        self.client = TestClient(self.guard, ADDRESS, headers=PAGE)

    def _open(self, rotate: RotationChoice) -> StickEyes:
        self.opened.append(StickEyes(self.shots))
        return self.opened[-1]

    def page(self, name: str = "a page of its own") -> "Page":
        """A page that has said hello."""
        return Page(self, name)


class Page:
    """One page and its WebSocket, and what it was told to say. Use as a context manager."""

    def __init__(self, server: Server, name: str) -> None:
        self._server, self._name = server, name
        self.said: list[Json] = []
        self._connection = server.client.websocket_connect(LINE)

    def __enter__(self) -> "Page":
        self.socket: WebSocketTestSession = self._connection.__enter__()
        self.order(type="hello", client=self._name)
        self.welcome = self.hear("hello")
        return self

    def __exit__(self, *error: Any) -> None:
        self._connection.__exit__(*error)

    def order(self, **what: object) -> None:
        """Ask for something."""
        self.socket.send_json(what)

    def hear(self, *kinds: str) -> Json:
        """The next message of these kinds; others are passed over."""
        while True:
            message: Json = self.socket.receive_json()
            if message["type"] == "say":
                self.said.append(message)
            if message["type"] in kinds:
                return message

    def ends(self) -> int:
        """The code with which the server ends the connection."""
        with pytest.raises(WebSocketDisconnect) as ended:
            self.hear("nothing that there is")
        return ended.value.code

    def begin(self, routine: str = "demo", **what: object) -> Json:
        """Begin a session after the questions; what the server answers."""
        self.order(type="start", routine=routine, **({"new_today": False, "before": 2} | what))
        return self.hear("started", "refused", "problem")

    def picture(self, jpeg: bytes | None = None) -> Json:
        """Send the next picture; the view of it."""
        self._server.clock.s += 1 / FPS
        self.socket.send_bytes(message(jpeg or JPEG, self._server.clock.s))
        return self.hear("view", "late", "problem", "ended")

    def hears(self, kind: str) -> Json:
        """Send pictures until something of this kind is said."""
        for _ in range(200):
            self.picture()
            for said in self.said:
                if said["kind"] == kind:
                    return said
        pytest.fail(f"nothing of the kind {kind!r} is said")

    def watch(self, most: int, until: str = "") -> Json:
        """Send pictures until the phase is `until`; the last view."""
        for _ in range(most):
            view = self.picture()
            if until and view.get("phase") == until:
                break
        return view


def jpeg(size: tuple[int, int] = (64, 48)) -> bytes:
    """A grey picture."""
    file = io.BytesIO()
    Pillow.new("RGB", size, (90, 90, 90)).save(file, "JPEG")
    return file.getvalue()


JPEG = jpeg()


def message(picture: bytes, stamp_s: float) -> bytes:
    """A picture as a page sends it."""
    return struct.pack(">d", stamp_s * 1000) + picture


def answered(yes: tuple[str, ...] = (), cleared: tuple[str, ...] = ()) -> None:
    """The questions about safety were answered today."""
    safety_answers.save(Answers(date=date.today(), yes=yes, cleared=cleared))


def endless(shots: Iterable[Shot]) -> Iterable[Shot]:
    """The shots, over and over."""
    return itertools.cycle(list(shots))
