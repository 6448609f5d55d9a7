"""Draws a body and a view on a picture.

The words are few and large, for someone who lies two metres away. At the top stand the step, its side and
the repetitions, at the bottom the one thing to do. The upper right corner shows the hold as a ring, the upper
left one the move as a drawn figure until it begins. Everything scales with the picture's shorter side.
"""

from functools import lru_cache
from math import ceil

import numpy as np

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.view import View
from posecoach.core.pose import INDEX, Pose
from posecoach.core.translation import humanise, tr
from posecoach.core.types import Image, Side
from posecoach.feedback import figures, silhouette, skeleton, text_tiles
from posecoach.feedback.palette import AMBER, BLUE, GREEN, GREY, INK, WHITE, Colour, darker
from posecoach.vision.native import cv2

_MARGIN = 0.03  # of the picture's shorter side, as all sizes here
_TOP = 0.1
_RING = 0.1  # its radius
_REACH = 0.14  # from the middle of the ring to the edges of the picture
_FIGURE = 0.5  # the width of the drawn figure
_FIGURE_FPS = 8
_BEFORE = ("waiting", "rest")  # the phases in which the move is shown

#: The letters of a message. On a 14-inch screen that the picture fills, the letter x is 9 mm tall: 15 arc
#: minutes from two metres away.
MESSAGE = 0.095
_DEEPEST = 0.36  # of the height, at most, for the lines of a message

_DASH, _GAP = 14.0, 22.0  # degrees of the ring; round ends take half of the gap
_BREATH = (125, 118, 112)

_EARS = [INDEX["left_ear"], INDEX["right_ear"]]
_HIPS = [INDEX["left_hip"], INDEX["right_hip"]]


def draw(image: Image, pose: Pose | None, view: View, mirror: bool = False) -> Image:
    """A copy of `image`, uint8 (height, width, 3) in BGR and upright, with body and view drawn on it.

    `mirror` flips the picture, never the words, and never which side is left.
    """
    canvas: Image = cv2.flip(image, 1).astype(np.uint8, copy=False) if mirror else image.copy()
    width = canvas.shape[1]
    if view.outline is not None:
        silhouette.draw(canvas, view.outline, _head_left(pose, mirror))
    if pose is not None:
        points = pose.image.copy()
        if mirror:
            points[:, 0] = width - 1 - points[:, 0]
        lit = frozenset(view.highlight if _judged(view) or not view.highlight_ok else ())
        skeleton.draw(canvas, points, pose.visibility, lit, _accent(view))
    if _awaited(view):
        _draw_figure(canvas, view, mirror)
    unit = _unit(canvas)
    count = None if view.phase in ("done", "paused") else _count(view)
    shows_ring = count is not None or view.breath is not None
    _draw_top(canvas, view, width - 2 * round(unit * _REACH) if shows_ring else width)
    _draw_message(canvas, *message(view))
    if shows_ring:
        accent = AMBER if not view.highlight_ok else GREEN if _praises(view) else WHITE
        _draw_ring(canvas, *(count or (0.0, "")), accent, view.breath)
    return canvas


def message_lines(height: int, width: int) -> int:
    """How many lines a message may take on a picture of this size in pixels."""
    return max(1, int(_DEEPEST * height / (MESSAGE * 1.15 * min(height, width))))


def _head_left(pose: Pose | None, mirror: bool) -> bool:
    """Whether the head is at the left of what is shown. With nobody seen it is, except in a mirror."""
    if pose is None:
        return not mirror
    return bool(pose.image[_EARS, 0].mean() < pose.image[_HIPS, 0].mean()) != mirror


def _unit(canvas: Image) -> int:
    """The shorter side of the picture in pixels: what all sizes are shares of."""
    return int(min(canvas.shape[:2]))


def _accent(view: View) -> Colour:
    """The colour of the limb that matters. A position that is held well is green, and nothing before it."""
    if view.not_seen:
        return BLUE
    if not view.highlight_ok:
        return AMBER
    return GREEN if view.phase == "hold" and _praises(view) else WHITE


def _judged(view: View) -> bool:
    """False for an exercise that is too small for a camera and is only timed: nothing in it is praised."""
    return view.exercise not in CATALOGUE or not CATALOGUE[view.exercise].timed_only


def _praises(view: View) -> bool:
    """Whether green may say that it is done well: in an exercise that is judged, and seen."""
    return _judged(view) and not view.not_seen


# -- words ---------------------------------------------------------------------------------------------


def message(view: View) -> tuple[str, Colour]:
    """The one thing to say at the bottom, and its colour."""
    if view.phase in ("paused", "done"):
        return view.instruction, WHITE
    if view.not_seen:
        return view.not_seen, BLUE
    if view.cue:
        return view.cue, AMBER
    if view.caption:
        return view.caption, WHITE
    # Whoever only watches has nothing to ask for: the title is on top already.
    return view.instruction if view.instruction != view.title else "", WHITE


def _draw_message(canvas: Image, text: str, accent: Colour) -> None:
    if not text:
        return
    height, width = canvas.shape[:2]
    unit = _unit(canvas)
    size, margin = round(unit * MESSAGE), round(unit * _MARGIN)
    band = text_tiles.band(text, width, message_lines(height, width), size, margin, accent)
    text_tiles.lay(canvas, band, 0, height - band[0].shape[0])


def _draw_top(canvas: Image, view: View, free: int) -> None:
    """The bar on top, with its words in the `free` pixels from the left."""
    title = f"{view.step}/{view.steps}  {view.title}" if view.step and view.steps > 1 else view.title
    side = "" if view.side == "both" else humanise(view.side)
    reps = ""
    if view.reps_target > 1 and view.hold_target_s > 0:
        reps = f"{view.reps}/{view.reps_target}"
    elif view.reps_target == 0 and view.reps:
        reps = tr("{count} done", count=view.reps)
    unit = _unit(canvas)
    tall, margin = round(unit * _TOP), round(unit * _MARGIN)
    text_tiles.lay(canvas, text_tiles.top_bar(title, side, reps, canvas.shape[1], free, tall, margin), 0, 0)


# -- the figure ----------------------------------------------------------------------------------------


def _awaited(view: View) -> bool:
    """Whether an exercise is asked for that has not begun. Whoever only watches asks for nothing."""
    asked = bool(view.exercise) and view.instruction != view.title
    return asked and view.phase in _BEFORE and not view.reps


def _draw_figure(canvas: Image, view: View, mirror: bool) -> None:
    """The move that is asked for, in the upper left corner, at the time of the view."""
    unit = _unit(canvas)
    frame = int(view.t_s % figures.LOOP_S * _FIGURE_FPS)
    drawn = _figure(view.exercise, view.side, round(unit * _FIGURE), frame, mirror)
    top, left = round(unit * (_TOP + _MARGIN)), round(unit * _MARGIN)
    room = canvas[top : top + drawn.shape[0], left : left + drawn.shape[1]]
    room[:] = drawn[: room.shape[0], : room.shape[1]]


@lru_cache(maxsize=ceil(figures.LOOP_S * _FIGURE_FPS) + 1)
def _figure(exercise: str, side: Side, width: int, frame: int, mirror: bool) -> Image:
    drawn = figures.picture(exercise, width, frame / _FIGURE_FPS, side)
    return drawn[:, ::-1] if mirror else drawn


# -- the ring ------------------------------------------------------------------------------------------


def _count(view: View) -> tuple[float, str] | None:
    """What the ring shows: the share that is done, and the seconds of the hold that are left; repetitions
    where nothing is held; the seconds held where no dose was given; None where nothing is counted."""
    if view.hold_target_s > 0:
        left_s = view.hold_target_s - view.hold_s
        return view.hold_s / view.hold_target_s, str(max(0, int(np.ceil(left_s - 1e-6))))
    if view.reps_target > 0:
        return view.reps / view.reps_target, f"{view.reps}/{view.reps_target}"
    if view.phase == "hold":
        return 1.0, f"{int(view.hold_s)} s"
    return None


def _draw_ring(canvas: Image, share: float, text: str, accent: Colour, breath: float | None) -> None:
    """A ring that fills, high in the right corner: legs and heads come nearly everywhere else.

    In it a quiet disc grows and shrinks with the breath. A fault breaks the ring into dashes and adds a mark.
    """
    unit = _unit(canvas)
    radius, reach = round(unit * _RING), round(unit * _REACH)
    centre = (canvas.shape[1] - reach, reach)
    line = max(4, radius // 5)
    text_tiles.lay(
        canvas, text_tiles.disc(radius + line), centre[0] - radius - line, centre[1] - radius - line
    )
    if breath is not None:
        room = radius - line // 2
        cv2.circle(canvas, centre, round(room * (0.5 + 0.5 * breath)), _BREATH, -1, cv2.LINE_AA)
    cv2.circle(canvas, centre, radius, darker(darker(GREY)), line, cv2.LINE_AA)
    sweep = 360 * min(1.0, share)
    fault = accent == AMBER
    if sweep > 0 and not fault:
        cv2.ellipse(canvas, centre, (radius, radius), -90, 0, sweep, accent, line, cv2.LINE_AA)
    elif fault:
        for start in np.arange(0, max(sweep, 1), _DASH + _GAP):
            end = min(start + _DASH, max(sweep, 1))
            cv2.ellipse(canvas, centre, (radius, radius), -90, start, end, AMBER, line, cv2.LINE_AA)
    size = round(radius * (0.95 if len(text) < 3 else 0.75))
    _centred(canvas, text, size, WHITE, centre)
    if fault:
        mark = (centre[0] - round(radius * 0.75), centre[1] + round(radius * 0.75))
        cv2.circle(canvas, mark, round(radius * 0.36), INK, -1, cv2.LINE_AA)
        cv2.circle(canvas, mark, round(radius * 0.31), AMBER, -1, cv2.LINE_AA)
        _centred(canvas, "!", round(radius * 0.5), INK, mark)


def _centred(canvas: Image, text: str, size: int, colour: Colour, at: tuple[int, int]) -> None:
    if text:
        tile = text_tiles.word(text, size, colour)
        text_tiles.lay(canvas, tile, at[0] - tile[0].shape[1] // 2, at[1] - tile[0].shape[0] // 2)
