"""Frames in, observations out: one body, followed through the frames of one source.

The backend finds the body in any rotation. The rotation of the *picture* is a separate matter: it makes the
picture upright, and poses and drawings are in the pixels of that picture. With "auto" the picture is turned
only on clear evidence that the camera was mounted sideways or upside down; see `orientation`.
"""

import logging
import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, Self

import numpy as np

from posecoach.core import paths
from posecoach.core.observation import UNBELIEVABLE, Doubt, Observation
from posecoach.core.pose import Pose
from posecoach.core.translation import tr
from posecoach.core.types import Rotation
from posecoach.vision import model_bundle, native
from posecoach.vision.backend import DetectedBody, PoseBackend
from posecoach.vision.bystanders import Bystanders
from posecoach.vision.exposure import brightness
from posecoach.vision.inference import Compiled, compiled
from posecoach.vision.mediapipe_backend import MediaPipeBackend
from posecoach.vision.networks import FORMS, Networks
from posecoach.vision.orientation import RotationVotes, size_of, turn_points, turned
from posecoach.vision.person_tracker import PersonTracker
from posecoach.vision.picture_checks import PictureChecks
from posecoach.vision.source import Frame

log = logging.getLogger(__name__)

Rotate = Literal["auto"] | Rotation
_Place = tuple[float, float]  # pixels

_LONGEST_EVIDENCE_S = 0.2  # from one frame
_PREVIEW_STEP_S = 1.0  # how much of the clip one previewed frame stands for
_LIGHT_S = 1.0  # between two measurements of the light


class Tracker:
    """Follows one body. Use as a context manager, and a new one for each source: time stamps must rise.

    model    the bytes of the model bundle, or a backend to use in its place; None: the default bundle,
             fetched on first need
    rotate   clockwise degrees that make the source's picture upright, or "auto"
    threads  how many cores may work on one frame; None: all

    Raises ModelError when the model cannot be used.
    """

    def __init__(
        self, model: bytes | PoseBackend | None = None, rotate: Rotate = "auto", threads: int | None = None
    ) -> None:
        self._auto = rotate == "auto"
        self._turn: Rotation = 0 if rotate == "auto" else rotate
        model = model_bundle.load(say=log.info) if model is None else model
        networks = _networks(model, threads or os.cpu_count() or 1) if isinstance(model, bytes) else None
        self._bystanders = Bystanders(networks) if networks is not None else None
        self._backend = _backend(model, networks)
        self._checks = PictureChecks()
        self._votes = RotationVotes()
        self._last_t_s: float | None = None
        self._light: float | None = None
        self._light_due_s = float("-inf")

    @property
    def light(self) -> float | None:
        """`Observation.light` of the last frame; None before the first."""
        return self._light

    def settle(self, frames: Iterable[Frame]) -> None:
        """Find the picture's rotation from previewed frames of the source, before the first `track`.

        Stops as soon as the rotation is clear; does nothing unless the rotation is "auto".
        """
        if not self._auto:
            return
        for frame in frames:
            found = self._backend.look(frame.image, self._turn)
            if found is not None:
                self._votes.add(found.image, _PREVIEW_STEP_S)
                if self._votes.settled:
                    break
        self._turn = self._votes.best(self._turn)

    def track(self, frame: Frame) -> Observation:
        """Follow the body into the next frame; nobody is seen in one whose picture is lost."""
        if frame.lost:
            self._checks.begin_anew()
            image = turned(frame.image, self._turn)
            return Observation(frame.t_s, image, self._turn, None, self._light, frozenset({"lost"}))
        doubts = self._checks.update(frame.image, frame.t_s)
        found = self._backend.follow(frame.image, frame.t_s, self._turn)
        if doubts & UNBELIEVABLE:
            found = None  # whatever the networks see there
        else:
            if self._backend.dark or (self._backend.dim and found is not None):
                doubts |= {"dim"}
            if self._bystanders is not None:
                self._bystanders.update(frame.image, frame.t_s, self._turn, found)
        pose = self._posed(found, frame) if found is not None else None
        self._last_t_s = frame.t_s
        if frame.t_s >= self._light_due_s:
            self._light = 0.0 if self._backend.lamp_needed else brightness(frame.image)
            self._light_due_s = frame.t_s + _LIGHT_S
        if self._auto and self._turn:
            doubts |= {"turned"}
        doubts, other = self._around(doubts, frame)
        image = turned(frame.image, self._turn)
        since_s = self._checks.still_since_s, self._checks.alike_since_s
        return Observation(frame.t_s, image, self._turn, pose, self._light, doubts, other, *since_s)

    def _around(self, doubts: frozenset[Doubt], frame: Frame) -> tuple[frozenset[Doubt], _Place | None]:
        """The doubts, with those about people who are not followed, and where somebody else is."""
        seen = self._bystanders
        if seen is None:
            return doubts, None
        if seen.small:
            doubts |= {"too_small"}
        if seen.other is None:
            return doubts, None
        points, _ = turn_points(seen.other[None], np.zeros((1, 3)), size_of(frame.image), self._turn)
        return doubts | {"two_people"}, (float(points[0, 0]), float(points[0, 1]))

    def _posed(self, found: DetectedBody, frame: Frame) -> Pose:
        if self._auto:
            since_s = 0.0 if self._last_t_s is None else frame.t_s - self._last_t_s
            self._votes.add(found.image, min(since_s, _LONGEST_EVIDENCE_S))
            self._turn = self._votes.best(self._turn)
        image, world = turn_points(found.image, found.world, size_of(frame.image), self._turn)
        size = size_of(frame.image, self._turn)
        return Pose(frame.t_s, image, world, found.visibility, size, self._turn)

    def close(self) -> None:
        """Release the networks; may be called more than once."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _networks(model: bytes, threads: int) -> Networks | None:
    """The networks for one tracker; None where OpenVINO does not run."""
    try:
        if native.openvino() is not None:
            return Networks(*(network.inference() for network in _compiled(model, threads)))
    except RuntimeError as error:
        log.debug("%s", error)
    text = tr("OpenVINO does not run here: MediaPipe follows you by itself, slower and less surely.")
    log.warning("%s", text)
    return None


def _backend(model: bytes | PoseBackend, networks: Networks | None) -> PoseBackend:
    if networks is not None:
        return PersonTracker(networks)
    return MediaPipeBackend(model) if isinstance(model, bytes) else model


@lru_cache(maxsize=1)
def _compiled(model: bytes, threads: int) -> list[Compiled]:
    """The compiled networks, kept for the next tracker: loading them takes a second."""
    return compiled(native.openvino(), model, FORMS, threads, paths.cache_dir() / "compiled")
