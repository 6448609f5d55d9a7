"""How well a body is followed in pictures that are worse than a labelled clip: the table of docs/tracking.md.

    python -m tests.support.variants LABELS.csv [VARIANT ...] [--only before|after] [--jobs N]

Every clip of the labels file is changed in each way (or in those whose names contain a VARIANT), tracked by
MediaPipe's own graph (before) and by posecoach (after), judged by the same judge, and compared with the
labels, and with the truth where there is any: angles in a truth file, landmarks in the `.npz` beside it.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from posecoach.coaching.watcher import Watcher
from posecoach.core.pose import INDEX, LANDMARKS_MIRRORED, Array, Pose
from posecoach.core.types import Image
from posecoach.evaluation import agreement, labels
from posecoach.evaluation.labels import Label
from posecoach.session.measurement_log import MeasurementLog
from posecoach.vision import model_bundle, native
from posecoach.vision.mediapipe_backend import MediaPipeBackend
from posecoach.vision.native import cv2
from posecoach.vision.orientation import turn_points
from posecoach.vision.source import Frame, Source
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile

_LIMBS = [INDEX[f"{s}_{joint}"] for s in ("left", "right") for joint in ("shoulder", "hip", "knee", "ankle")]
_LEGS = [INDEX[f"{s}_{joint}"] for s in ("left", "right") for joint in ("hip", "knee", "ankle")]
_RIGHT_PX = 30.0  # mean error of a body that is found right, pixels of a picture 640 wide
_SWITCH = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class Variant:
    """A way to change a clip.

    picture  a picture, its number, and where that is known the clip's true landmarks (frames, 33, 2) to
             another picture
    place    (n, 2) pixels of the clip to pixels of the changed one
    mirrored whether left becomes right
    """

    name: str
    picture: Callable[[Image, int, Array | None], Image]
    place: Callable[[Array], Array] = lambda points: points
    mirrored: bool = False


# -- light ------------------------------------------------------------------------------------------------


_TILE = 1 << 20


@cache
def _tile() -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal(2 * _TILE, np.float32)


def _noisy(picture: NDArray[np.floating], sigma: float, index: int) -> Image:
    """With a sensor's noise: another stretch of one long row of numbers for each picture."""
    start = index * 7919 % _TILE
    noise = sigma * _tile()[start : start + picture.size].reshape(picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def _dark(image: Image, index: int, _: Array | None) -> Image:
    levels = 255 * 0.15 * (np.arange(256, dtype=np.float32) / 255) ** 1.6
    return _noisy(levels[image], 9, index)


def _noise(image: Image, index: int, _: Array | None) -> Image:
    return _noisy(image.astype(np.float32), 30, index)


def _grey(image: Image, index: int, _: Array | None) -> Image:
    return _noisy(110 + 0.45 * (image.astype(np.float32) - 128), 3, index)


def _backlit(image: Image, index: int, _: Array | None) -> Image:
    """Before a bright window: the middle tones drowned, the lower picture dark."""
    fall = np.linspace(1.6, 0.35, image.shape[0], dtype=np.float32)[:, None, None]
    return _noisy(image * fall, 3, index)


def _blur(image: Image, index: int, _: Array | None) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 4), np.uint8)


# -- geometry ---------------------------------------------------------------------------------------------


def _affine(name: str, matrix: Array, size: tuple[int, int], mirrored: bool = False) -> Variant:
    """What is seen through a (2, 3) map of pixels, in a picture of `size` (width, height)."""

    def picture(image: Image, index: int, _: Array | None) -> Image:
        flags = cv2.INTER_AREA if np.linalg.det(matrix[:, :2]) < 1 else cv2.INTER_LINEAR
        out = cv2.warpAffine(image, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(out, np.uint8)

    return Variant(name, picture, lambda points: points @ matrix[:, :2].T + matrix[:, 2], mirrored)


def _about_middle(degrees: float, scale: float = 1.0) -> Array:
    return np.asarray(cv2.getRotationMatrix2D((320, 240), degrees, scale), np.float64)


def _half(image: Image, index: int, _: Array | None) -> Image:
    return np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


_LENS = -0.28  # of the radius squared, counted in half widths: what a cheap wide-angle camera shows


def _barrel(image: Image, index: int, _: Array | None) -> Image:
    return np.asarray(
        cv2.remap(image, *_barrel_maps(), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


@cache
def _barrel_maps() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    x, y = np.meshgrid(np.arange(640.0), np.arange(480.0))
    source = _undistorted(np.stack([x.ravel(), y.ravel()], axis=1))
    x, y = source.astype(np.float32).T
    return x.reshape(480, 640), y.reshape(480, 640)


def _undistorted(points: Array) -> Array:
    """Pixels of the distorted picture to those of the clip: the map that `remap` needs."""
    centred = (points - (320, 240)) / 320
    stretched = centred / (1 + _LENS * (centred**2).sum(axis=1, keepdims=True))
    return np.asarray(stretched * 320 * 0.86 + (320, 240), np.float64)


def _distorted(points: Array) -> Array:
    wanted = points.copy()
    for _ in range(30):
        wanted = wanted + (points - _undistorted(wanted))
    return wanted


# -- what is in the way -----------------------------------------------------------------------------------


def _blanket(image: Image, _: int, truth: Array | None) -> Image:
    """A flat patch over both shanks and feet, as they lie in the first frame, and up to the knees."""
    if truth is None:
        return image
    points = truth[
        0, [INDEX[f"{s}_{part}"] for s in ("left", "right") for part in ("knee", "ankle", "foot_index")]
    ]
    low, high = points.min(axis=0) - 12, points.max(axis=0) + 12
    image = image.copy()
    x0, y0, x1, y1 = (int(v) for v in (*low.clip(0), *high.clip(0)))
    image[y0:y1, x0:x1] = (150, 140, 170)
    return image


@cache
def _cut_out() -> tuple[Image, Array]:
    """Somebody lying in the first frame of a sample video: a picture, and 0..1 where the body is in it."""
    clip = Path(__file__).parents[2] / "sample_videos/press_up/press_up-good-both-side-la.mp4"
    with VideoFile(clip) as video:
        image = next(iter(video)).image
    mediapipe, vision, base_options = native.mediapipe()
    options = vision.PoseLandmarkerOptions(
        base_options=base_options(model_asset_buffer=_weights()), output_segmentation_masks=True
    )
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        rgb = np.ascontiguousarray(image[:, :, ::-1])
        found = landmarker.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb))
    mask = found.segmentation_masks[0].numpy_view().reshape(image.shape[:2])
    body = cv2.GaussianBlur((mask > 0.5).astype(np.float32), (5, 5), 0)
    y, x = np.nonzero(body > 0.1)
    box = np.s_[y.min() : y.max(), x.min() : x.max()]
    return image[box], body[box].astype(np.float64)


def _beside(image: Image, upright: bool, scale: float, middle: tuple[float, float]) -> Image:
    """A second body with its middle at a place in the picture (shares of it), in front of what is there."""
    picture, mask = _cut_out()
    if upright:
        picture, mask = np.rot90(picture), np.rot90(mask)
    size = round(scale * picture.shape[1]), round(scale * picture.shape[0])
    picture = np.asarray(cv2.resize(np.ascontiguousarray(picture), size), np.uint8)
    mask = np.asarray(cv2.resize(np.ascontiguousarray(mask), size), np.float64)[:, :, None]
    height, width = image.shape[:2]
    left, top = round(middle[0] * width - size[0] / 2), round(middle[1] * height - size[1] / 2)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + size[0], width), min(top + size[1], height)
    if x0 >= x1 or y0 >= y1:
        return image
    there = np.s_[y0:y1, x0:x1]
    part = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    image = image.copy()
    image[there] = (mask[part] * picture[part] + (1 - mask[part]) * image[there]).astype(np.uint8)
    return image


def _kneels(image: Image, index: int, _: Array | None) -> Image:
    """From the third second on somebody upright is beside the bed, before feet or head of who lies there."""
    come = np.clip((index - 36) / 12, 0, 1)
    return _beside(image, True, 0.8, (1.25 - 0.33 * come, 0.45))


def _walks_past(image: Image, index: int, _: Array | None) -> Image:
    """Somebody upright walks through the picture within three seconds, before everything."""
    return _beside(image, True, 1.0, (-0.2 + 1.4 * (index - 60) / 36, 0.5)) if 60 <= index <= 96 else image


def _lies_next(image: Image, index: int, truth: Array | None) -> Image:
    """A second body, smaller for being further away, lies behind the first, whose limbs are before it."""
    if truth is None:
        return image
    points = truth[min(index, len(truth) - 1)]
    trunk = np.linalg.norm(points[[11, 12]].mean(axis=0) - points[[23, 24]].mean(axis=0))
    first = truth[0, [11, 12, 23, 24]].mean(axis=0)
    both = _beside(image, False, 0.7, (float(first[0]) / 640, (float(first[1]) - 55) / 480))
    before = np.zeros(image.shape[:2], np.uint8)
    for start, end in _BONES:
        a, b = (tuple(int(v) for v in points[INDEX[name]]) for name in (start, end))
        cv2.line(before, a, b, 255, max(3, int(0.22 * trunk)))
    hull = cv2.convexHull(points[[11, 12, 23, 24]].astype(np.int32))
    cv2.fillPoly(before, [hull], 255)
    cv2.polylines(before, [hull], True, 255, max(3, int(0.25 * trunk)))
    cv2.circle(before, tuple(int(v) for v in points[[7, 8]].mean(axis=0)), max(4, int(0.22 * trunk)), 255, -1)
    mask = cv2.GaussianBlur(before, (5, 5), 0)[:, :, None] / 255
    return np.asarray(mask * image + (1 - mask) * both, np.uint8)


_BONES = [
    (f"{side}_{start}", f"{side}_{end}")
    for side in ("left", "right")
    for start, end in (
        ("shoulder", "elbow"),
        ("elbow", "wrist"),
        ("wrist", "index"),
        ("hip", "knee"),
        ("knee", "ankle"),
        ("ankle", "foot_index"),
        ("shoulder", "ear"),
    )
]


def _pet(image: Image, index: int, _: Array | None) -> Image:
    """A dark pet of no particular shape, at the edge of the bed, that moves now and then."""
    image = image.copy()
    x = 560 + 20 * np.sin(index / 9)
    cv2.ellipse(image, (int(x), 425), (55, 30), 10, 0, 360, (40, 50, 60), -1)
    cv2.circle(image, (int(x) - 55, 405), 20, (45, 55, 66), -1)
    return image


_QUARTERS = {
    90: np.array([[0.0, -1, 480], [1, 0, 0]]),
    180: np.array([[-1.0, 0, 640], [0, -1, 480]]),
    270: np.array([[0.0, 1, 0], [-1, 0, 640]]),
}

VARIANTS = (
    Variant("as rendered", lambda image, *_: image),
    Variant("very dark: gamma 1.6, 15 % brightness, noise of 9 grey levels", _dark),
    Variant("noise of 30 grey levels", _noise),
    Variant("grey light: contrast 45 %, noise 3", _grey),
    Variant("light from behind: the lower picture dark", _backlit),
    Variant("blurred by 4 pixels", _blur),
    Variant("half the resolution", _half, lambda points: points / 2),
    *(
        _affine(f"turned by {turn}°", matrix, (640, 480) if turn == 180 else (480, 640))
        for turn, matrix in _QUARTERS.items()
    ),
    _affine("mirrored", np.array([[-1.0, 0, 639], [0, 1, 0]]), (640, 480), mirrored=True),
    _affine("camera tilted by 12°", _about_middle(12, 1), (640, 480)),
    _affine("camera tilted by −12°", _about_middle(-12, 1), (640, 480)),
    _affine("cut to 540 × 380", np.array([[1.0, 0, -50], [0, 1, -50]]), (540, 380)),
    _affine("from twice as far", _about_middle(0, 0.5), (640, 480)),
    Variant("wide-angle lens", _barrel, _distorted),
    Variant("a flat patch over both shanks and feet", _blanket),
    Variant("a second person lies behind", _lies_next),
    Variant("somebody upright comes to the edge of the bed", _kneels),
    Variant("somebody walks through the picture", _walks_past),
    Variant("a dark pet at the edge of the bed", _pet),
)
BY_NAME = {variant.name: variant for variant in VARIANTS}
BACKENDS = ("before", "after")


class Changed(Source):
    """A clip with every picture changed."""

    def __init__(self, clip: VideoFile, variant: Variant, truth: Array | None) -> None:
        self._clip, self._variant, self._truth = clip, variant, truth
        self.fps, self.frame_count = clip.fps, clip.frame_count

    def __iter__(self) -> Iterator[Frame]:  # type: ignore[override]
        for frame in self._clip:
            yield self._change(frame)

    def preview(self) -> Iterator[Frame]:
        return map(self._change, self._clip.preview())

    def _change(self, frame: Frame) -> Frame:
        index = round(frame.t_s * self.fps)
        return replace(
            frame, image=np.ascontiguousarray(self._variant.picture(frame.image, index, self._truth))
        )

    def close(self) -> None:
        self._clip.close()


# -- one clip ---------------------------------------------------------------------------------------------


@cache
def _weights() -> bytes:
    return model_bundle.load(None, lambda _: None)


@dataclass(frozen=True, eq=False)
class Followed:
    """The body in each frame, and clockwise degrees from the changed picture to the upright one it is in."""

    poses: list[Pose | None]
    turns: list[int]
    t_s: list[float]


def follow(label: Label, variant: Variant, backend: str) -> Followed:
    """Track one changed clip."""
    followed = Followed([], [], [])
    changed = Changed(VideoFile(label.clip), variant, _landmarks(label))
    model = MediaPipeBackend(_weights()) if backend == "before" else _weights()
    with changed as source, Tracker(model, threads=1) as tracker:
        tracker.settle(source.preview())
        for frame in source:
            seen = tracker.track(frame)
            followed.poses.append(seen.pose)
            followed.turns.append(seen.rotation)
            followed.t_s.append(frame.t_s)
    return followed


def _landmarks(label: Label) -> Array | None:
    """(frames, 33, 2) pixels of the true landmarks, where there are any."""
    path = label.truth.with_suffix(".npz") if label.truth else None
    if path is None or not path.exists():
        return None
    truth: Array = np.load(path)["image_px"].astype(np.float64)
    return truth


def measure(label: Label, variant: Variant, followed: Followed) -> dict[str, object]:
    """What came of one changed clip: how well the body was followed and judged."""
    if variant.mirrored:
        side, near = (_SWITCH.get(name, name) for name in (label.side, label.near_side))
        label = replace(label, side=side, near_side=near)
    coach = Watcher(label.exercise, None, label.hold_target_s)
    track = MeasurementLog()
    for pose, t_s in zip(followed.poses, followed.t_s, strict=True):
        view = coach.update(pose, t_s)
        track.add(t_s, view.phase, view.measures)
    [result] = coach.finish()
    compared = agreement.compare(label, result)
    out: dict[str, object] = {
        "found": float(np.mean([pose is not None for pose in followed.poses])),
        "verdict": {True: "right", False: "wrong", None: "unseen"}[compared.right],
        "is": f"{result.verdict} {result.side} {' '.join(sorted({fault.name for fault in result.faults}))}",
        "labelled": bool(label.verdict),
    }
    truth = _landmarks(label)
    if truth is not None:
        out |= _landmark_errors(truth, variant, followed)
    if label.truth is not None:
        out["angles"] = _angle_error(label, variant, track)
    return out


def _landmark_errors(truth: Array, variant: Variant, followed: Followed) -> dict[str, object]:
    errors, exchanged = [], []
    for pose, turn, points in zip(followed.poses, followed.turns, truth, strict=False):
        if pose is None:
            continue
        assert pose.world is not None
        seen, _ = turn_points(pose.image, pose.world, pose.size, -turn)
        placed = variant.place(points)
        if variant.mirrored:
            placed = placed[LANDMARKS_MIRRORED]
        trunk = np.linalg.norm(points[[11, 12]].mean(axis=0) - points[[23, 24]].mean(axis=0))
        scale = np.linalg.norm(placed[[11, 12]].mean(axis=0) - placed[[23, 24]].mean(axis=0)) / max(
            float(trunk), 1
        )
        straight = np.linalg.norm(seen - placed, axis=1)
        other = np.linalg.norm(seen[LANDMARKS_MIRRORED] - placed, axis=1)
        away = straight[_LIMBS] / max(float(scale), 1e-6)
        errors.append((away.mean(), np.median(away) / max(float(trunk), 1)))
        exchanged.append(other[_LEGS].sum() < straight[_LEGS].sum())
    if not errors:
        return {"right": 0.0, "error": None, "exchanged": None}
    mean, share = np.array(errors).T
    return {
        "right": float((mean < _RIGHT_PX).sum() / len(followed.poses)),
        "error": float(np.median(share)),
        "exchanged": float(np.mean(exchanged)),
    }


def _angle_error(label: Label, variant: Variant, track: MeasurementLog) -> float | None:
    """Mean error of hip and knee flexion where they are trusted, degrees; `label` is mirrored already."""
    assert label.truth is not None
    truth = labels.truth(label.truth)
    if variant.mirrored:
        truth = {_other_side(name): values for name, values in truth.items()}
    found = agreement.beside_truth(track.t_s, track.measures, truth, label.near_side)
    errors = [one.error.counted for one in found if one.measure in ("hip_flexion", "knee_flexion")]
    return float(np.mean(errors)) if errors else None


def _other_side(name: str) -> str:
    return name.replace("left", "\0").replace("right", "left").replace("\0", "right")


def _one(job: tuple[Label, str, str]) -> dict[str, object]:
    label, name, backend = job
    about = {"clip": label.clip.stem, "view": label.view, "variant": name, "backend": backend}
    return about | measure(label, BY_NAME[name], follow(label, BY_NAME[name], backend))


# -- the table --------------------------------------------------------------------------------------------


def _table(rows: Sequence[dict[str, object]], variants: Iterable[str], title: str) -> Table:
    table = Table("variant", "found", "right", "error, %", "angles, °", "exchanged", "verdicts", title=title)

    def mean(which: Sequence[dict[str, object]], key: str, scale: float, unit: str) -> str:
        values = [float(row[key]) for row in which if row.get(key) is not None]  # type: ignore[arg-type]
        return f"{scale * sum(values) / len(values):.1f}{unit}" if values else "–"

    for name in variants:
        cells = defaultdict[str, list[str]](list)
        for backend in BACKENDS:
            which = [row for row in rows if row["variant"] == name and row["backend"] == backend]
            if not which:
                continue
            for key, scale, unit in (
                ("found", 100, " %"),
                ("right", 100, " %"),
                ("error", 100, ""),
                ("angles", 1, ""),
                ("exchanged", 100, " %"),
            ):
                cells[key].append(mean(which, key, scale, unit))
            counts = [sum(row["verdict"] == v and bool(row["labelled"]) for row in which) for v in _VERDICTS]
            cells["verdicts"].append("/".join(map(str, counts)))
        table.add_row(name, *(" → ".join(values) for values in cells.values()))
    return table


_VERDICTS = ("right", "wrong", "unseen")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("variants", nargs="*", metavar="VARIANT", default=list(BY_NAME))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=BACKENDS)
    arguments = parser.parse_args()
    wanted = [name for name in BY_NAME if any(part in name for part in arguments.variants)]
    clips = [label for label in labels.load(arguments.labels) if label.exercise != labels.NONE]
    backends = [b for b in BACKENDS if arguments.only in (None, b)]
    jobs = [(label, name, backend) for name in wanted for backend in backends for label in clips]
    rows = []
    with ProcessPoolExecutor(arguments.jobs, get_context("spawn")) as pool:
        for row in pool.map(_one, jobs):
            rows.append(row)
            print(json.dumps(row), flush=True)
    console = Console(width=160, stderr=True)
    console.print(_table(rows, wanted, "all views"))
    console.print(_table([row for row in rows if row["view"] == "side"], wanted, "from the side"))


if __name__ == "__main__":
    main()
