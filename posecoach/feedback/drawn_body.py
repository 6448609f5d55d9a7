"""Joints in space to flat shapes: a clothed body on a mattress, shaded, with what is far paler.

Each part is the convex outline of a few balls in an orthographic view: two balls for a limb segment, four for
half of the trunk. Parts are drawn from back to front.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from posecoach.core.pose import Array
from posecoach.vision.native import cv2

_PAIRED = ("ear", "shoulder", "elbow", "wrist", "index", "hip", "knee", "ankle", "heel", "foot_index")
JOINTS = ("nose", *(f"{side}_{part}" for part in _PAIRED for side in ("left", "right")))
_AT = {name: index for index, name in enumerate(JOINTS)}

WIDTH, HEIGHT = 240, 150
_LARGEST = 145.0  # units to a metre, at most
_FREE_M = 0.21  # around the joints, for what is drawn around them
_FOOT_END, _HEAD_END, _HALF, _THICK = -1.12, 0.98, 0.44, 0.14  # the mattress, metres

_PANEL = "#f5f1ea"
_MATTRESS, _MATTRESS_SIDE, _PILLOW = "#dbe3ea", "#bccad6", "#ffffff"
_SKIN, _HAIR, _SHIRT, _LEGS = "#e9b891", "#4d3a30", "#8a6bb0", "#3d5573"
_ARROW, _INK = "#b8336a", "#2b2230"
_EDGE = 0.011  # metres: the rim around a part
_AWAY = 0.35  # how much paler the far limbs are

Ball = tuple[Array, float]  # its middle, and its radius in metres


@dataclass(frozen=True, eq=False)
class Shape:
    """A filled outline: points (n, 2) in units of the field, y down; `colour` as "#rrggbb"."""

    points: Array
    colour: str


@dataclass(frozen=True, eq=False)
class _Part:
    """Hulls of one colour that belong together, and how near they are to the eye. `plain` ones are laid over
    the rims: where two parts meet in a joint."""

    hulls: tuple[tuple[Ball, ...], ...]
    colour: str
    near: float
    plain: tuple[tuple[Ball, ...], ...] = ()
    shines: bool = True


class Eye:
    """An orthographic camera beside a mattress that has all `joints` (n, 3) of a move in its field.

    `azimuth` turns it from the side toward the feet, `elevation` raises it, both in degrees.
    """

    def __init__(self, azimuth: float, elevation: float, head_left: bool, joints: Array) -> None:
        turned, raised = np.radians(azimuth), np.radians(elevation)
        aside = 1.0 if head_left else -1.0
        flat = np.array([-np.sin(turned), aside * np.cos(turned), 0.0])
        self.toward: Array = flat * np.cos(raised) + np.array([0, 0, np.sin(raised)])
        self.right: Array = np.cross([0, 0, 1.0], flat)
        self.up: Array = np.cross(self.toward, self.right)
        edge = [(0.0, aside * _HALF, -_THICK + _FREE_M / 2)] if not azimuth else np.zeros((0, 3))
        seen = np.concatenate((joints, edge)) @ np.stack((self.right, -self.up), axis=1)
        low, high = seen.min(axis=0) - _FREE_M, seen.max(axis=0) + _FREE_M
        self.scale = float(min(_LARGEST, WIDTH / (high - low)[0], HEIGHT / (high - low)[1]))
        x, y = (WIDTH, HEIGHT) - self.scale * (low + high)
        # The mattress stands on the lower edge, where it is seen from the side.
        self._zero = (float(x) / 2, float(y) / 2 if azimuth else HEIGHT - self.scale * float(high[1]))

    def near(self, *points: Array) -> float:
        return float(np.mean([point @ self.toward for point in points]))

    def flat(self, point: Array) -> tuple[float, float]:
        x, y = self._zero
        return x + float(point @ self.right) * self.scale, y - float(point @ self.up) * self.scale

    def hull(self, balls: Iterable[Ball], wider: float = 0.0, lift: float = 0.0) -> Array:
        """The outline of balls, in units: each `wider` by so many metres and raised by `lift` radii."""
        points = []
        for middle, radius in balls:
            x, y = self.flat(middle)
            around = (radius + wider) * self.scale
            points.append(np.array((x, y - lift * radius * self.scale)) + _ring(around) * around)
        return np.asarray(cv2.convexHull(np.concatenate(points).astype(np.float32))[:, 0], np.float64)


def _ring(radius: float) -> Array:
    """Points on a circle around nothing: as many as the radius of what is drawn needs to look round."""
    turn = np.linspace(0, 2 * np.pi, 8 if radius < 3 else 14 if radius < 6 else 22, endpoint=False)
    return np.stack((np.cos(turn), np.sin(turn)), axis=1)


def mirrored(joints: Array) -> Array:
    """The same body with left and right exchanged."""
    swapped = joints.copy()
    for part in _PAIRED:
        left, right = _AT[f"left_{part}"], _AT[f"right_{part}"]
        swapped[[left, right]] = joints[[right, left]]
    swapped[:, 1] *= -1
    return swapped


def shapes(eye: Eye, joints: Array, flexion: float, arrow: Array | None = None) -> list[Shape]:
    """What is drawn of a body, from back to front.

    joints       (len(JOINTS), 3) metres: x toward the head, y to the right of who lies on the back, z up
    flexion      how much the spine is rounded, degrees
    arrow        points in space (n, 3) that an arrow follows, or None
    """
    drawn = _bed(eye)
    parts = _body(eye, joints, flexion)
    drawn += _shadow(eye, parts)
    for part in sorted(parts, key=lambda part: part.near):
        rim = _mixed(part.colour, "#1c1620", 0.45)
        drawn += [Shape(eye.hull(hull, _EDGE), rim) for hull in part.hulls]
        hulls = (*part.hulls, *part.plain)
        drawn += [Shape(eye.hull(hull), part.colour) for hull in hulls]
        if part.shines:
            light = _mixed(part.colour, "#ffffff", 0.14)
            drawn += [
                Shape(eye.hull([(at, radius * 0.55) for at, radius in hull], lift=0.3), light)
                for hull in hulls
            ]
    return drawn if arrow is None else drawn + _arrow(eye, arrow)


def _body(eye: Eye, joints: Array, flexion: float) -> list[_Part]:
    at = {name: joints[index] for name, index in _AT.items()}
    parts = [*_trunk(eye, at, flexion), *_head(eye, at)]
    for side in ("left", "right"):
        other = "right" if side == "left" else "left"
        away = eye.near(at[f"{side}_shoulder"], at[f"{side}_hip"]) < eye.near(
            at[f"{other}_shoulder"], at[f"{other}_hip"]
        )
        pale = _AWAY if away else 0.0
        parts += _leg(
            eye,
            [at[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle")],
            (0.078, 0.055, 0.038),
            _mixed(_LEGS, _PANEL, pale),
        )
        ankle, heel, toe = (at[f"{side}_{joint}"] for joint in ("ankle", "heel", "foot_index"))
        skin = _mixed(_SKIN, _PANEL, pale)
        parts.append(
            _Part((((ankle, 0.036), (heel, 0.024), (toe, 0.022)),), skin, eye.near(ankle, heel, toe))
        )
        shoulder, elbow, wrist, hand = (
            at[f"{side}_{joint}"] for joint in ("shoulder", "elbow", "wrist", "index")
        )
        forearm = (((elbow, 0.04), (wrist, 0.028)), ((wrist, 0.031), (hand, 0.024)))
        parts.append(_Part(forearm, skin, eye.near(elbow, wrist, hand)))
        sleeve = (((shoulder, 0.054), (elbow, 0.045)),)
        parts.append(_Part(sleeve, _mixed(_SHIRT, _PANEL, pale), eye.near(shoulder, elbow)))
    return parts


def _leg(eye: Eye, joints: Sequence[Array], radii: Sequence[float], colour: str) -> list[_Part]:
    """Thigh and shin; the rim of the nearer one does not cut through the knee."""
    hip, knee, ankle = zip(joints, radii, strict=True)
    thigh, shin = (knee, hip), (knee, ankle)
    near = eye.near(hip[0], knee[0]), eye.near(knee[0], ankle[0])
    shin_over = near[1] >= near[0]
    (_, radius), (end, end_radius) = under = thigh if shin_over else shin
    stub = ((under[0], ((knee[0] * 2 + end) / 3, (radius * 2 + end_radius) / 3)),)
    return [
        _Part((thigh,), colour, near[0], () if shin_over else stub),
        _Part((shin,), colour, near[1], stub if shin_over else ()),
    ]


def _trunk(eye: Eye, at: dict[str, Array], flexion: float) -> list[_Part]:
    left, right = at["left_shoulder"], at["right_shoulder"]
    hips = at["left_hip"], at["right_hip"]
    shoulders, pelvis = (left + right) / 2, (hips[0] + hips[1]) / 2
    along = shoulders - pelvis
    across = (right - left) / np.linalg.norm(right - left) + (hips[1] - hips[0]) / np.linalg.norm(
        hips[1] - hips[0]
    )
    across /= np.linalg.norm(across)
    front = np.cross(across, along / np.linalg.norm(along))
    bend = np.linalg.norm(along) / 2 * np.tan(np.radians(flexion) / 4)
    waist = (shoulders + pelvis) / 2 - front * bend
    girdle = [(waist - across * 0.06, 0.092), (waist + across * 0.06, 0.092)]
    upper = (*((shoulder + (shoulders - shoulder) * 0.22, 0.088) for shoulder in (left, right)), *girdle)
    lower = (*girdle, *((hip, 0.095) for hip in hips))
    near = eye.near(shoulders, pelvis)
    neck = shoulders + along * 0.02
    ears = (at["left_ear"] + at["right_ear"]) / 2
    return [
        _Part((tuple(upper), tuple(lower)), _SHIRT, near),
        _Part((((neck, 0.05), (ears, 0.05)),), _SKIN, min(near, eye.near(ears)) - 0.05),
    ]


def _head(eye: Eye, at: dict[str, Array]) -> list[_Part]:
    ears, nose = (at["left_ear"] + at["right_ear"]) / 2, at["nose"]
    face = (nose - ears) / np.linalg.norm(nose - ears)
    neck = (at["left_shoulder"] + at["right_shoulder"]) / 2
    crown = ears - neck
    crown = crown - face * (crown @ face)
    crown /= np.linalg.norm(crown)
    skull = ears + face * 0.015 + crown * 0.035
    chin = ears + face * 0.065 - crown * 0.075
    near, ahead = eye.near(ears), 0.02 * float(face @ eye.toward)
    aside = np.cross(crown, face)
    drawn = [
        _Part((((skull - face * 0.022 + crown * 0.018, 0.1),),), _HAIR, near - ahead),
        _Part(
            (((skull + face * 0.012, 0.084), (chin, 0.042)), ((nose, 0.02), (skull, 0.06))),
            _SKIN,
            near + ahead,
            shines=False,
        ),
    ]
    for sign in (-1, 1):
        if (face * 0.6 + aside * sign) @ eye.toward > 0.1:
            seen = skull + face * 0.084 + aside * sign * 0.036 - crown * 0.02
            drawn.append(_Part((((seen, 0.008),),), _INK, near + ahead + 0.1))
        if sign * aside @ eye.toward > 0.3:
            ear = ears + aside * sign * 0.075
            drawn.append(
                _Part((((ear + crown * 0.012, 0.02), (ear - crown * 0.012, 0.014)),), _SKIN, near + 0.09)
            )
    return drawn


def _bed(eye: Eye) -> list[Shape]:
    def slab(corners: Iterable[tuple[float, float, float]], colour: str, radius: float) -> Shape:
        return Shape(eye.hull([(np.array(corner), radius) for corner in corners]), colour)

    top = [(x, y, -0.03) for x in (_FOOT_END, _HEAD_END) for y in (-_HALF, _HALF)]
    panel = np.array(((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)))
    pillow = [(x, y, 0.03) for x in (0.62, 0.86) for y in (-0.27, 0.27)]
    return [
        Shape(panel, _PANEL),
        slab([*top, *((x, y, -0.03 - _THICK) for x, y, _ in top)], _MATTRESS_SIDE, 0.03),
        slab(top, _MATTRESS, 0.03),
        slab(pillow, _mixed(_PILLOW, "#000000", 0.12), 0.055),
        slab(pillow, _PILLOW, 0.045),
    ]


def _shadow(eye: Eye, parts: Iterable[_Part]) -> list[Shape]:
    """What the body covers of the mattress, darker."""
    flat = [
        [(ball * (1, 1, 0), radius) for ball, radius in hull]
        for part in parts
        for hull in part.hulls
        if min(ball[2] for ball, _ in hull) < 0.3
    ]
    return [Shape(eye.hull(hull), _mixed(_MATTRESS, "#45566a", 0.25)) for hull in flat]


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


def _arrow(eye: Eye, way: Array) -> list[Shape]:
    """An arrow along points in space, light around its edge so that it shows on everything."""
    flat = np.array([eye.flat(point) for point in way])
    steps = np.concatenate(([0], np.cumsum(np.linalg.norm(np.diff(flat, axis=0), axis=1))))
    places = np.linspace(0.2 * steps[-1], 0.86 * steps[-1], 12)
    line = np.stack([np.interp(places, steps, flat[:, axis]) for axis in (0, 1)], axis=1)
    ahead = line[-1] - line[-3]
    ahead /= np.linalg.norm(ahead)
    across = np.array((-ahead[1], ahead[0]))
    drawn = []
    for wide, colour in ((1.2, _PANEL), (0.0, _ARROW)):
        tip = np.stack(
            (
                line[-1] + ahead * (10 + wide * 1.6),
                *(line[-1] - ahead * wide + across * sign * (6 + wide * 1.5) for sign in (-1, 1)),
            )
        )
        drawn += [Shape(_stroke(line, 1.9 + wide), colour), Shape(tip, colour)]
    return drawn


def _stroke(line: Array, half: float) -> Array:
    """The outline of a line that is `half` as wide to each side."""
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.stack((-along[:, 1], along[:, 0]), axis=1) * half
    return np.concatenate((line + across, (line - across)[::-1]))
