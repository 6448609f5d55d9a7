"""MediaPipe's pose landmarker as it is packaged: the reference, and for where OpenVINO cannot run."""

import contextlib
from typing import Any

import numpy as np

from posecoach.core.errors import ModelError
from posecoach.core.pose import INDEX
from posecoach.core.types import Image
from posecoach.vision import native
from posecoach.vision.backend import DetectedBody
from posecoach.vision.native import cv2
from posecoach.vision.orientation import ROTATIONS, size_of, turn_points, turned

_LOOK_EVERY = 5  # frames without anybody between two looks at the other rotations
_LOST_S = 1.0  # without the body, before the network's rotation is given up
_TRUNK = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("shoulder", "hip", "knee")]


class MediaPipeBackend:
    """Follows one person in MediaPipe's VIDEO mode; see `backend.PoseBackend`.

    Its visibility is smoothed and overconfident; the square root is closer to what is really visible. Raises
    ModelError when `bundle`, the bytes of the model bundle, cannot be used.
    """

    dim = dark = lamp_needed = False

    def __init__(self, bundle: bytes) -> None:
        self._mediapipe, self._vision, self._base_options = native.mediapipe()
        self._bundle = bundle
        self._noisy = True  # until the networks have run once, they write to standard error
        self._still: Any = None
        self._video = self._open(self._vision.RunningMode.VIDEO)
        self._network_turn: int | None = None
        self._last_ms = -1
        self._found_s: float | None = None
        self._missed = 0

    def follow(self, image: Image, t_s: float, turn: int) -> DetectedBody | None:
        if self._network_turn is None:
            self._network_turn = turn
        found = self._next(image, t_s)
        if found is None and self._should_look_around(t_s):
            clearest = self._look_around(image, turn)
            if clearest is not None:
                self._network_turn = clearest[0]
                found = self._next(image, t_s)
        if found is None:
            self._missed += 1
        else:
            self._missed, self._found_s = 0, t_s
        return found

    def look(self, image: Image, turn: int) -> DetectedBody | None:
        found = self._look_around(image, turn)
        return found[1] if found is not None else None

    def close(self) -> None:
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

    def _open(self, mode: Any) -> Any:
        options = self._vision.PoseLandmarkerOptions(
            base_options=self._base_options(model_asset_buffer=self._bundle), running_mode=mode
        )
        try:
            with native.quiet():
                return self._vision.PoseLandmarker.create_from_options(options)
        except OSError as error:
            raise native.missing_library(error) from error
        except (ValueError, RuntimeError) as error:
            raise ModelError.unusable() from error

    def _next(self, image: Image, t_s: float) -> DetectedBody | None:
        assert self._network_turn is not None
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        return self._detect(self._video.detect_for_video, image, self._network_turn, self._last_ms)

    def _should_look_around(self, t_s: float) -> bool:
        lost = self._found_s is None or t_s - self._found_s > _LOST_S
        return lost and self._missed % _LOOK_EVERY == _LOOK_EVERY - 1

    def _look_around(self, image: Image, turn: int) -> tuple[int, DetectedBody] | None:
        """The rotation in which a single picture shows the clearest body, and that body."""
        if self._still is None:
            self._still = self._open(self._vision.RunningMode.IMAGE)
        # Whoever is found in the picture as it stands is not looked for elsewhere.
        own = self._detect(self._still.detect, image, turn)
        if own is not None:
            return turn, own
        found = [
            (other, one)
            for other in ROTATIONS
            if other != turn and (one := self._detect(self._still.detect, image, other))
        ]
        return max(found, key=lambda one: float(one[1].visibility[_TRUNK].mean()), default=None)

    def _detect(self, detect: Any, image: Image, turn: int, *stamp: int) -> DetectedBody | None:
        rgb = cv2.cvtColor(turned(image, turn), cv2.COLOR_BGR2RGB)
        picture = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=rgb)
        with native.quiet() if self._noisy else contextlib.nullcontext():
            try:
                result = detect(picture, *stamp)
            except (ValueError, RuntimeError) as error:  # as where a bundle holds other networks
                raise ModelError.unusable() from error
        if not result.pose_landmarks:
            return None
        self._noisy = False
        size = size_of(image, turn)
        pixels = np.array([(p.x, p.y) for p in result.pose_landmarks[0]]) * size
        metres = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]])
        visibility = np.array([p.visibility for p in result.pose_landmarks[0]])
        if not all(np.isfinite(values).all() for values in (pixels, metres, visibility)):
            return None
        return DetectedBody(*turn_points(pixels, metres, size, -turn), np.sqrt(visibility))
