from posecoach.core.pose import Pose
from posecoach.vision.metered import Metered
from posecoach.vision.source import Image
from tests.support.footage import Listed


def test_it_is_noted_in_passing() -> None:
    class Nobody:
        lamp_needed = False

        def settle(self, frames: object) -> None: ...
        def track(self, frame: object) -> Pose | None:
            return None

        def upright(self, image: Image) -> Image:
            return image

    tracker = Nobody()
    metered = Metered(tracker)
    assert metered.light is None
    for frame in Listed([0.0, 0.5]):
        assert metered.track(frame) is None
    assert metered.light is not None
    assert metered.light > 0
    tracker.lamp_needed = True
    (late,) = Listed([2.0])
    metered.track(late)
    assert metered.light == 0
