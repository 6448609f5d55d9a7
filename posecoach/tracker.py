"""MediaPipe in, Pose out: one body, followed through the frames of one source.

Two turns are kept apart. The *picture's* rotation is what makes the picture upright; poses and drawings
live in that picture. The *network's* rotation only helps it to find a body, for it looks for upright
people, and is undone before a pose leaves.

With `rotate` fixed both are that rotation. With "auto" the network tries the other rotations where it
finds nobody, and keeps the one it found the body in until the body is lost; the picture is turned only
when `upright` has seen clear signs that the camera was mounted sideways or upside down.
"""

import contextlib
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, Self

import numpy as np

from posecoach import native
from posecoach.errors import ModelError
from posecoach.frames import Frame, Image
from posecoach.native import cv2
from posecoach.pose import INDEX, Array, Pose
from posecoach.upright import Rotation, Votes

Rotate = Literal["auto"] | Rotation

_CV_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_LOOK_EVERY = 5  # frames without anybody between two looks at the other rotations
_LOST_S = 1.0  # without the body, before the network's rotation is given up
_LONGEST_STEP_S = 0.2  # of evidence from one frame
_PREVIEW_STEP_S = 1.0  # how much of the clip one previewed frame stands for
_ROTATIONS: tuple[Rotation, ...] = (0, 90, 180, 270)
_TRUNK = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("shoulder", "hip", "knee")]


class _Body(NamedTuple):
    """Landmarks (33, 2) in pixels, (33, 3) in metres and visibility (33,), in the source's own picture."""

    image: Array
    world: Array
    visibility: Array


class Tracker:
    """Follows one body. Use as a context manager, and a new one for each source: time stamps must rise.

    Raises ModelError when `model`, the bytes of the model bundle, cannot be used.
    """

    def __init__(self, model: bytes, rotate: Rotate = "auto") -> None:
        self._auto = rotate == "auto"
        self._picture_turn: Rotation = 0 if rotate == "auto" else rotate
        self._network_turn: Rotation = self._picture_turn
        self._mediapipe, self._vision, self._base_options = native.mediapipe()
        self._model = model
        self._noisy = True  # until the networks have run once, they write to standard error
        self._still: Any = None
        self._video = self._open(self._vision.RunningMode.VIDEO)
        self._votes = Votes()
        self._last_ms = -1
        self._last_t_s: float | None = None
        self._found_t_s: float | None = None
        self._missed = 0

    @property
    def rotation(self) -> Rotation:
        """Clockwise degrees from the source's picture to the upright one."""
        return self._picture_turn

    def upright(self, image: Image) -> Image:
        """The picture in whose pixels the poses are, to draw on; `image` itself where nothing turns."""
        return turned(image, self._picture_turn)

    def settle(self, frames: Iterable[Frame]) -> None:
        """Find the picture's rotation from frames of the source seen ahead, before the first `track`.

        Stops as soon as the rotation is clear; does nothing unless the rotation is "auto".
        """
        if not self._auto:
            return
        for frame in frames:
            found = self._look_around(frame.image)
            if found is not None:
                self._votes.add(found[1].image, _PREVIEW_STEP_S)
                if self._votes.settled:
                    break
        self._picture_turn = self._network_turn = self._votes.best(self._picture_turn)

    def track(self, frame: Frame) -> Pose | None:
        """The body in the next frame, in pixels of the upright picture, or None when nobody was found."""
        body = self._follow(frame)
        if body is None and self._should_look_around(frame.t_s):
            found = self._look_around(frame.image)
            if found is not None:
                self._network_turn = found[0]
                body = self._follow(frame)
        since_s = 0.0 if self._last_t_s is None else frame.t_s - self._last_t_s
        self._last_t_s = frame.t_s
        if body is None:
            self._missed += 1
            return None
        self._missed, self._found_t_s = 0, frame.t_s
        if self._auto:
            self._votes.add(body.image, min(since_s, _LONGEST_STEP_S))
            self._picture_turn = self._votes.best(self._picture_turn)
        image, world = turn_points(body.image, body.world, _size(frame.image), self._picture_turn)
        return Pose(frame.t_s, image, world, body.visibility, _size(frame.image, self._picture_turn))

    def close(self) -> None:
        """Lets go of the networks; may be called more than once."""
        landmarkers = (self._video, self._still)
        self._video = self._still = None
        for landmarker in landmarkers:
            if landmarker is None:
                continue
            try:
                with native.quiet():
                    landmarker.close()
            except (ValueError, RuntimeError):
                # One that failed says so again, is closed all the same, and forgets to note it: closed once
                # more, when it is collected as garbage, it hangs.
                landmarker._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, mode: Any) -> Any:
        options = self._vision.PoseLandmarkerOptions(
            base_options=self._base_options(model_asset_buffer=self._model), running_mode=mode
        )
        try:
            with native.quiet():
                return self._vision.PoseLandmarker.create_from_options(options)
        except OSError as error:
            raise native.missing_library(error) from error
        except (ValueError, RuntimeError) as error:
            raise _unusable() from error

    def _follow(self, frame: Frame) -> _Body | None:
        self._last_ms = max(self._last_ms + 1, round(frame.t_s * 1000))
        return self._detect(self._video.detect_for_video, frame.image, self._network_turn, self._last_ms)

    def _should_look_around(self, t_s: float) -> bool:
        lost = self._found_t_s is None or t_s - self._found_t_s > _LOST_S
        return self._auto and lost and self._missed % _LOOK_EVERY == _LOOK_EVERY - 1

    def _look_around(self, image: Image) -> tuple[Rotation, _Body] | None:
        """The rotation in which a single picture shows the clearest body, and that body."""
        if self._still is None:
            self._still = self._open(self._vision.RunningMode.IMAGE)
        # Whoever is found in the picture as it stands is not looked for elsewhere.
        own = self._detect(self._still.detect, image, self._picture_turn)
        if own is not None:
            return self._picture_turn, own
        found = [
            (turn, body)
            for turn in _ROTATIONS
            if turn != self._picture_turn and (body := self._detect(self._still.detect, image, turn))
        ]
        return max(found, key=lambda one: float(one[1].visibility[_TRUNK].mean()), default=None)

    def _detect(self, detect: Any, image: Image, turn: Rotation, *stamp: int) -> _Body | None:
        rgb = cv2.cvtColor(turned(image, turn), cv2.COLOR_BGR2RGB)
        picture = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=rgb)
        with native.quiet() if self._noisy else contextlib.nullcontext():
            try:
                result = detect(picture, *stamp)
            except (ValueError, RuntimeError) as error:  # as where a bundle holds other networks
                raise _unusable() from error
        if not result.pose_landmarks:
            return None
        self._noisy = False
        size = _size(image, turn)
        pixels = np.array([(p.x, p.y) for p in result.pose_landmarks[0]]) * size
        metres = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]])
        visibility = np.array([p.visibility for p in result.pose_landmarks[0]])
        if not all(np.isfinite(values).all() for values in (pixels, metres, visibility)):
            return None
        return _Body(*turn_points(pixels, metres, size, -turn), visibility)


def _unusable() -> ModelError:
    return ModelError(
        "The pose model cannot be used: run 'posecoach model fetch', or give another with --model."
    )


def turned(image: Image, turn: int) -> Image:
    """`image` turned clockwise by `turn` degrees (any multiple of 90); itself where nothing turns."""
    code = _CV_TURNS.get(turn % 360)
    return image if code is None else np.asarray(cv2.rotate(image, code), np.uint8)


def turn_points(image: Array, world: Array, size: tuple[int, int], turn: int) -> tuple[Array, Array]:
    """Landmarks turned clockwise with their picture of `size` (width, height) by `turn` degrees.

    image  (33, 2) pixels;  world  (33, 3) metres about the hips, turned in the plane of the picture
    """
    width, height = size
    for _ in range(turn // 90 % 4):
        image = np.stack([height - image[:, 1], image[:, 0]], axis=1)
        world = np.stack([-world[:, 1], world[:, 0], world[:, 2]], axis=1)
        width, height = height, width
    return image, world


def _size(image: Image, turn: int = 0) -> tuple[int, int]:
    """(width, height) of `image` turned by `turn`."""
    height, width = image.shape[:2]
    return (height, width) if turn % 180 else (width, height)
