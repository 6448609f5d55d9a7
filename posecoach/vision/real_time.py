"""The time that passes while a camera is read: a real clock, for which tests have one of their own."""

import threading
import time


class RealTime:
    """A clock, and waiting by it."""

    def now(self) -> float:
        """Seconds that only ever rise."""
        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Whether `event` is set within so many seconds."""
        return event.wait(seconds)


REAL_TIME = RealTime()
