"""The lines of a body on a picture."""

import numpy as np

from posecoach.core.pose import INDEX, Array
from posecoach.core.types import Image
from posecoach.feedback.palette import AMBER, GREY, INK, WHITE, Colour, darker
from posecoach.vision.native import cv2

_FAINT = 0.4  # visibility below which a landmark is drawn faintly

_BONES = [
    (INDEX[a], INDEX[b])
    for side in ("left", "right")
    for a, b in (
        (f"{side}_shoulder", f"{side}_elbow"),
        (f"{side}_elbow", f"{side}_wrist"),
        (f"{side}_shoulder", f"{side}_hip"),
        (f"{side}_hip", f"{side}_knee"),
        (f"{side}_knee", f"{side}_ankle"),
        (f"{side}_ankle", f"{side}_heel"),
        (f"{side}_heel", f"{side}_foot_index"),
    )
] + [(INDEX["left_shoulder"], INDEX["right_shoulder"]), (INDEX["left_hip"], INDEX["right_hip"])]
_JOINTS = sorted({joint for bone in _BONES for joint in bone})
_NECK = [INDEX["left_shoulder"], INDEX["right_shoulder"]]
_EARS = [INDEX["left_ear"], INDEX["right_ear"]]


def draw(canvas: Image, points: Array, visibility: Array, lit: frozenset[int], accent: Colour) -> None:
    """Draw a body on `canvas`, uint8 (height, width, 3) in BGR.

    points       (33, 2) pixels;  visibility  (33,) 0 to 1
    lit          indexes of the landmarks of the limb that matters, drawn in `accent`; dashed if that is AMBER
    """
    thick = max(2, round(min(canvas.shape[:2]) / 130))
    places = [_place(point) for point in points]
    bones = sorted(_BONES, key=lambda bone: lit.issuperset(bone))  # what matters lies on top
    neck, head = points[_NECK].mean(axis=0), points[_EARS].mean(axis=0)
    cv2.line(canvas, _place(neck), _place(head), GREY, max(1, thick // 2), cv2.LINE_AA)
    for a, b in bones:  # a dark rim first, so that the lines stand out on any bedding
        if min(visibility[a], visibility[b]) >= _FAINT:
            line = thick * 2 if lit.issuperset((a, b)) else thick
            cv2.line(canvas, places[a], places[b], INK, line + max(2, thick // 2), cv2.LINE_AA)
    for a, b in bones:
        matters = lit.issuperset((a, b))
        colour, line = (accent, thick * 2) if matters else (GREY, thick)
        if min(visibility[a], visibility[b]) < _FAINT:
            cv2.line(canvas, places[a], places[b], darker(colour), max(1, line // 3), cv2.LINE_AA)
        elif matters and accent == AMBER:
            _dashed(canvas, points[a], points[b], colour, line)
        else:
            cv2.line(canvas, places[a], places[b], colour, line, cv2.LINE_AA)
    for joint in _JOINTS:
        if visibility[joint] >= _FAINT:
            radius = thick * 2 if joint in lit else thick
            cv2.circle(canvas, places[joint], radius, INK, -1, cv2.LINE_AA)
            cv2.circle(canvas, places[joint], radius - 1, WHITE, -1, cv2.LINE_AA)


def _dashed(canvas: Image, start: Array, end: Array, colour: Colour, line: int) -> None:
    """A line of dashes with round ends, three times as long as it is wide, and gaps twice as long."""
    dashes = max(2, round(float(np.linalg.norm(end - start)) / (5 * line)))
    for dash in range(dashes):
        first, last = (_place(start + (end - start) * (dash + share) / dashes) for share in (0.3, 0.7))
        cv2.line(canvas, first, last, colour, line, cv2.LINE_AA)


def _place(point: Array) -> tuple[int, int]:
    x, y = np.clip(point, -9999, 9999).round()
    return int(x), int(y)
