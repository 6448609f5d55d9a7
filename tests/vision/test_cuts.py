"""Cuts in a film: another picture all at once is one; a move, a lamp or one that stands still is none."""

import numpy as np

from posecoach.core.types import Image
from posecoach.vision.cuts import Cuts
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP


def pictures() -> list[Image]:
    with VideoFile(GOOD_CLIP) as clip:
        return [frame.image for frame in clip]


def test_somebody_who_moves_is_no_cut_but_another_take_of_the_same_room_is() -> None:
    take = pictures()
    mirrored = [np.ascontiguousarray(image[:, ::-1]) for image in take[:3]]
    cuts = Cuts()
    found = [cuts.found(image) for image in [*take, *mirrored]]
    assert [index for index, cut in enumerate(found) if cut] == [len(take)]


def test_a_lamp_that_is_switched_on_is_no_cut() -> None:
    [light] = pictures()[:1]
    dark = (light * 0.4).astype(np.uint8)
    cuts = Cuts()
    assert [cuts.found(image) for image in (dark, dark, light, light)] == [False] * 4
