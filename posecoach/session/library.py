"""What a program calls: one clip, or landmarks of its own, judged without a terminal."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.recognition import recognise
from posecoach.assessment.results import Result
from posecoach.coaching.targets import wrong_limits
from posecoach.coaching.watcher import Watcher
from posecoach.core.choices import LONGEST_HOLD_S, OneSide
from posecoach.core.errors import InputError
from posecoach.core.messages import did_you_mean, quoted
from posecoach.core.pose import Pose
from posecoach.kinematics.measurement_requests import answered
from posecoach.kinematics.spatial import SIDES
from posecoach.session import pipeline
from posecoach.session.doubts import with_notes
from posecoach.session.recorded import Recorded, unrecognised
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile


def check(
    video: str | Path | Iterable[Pose],
    exercise: str | None = None,
    *,
    side: OneSide | None = None,
    hold_s: float = 0.0,
    limits: Mapping[str, float] | None = None,
) -> Result:
    """Judge a recorded video, or the poses of its frames.

    video     a file, or poses whose times rise, as from `Pose.from_landmarks`
    exercise  an identifier of `EXERCISES`; None: the exercise is detected; the video is taken as one exercise
    side      the side that was to do the exercise; None: detected
    hold_s    the dose in seconds; with 0 no hold is too short
    limits    values for limits of the exercise, by name, in the units that the exercise documents

    Raises SourceError when the video cannot be read, InputError when there is no such exercise, side, dose or
    limit, or times do not rise, and ModelError when there is no pose model.
    """
    _refuse_odd(side, hold_s)
    if exercise is not None:
        _refuse_unknown(exercise, side, limits or {})
    elif limits:
        raise InputError("Limits belong to an exercise: name it, too.")
    if isinstance(video, str | Path):
        return _check_file(Path(video), exercise, side, hold_s, limits)
    video = list(video)
    if any(later.t_s <= earlier.t_s for earlier, later in pairwise(video)):
        raise InputError("The times of the poses must rise from each to the next.")
    seen = [(pose.t_s, pose if pose.in_space and pose.visibility.any() else None) for pose in video]
    if exercise is None:
        shown = recognise(pose for _, pose in seen)
        exercise = shown.exercise()
        if exercise is None:
            return unrecognised(seen, shown)
    return answered(Watcher(exercise, side, hold_s, limits).watching(seen))[0]


def _refuse_odd(side: str | None, hold_s: float) -> None:
    if side not in (None, *SIDES):
        raise InputError(f"The side must be left or right, or be left out, but got {quoted(str(side))}.")
    if not 0 <= hold_s <= LONGEST_HOLD_S:  # refuses NaN, too
        raise InputError(f"A hold lasts from 0 to {LONGEST_HOLD_S} seconds, but got {hold_s:g}.")


def _refuse_unknown(exercise: str, side: str | None, limits: Mapping[str, float]) -> None:
    if exercise not in CATALOGUE:
        raise InputError(f"There is no exercise {quoted(exercise)}{did_you_mean(exercise, CATALOGUE)}.")
    known = CATALOGUE[exercise]
    if side and not known.sided:
        raise InputError(f"{exercise} is done with both sides at once: leave the side out.")
    for wrong in wrong_limits(known, limits, "limits"):
        raise InputError(f"{wrong}.")


def _check_file(
    path: Path,
    exercise: str | None,
    side: OneSide | None,
    hold_s: float,
    limits: Mapping[str, float] | None,
) -> Result:
    with VideoFile(path) as video, Tracker() as tracker:
        if exercise is not None:
            return pipeline.check(video, tracker, Watcher(exercise, side, hold_s, limits))[0]
        tracked = Recorded(video, tracker, Stopwatch())
    exercise = tracked.exercise()
    if exercise is None:
        return tracked.unrecognised()
    [result] = answered(Watcher(exercise, side, hold_s, limits).watching(tracked.poses))
    return with_notes(result, tracked.doubts.notes)
