"""`posecoach doctor --camera`: what the camera sees of somebody who lies there, as a checklist."""

import json
import logging
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from posecoach.assessment.frame_recognition import shows_effort
from posecoach.cli.inputs import distinct, remembered
from posecoach.coaching import phrases
from posecoach.coaching.placement import Finding, Part, examine
from posecoach.coaching.view import View
from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.observation import Observation
from posecoach.core.translation import marked, tr
from posecoach.core.types import Image
from posecoach.feedback import overlay, terminal
from posecoach.feedback.outputs import LinesTarget
from posecoach.feedback.window import Window, display_available
from posecoach.kinematics.body import Body
from posecoach.vision import model_bundle as models
from posecoach.vision.camera import open_camera
from posecoach.vision.native import cv2
from posecoach.vision.source import Frame
from posecoach.vision.tracker import Tracker

log = logging.getLogger(__name__)

_LOOK_S = 20.0  # for somebody to lie down in
_SEEN_S = 3.0  # of somebody who lies there

_NAMES: dict[Part, str] = {
    "light": marked("light"),
    "person": marked("somebody is there"),
    "lying": marked("lying down"),
    "whole": marked("head and feet in the picture"),
    "distance": marked("distance"),
    "side": marked("seen from the side"),
    "height": marked("height of the camera"),
    "level": marked("camera level"),
    "limbs": marked("arms and legs"),
}
_MARKS = {
    True: (marked("ok"), "green"),
    False: (marked("change"), "yellow"),
    None: (marked("unknown"), "dim"),
}


@dataclass
class _Look:
    """What has been seen so far: the latest findings, and the picture they are about."""

    body: Body = field(default_factory=Body)
    findings: list[Finding] = field(default_factory=list)
    image: Image | None = None
    lain_s: float | None = None

    def take(self, seen: Observation) -> Image:
        """Take in a frame; returns the picture with the body, and what to change, drawn on it."""
        pose, t_s = seen.pose, seen.t_s
        found = self.body.measure(pose) if pose is not None else None
        if not shows_effort(found):  # raised hips are no bed that lies aslant
            self.body.may_rest(found, "setting_up")
        findings = examine(pose, found, seen.light)
        wrong = next((one for one in findings if one.ok is False), None)
        waits = View(t_s, 0, 0, tr(phrases.SET_UP), "both", "waiting", tr(phrases.LIE_STILL))
        view = replace(waits, instruction=wrong.advice) if wrong is not None else waits
        kept = view if wrong is not None else replace(waits, instruction="")  # nothing to change: no banner
        if all(one.ok is not None for one in findings[1:3]):
            self.lain_s = t_s if self.lain_s is None else self.lain_s
        if self.lain_s is None or pose is not None:  # the last frame that shows somebody tells most
            self.findings, self.image = findings, overlay.draw(seen.image, pose, kept)
        return overlay.draw(seen.image, pose, view)

    def enough(self, t_s: float) -> bool:
        """True once somebody has been seen for long enough."""
        return t_s > _LOOK_S or (self.lain_s is not None and t_s - self.lain_s >= _SEEN_S)


def look(camera: str, picture: Path | None, json_target: str | None, model: Path | None) -> int:
    """Look through a camera, or at a video, for a while, and print what is well and what to change.

    The picture goes nowhere unless `picture` names a PNG file. The exit status is 1 when something is to be
    changed.
    """
    remembered(tell=False)
    target = LinesTarget(json_target)
    if picture is not None:
        if picture.suffix.lower() != ".png":
            raise InputError(f"The picture is a PNG file, but got {picture}: name one that ends in .png.")
        files.ready(picture)
    distinct([picture, target.file], [Path(camera), model])
    weights = models.load(model, log.info)
    seen = _Look()
    with ExitStack() as stack:
        source = stack.enter_context(open_camera(camera))
        tracker = stack.enter_context(Tracker(weights))
        window = stack.enter_context(Window()) if display_available() else None
        text = marked("Lie down the way you exercise; looking for up to {seconds} seconds.")
        log.info("%s", tr(text, seconds=round(_LOOK_S)))
        tracker.settle(source.preview())
        frames: Iterable[Frame] = stack.enter_context(closing(iter(source)))
        for frame in frames:
            drawn = seen.take(tracker.track(frame))
            if window is not None and window.show(drawn) is not None:
                break
            if seen.enough(frame.t_s):
                break
    _print(seen.findings, terminal.console(to_stderr=target.to_terminal))
    target.write(
        [json.dumps({"part": one.part, "ok": one.ok, "advice": one.advice}) for one in seen.findings]
    )
    if picture is not None and seen.image is not None:
        files.write(picture, cv2.imencode(".png", seen.image)[1].tobytes())
        log.info("%s", tr("The picture is in {file}.", file=picture))
    return int(any(one.ok is False for one in seen.findings))


def _print(findings: Iterable[Finding], console: Console) -> None:
    for one in findings:
        mark, style = _MARKS[one.ok]
        text = f" {tr(_NAMES[one.part])}" + (f": {one.advice}" if one.ok is False else "")
        console.print(Text.assemble((f"{tr(mark):8}", style), text), soft_wrap=True)
