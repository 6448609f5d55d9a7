"""What runs, stopped in the midst of its work; `python -m tests.support.signals` does it at random."""

import random
import sys

import pytest

from tests.support.signals import stopped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")


@pytest.mark.parametrize(
    ("scenario", "sent", "at_s"),
    [("live", "SIGHUP", 1.0), ("check", "SIGTERM", 0.3), ("score", "SIGKILL", 3.0), ("serve", "SIGINT", 1.5)],
)
def test_nothing_is_left_half_done(scenario: str, sent: str, at_s: float) -> None:
    assert stopped(scenario, sent, random.Random(1), at_s) == []
