"""The two pose networks, run directly: where somebody may be, and where the joints are in a given square.

They are the networks of MediaPipe's pose landmarker. Run by themselves they can be asked about any square
of the picture at any angle, which the packaged graph cannot: that is what a lying body needs. What lies
around the networks (anchors, squares, the refinement by heatmaps) follows the published graph, so that both
agree where both see well; `tests/vision/test_networks.py` holds them together.
"""

from dataclasses import dataclass
from functools import cache
from math import atan2, cos, pi, sin

import numpy as np

from posecoach.core.pose import COUNT, Array
from posecoach.core.types import Image
from posecoach.vision.inference import Form, Inference
from posecoach.vision.native import cv2

_DETECTOR_SIDE, _LANDMARK_SIDE, _HEATMAP_SIDE = 224, 256, 64
#: Outputs of the detector: boxes, scores. Of the landmark network: landmarks, presence, heatmaps, world.
FORMS = (
    Form("pose_detector.tflite", _DETECTOR_SIDE, ((1, 2254, 12), (1, 2254, 1)), 127.5, -1.0),
    Form(
        "pose_landmarks_detector.tflite",
        _LANDMARK_SIDE,
        ((1, 195), (1, 1), (1, _HEATMAP_SIDE, _HEATMAP_SIDE, 39), (1, 117)),
        255.0,
        0.0,
    ),
)
_FOUND = 0.5  # score from which the detector's guess counts
_OVERLAP = 0.3  # of two guesses that mean the same body
_ROOM = 1.25  # the square is that much larger than the circle around the body
_POINTS = COUNT + 2  # the landmarks, and the two that say where to look in the next frame
_PATCH = 3  # heatmap cells to each side that refine a landmark
_PEAKED = 0.5  # heatmap peak from which it does
#: From a map out of the square with coordinates 0 to 1 to one out of its pixels.
_PER_PIXEL = np.array([_LANDMARK_SIDE, _LANDMARK_SIDE, 1.0])


@dataclass(frozen=True, eq=False)
class RegionOfInterest:
    """Where to look: a square of the picture, turned so that the body stands upright in it.

    center  (2,) pixels;  side  pixels;  angle  radians by which the square is turned clockwise
    """

    center: Array
    side: float
    angle: float

    @classmethod
    def around(cls, hips: Array, rim: Array) -> "RegionOfInterest":
        """The square around a body with its hips at `hips`, in a circle through `rim`; (2,) pixels."""
        x, y = (rim - hips).tolist()
        side = 2 * _ROOM * float(np.hypot(x, y))
        angle = pi / 2 - atan2(-y, x)
        return cls(hips, max(side, 1.0), (angle + pi) % (2 * pi) - pi)

    def to_picture(self) -> Array:
        """(2, 3) affine map from the square, with coordinates 0 to 1, to pixels."""
        c, s = cos(self.angle) * self.side, sin(self.angle) * self.side
        x, y = self.center.tolist()
        return np.array([[c, -s, x - (c - s) / 2], [s, c, y - (s + c) / 2]])


@dataclass(frozen=True, eq=False)
class SeenBody:
    """What the landmark network sees in one square.

    score       0..1, how sure the network is that there is a body at all
    image       (33, 2) pixels
    world       (33, 3) metres from the hip midpoint, in the picture's axes
    sharpness   (33,) 0..1, peak of each landmark's heatmap: a joint that is guessed has none
    next        where to look in the next frame
    """

    score: float
    image: Array
    world: Array
    sharpness: Array
    next: RegionOfInterest


class Networks:
    """Runs the networks for one tracker: each instance has inference requests of its own."""

    def __init__(self, detector: Inference, landmarker: Inference) -> None:
        self._detector, self._landmarker = detector, landmarker

    def find(self, image: Image) -> list[RegionOfInterest]:
        """Where bodies may be in a picture (height, width, 3; BGR), the likeliest first."""
        height, width = image.shape[:2]
        scale = _DETECTOR_SIDE / max(width, height)
        offset = (_DETECTOR_SIDE - scale * np.array([width, height])) / 2
        into = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
        outputs = self._detector(image, into, cv2.INTER_AREA, cv2.BORDER_CONSTANT)
        boxes, scores = outputs[0][0], outputs[1][0, :, 0]
        scores = 1 / (1 + np.exp(-np.clip(scores, -80, 80)))
        likely = np.flatnonzero(scores >= _FOUND)
        likely = likely[np.argsort(-scores[likely])]
        points = boxes[likely].reshape(-1, 6, 2) / _DETECTOR_SIDE
        points[:, [0, 2, 3, 4, 5]] += _anchors()[likely, None]
        squares = []
        while len(likely):
            same = _overlap(points[0], points) > _OVERLAP
            weight = scores[likely[same], None, None]
            merged = (points[same] * weight).sum(axis=0) / weight.sum()
            hips, rim = (merged[2:4] * _DETECTOR_SIDE - offset) / scale
            squares.append(RegionOfInterest.around(hips, rim))
            likely, points = likely[~same], points[~same]
        return squares

    def read(self, image: Image, square: RegionOfInterest) -> SeenBody:
        """The joints of the body in one square of a picture (height, width, 3; BGR)."""
        out = square.to_picture()
        # Pixels count from their corners here, as in the published graph: the networks learnt it so.
        sampling = out / _PER_PIXEL
        landmarks, flag, heat, world = self._landmarker(
            image, sampling, cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, cv2.BORDER_REPLICATE
        )
        points = landmarks.reshape(-1, 5)[:_POINTS].astype(np.float64)
        places, sharpness = _refined(points[:, :2] / _LANDMARK_SIDE, heat[0, :, :, :_POINTS])
        pixels = places @ out[:, :2].T + out[:, 2]
        metres = world.reshape(-1, 3)[:COUNT].astype(np.float64)
        metres[:, :2] = metres[:, :2] @ (out[:, :2] / square.side).T
        return SeenBody(
            float(flag[0, 0]),
            pixels[:COUNT],
            metres,
            sharpness[:COUNT],
            RegionOfInterest.around(pixels[COUNT], pixels[COUNT + 1]),
        )


@cache
def _anchors() -> Array:
    """(2254, 2) centres of the detector's guesses, 0 to 1; the four deeper layers share two grids."""
    grids = []
    for cells, guesses in ((28, 2), (14, 2), (7, 6)):
        middle = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(middle, middle)
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), guesses, axis=0))
    return np.concatenate(grids)


def _overlap(one: Array, others: Array) -> Array:
    """(n,) intersection over union of a box with `others` (n, 6, 2): middle, size and four points."""
    low, high = one[0] - one[1] / 2, one[0] + one[1] / 2
    lows, highs = others[:, 0] - others[:, 1] / 2, others[:, 0] + others[:, 1] / 2
    shared = np.clip(np.minimum(high, highs) - np.maximum(low, lows), 0, None).prod(axis=1)
    union = one[1].prod() + others[:, 1].prod(axis=1) - shared
    overlap: Array = shared / np.maximum(union, 1e-9)
    return overlap


_STEPS = np.arange(-_PATCH, _PATCH + 1)
_ROWS, _COLUMNS = (steps.ravel() for steps in np.meshgrid(_STEPS, _STEPS, indexing="ij"))


def _refined(places: Array, heat: Array) -> tuple[Array, Array]:
    """Landmarks (n, 2), 0 to 1, drawn to the middle of their heatmaps (64, 64, n), and the peaks (n,)."""
    cell = (places * _HEATMAP_SIDE).astype(int)
    rows, columns = cell[:, 1, None] + _ROWS, cell[:, 0, None] + _COLUMNS
    inside = (rows >= 0) & (rows < _HEATMAP_SIDE) & (columns >= 0) & (columns < _HEATMAP_SIDE)
    top = _HEATMAP_SIDE - 1
    raw = heat[rows.clip(0, top), columns.clip(0, top), np.arange(len(places))[:, None]]
    weight = np.where(inside, 1 / (1 + np.exp(-raw)), 0.0)
    peak, total = weight.max(axis=1), weight.sum(axis=1)
    middle = np.stack([(weight * columns).sum(axis=1), (weight * rows).sum(axis=1)], axis=1)
    middle /= np.maximum(total, 1e-9)[:, None] * _HEATMAP_SIDE
    refined = (peak >= _PEAKED) & (cell.min(axis=1) >= 0) & (cell.max(axis=1) < _HEATMAP_SIDE)
    return np.where(refined[:, None], middle, places), peak
