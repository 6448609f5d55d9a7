"""Processes that try inputs, watched from outside: one that hangs or dies is an outcome, too."""

import contextlib
import gc
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from tests.support.fuzz.outcomes import Outcome

_BUSY_S, _WAITING_S = 100.0, 1800.0  # of the processor, and by the clock: no input takes so long
_EACH = 25  # inputs after which it is counted what is still open
_WARM_UP = 50  # inputs of a kind after which nothing new is kept
_HANDLES, _MEMORY_MB = 3, 32.0  # growth by more is looked at,
_TIMES = 3  # and so often it is a leak
_LIMIT_BYTES = 6 * 2**30  # a file that says it needs more gets none


class _Held:
    """What the process holds: open files and sockets, threads, children, files in the temporary folder, and
    memory. Libraries begin some threads only when they are needed: a leak is what grows again and again."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before: dict[str, tuple[int, float]] = {}
        self._grown: Counter[str] = Counter()

    def grown(self, kind: str) -> Outcome | None:
        """A leak, if one shows by now in inputs of a kind."""
        now = self._handles(), float(self._process.memory_info().rss) / 2**20
        then = self._before.setdefault(kind, now)
        handles, memory_mb = now[0] - then[0], now[1] - then[1]
        if handles <= _HANDLES and memory_mb <= _MEMORY_MB:
            return None
        self._before[kind] = now
        self._grown[kind] += 1
        if self._grown[kind] < _TIMES:
            return None
        return Outcome("leak", f"{handles} handles, {memory_mb:.0f} MB in the inputs up to this one")

    def _handles(self) -> int:
        gc.collect()
        process = self._process
        count = process.num_fds()  # the command is for Linux and macOS
        left = len(os.listdir(tempfile.gettempdir()))  # noqa: PTH208 - names are enough
        return int(count) + process.num_threads() + len(process.children()) + left


def _serve(orders: Connection, folder: Path, seed: int) -> None:
    """Try each input that is ordered, and answer what became of it."""
    temporary, here = folder / "temporary", folder / "here"
    home = folder / "home"
    for one in (temporary, here, home):
        one.mkdir()
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        os.environ[name] = str(home)
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)
    os.environ["LANGUAGE"] = "en"
    tempfile.tempdir = str(temporary)
    os.chdir(folder)
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for good
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)  # what native libraries say is nobody's concern
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (_LIMIT_BYTES, _LIMIT_BYTES))
    from tests.support.fuzz import targets

    targets.prepare()
    held, tried = _Held(), Counter[str]()
    while True:
        order = orders.recv()
        if order is None:
            return
        kind, number = order
        outcome = targets.run(kind, number, seed, here)
        for one in (here, home):  # each input by itself
            shutil.rmtree(one)
            one.mkdir()
        tried[kind] = count = tried[kind] + 1
        if count % _EACH == 0 and count >= _WARM_UP:
            outcome = held.grown(kind) or outcome
        orders.send(outcome)


class Worker:
    """A process that tries one input at a time; it is started anew after it hung or died."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._folder: Path | None = None
        self._process: Any = None
        self._orders: Connection | None = None
        self._begun = 0.0, 0.0  # when the input began: by the processor, and by the clock

    def start(self, kind: str, number: int) -> Connection:
        """Begin with an input; what is returned can be waited for."""
        if self._orders is None:
            self._folder = Path(tempfile.mkdtemp(prefix="posecoach-fuzz-"))
            context = multiprocessing.get_context("spawn")
            self._orders, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._folder, self._seed))
            self._process.start()
            theirs.close()
        self._begun = self._spent_s(), time.monotonic()
        self._orders.send((kind, number))
        return self._orders

    def outcome(self) -> Outcome:
        """What became of the input, once there is an answer or the process has died."""
        assert self._orders is not None
        try:
            answer = self._orders.recv()
            assert isinstance(answer, Outcome)
            return answer
        except (EOFError, ConnectionError):
            self._process.join()
            code = self._process.exitcode
            self.close()
            return Outcome("crash", f"the process ended with {code}")

    def hung(self) -> Outcome | None:
        """A hang, where the input takes far too long: the process is ended then."""
        spent_s = self._spent_s() - self._begun[0]
        if spent_s < _BUSY_S and time.monotonic() - self._begun[1] < _WAITING_S:
            return None
        self.close()
        return Outcome("hang", f"no answer after {spent_s:.0f} s of the processor")

    def _spent_s(self) -> float:
        with contextlib.suppress(psutil.Error):
            times = psutil.Process(self._process.pid).cpu_times()
            return float(times.user + times.system)
        return 0.0

    def close(self) -> None:
        """End the process, and remove what it has written."""
        if self._orders is not None:
            with contextlib.suppress(OSError):
                self._orders.send(None)
            self._process.join(1)
            self._process.kill()
            self._process.join()
            self._orders.close()
            self._orders = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def everything(counts: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Every input by its kind and number."""
    for kind, count in counts.items():
        for number in range(count):
            yield kind, number
