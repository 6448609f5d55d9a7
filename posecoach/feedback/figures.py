"""Drawn figures of the exercises: a person on a mattress, seen from where the move shows best.

    svg("bridge")                        # a still of the position, complete in itself
    svg("bridge", t_s=0.8)               # one moment of the loop: rest, into position, back; LOOP_S seconds
    svg("hamstring", side="left")        # one side, for what is done side by side
    loop_svg("bridge")                   # the whole loop, animated by itself, for an <img> or inline
    picture("bridge", width=320)         # the same as pixels, for a screen or a PNG

`figures.json` keeps the joints of rendered sample clips as key frames. The browser page, the screen and the
documentation all draw them with this module. `python -m tests.support.figures` makes the data and the stills.
"""

import json
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from posecoach.assessment.exercises import CATALOGUE
from posecoach.core.pose import Array
from posecoach.core.translation import tr
from posecoach.core.types import Image, Side
from posecoach.feedback import drawn_body
from posecoach.feedback.drawn_body import HEIGHT, WIDTH, Eye, Shape
from posecoach.vision.native import cv2

DATA = Path(__file__).with_name("figures.json")

#: The joints of a key frame, in its order.
JOINTS = drawn_body.JOINTS

_REST_S, _MOVE_S, _STAY_S = 0.7, 1.7, 1.3
LOOP_S = _REST_S + _MOVE_S + _STAY_S + _MOVE_S
_NAME_SPACE = "http://www.w3.org/2000/svg"
_FINER = 2  # a picture is drawn this much larger, and then made smaller, for smooth edges
_FRACTION = 4  # bits behind the point of a pixel's place


@dataclass(frozen=True, eq=False)
class _Move:
    """One exercise: the key frames from rest to position, and the view of them.

    side            the side that moves in the key frames
    camera          azimuth and elevation in degrees, as `Eye` takes them
    arrow           (points, 3) metres: the path that an arrow shows; no points for none
    spine_flexion   (keys,) degrees
    keys            (keys, joints, 3) metres
    """

    side: Side
    camera: tuple[float, float]
    arrow: Array
    spine_flexion: Array
    keys: Array


@cache
def _moves() -> dict[str, _Move]:
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return {
        name: _Move(
            side=move["side"],
            camera=tuple(move["camera"]),
            arrow=np.array(move["arrow"]).reshape(-1, 3) / 100,
            spine_flexion=np.array(move["spine_flexion"]),
            keys=np.array(move["keys"]).reshape(-1, len(JOINTS), 3) / 100,
        )
        for name, move in data["exercises"].items()
    }


def exercises() -> tuple[str, ...]:
    """The identifiers of the exercises that have a figure."""
    return tuple(_moves())


def svg(exercise: str, t_s: float | None = None, side: Side = "both", head_left: bool | None = None) -> str:
    """The figure as an SVG document. Arguments as for `shapes`."""
    return _document(exercise, "".join(map(_element, shapes(exercise, t_s, side, head_left))))


def inline_svg(exercise: str, side: Side = "both") -> Markup:
    """The still as an element of an HTML page, which needs no name space."""
    return Markup(svg(exercise, side=side).replace(f' xmlns="{_NAME_SPACE}"', ""))


def loop_svg(exercise: str, side: Side = "both", head_left: bool | None = None, frames: int = 16) -> str:
    """The loop as an SVG document that moves by itself, in `frames` pictures.

    It stands still, in position, for those who asked their system for less motion.
    """
    times = np.arange(frames) * LOOP_S / frames
    style = (
        f".figure-loop{{visibility:hidden;animation:figure-loop {LOOP_S:.2f}s step-end infinite}}"
        f"@keyframes figure-loop{{0%{{visibility:visible}}{100 / frames:.3f}%{{visibility:hidden}}}}"
        "@media (prefers-reduced-motion:reduce)"
        "{.figure-loop{animation:none}.figure-still{visibility:visible}}"
    )
    still = int(np.argmin(np.abs(times - _REST_S - _MOVE_S)))
    groups = []
    for index, t_s in enumerate(times):
        content = "".join(map(_element, shapes(exercise, float(t_s), side, head_left)))
        names = "figure-loop figure-still" if index == still else "figure-loop"
        groups.append(f'<g class="{names}" style="animation-delay:{t_s - LOOP_S:.3f}s">{content}</g>')
    return _document(exercise, f"<style>{style}</style>{''.join(groups)}")


def picture(
    exercise: str, width: int, t_s: float | None = None, side: Side = "both", head_left: bool | None = None
) -> Image:
    """The figure as a picture, uint8 (height, width, 3) in BGR. Arguments as for `shapes`."""
    scale = width / WIDTH * _FINER
    canvas = np.zeros((round(HEIGHT * scale), width * _FINER, 3), np.uint8)
    for shape in shapes(exercise, t_s, side, head_left):
        colour = tuple(int(shape.colour[at : at + 2], 16) for at in (5, 3, 1))
        points = (shape.points * scale * (1 << _FRACTION)).round().astype(np.int32)
        cv2.fillPoly(canvas, [points], colour, cv2.LINE_AA, _FRACTION)
    size = (width, round(HEIGHT * width / WIDTH))
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.uint8)


def shapes(
    exercise: str, t_s: float | None = None, side: Side = "both", head_left: bool | None = None
) -> list[Shape]:
    """What is drawn, from back to front, in a field of WIDTH by HEIGHT; nothing of an exercise that has no
    figure yet.

    t_s          seconds in the loop; None for the position
    side         the side that moves, as the exercise defines it; "both" for the one that is nearer to the eye
    head_left    whether the head is at the left; None for where the side that moves is the nearer one
    """
    if head_left is None:
        head_left = side != "left"
    move = _moves().get(exercise)
    if move is None:
        return []
    moment = _there(t_s) * (len(move.keys) - 1)
    before = min(int(moment), len(move.keys) - 2)
    share = moment - before
    flexion = float(np.interp(moment, np.arange(len(move.keys)), move.spine_flexion))
    # With the head at the left, it is the right side that is near.
    asked = side if side != "both" else "right" if head_left else "left"
    turned = move.side not in ("both", asked)
    keys = np.stack([drawn_body.mirrored(key) for key in move.keys]) if turned else move.keys
    joints: Array = keys[before] * (1 - share) + keys[before + 1] * share
    eye = Eye(*move.camera, head_left, keys.reshape(-1, 3))
    arrow = move.arrow * ((1, -1, 1) if turned else (1, 1, 1)) if t_s is None and len(move.arrow) else None
    return drawn_body.shapes(eye, joints, flexion, arrow)


def _there(t_s: float | None) -> float:
    """How far it is from rest (0) to position (1), `t_s` seconds into the loop; slow at both ends."""
    if t_s is None:
        return 1.0
    t_s %= LOOP_S
    way = np.interp(
        t_s,
        (_REST_S, _REST_S + _MOVE_S, _REST_S + _MOVE_S + _STAY_S, LOOP_S),
        (0.0, 1.0, 1.0, 0.0),
    )
    return float(way)


def _document(exercise: str, content: str) -> str:
    title = tr(CATALOGUE[exercise].title)
    return (
        f'<svg xmlns="{_NAME_SPACE}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(title)}</title>{content}</svg>"
    )


def _element(shape: Shape) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
    return f'<polygon points="{points}" fill="{shape.colour}"/>'
