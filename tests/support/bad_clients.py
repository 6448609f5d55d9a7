"""What bad clients get, and what they cost a session that is under way.

    python -m tests.support.bad_clients

starts `posecoach serve --lan`, begins a session with a sample clip, and prints a table: what each client got,
the memory of the server afterwards, and the longest wait for feedback meanwhile.
"""

import asyncio
import contextlib
import io
import json
import os
import struct
import tempfile
import time
from collections.abc import Awaitable, Callable

import httpx2
import psutil
from PIL import Image as Pillow
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from posecoach.vision.native import cv2
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP
from tests.support.browser import message
from tests.support.chromium import Served, serving

_A_PICTURE_S = 1 / 8
_SETTLED_S = 2.0


class Session:
    """A page that sends pictures, and notes how long it waits for each answer."""

    def __init__(self, socket: ClientConnection, pictures: list[bytes]) -> None:
        self.waits_s: list[float] = []
        self._socket, self._pictures = socket, pictures
        self.bad: list[bytes] = []  # to be sent before the next picture
        self.problems: list[str] = []

    async def run(self) -> None:
        """Send one picture after the other."""
        number = 0
        while True:
            for bad in self.bad:
                await self._socket.send(bad)
                await self._answer()
            self.bad.clear()
            began = time.perf_counter()
            await self._socket.send(message(self._pictures[number % len(self._pictures)], time.time()))
            await self._answer()
            self.waits_s.append(time.perf_counter() - began)
            number += 1
            await asyncio.sleep(_A_PICTURE_S)

    async def _answer(self) -> None:
        while True:
            answer = json.loads(await self._socket.recv())
            if answer["type"] == "problem":
                self.problems.append(answer["text"])
            if answer["type"] in ("view", "late", "problem"):
                return


class Attack:
    """The addresses of a server, and a session under way there."""

    def __init__(self, served: Served, session: Session) -> None:
        self.address, self.session = served.address, session
        self.line = served.address.replace("http", "ws", 1) + "line"
        self.origin = served.address.rstrip("/")
        self.port = int(self.origin.rpartition(":")[2])

    async def joined(self) -> ClientConnection:
        """Another page that has said hello."""
        socket = await connect(self.line, origin=self.origin, max_size=None)  # type: ignore[arg-type]
        await socket.send(json.dumps({"type": "hello", "client": os.urandom(8).hex()}))
        await socket.recv()
        return socket

    async def no_code(self) -> str:
        async with httpx2.AsyncClient(verify=False) as client:
            answer = await client.get(f"https://127.0.0.1:{self.port + 1}/")
        return f"{answer.status_code} {answer.text}"

    async def wrong_host(self) -> str:
        async with httpx2.AsyncClient() as client:
            answer = await client.get(self.address, headers={"host": "evil.example"})
        return f"{answer.status_code} {answer.text}"

    async def wrong_origin(self) -> str:
        try:
            await connect(self.line, origin="https://evil.example")  # type: ignore[arg-type]
        except InvalidStatus as error:
            return f"{error.response.status_code}, no connection"
        return "let in"

    async def large_frames(self) -> str:
        codes = []
        for _ in range(5):
            socket = await self.joined()
            with contextlib.suppress(ConnectionClosed):
                await socket.send(bytes(50_000_000))
            codes.append(await _ended(socket))
        return f"closed, {_counted(codes)}"

    async def no_jpeg(self) -> str:
        return await self._from_the_page(message(b"no picture" * 100, time.time()))

    async def bomb(self) -> str:
        file = io.BytesIO()
        Pillow.new("RGB", (64, 48)).save(file, "JPEG")
        data = bytearray(file.getvalue())
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", 65500, 65500)
        return await self._from_the_page(message(bytes(data), time.time()))

    async def future(self) -> str:
        file = io.BytesIO()
        Pillow.new("RGB", (64, 48)).save(file, "JPEG")
        return await self._from_the_page(message(file.getvalue(), time.time() + 3600))

    async def _from_the_page(self, bad: bytes) -> str:
        """What the session's own page gets for a bad picture."""
        self.session.problems.clear()
        self.session.bad.append(bad)
        while self.session.bad:
            await asyncio.sleep(0.05)
        return (self.session.problems or ["passed over"])[0]

    async def flood(self) -> str:
        codes = []
        for _ in range(10):
            socket = await self.joined()
            with contextlib.suppress(ConnectionClosed):
                for _ in range(1000):
                    await socket.send('{"type": "next"}')
            codes.append(await _ended(socket))
        return f"closed, {_counted(codes)}"

    async def half_open(self) -> str:
        opened = [await asyncio.open_connection("127.0.0.1", self.port) for _ in range(200)]
        async with httpx2.AsyncClient() as client:
            other = (await client.get(self.address)).status_code
        for reader, writer in opened:
            with contextlib.suppress(ConnectionResetError):
                await reader.read()
            writer.close()
        return f"closed; a page asked for meanwhile: {other}"

    async def many_lines(self) -> str:
        sockets = []
        codes = []
        for _ in range(200):
            try:
                sockets.append(await self.joined())
            except InvalidStatus as error:
                codes.append(f"{error.response.status_code}")
            except ConnectionClosed as error:
                codes.append(f"code {error.rcvd.code if error.rcvd else 1006}")
        for socket in sockets:
            await socket.close()
        return f"{len(sockets)} let in, the others closed, {_counted(codes)}"


async def _ended(socket: ClientConnection) -> str:
    try:
        async with asyncio.timeout(10):
            while True:
                await socket.recv()
    except ConnectionClosed as error:
        return f"code {error.rcvd.code if error.rcvd else 1006}"
    except TimeoutError:
        await socket.close()
        return "still open"


def _counted(values: list[str]) -> str:
    return ", ".join(f"{values.count(one)} × {one}" for one in dict.fromkeys(values))


ATTACKS: dict[str, Callable[[Attack], Awaitable[str]]] = {
    "no pairing code, over the network": Attack.no_code,
    "another host's name": Attack.wrong_host,
    "another page's origin": Attack.wrong_origin,
    "5 messages of 50 MB": Attack.large_frames,
    "a picture that is no JPEG": Attack.no_jpeg,
    "a JPEG of 65500×65500 pixels": Attack.bomb,
    "a picture from an hour ahead": Attack.future,
    "10 clients, 1,000 messages each": Attack.flood,
    "200 connections that say nothing": Attack.half_open,
    "200 pages": Attack.many_lines,
}


async def attacked(served: Served, pictures: list[bytes]) -> None:
    """Begin a session, and let one bad client after the other come."""
    async with httpx2.AsyncClient(
        base_url=served.address, headers={"origin": served.address.rstrip("/")}
    ) as client:
        due = (await client.get("/api/state")).json()["safety"]["due"]
        await client.post("/api/answers", json={"asked": [one["key"] for one in due]})
    page = Attack(served, None)  # type: ignore[arg-type]
    socket = await page.joined()
    await socket.send(json.dumps({"type": "start", "routine": "wake_up", "new_today": False, "before": 1}))
    while json.loads(await socket.recv())["type"] != "started":
        pass
    session = Session(socket, pictures)
    attack = Attack(served, session)
    running = asyncio.create_task(session.run())
    await asyncio.sleep(8 * _SETTLED_S)
    server = psutil.Process(served.process.pid)
    print(f"memory before: {_mb(server)} MB; longest wait for feedback: {_longest(session)} ms\n")
    print("| client | what it gets | memory, MB | longest wait for feedback, ms |\n|---|---|---|---|")
    for name, act in ATTACKS.items():
        session.waits_s.clear()
        got = await act(attack)
        await asyncio.sleep(_SETTLED_S)
        print(f"| {name} | {got} | {_mb(server)} | {_longest(session)} |", flush=True)
        if running.done():
            running.result()
    running.cancel()


def _mb(server: psutil.Process) -> int:
    return round(server.memory_info().rss / 1e6)


def _longest(session: Session) -> int:
    return round(1000 * max(session.waits_s))


def main() -> None:
    """Let all bad clients come."""
    pictures = []
    for frame in VideoFile(GOOD_CLIP):
        done, jpeg = cv2.imencode(".jpg", cv2.resize(frame.image, (640, 480)))
        assert done
        pictures.append(jpeg.tobytes())
    with tempfile.TemporaryDirectory() as home, serving(os.environ | {"HOME": home}, "--lan") as served:
        asyncio.run(attacked(served, pictures))


if __name__ == "__main__":
    main()
