"""What a recording keeps of its poses."""

from dataclasses import replace

import numpy as np
import pytest

from posecoach.core.pose import Pose
from posecoach.core.pose_log import PoseLog
from tests.support.synthetic import CROOK, film


def test_the_poses_come_back_as_they_were() -> None:
    first, second = (shot.pose for shot in film(CROOK, [(0.2, CROOK)])[:2])
    flat = replace(second, world=None, visibility=second.visibility.astype(np.float32), rotation=90)
    log = PoseLog()
    frames: list[tuple[float, Pose | None]] = [(first.t_s, first), (0.05, None), (flat.t_s, flat)]
    for t_s, pose in frames:
        log.append(t_s, pose)
    assert len(log) == 3
    for (t_s, pose), (again_s, again) in zip(frames, log, strict=True):
        assert (again_s, again is None) == (t_s, pose is None)
        if pose is None or again is None:
            continue
        assert (again.t_s, again.size, again.rotation) == (pose.t_s, pose.size, pose.rotation)
        assert again.image == pytest.approx(pose.image, abs=0)
        assert again.visibility.dtype == pose.visibility.dtype
        assert np.array_equal(again.visibility, pose.visibility)
        if pose.world is None:
            assert again.world is None
        else:
            assert again.world == pytest.approx(pose.world, abs=0)
