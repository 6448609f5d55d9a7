"""The moments of a clip that tell most: as landmarks, to be drawn, and only where asked for as pictures."""

from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.assessment.results import Fault, Result
from posecoach.core.errors import SourceError
from posecoach.core.pose import Pose
from posecoach.core.types import Image, Rotation
from posecoach.feedback import skeleton
from posecoach.feedback.palette import WHITE
from posecoach.session.recorded import PoseTrack
from posecoach.vision.native import cv2
from posecoach.vision.orientation import turned
from posecoach.vision.video_file import VideoFile

_MOST_FAULTS = 4  # kinds of faults of one clip that are shown
_NEAR_S = 1.0  # so far from a moment a body is looked for
_WIDTH, _QUALITY = 360, 80  # of a picture

BodyPoints = NDArray[np.float32]
"""(33, 3): pixels x and y of the upright picture, and visibility."""


def points_of(pose: Pose) -> BodyPoints:
    """A body as it is kept to be drawn."""
    return np.column_stack([pose.image, pose.visibility]).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Still:
    """One moment: when it was, the body then, and what it shows: a fault, or None for the position itself.

    body      None where nobody was found about then;  `size` is that of its picture
    jpeg      the picture, where it was asked for
    """

    t_s: float
    fault: Fault | None
    body: BodyPoints | None
    size: tuple[int, int]
    rotation: Rotation = 0
    jpeg: bytes | None = None


def stills(result: Result, seen: PoseTrack) -> tuple[Still, ...]:
    """The longest time in position, or else the middle of what was judged, and each kind of fault."""
    return tuple(
        one for t_s, fault in _moments(result) for one in [_still(t_s, fault, seen)] if one is not None
    )


def pictured(groups: Sequence[tuple[Still, ...]], clip: Path) -> list[tuple[Still, ...]]:
    """The moments of each result with their pictures, read from the clip again; without where it cannot be
    read.
    """
    images = images_at({one.t_s for some in groups for one in some}, clip)
    return [
        tuple(replace(one, jpeg=_jpeg(images[one.t_s], one)) if one.t_s in images else one for one in some)
        for some in groups
    ]


def images_at(times: Set[float], clip: Path) -> dict[float, Image]:
    """The clip's own pictures at `times` of its frames, in seconds; without those that cannot be read."""
    images: dict[float, Image] = {}
    with suppress(SourceError), VideoFile(clip) as video:
        for frame in video:
            if frame.t_s in times:
                images[frame.t_s] = frame.image
            if len(images) == len(times):
                break
    return images


def _moments(result: Result) -> Iterator[tuple[float, Fault | None]]:
    if result.positions:
        longest = max(result.positions, key=lambda one: one.lasts_s)
        yield (longest.start_s + longest.end_s) / 2, None
    else:
        begin_s = result.detection.start_s if result.detection is not None else 0.0
        yield begin_s + result.duration_s / 2, None
    kinds: dict[tuple[str, str | None], Fault] = {}
    for fault in result.faults:
        known = kinds.setdefault((fault.name, fault.side), fault)
        if fault.lasts_s > known.lasts_s:
            kinds[fault.name, fault.side] = fault
    for fault in list(kinds.values())[:_MOST_FAULTS]:
        yield (fault.start_s + fault.end_s) / 2, fault


def _still(t_s: float, fault: Fault | None, seen: PoseTrack) -> Still | None:
    """The frame nearest to a moment, one with a body if there is one about then; None without frames."""
    if not seen:
        return None
    away = np.abs(np.array([at_s for at_s, _ in seen]) - t_s)
    found = np.array([pose is not None for _, pose in seen])
    near = np.where(found & (away <= _NEAR_S), away, np.inf)
    index = int(near.argmin()) if np.isfinite(near).any() else int(away.argmin())
    at_s, pose = seen[index]
    if pose is None:
        return Still(at_s, fault, None, (0, 0))
    return Still(at_s, fault, points_of(pose), pose.size, pose.rotation)


def _jpeg(image: Image, one: Still) -> bytes:
    upright = turned(image, one.rotation).copy()
    if one.body is not None:
        points, sure = one.body[:, :2].astype(np.float64), one.body[:, 2].astype(np.float64)
        skeleton.draw(upright, points, sure, frozenset(), WHITE)
    scale = min(1.0, _WIDTH / max(upright.shape[:2]))
    small = cv2.resize(upright, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])
