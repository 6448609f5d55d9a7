"""A live session as a whole, without a camera, a window or a loudspeaker."""

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest
from rich.table import Table

from posecoach.coaching import phrases
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.core.errors import SourceError
from posecoach.core.types import Image
from posecoach.feedback.outputs import SoundTarget
from posecoach.feedback.voice import Voice
from posecoach.records.settings import Settings
from posecoach.session import live
from posecoach.vision.backend import DetectedBody
from posecoach.vision.source import Frame, Source
from tests.support.sound import engine


class Feed(Source):
    """Three seconds of pictures; then `after` is called."""

    def __init__(self, after: Callable[[], None]) -> None:
        self.size, self.fps, self.live, self._after = (64, 48), 10.0, True, after

    def __iter__(self) -> Iterator[Frame]:  # type: ignore[override]
        for index in range(30):
            yield Frame(np.full((48, 64, 3), index, np.uint8), index / 10, index)
        self._after()

    def close(self) -> None: ...


class Blind:
    """A backend that finds nobody."""

    dim = dark = lamp_needed = False

    def look(self, image: Image, turn: int) -> DetectedBody | None:
        return None

    def follow(self, image: Image, t_s: float, turn: int) -> DetectedBody | None:
        return None

    def close(self) -> None: ...


def interrupted() -> None:
    raise KeyboardInterrupt


def lost() -> None:
    raise SourceError("The camera is gone.")


@pytest.mark.parametrize("end", [interrupted, lost])
def test_a_session_that_ends_early_says_to_rest_and_get_up_slowly(
    end: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "voice", lambda _: Voice(engine=engine("speaks")))
    target = SoundTarget(tmp_path / "said.wav")
    stage = live.Stage(Settings(sound="off", rotate="0"), Table(), window=False, spoken=target)
    coach = Coach(Routine(title="A morning", steps=(Step(exercise="bridge", reps=3),)))
    with redirect_stdout(io.StringIO()):
        summary = live.run(live.Opened(Feed(end), Blind()), coach, stage)
    assert summary.ended in ("quit", "lost")
    assert (tmp_path / "said.txt").read_text("utf-8").splitlines()[-1].endswith(phrases.STOPPED)
