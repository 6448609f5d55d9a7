"""Drawing: a picture, a body and a view in, a picture out.

Few and big words, for someone who lies two metres away: on top the step, its side and the repetitions, at
the bottom the one thing to do, in the upper right corner the hold as a ring. Everything scales with the
shorter side of the picture.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from posecoach.coaching.view import View
from posecoach.core import translation as words
from posecoach.core.pose import INDEX, Array, Pose
from posecoach.core.translation import humanise, tr
from posecoach.core.types import Image
from posecoach.feedback import silhouette
from posecoach.vision.native import cv2

Colour = tuple[int, int, int]  # blue, green, red

WHITE: Colour = (255, 255, 255)
INK: Colour = (28, 22, 18)
GREY: Colour = (205, 200, 196)
GREEN: Colour = (110, 215, 95)
AMBER: Colour = (40, 165, 255)
BLUE: Colour = (250, 190, 120)

_BAND = 0.62  # how opaque the dark bands are
_DIM = 0.4  # visibility below which a landmark is drawn faintly
_MARGIN = 0.03  # of the picture's shorter side, as all sizes here
_CUE = 0.11  # the largest letters; on a 20 cm high picture seen from 2 m they are like 16 point held at hand
_ONE_LINE = 0.94  # of that size, and no less, to fit a cue into one line: capitals of 1/14 of the height

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
_NECK = (INDEX["left_shoulder"], INDEX["right_shoulder"])
_EARS = (INDEX["left_ear"], INDEX["right_ear"])
_HIPS = (INDEX["left_hip"], INDEX["right_hip"])


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
        _draw_body(canvas, points, pose.visibility, view)
    unit = _unit(canvas)
    count = None if view.phase in ("done", "paused") else _count(view)
    _draw_top(canvas, view, width if count is None else width - 2 * _ring_reach(unit))
    text, accent = _message(view)
    if text:
        _blend(canvas, _band(text, width, unit, accent), 0, None)
    if count is not None:
        _draw_ring(canvas, *count, GREEN if view.highlight_ok else AMBER, view.breath)
    return canvas


def _head_left(pose: Pose | None, mirror: bool) -> bool:
    """Whether the head is at the left of what is shown; as in a book, where nobody is seen."""
    if pose is None:
        return not mirror
    return bool(pose.image[list(_EARS), 0].mean() < pose.image[list(_HIPS), 0].mean()) != mirror


def _unit(canvas: Image) -> int:
    """The shorter side of the picture in pixels: what all sizes are shares of."""
    return int(min(canvas.shape[:2]))


def _message(view: View) -> tuple[str, Colour]:
    """The one thing to say at the bottom, and its colour."""
    if view.phase in ("paused", "done"):
        return view.instruction, WHITE
    if view.not_seen:
        return view.not_seen, BLUE
    if view.cue:
        return view.cue, AMBER
    # Whoever only watches has nothing to ask for: the title is on top already.
    return view.instruction if view.instruction != view.title else "", WHITE


# The body


def _draw_body(canvas: Image, points: Array, visibility: Array, view: View) -> None:
    thick = max(2, round(_unit(canvas) / 130))
    # Green is for a position that is held well: nothing is praised before it begins.
    accent = AMBER if not view.highlight_ok else GREEN if view.phase == "hold" else BLUE
    lit = set(view.highlight)
    places = [tuple(int(v) for v in point) for point in np.clip(points, -9999, 9999).round()]
    bones = sorted(_BONES, key=lambda bone: bone[0] in lit and bone[1] in lit)  # what matters lies on top
    neck, head = points[list(_NECK)].mean(axis=0), points[list(_EARS)].mean(axis=0)
    cv2.line(canvas, _place(neck), _place(head), GREY, max(1, thick // 2), cv2.LINE_AA)
    for dark in (True, False):  # a dark rim first, so that the lines stand out on any bedding
        for a, b in bones:
            matters = a in lit and b in lit
            faint = min(visibility[a], visibility[b]) < _DIM
            colour = accent if matters else GREY
            line = thick * 2 if matters else thick
            if faint:
                colour, line = _mixed(colour), max(1, line // 3)
            if not dark:
                cv2.line(canvas, places[a], places[b], colour, line, cv2.LINE_AA)
            elif not faint:
                cv2.line(canvas, places[a], places[b], INK, line + max(2, thick // 2), cv2.LINE_AA)
    for joint in _JOINTS:
        if visibility[joint] >= _DIM:
            radius = thick * 2 if joint in lit else thick
            cv2.circle(canvas, places[joint], radius, INK, -1, cv2.LINE_AA)
            cv2.circle(canvas, places[joint], radius - 1, WHITE, -1, cv2.LINE_AA)


def _place(point: Array) -> tuple[int, int]:
    x, y = np.clip(point, -9999, 9999).round()
    return int(x), int(y)


def _mixed(colour: Colour) -> Colour:
    blue, green, red = ((2 * c + i) // 3 for c, i in zip(colour, INK, strict=True))
    return blue, green, red


# The words


def _draw_top(canvas: Image, view: View, free: int) -> None:
    """The bar on top, with its words in the `free` pixels from the left."""
    title = f"{view.step}/{view.steps}  {view.title}" if view.steps > 1 else view.title
    side = "" if view.side == "both" else humanise(view.side)
    reps = ""
    if view.reps_target > 1 and view.hold_target_s > 0:
        reps = f"{view.reps}/{view.reps_target}"
    elif view.reps_target == 0 and view.reps:
        reps = tr("{count} done", count=view.reps)
    _blend(canvas, _top(title, side, reps, canvas.shape[1], free, _unit(canvas)), 0, 0)


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


def _ring_reach(unit: int) -> int:
    """Pixels from the middle of the ring to the edge of the picture that it hangs on."""
    return round(unit * 0.14)


def _draw_ring(canvas: Image, share: float, text: str, colour: Colour, breath: float | None) -> None:
    """A ring that fills, high in the right corner: legs and heads come nearly everywhere else. In it a quiet
    disc grows and shrinks with the breath."""
    unit = _unit(canvas)
    radius, reach = round(unit * 0.1), _ring_reach(unit)
    centre = (canvas.shape[1] - reach, reach)
    line = max(4, radius // 5)
    _blend(canvas, _disc(radius + line), centre[0] - radius - line, centre[1] - radius - line)
    if breath is not None:
        room = radius - line // 2
        cv2.circle(canvas, centre, round(room * (0.5 + 0.5 * breath)), _mixed(_mixed(BLUE)), -1, cv2.LINE_AA)
    cv2.circle(canvas, centre, radius, _mixed(_mixed(GREY)), line, cv2.LINE_AA)
    if share > 0:
        sweep = 360 * min(1.0, share)
        cv2.ellipse(canvas, centre, (radius, radius), -90, 0, sweep, colour, line, cv2.LINE_AA)
    words = _word(text, round(radius * (0.95 if len(text) < 3 else 0.75)), WHITE)
    _blend(canvas, words, centre[0] - words[0].shape[1] // 2, centre[1] - words[0].shape[0] // 2)


# Tiles: what does not change from frame to frame is rendered once. A tile is (colour times opacity,
# 1 - opacity), both uint8 (height, width, 3), so that laying it on a picture is one multiplication and
# one addition.

Tile = tuple[Image, Image]


def _blend(canvas: Image, tile: Tile, left: int, top: int | None) -> None:
    """Lay `tile` on `canvas` at (left, top); at its bottom when `top` is None. Cut at the edges."""
    colour, rest = tile
    height, width = colour.shape[:2]
    top = canvas.shape[0] - height if top is None else top
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(canvas.shape[0], top + height), min(canvas.shape[1], left + width)
    if y0 >= y1 or x0 >= x1:
        return
    inside = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    under = canvas[y0:y1, x0:x1]
    canvas[y0:y1, x0:x1] = cv2.add(cv2.multiply(under, rest[inside], scale=1 / 255), colour[inside])


def _tile(picture: Pillow.Image) -> Tile:
    """A Pillow picture, RGBA, as a tile."""
    pixels = np.asarray(picture, np.float32)
    opacity = pixels[:, :, 3:] / 255
    colour = (pixels[:, :, 2::-1] * opacity).round().astype(np.uint8)
    rest = np.repeat(((1 - opacity) * 255).round(), 3, axis=2).astype(np.uint8)
    return colour, rest


def _rgba(colour: Colour, opacity: float = 1.0) -> tuple[int, int, int, int]:
    return colour[2], colour[1], colour[0], round(255 * opacity)


@lru_cache(maxsize=64)
def _sized(size: int, built_in: bool) -> ImageFont.FreeTypeFont:
    if built_in:
        font = ImageFont.load_default(max(8, size))
        assert isinstance(font, ImageFont.FreeTypeFont)  # Pillow's wheels always bring FreeType
        return font
    import matplotlib  # here, because only its fonts are needed, and only in some languages

    return ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf"), max(8, size))


def _font(text: str, size: int) -> ImageFont.FreeTypeFont:
    """The built-in font is narrow, thus large, and has English letters only; the other one has all."""
    return _sized(size, text.isascii() and words.language() == "en")


def _width(text: str, size: int) -> int:
    return round(_font(text, size).getlength(text) + 2 * _bold(size))


def _bold(size: int) -> float:
    """The built-in font is light; an outline of this width in its own colour makes it bold."""
    return size / 55


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: Colour, anchor: str
) -> None:
    pen.text(
        at,
        text,
        _rgba(colour),
        _font(text, size),
        anchor,
        stroke_width=_bold(size),
        stroke_fill=_rgba(colour),
    )


def _fitting(text: str, width: int, largest: int, lines: int) -> tuple[int, tuple[str, ...]]:
    """The largest letters, and the lines, with which `text` fits into `width` pixels and `lines` lines; one
    line more of the smallest letters where it is not to be cut otherwise."""
    smallest = max(10, largest // 2)
    more = lines + 1 if lines > 1 else lines
    # A second line hides more of the body than letters a little smaller, so one line is tried first.
    for count, most, least in (
        (1, largest, round(_ONE_LINE * largest)),
        (lines, largest, smallest),
        (more, smallest, smallest),
    ):
        for size in range(most, least - 1, -1):
            wrapped = _wrapped(text, width, size, count)
            if wrapped is not None:
                return size, wrapped
    words = text.split()
    while len(words) > 1:
        words.pop()
        wrapped = _wrapped(" ".join(words) + " ...", width, smallest, more)
        if wrapped is not None:
            return smallest, wrapped
    return smallest, (text,)


def _wrapped(text: str, width: int, size: int, lines: int) -> tuple[str, ...] | None:
    """`text` in as few lines as it needs, of nearly equal length, or None when it needs more than `lines`."""
    split = _filled(text, width, size, lines)
    if split is None:
        return None
    low, high = 0, width  # the narrowest column of as many lines makes them equal
    while high - low > 1:
        middle = (low + high) // 2
        narrower = _filled(text, middle, size, len(split))
        split, low, high = (split, middle, high) if narrower is None else (narrower, low, middle)
    return split


def _filled(text: str, width: int, size: int, lines: int) -> tuple[str, ...] | None:
    """`text` with as many words a line as `width` pixels hold; None where `lines` do not do."""
    filled = [""]
    for word in text.split():
        longer = f"{filled[-1]} {word}".lstrip()
        if _width(longer, size) <= width:
            filled[-1] = longer
        elif len(filled) == lines or _width(word, size) > width:
            return None
        else:
            filled.append(word)
    return tuple(filled)


def _top_height(unit: int) -> int:
    return round(unit * 0.1)


@lru_cache(maxsize=32)
def _top(title: str, side: str, reps: str, width: int, free: int, unit: int) -> Tile:
    """The bar on top: step and title, the side on a light ground, the repetitions at the right."""
    tall, margin = _top_height(unit), round(unit * _MARGIN)
    picture = Pillow.new("RGBA", (width, tall), _rgba(INK, _BAND))
    pen = ImageDraw.Draw(picture)
    largest = round(tall * 0.56)
    right = free - margin
    if reps:
        _write(pen, (right, tall / 2), reps, largest, WHITE, "rm")
        right -= _width(reps, largest) + 2 * margin
    room = right - margin - (_width(side, largest) + 2 * margin if side else 0)
    size, lines = _fitting(title, room, largest, 1)
    _write(pen, (margin, tall / 2), lines[0], size, WHITE, "lm")
    if side:
        left = margin + _width(lines[0], size) + margin
        box = (left, tall * 0.16, left + _width(side, largest) + margin, tall * 0.84)
        pen.rounded_rectangle(box, radius=tall * 0.2, fill=_rgba(WHITE))
        _write(pen, ((box[0] + box[2]) / 2, tall / 2), side, largest, INK, "mm")
    return _tile(picture)


@lru_cache(maxsize=32)
def _band(text: str, width: int, unit: int, accent: Colour) -> Tile:
    """The band at the bottom: one message in one or two lines, on a dark ground edged with its colour."""
    margin = round(unit * _MARGIN)
    size, lines = _fitting(text, width - 3 * margin, round(unit * _CUE), 2)
    step = round(size * 1.15)
    tall = step * len(lines) + round(1.4 * margin)
    picture = Pillow.new("RGBA", (width, tall), _rgba(INK, _BAND + 0.1))
    pen = ImageDraw.Draw(picture)
    if accent != WHITE:
        pen.rectangle((0, 0, round(margin * 0.7), tall), fill=_rgba(accent))
    for index, line in enumerate(lines):
        y = tall / 2 + (index - (len(lines) - 1) / 2) * step
        _write(pen, (width / 2, y), line, size, accent, "mm")
    return _tile(picture)


@lru_cache(maxsize=64)
def _word(text: str, size: int, colour: Colour) -> Tile:
    """One word on nothing, cut to its own size."""
    left, top, right, bottom = _font(text, size).getbbox(text, anchor="mm", stroke_width=_bold(size))
    picture = Pillow.new("RGBA", (round(right - left) + 2, round(bottom - top) + 2), _rgba(colour, 0))
    _write(ImageDraw.Draw(picture), (1 - left, 1 - top), text, size, colour, "mm")
    return _tile(picture)


@lru_cache(maxsize=8)
def _disc(radius: int) -> Tile:
    """A dark ground for the ring."""
    picture = Pillow.new("RGBA", (8 * radius, 8 * radius), _rgba(INK, 0))
    ImageDraw.Draw(picture).ellipse((0, 0, 8 * radius - 1, 8 * radius - 1), fill=_rgba(INK, _BAND))
    return _tile(picture.resize((2 * radius + 1, 2 * radius + 1), Pillow.Resampling.LANCZOS))
