"""The server itself: clients that connect and say nothing, and many at once."""

import asyncio
import contextlib
import urllib.request

import pytest
import uvicorn

from posecoach.web.serving import ImpatientProtocol
from tests.support.browser import Server
from tests.support.chromium import free_port, serving


@pytest.mark.usefixtures("weights")
def test_its_address_is_told_once_it_answers(environment: dict[str, str]) -> None:
    with serving(environment) as served, urllib.request.urlopen(served.address, timeout=30) as answer:
        assert answer.status == 200


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
