"""What ends a program from outside: Ctrl-C, the request to end, the terminal that is closed.

All of them become KeyboardInterrupt, so that whatever ends a session, its results and recording are kept.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STATUS = 130  # of a program that was interrupted, as shells have it

#: What ends a program; SIGHUP is unknown to Windows.
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def set_up() -> None:
    """From now on a request to end, and a closed terminal, are the same as Ctrl-C."""
    for number in _heard():
        signal.signal(number, signal.default_int_handler)


@contextmanager
def only_first() -> Iterator[None]:
    """In here only the first interruption counts: those after it must not cost what is saved and printed."""
    heard = _heard()

    def first(*_: object) -> None:
        for number in heard:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handled(heard, first):
        yield


@contextmanager
def again() -> Iterator[None]:
    """In here, within `only_first`, Ctrl-C interrupts once more: there is something that may be cut short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _handled([signal.SIGINT], signal.default_int_handler):
        yield


@contextmanager
def deferred() -> Iterator[None]:
    """Raise an interruption that comes in here only at the end. Processes that start in here start with
    SIGINT blocked, as it would end their start-up with a traceback; `listen` unblocks it."""
    came = False

    def note(*_: object) -> None:
        nonlocal came
        came = True

    heard = _heard()
    with _handled(heard, note):
        # Handlers are not inherited; what is blocked is. Windows knows neither.
        if heard and hasattr(signal, "pthread_sigmask"):
            before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
            try:
                yield
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        else:
            yield
    if came:
        raise KeyboardInterrupt


def listen() -> None:
    """In a process that was started in `deferred`: Ctrl-C ends it from now on, without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _heard() -> list[signal.Signals]:
    """The signals that are not ignored already, as `nohup` ignores one; none but on the main thread, which
    alone may handle them."""
    if threading.current_thread() is not threading.main_thread():
        return []
    return [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def _handled(numbers: list[signal.Signals], handler: Callable[..., None]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before)
