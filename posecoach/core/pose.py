"""Pose: the one type that every room speaks, and the names of its landmarks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.core.types import Rotation

Array = NDArray[np.float64]

#: MediaPipe's 33 landmarks in its order; left and right are the person's own.
LANDMARKS = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
INDEX = {name: index for index, name in enumerate(LANDMARKS)}
COUNT = len(LANDMARKS)

#: The landmarks with left and right exchanged: `points[LANDMARKS_MIRRORED]`.
LANDMARKS_MIRRORED = np.array(
    [INDEX[name.replace("left", "\0").replace("right", "left").replace("\0", "right")] for name in LANDMARKS]
)

#: The 17 landmarks of COCO in its order.
COCO_17 = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)

# Without these there is no body to measure.
_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
# Where a landmark is put that is not known: it is hidden then, but must not be far from the body. In an order
# in which whatever takes the place of another is known before it.
_NEAREST = {
    "nose": "left_shoulder",
    **dict.fromkeys(LANDMARKS[1:11], "nose"),
    **{f"{side}_elbow": f"{side}_shoulder" for side in ("left", "right")},
    **{f"{side}_wrist": f"{side}_elbow" for side in ("left", "right")},
    **{f"{side}_{tip}": f"{side}_wrist" for side in ("left", "right") for tip in ("pinky", "index", "thumb")},
    **{f"{side}_knee": f"{side}_hip" for side in ("left", "right")},
    **{f"{side}_ankle": f"{side}_knee" for side in ("left", "right")},
    **{f"{side}_{end}": f"{side}_ankle" for side in ("left", "right") for end in ("heel", "foot_index")},
}
# A person lying in any direction is thicker than this along every axis (0.06 m at least in what was
# measured on 97 clips): less is no body in space.
_FLAT_M = 0.02
_JOINTS = np.array([INDEX[name] for name in COCO_17[5:]])


def in_space(world: Array) -> NDArray[np.bool_]:
    """(...) whether landmarks (..., 33, 3) in metres show a body in space."""
    joints = world.take(_JOINTS, axis=-2)
    spread = joints.max(axis=-2) - joints.min(axis=-2)
    return np.asarray((spread > _FLAT_M).all(axis=-1))


@dataclass(frozen=True, eq=False)
class Pose:
    """One body in one picture.

    t_s         seconds on the source's own clock
    image       (33, 2) pixels of the upright picture: x to the right, y down
    world       (33, 3) metres from the hip midpoint, camera axes: x right, y down, z away from the camera;
                None where only the picture is known
    visibility  (33,) 0..1, the network's own estimate; see `body` for what may be trusted
    size        (width, height) of the upright picture in pixels
    rotation    clockwise degrees from the source's picture to the upright one

    Raises ValueError when an array has another shape.
    """

    t_s: float
    image: Array
    world: Array | None
    visibility: Array
    size: tuple[int, int]
    rotation: Rotation = 0

    def __post_init__(self) -> None:
        for name, shape in (("image", (COUNT, 2)), ("world", (COUNT, 3)), ("visibility", (COUNT,))):
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                raise ValueError(f"Pose.{name} must have shape {shape}, but got {array.shape}")

    @property
    def in_space(self) -> bool:
        """True when `world` is there and shows a body in space; all zeros, or a flat body, show none.

        Without it nothing can be measured: lying on the back and on the front look alike in a picture.
        """
        return self.world is not None and bool(in_space(self.world))

    @classmethod
    def from_landmarks(
        cls,
        landmarks: Array,
        names: Sequence[str] = LANDMARKS,
        *,
        fps: float,
        size: tuple[int, int],
        world: Array | None = None,
        visibility: Array | None = None,
    ) -> "list[Pose]":
        """Poses from the landmarks of any tracker, one for each frame.

        landmarks   (frames, n, 2) pixels of the upright picture: x to the right, y down; NaN where not found
        names       what the n landmarks are: `LANDMARKS` (MediaPipe's 33), `COCO_17`, or some of these names
        fps         frames a second: the first is at 0 s
        size        (width, height) of the upright picture in pixels
        world       (frames, n, 3) metres in camera axes: x right, y down, z away from the camera; NaN where
                    not found; None where only the picture is known, and then nothing is judged
        visibility  (frames, n) 0..1; None: 1 wherever a landmark was found

        A landmark that is not given or not found is hidden; in a frame without shoulders and hips all are.
        Raises ValueError when a shape or a name is wrong, or a shoulder or hip is not among the names.
        """
        given = np.asarray(landmarks, np.float64)
        frames, count = len(given) if given.ndim else 0, len(names)
        depth = None if world is None else np.asarray(world, np.float64)
        seen = np.ones((frames, count)) if visibility is None else np.asarray(visibility, np.float64)
        for what, array, shape in (
            ("landmarks", given, (frames, count, 2)),
            ("world", depth, (frames, count, 3)),
            ("visibility", seen, (frames, count)),
        ):
            if array is not None and array.shape != shape:
                raise ValueError(f"{what} must have shape {shape}, but got {array.shape}")
        unknown = [name for name in names if name not in INDEX]
        if unknown or not set(_TRUNK) <= set(names):
            raise ValueError(f"names must be of LANDMARKS, shoulders and hips among them, but got {names}")
        if fps <= 0:
            raise ValueError(f"fps must be above 0, but got {fps}")
        return [
            cls._completed(
                index / fps, names, given[index], None if depth is None else depth[index], seen[index], size
            )
            for index in range(frames)
        ]

    @classmethod
    def _completed(
        cls,
        t_s: float,
        names: Sequence[str],
        landmarks: Array,
        world: Array | None,
        seen: Array,
        size: tuple[int, int],
    ) -> "Pose":
        """The pose of one frame, with what is not known put where it does no harm, and hidden."""
        image, space = np.full((COUNT, 2), np.nan), np.full((COUNT, 3), np.nan)
        visibility = np.zeros(COUNT)
        at = [INDEX[name] for name in names]
        image[at], visibility[at] = landmarks, np.nan_to_num(seen)
        space[at] = np.nan if world is None else world
        visibility[~np.isfinite(image).all(axis=1)] = 0.0
        if world is not None:
            visibility[~np.isfinite(space).all(axis=1)] = 0.0
        trunk = [INDEX[name] for name in _TRUNK]
        if not np.isfinite(image[trunk]).all():
            return cls(t_s, np.zeros((COUNT, 2)), None, np.zeros(COUNT), size)
        for name, nearest in _NEAREST.items():
            for points in (image, space):
                if not np.isfinite(points[INDEX[name]]).all():
                    points[INDEX[name]] = points[INDEX[nearest]]
        space -= (space[INDEX["left_hip"]] + space[INDEX["right_hip"]]) / 2
        return cls(t_s, image, space if np.isfinite(space).all() else None, visibility, size)
