"""Listens: on loopback, and with `--lan` on the local network over HTTPS; until Ctrl-C."""

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import tr
from posecoach.records import routine_files
from posecoach.vision import model_bundle
from posecoach.web import app, engine, lan
from posecoach.web.access import Guard
from posecoach.web.clips import Clips
from posecoach.web.frames import LARGEST_MESSAGE
from posecoach.web.lan import Network
from posecoach.web.studio import Studio

log = logging.getLogger(__name__)

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CONNECTIONS = 100  # at a time; a page needs about eight


@dataclass(frozen=True)
class Served:
    """What `posecoach serve` was asked for; `routine` is offered first."""

    host: str = "127.0.0.1"
    port: int = 8765
    lan: bool = False
    open: bool = True
    routine: str | None = None
    model: Path | None = None


def serve(asked: Served) -> None:
    """Serve until Ctrl-C; raises InputError and OutputError when that cannot begin."""
    _check_host(asked.host)
    page = address(asked)
    weights = model_bundle.load(asked.model, log.info)
    studio = Studio(engine.eyes_with(weights))
    network = lan.join(asked.port + 1) if asked.lan else None
    application = app.create(studio, Clips(weights), network.as_json if network else lambda: None)
    listeners = [_listener(Guard(application, {*_LOOPBACK, asked.host}), asked.host, asked.port)]
    if network is not None:
        guard = Guard(application, network.hosts, network.code)
        listeners.append(_listener(guard, "0.0.0.0", network.port, network))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_until_stopped(listeners, lambda: _tell(page, network, asked.open)))


def address(asked: Served) -> str:
    """What a browser on this machine opens; raises InputError when there is no such routine."""
    page = f"http://{'localhost' if asked.host in _LOOPBACK else asked.host}:{asked.port}/"
    if asked.routine is None:
        return page
    routine_files.load(asked.routine)
    if asked.routine not in routine_files.names():
        raise InputError(
            tr("The page shows routines by their name: 'posecoach routines add FILE' keeps a file under one.")
        )
    return f"{page}#/prepare/{quote(asked.routine, safe='')}"


def _check_host(host: str) -> None:
    """Raises InputError for an address that others can reach: they need HTTPS and a code."""
    if host == "localhost":
        return
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return
    raise InputError(
        tr(
            "--host {host} would let others in without a code, and a browser gives its camera to HTTPS only: "
            "leave it out, and add --lan for a phone.",
            host=host,
        )
    )


@dataclass(frozen=True)
class _Listener:
    server: uvicorn.Server
    socket: socket.socket


class ImpatientProtocol(H11Protocol):
    """HTTP for clients that say what they want: one that connects and sends no whole request is let go, the
    first of many such at once."""

    patience_s = 10.0
    most_silent = 40

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        self._came_s = self.loop.time()
        self.loop.call_later(self.patience_s, self._lose_patience)
        silent = [one for one in self.connections if isinstance(one, ImpatientProtocol) and one.silent]
        if len(silent) > self.most_silent:
            min(silent, key=lambda one: one._came_s).transport.close()

    @property
    def silent(self) -> bool:
        """Whether no whole request has come; after an upgrade another protocol has the connection."""
        known = self.cycle is None and not self.transport.is_closing()
        return known and self.transport.get_protocol() is self

    def _lose_patience(self) -> None:
        if self.silent:
            self.transport.close()


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it: there may be two."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listener(guard: ASGIApp, host: str, port: int, network: Network | None = None) -> _Listener:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows, SO_REUSEADDR would share the port
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise OutputError(
            tr(
                "Port {port} on {host} cannot be used ({why}): is posecoach running already? Otherwise "
                "name another, as in --port {other}.",
                port=port,
                host=host,
                why=error.strerror,
                other=port + 10,
            )
        ) from error
    config = uvicorn.Config(
        guard,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=ImpatientProtocol,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE + 1024,
        ws_max_queue=4,
        ws_per_message_deflate=False,  # pictures are compressed already
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=2,
        ssl_certfile=network.certificate if network else None,
        ssl_keyfile=network.key if network else None,
    )
    return _Listener(_Server(config), bound)


async def _until_stopped(listeners: list[_Listener], on_start: Callable[[], None]) -> None:
    """`on_start` is called once all of them answer, on another thread: to open a browser takes a while."""

    def stop(*_: object) -> None:
        for listener in listeners:
            listener.server.should_exit = True

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP; what is ignored stays so
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    tasks = [asyncio.create_task(one.server.serve(sockets=[one.socket])) for one in listeners]
    while not all(one.server.started for one in listeners) and not any(task.done() for task in tasks):
        await asyncio.sleep(0.02)
    if all(one.server.started for one in listeners):
        await asyncio.to_thread(on_start)
    await asyncio.gather(*tasks)


def _tell(address: str, network: Network | None, opens: bool) -> None:
    log.info("%s", tr("posecoach is at {address}", address=address))
    if network is not None:
        log.info(
            "%s", tr("On a phone on the same network, scan this, or type {address}", address=network.address)
        )
        log.info("%s", network.drawn())
        log.info("%s", tr(lan.WARNING))
    log.info("%s", tr("Ctrl-C ends it."))
    if opens:
        webbrowser.open(address)
