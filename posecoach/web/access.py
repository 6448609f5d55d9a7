"""Who may talk to the server: checked before anything else, for every request and every WebSocket.

A page of another site can make a browser send requests here, or give its own name this machine's address
(DNS rebinding); so the host and the origin have to be the server's own. On the local network whoever has not
scanned the pairing code gets 403 and nothing else.
"""

import asyncio
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The largest body of a request, in bytes, but for a clip.
LARGEST_BODY = 64 * 1024
#: The largest clip that may be sent, in bytes.
LARGEST_CLIP = 500 * 1024 * 1024

CLIPS = "/api/clips"
_COOKIE = "posecoach"
_PAIR = "/pair/"
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that are taken for another
_CODE_LENGTH = 12  # 60 bits
_ADDRESSES = 256  # whose guesses are counted
_LONGEST_WAIT_S = 60.0

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob: mediastream:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_PAIRED = """<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/">
<title>posecoach</title><p><a href="/">posecoach</a></p>"""


def new_code() -> str:
    """A random pairing code."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


class Guesses:
    """Slows down whoever guesses the code: after each wrong one, an address waits twice as long."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def must_wait(self, address: str) -> bool:
        """Whether a guess from this address comes too early to be looked at."""
        return self._now() < self._wrong.get(address, (0, 0.0))[1]

    def note(self, address: str) -> None:
        """A wrong guess came from this address."""
        times, _ = self._wrong.pop(address, (0, 0.0))
        self._wrong[address] = times + 1, self._now() + min(_LONGEST_WAIT_S, 0.5 * 2.0**times)
        if len(self._wrong) > _ADDRESSES:
            self._wrong.popitem(last=False)


class Guard:
    """Goes before the application of one listener.

    hosts  names and addresses by which the server may be called, without a port
    code   the pairing code that is needed, or None on loopback
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        code: str | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._code = code
        self._token = secrets.token_urlsafe(32)  # what a paired browser shows from then on
        self._guesses = Guesses(now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._called_by_name(headers) or not self._from_own_page(scope, headers):
            await _refuse(scope, receive, send)
        elif self._code is None or self._paired(headers):
            await self._serve(scope, headers, receive, _with_headers(send))
        elif scope["type"] == "http" and scope["path"].startswith(_PAIR):
            await (await self._pair(scope))(scope, receive, _with_headers(send))
        else:
            await _refuse(scope, receive, send)

    async def _serve(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        most = LARGEST_CLIP if scope["path"] == CLIPS else LARGEST_BODY
        length = headers.get("content-length", "0")
        if scope["type"] == "http" and (not length.isdecimal() or int(length[:20]) > most):
            await PlainTextResponse("Too large", 413)(scope, receive, send)
        else:
            await self._app(scope, _limited(receive, most) if scope["type"] == "http" else receive, send)

    def _called_by_name(self, headers: Headers) -> bool:
        return _host(f"//{headers.get('host', '')}") in self._hosts

    def _from_own_page(self, scope: Scope, headers: Headers) -> bool:
        """Whether the request comes from a page of this server, or, if it only reads, from no page."""
        origin = headers.get("origin")
        if origin is not None:
            scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
            return origin.lower() == f"{scheme}://{headers.get('host', '')}".lower()
        if scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD"):
            return False
        navigates = headers.get("sec-fetch-mode") == "navigate"
        return navigates or headers.get("sec-fetch-site", "none") in ("none", "same-origin")

    def _paired(self, headers: Headers) -> bool:
        cookie = SimpleCookie()
        try:
            cookie.load(headers.get("cookie", ""))
        except CookieError:
            return False
        shown = cookie[_COOKIE].value if _COOKIE in cookie else ""
        return hmac.compare_digest(shown.encode(), self._token.encode())

    async def _pair(self, scope: Scope) -> Response:
        address = scope["client"][0] if scope.get("client") else ""
        given = scope["path"].removeprefix(_PAIR).upper()
        if self._guesses.must_wait(address):
            return _forbidden()
        if not hmac.compare_digest(given.encode(), (self._code or "").encode()):
            self._guesses.note(address)
            await asyncio.sleep(0)  # a guess costs the others nothing
            return _forbidden()
        # Not a redirect: after one from another app, some browsers keep a strict cookie back.
        page = HTMLResponse(_PAIRED)
        page.set_cookie(_COOKIE, self._token, httponly=True, secure=True, samesite="strict", path="/")
        return page


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _forbidden() -> Response:
    return PlainTextResponse("Forbidden", 403)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})  # the server answers 403
    else:
        await _forbidden()(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _limited(receive: Receive, most: int) -> Receive:
    """`receive` that ends a request with a body of more than `most` bytes, as if the client had gone."""
    left = most

    async def receiving() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return receiving
