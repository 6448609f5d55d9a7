"""What went wrong in a clip: why in one sentence, and the frame that shows it best."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentences
from posecoach.assessment.results import Fault, Result
from posecoach.coaching.view import View, limb
from posecoach.evaluation.agreement import Agreement, Measured
from posecoach.evaluation.labels import Label
from posecoach.feedback import overlay
from posecoach.session.batch import Bodies
from posecoach.session.measurement_log import MeasurementLog
from posecoach.session.stills import images_at
from posecoach.vision.native import cv2
from posecoach.vision.orientation import turned

_WIDTH = 560  # pixels of a picture's longer side: sharp on a phone, and forty of them are still a small file
_QUALITY = 82


@dataclass(frozen=True, eq=False)
class Case:
    """One clip that was judged, with its label; `measured` is empty where there is no truth file."""

    label: Label
    result: Result
    frames: MeasurementLog
    bodies: Bodies
    agreement: Agreement
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class Shown:
    """The frame that shows best what went wrong: its number, its time, and what is to be seen, in words."""

    index: int
    t_s: float
    what: str


def why(case: Case) -> str:
    """What was expected, what was found, and what could not be judged."""
    label, result = case.label, case.result
    groups: dict[str, list[Fault]] = {}
    for fault in result.faults:
        groups.setdefault(f"{fault.name} {fault.side or ''}".strip(), []).append(fault)
    times = [
        f"{name} {longest.start_s:.1f}–{longest.end_s:.1f} s"
        + (f" and {len(faults) - 1} more" if len(faults) > 1 else "")
        for name, faults in groups.items()
        for longest in [max(faults, key=lambda fault: fault.lasts_s)]
    ]
    expected = verdict(case.agreement.expected, label.side, label.faults)
    found = verdict(case.agreement.found, result.side, times)
    notes = [f"{note}." for note in sentences(result.notes)]
    return " ".join([f"Expected {expected}; found {found}.", *notes])


def verdict(name: str, side: str, faults: Iterable[str] = ()) -> str:
    """A verdict with its side and faults, in words."""
    where = f", {side}" if side in ("left", "right") else ""
    named = ", ".join(faults)
    return _words(f"{name}{where}{': ' + named if named else ''}")


def worst(case: Case) -> Shown | None:
    """The middle of the fault in question, or else the frame with the largest error; None without frames."""
    times = np.array(case.frames.t_s)
    if not len(times):
        return None

    def at(t_s: float, what: str) -> Shown:
        index = int(np.abs(times - t_s).argmin())
        return Shown(index, float(times[index]), what)

    if case.agreement.right is False:
        expected = set(case.label.faults)
        invented = [fault for fault in case.result.faults if fault.name not in expected]
        if case.result.verdict == "fault" and invented:
            longest = max(invented, key=lambda fault: fault.lasts_s)
            middle = (longest.start_s + longest.end_s) / 2
            return at(middle, f"in the middle of “{_words(longest.name)}”, which was found")
        found = {fault.name for fault in case.result.faults}
        for name, start_s, end_s in case.label.fault_times:
            if name not in found:
                return at((start_s + end_s) / 2, f"in the middle of “{_words(name)}”, which was not found")
    return _largest_error(case, times) or at(float(times.mean()), "in the middle of the clip")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _largest_error(case: Case, times: np.typing.NDArray[np.float64]) -> Shown | None:
    exercise = CATALOGUE.get(case.label.exercise)
    matter = {f"{joint}_flexion_{side}" for joint in ("hip", "knee") for side in ("left", "right")}
    matter |= set(exercise.measures if exercise else ())
    # The far limb is measured badly wherever it is hidden, which says little.
    judged = [one for one in case.measured if one.name in matter and one.limb != "far"]
    best: tuple[float, Shown] | None = None
    for one in judged:
        errors = np.abs(one.found - one.nearer)
        index = int(np.nanargmax(errors))
        if best is None or errors[index] > best[0]:
            what = f"{_words(one.name)} reads {one.found[index]:.0f}° and is {one.nearer[index]:.0f}°"
            best = float(errors[index]), Shown(index, float(times[index]), what)
    return best[1] if best else None


def picture(case: Case, index: int) -> bytes | None:
    """A JPEG of one frame with the body as it was seen; None where the frame cannot be read again."""
    t_s = case.frames.t_s[index]
    images = images_at({t_s}, case.label.clip)
    if not images:
        return None
    image = turned(images[t_s], case.bodies.turns[index])
    exercise = CATALOGUE.get(case.result.exercise or "")
    view = View(
        t_s=t_s,
        step=1,
        steps=1,
        title=exercise.title if exercise else "",
        side=case.result.side,
        phase="rest",
        instruction="",
        highlight=limb(exercise, case.result.side) if exercise else (),
        highlight_ok=False,
    )
    scale = min(1.0, _WIDTH / max(image.shape[:2]))
    drawn = overlay.draw(image, case.bodies.pose(index, t_s), view)
    small = cv2.resize(drawn, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(jpeg)
