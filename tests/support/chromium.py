"""A real browser before a real server, with a video in the camera's place."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import av
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Playwright, expect

#: The sizes of a phone, a tablet and two laptops, and all pages of the browser.
SIZES = ((360, 740), (820, 1180), (1366, 768), (1920, 1080))
PAGES = (
    "",
    "prepare/wake_up",
    "practise",
    "history",
    "settings",
    "build",
    "add",
    "share/wake_up",
    "limits",
    "clip",
    "therapist",
    "phone",
)
_PATIENCE_MS = 120_000  # the machine may be busy
_FPS = 30  # at which Chromium plays such a file, whatever it says
# Chromium without a window has no voice: one that is silent, and remembers what it said.
_VOICE = """
window.spoken = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const voice = { name: "Test", lang: "en-GB", localService: true, default: true };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [voice],
  cancel: () => {},
  speak: (one) => { window.spoken.push(one.text); setTimeout(() => one.onend?.(), 20 * one.text.length); },
} });
"""
_END = """async () => {
  window.posecoachLine?.order({ type: "stop" });
  for (let tries = 0; tries < 50 && await (await fetch("/api/session")).json(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
}"""
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def camera_file(video: Path, target: Path) -> Path:
    """A video as Chromium takes it for a camera, shown over and over: 640×480, 30 pictures a second."""
    with av.open(str(video)) as source, av.open(str(target), "w", format="mjpeg") as container:
        stream: Any = container.add_stream("mjpeg", rate=_FPS)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuvj420p"
        number = 0
        for frame in source.decode(video=0):
            while frame.time is not None and frame.time >= number / _FPS:
                picture = frame.reformat(640, 480, "yuvj420p")
                picture.pts, picture.time_base = number, Fraction(1, _FPS)
                container.mux(stream.encode(picture))
                number += 1
        container.mux(stream.encode(None))
    return target


def free_port() -> int:
    """A port that nobody listens on now, nor on the next one, which phones are served on."""
    while True:
        with socket.socket() as probe, socket.socket() as after:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            with suppress(OSError, OverflowError):
                after.bind(("", port + 1))
                return port


@dataclass
class Served:
    """`posecoach serve` in a process of its own: its address, and how to do it harm."""

    address: str
    process: subprocess.Popen[str]

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.communicate()

    @contextmanager
    def held(self) -> Iterator[None]:
        """It does not answer, as one whose machine sleeps."""
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)


@contextmanager
def serving(environment: Mapping[str, str], *options: str, port: int | None = None) -> Iterator[Served]:
    """`posecoach serve` in a process of its own."""
    port = port or free_port()
    command = [sys.executable, "-m", "posecoach", "serve", "--no-open", "--port", str(port), *options]
    with subprocess.Popen(command, env=dict(environment), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            told = process.stderr.readline()
            assert "http:" in told, told
            yield Served(f"http://localhost:{port}/", process)
        finally:
            process.terminate()
            process.communicate(timeout=20)


class Visit:
    """A person before the page: what they see, touch and press."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self._address = page, address
        self.complaints: list[str] = []
        page.set_default_timeout(_PATIENCE_MS)
        # What scripts, the content-security policy and missing files make the browser say.
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(f"{said.text} {said.location.get('url', '')}".strip())

    def another(self) -> "Visit":
        """The same person with a second page."""
        return Visit(self.page.context.new_page(), self._address)

    def end(self) -> None:
        """End the session, if one is under way: another may begin."""
        with contextlib.suppress(Error):  # the server may be gone
            self.page.evaluate(_END)

    def heard(self, text: str) -> None:
        """Wait until this has been said aloud."""
        self.page.wait_for_function("text => window.spoken.some((one) => one.includes(text))", arg=text)

    def goes_on(self) -> None:
        """Wait until feedback for another picture is drawn."""
        drawn = "window.posecoachLine?.roundTrips.length ?? 0"
        self.page.wait_for_function(f"before => ({drawn}) > before", arg=self.page.evaluate(drawn))

    def open(self, part: str = "") -> None:
        """Open a part of the page, as from a bookmark."""
        self.page.goto("about:blank")
        self.page.goto(f"{self._address}#/{part}")
        expect(self.heading).to_be_visible(timeout=_PATIENCE_MS)

    @property
    def heading(self) -> Locator:
        """The heading of the page."""
        return self.page.locator("main h1")

    def control(self, name: str) -> Locator:
        """The button or link of this name."""
        exact = re.compile(rf"^{re.escape(name)}\b")
        return (
            self.page.get_by_role("button", name=exact).or_(self.page.get_by_role("link", name=exact)).first
        )

    def reads(self, text: str, where: str = "body") -> None:
        """Wait until this can be read."""
        expect(self.page.locator(where).first).to_contain_text(text, timeout=_PATIENCE_MS)

    def tab_to(self, name: str) -> None:
        """Press the tabulator until the control of this name has the focus, and then enter."""
        expect(self.control(name)).to_be_visible(timeout=_PATIENCE_MS)
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.control(name).evaluate("one => one === document.activeElement"):
                self.page.keyboard.press("Enter")
                return
        pytest.fail(f"The tabulator does not get to {name!r}")

    def answer(self, keyboard: bool = False) -> None:
        """Answer each question before a session: no sign, nothing new, and a little pain."""
        press = self.tab_to if keyboard else lambda name: self.control(name).click()
        for _ in range(_PATIENCE_MS // 50):
            if self.heading.filter(has_text="hurt").count():
                press("2")
                return
            if self.control("No").count():
                self.turn("No", press)
            else:
                self.page.wait_for_timeout(50)
        pytest.fail(f"No question comes; the page says: {self.page.locator('main').inner_text()}")

    def turn(self, name: str, press: Callable[[str], None] | None = None) -> None:
        """Press what brings another page, and wait for it."""
        page = self.page.locator("main")
        before = page.inner_text()
        (press or (lambda name: self.control(name).click()))(name)
        expect(page).not_to_have_text(before, timeout=_PATIENCE_MS)

    def violations(self) -> list[str]:
        """What axe-core finds wrong for people who see or move otherwise."""
        script = resources.files("axe_playwright_python").joinpath("axe.min.js")
        self.page.evaluate(script.read_text("utf-8"))
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then((found) => found.violations)", list(_RULES)
        )
        return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


@contextmanager
def chromium(playwright: Playwright, camera: Path | None, *more: str) -> Iterator[Browser]:
    """Chromium without a window; skips the test where it is not installed. `camera` None: there is none."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("needs Chromium: 'sudo apt-get install chromium' brings it")
    arguments = list(more)
    if camera is not None:
        arguments += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera}"]
    opened = playwright.chromium.launch(executable_path=browser, args=arguments, chromium_sandbox=False)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def visit(browser: Browser, address: str, camera: bool = True) -> Iterator[Visit]:
    """Somebody new before the page; `camera` is whether they allow it."""
    # The certificate of --lan is nobody's but the computer's own.
    context = browser.new_context(permissions=["camera"] if camera else [], ignore_https_errors=True)
    context.add_init_script(_VOICE)
    visit = Visit(context.new_page(), address)
    try:
        yield visit
    finally:
        for page in context.pages:  # whichever of them has the session
            Visit(page, address).end()
        context.close()
