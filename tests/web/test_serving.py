"""The server itself: clients that connect and say nothing, and many at once."""

import asyncio
import contextlib
import urllib.request
from pathlib import Path

import pytest
import uvicorn

from posecoach.core.errors import InputError
from posecoach.records import routine_files
from posecoach.web import serving as web_serving
from posecoach.web.serving import ImpatientProtocol, Served
from tests.support.browser import Server
from tests.support.chromium import free_port, serving


@pytest.mark.usefixtures("weights")
def test_its_address_is_told_once_it_answers(environment: dict[str, str]) -> None:
    with serving(environment) as served, urllib.request.urlopen(served.address, timeout=30) as answer:
        assert answer.status == 200


def test_a_routine_opens_whatever_its_name_holds() -> None:
    name = "100%"
    file = routine_files.own_folder() / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(routine_files.text("demo"), "utf-8")
    try:
        assert web_serving.address(Served(routine=name)) == "http://localhost:8765/#/prepare/100%25"
    finally:
        file.unlink()


def test_a_routine_that_is_not_there_is_told_before_the_page_opens(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean"):
        web_serving.address(Served(routine="wake_upp"))
    file = tmp_path / "sent.toml"
    file.write_text(routine_files.text("demo"), "utf-8")
    with pytest.raises(InputError, match="routines add"):
        web_serving.address(Served(routine=str(file)))


class Hasty(ImpatientProtocol):
    patience_s = 0.05


def test_a_page_is_served_while_many_connections_say_nothing() -> None:
    async def run() -> None:
        port = free_port()
        config = uvicorn.Config(
            Server().guard, port=port, http=ImpatientProtocol, log_config=None, limit_concurrency=100
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        for _, one in [*silent, (reader, writer)]:
            one.close()
        server.should_exit = True
        await running

    asyncio.run(run())


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: localhost", b"POST /api/settings"])
def test_half_open_connections_are_let_go_and_others_served(sent: bytes) -> None:
    async def run() -> None:
        port = free_port()
        guard = Server().guard
        server = uvicorn.Server(uvicorn.Config(guard, port=port, http=Hasty, log_config=None))
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
        for _, writer in idle:
            writer.write(sent)
        for reader, writer in idle:
            with contextlib.suppress(ConnectionResetError):  # what was sent has not been read
                assert await reader.read() == b""
            writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()
        server.should_exit = True
        await running

    asyncio.run(run())
