"""A recording gets one verdict live, in both kinds of `check`, and in `score`: over all samples."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.watcher import Watcher
from posecoach.core.choices import OneSide
from posecoach.core.observation import Observation
from posecoach.evaluation.labels import Label, load
from posecoach.session.landmarks import clips_in
from posecoach.session.landmarks import load as load_kept
from posecoach.session.pipeline import check, run
from posecoach.session.recorded import PoseTrack
from posecoach.vision.source import Frame
from tests.conftest import SAMPLES
from tests.session.conftest import ScoredSamples
from tests.support.footage import Listed

LABELS = load(SAMPLES / "labels.csv")


def filmed(seen: PoseTrack) -> Listed:
    """A camera that shows a picture at the time of each frame."""
    camera = Listed([t_s for t_s, _ in seen])
    camera.live = True
    return camera


class Known:
    """A tracker that knows the bodies."""

    def __init__(self, seen: PoseTrack) -> None:
        self._seen = seen

    def settle(self, frames: Iterable[Frame]) -> None: ...

    def track(self, frame: Frame) -> Observation:
        return Observation(frame.t_s, frame.image, pose=self._seen[frame.index][1])


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label.clip.stem)
def test_a_clip_gets_one_verdict_in_all_four_ways(label: Label, samples: ScoredSamples) -> None:
    seen, hold_s = load_kept(clips_in(samples.landmarks)[label.clip.name]).seen, label.hold_target_s
    side: OneSide | None = "left" if label.side == "left" else "right" if label.side == "right" else None
    step = Step(label.exercise, side=side or "both", hold_s=hold_s, reps=label.reps or 1)

    def coach() -> Coach:
        return Coach(Routine("One step", (step,)))

    def told(result: Result) -> tuple[str, set[str]]:
        return result.verdict, {fault.name for fault in result.faults}

    [scored] = [one for one in samples.results if Path(one["clip"]).name == label.clip.name]
    [checked] = check(filmed(seen), Known(seen), Watcher(label.exercise, side, hold_s))
    [of_routine] = check(filmed(seen), Known(seen), coach())
    [live] = run(filmed(seen), Known(seen), coach()).results
    assert told(checked) == told(of_routine) == told(live)
    assert told(checked) == (scored["verdict"], {fault["name"] for fault in scored["faults"]})
