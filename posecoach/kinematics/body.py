"""One body followed in time: poses in, measurements and the baseline they refer to out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import INDEX, Array, Pose, in_space
from posecoach.core.trunk import Trunk
from posecoach.core.types import POSTURES
from posecoach.kinematics.axial_rotation import Turning, hinted, lowered, turns
from posecoach.kinematics.baseline import OTHER_SIDE, Baseline, BedReading, take_baseline
from posecoach.kinematics.bed_model import bed_model
from posecoach.kinematics.body_model import OUTPUTS, BodyModel, body_model, inputs, of_shape
from posecoach.kinematics.ensemble import Single
from posecoach.kinematics.flicker import Flickers
from posecoach.kinematics.landmarks import Landmarks
from posecoach.kinematics.measures import (
    BY_FIT,
    COLUMNS,
    HIP_OFFSET,
    LEANING,
    LIFTS,
    NEEDED,
    SINCE_REST,
    UNSEEN,
    Measures,
    References,
    measure,
)
from posecoach.kinematics.pelvic_tilt import Tilting
from posecoach.kinematics.resting import STILL, BodyFrame, Occasion, Resting, seen
from posecoach.kinematics.skeleton_fit import JOINTS, NAMES, fit_all
from posecoach.kinematics.spatial import both, shape
from posecoach.kinematics.turn_model import by_fit, in_bed, turn_model

# After this long without a body, the next skeleton does not continue the last one.
_FORGET_S = 1.0
_VISIBLE = 0.3  # visibility below which a joint is a guess: its error is three times that of the others
# The angle of an arm behind the trunk is 30 to 45 degrees off well before its elbow becomes a guess.
_ELBOW_VISIBLE = 0.6
_GUESSED = 0.1  # visibility below which a joint may be anywhere
# Shoulders outside the picture are put somewhere on what is seen of the body. The visibility of the better
# one, evened out over this time, is lower than this in 80 % of the frames of 10 such clips, and in 0.2 % of
# those of 112 clips that show them.
_SHOULDERS_VISIBLE, _EVENED_S = 0.5, 1.0
_MARGIN = 0.02  # share of the picture beyond its edge up to which a landmark may be guessed

#: The names of both.
SHOULDERS = ("left_shoulder", "right_shoulder")
_TRUNK_AND_KNEES = both("shoulder", "hip", "knee").ravel()
_ROTATION, *_SUNK = [COLUMNS.index(name) for name in LEANING]
_CORRECTED = np.array([COLUMNS.index(name) for name in OUTPUTS])
_OFFSET = np.array([HIP_OFFSET if name in BY_FIT else 0.0 for name in OUTPUTS])
_SINCE_REST = np.array([COLUMNS.index(name) for name in SINCE_REST])
_ROLLED, _TILT = COLUMNS.index("rolled"), COLUMNS.index("pelvic_tilt")
_INCLINATION = COLUMNS.index("trunk_inclination")
_OF_HIPS = [OUTPUTS.index(f"hip_flexion_{side}") for side in ("left", "right")]
_OF_KNEES = ("knee_flexion_left", "knee_flexion_right")
_HIPS, _KNEES = (
    slice(COLUMNS.index(left), COLUMNS.index(right) + 1)
    for left, right in (("hip_sagittal_left", "hip_sagittal_right"), _OF_KNEES)
)
_NOT_YET: Array = np.full(len(JOINTS), np.nan)

_SHOULDERS = both("shoulder").ravel()
_AT_SHOULDERS = [INDEX[name] for name in SHOULDERS]
_IN_PICTURE = np.array([INDEX[name] for name in NAMES])
_LEAST = np.array([_ELBOW_VISIBLE if name.endswith("elbow") else _VISIBLE for name in NAMES])

#: Degrees of deviation from which a hip may be anything: two of these either way are all that it can do.
HIP_UNKNOWN = 25.0

# Where neither hip is known to so many degrees, the trunk between them and the shoulders is a guess as well.
_TRUNK_UNKNOWN = 15.0

# Deviations, degrees and torso lengths, up to which a measure counts although one of its joints is hidden, as
# long as none may be anywhere: they are as true there as where all joints are seen (bodies held out), and
# whether a value is sure enough is asked where it is judged. The angle of an arm is another: behind the trunk
# of a real person it is off by more than it says.
_MOST_OF = {"hip_flexion": HIP_UNKNOWN, "knee_flexion": 25.0, "shoulder_abduction": 0.0}
_MOST = np.array([_MOST_OF.get(name.rsplit("_", 1)[0], np.inf) for name in OUTPUTS])
# (outputs, 19) the joints that each output lies between.
_BETWEEN = NEEDED[: len(NAMES), _CORRECTED].T > 0


@dataclass(frozen=True, eq=False)
class Measurements:
    """One frame's measurements.

    values    by name, None where unseen: `hip_flexion_left`, … as `MEASURES` describes
    hidden    names of the joints that cannot be believed in this frame
    moved     torso lengths that trunk or legs have moved in the last half second, apart from what all of them
              have moved alike, which is the camera's; infinite until then
    baseline  what lifts and turns were measured against; None until the body was seen at rest
    deviations  standard deviations of the values that the body model has corrected, and of lifts where the
                picture has moved or trembles
    """

    t_s: float
    values: Measures
    hidden: frozenset[str]
    moved: float
    baseline: Baseline | None
    deviations: Mapping[str, float] = field(default_factory=dict)

    @property
    def still(self) -> bool:
        """True while nothing has moved by more than noise."""
        return self.moved < STILL

    @property
    def shoulders_hidden(self) -> bool:
        """True where neither shoulder can be believed: how the body lies is a guess then."""
        return self.hidden.issuperset(SHOULDERS)


class Body:
    """Poses in, measurements out: keeps the last skeleton and the rest of one body.

    `measure` is called with every pose, and `may_rest` after it wherever the person may be lying still.
    """

    def __init__(self, model: BodyModel | Literal["shipped"] | None = "shipped") -> None:
        """`model` corrects the kinematic fit; None: the fit alone."""
        self.model = body_model() if model == "shipped" else model
        self._t_s = float("-inf")  # of the last skeleton, and the depths of its joints
        self._depths: Array | None = None
        self._trunk: Trunk | None = None  # where it was in the last picture
        self._resting = Resting()
        self._turning = Turning()
        self._tilting = Tilting()
        self._flickers = Flickers()
        self._shoulders = 0.0  # how well the better one is seen

    def begin(self) -> None:
        """A new starting position is awaited: the next still moment, in whatever posture, is its rest."""
        self._depths = None
        self._resting = Resting()
        self._turning = Turning()
        self._tilting = Tilting()

    def may_rest(self, found: Measurements | None, occasion: Occasion) -> bool | None:
        """The pose just measured (None: there was none) may be one of rest: believe it of a still body.

        Returns whether it is believed; None of a body that is not still.
        """
        return self._resting.believe(occasion) if found is not None and found.still else None

    def measure(self, pose: Pose) -> Measurements:
        """Measure one pose; `pose.t_s` rises strictly from call to call.

        Angles are in degrees, lengths in torso lengths, in the bed axes of `baseline`. A measure that needs a
        hidden joint, or that jumps faster than a limb can move, is None; in a pose that is not `in_space`
        every measure is.
        """
        [found] = measure_all([self], [pose])
        return found

    def expect(self, t_s: float, trunk: Trunk, shoulders: float) -> tuple[Array | None, float]:
        """Where the fit of the next pose may start from, and how far the trunk is from the camera; NaN:
        unknown, as for a body that lies elsewhere all at once, whose rest is another one, too.

        trunk      where it is in the picture;  shoulders  how well the better one is seen, 0 to 1
        """
        before, self._trunk = self._trunk, trunk
        newest = min(1.0, (t_s - self._t_s) / _EVENED_S)
        self._shoulders += newest * (shoulders - self._shoulders)
        if before is not None and not trunk.follows(before, t_s - self._t_s):
            self.begin()
        if self._depths is not None and t_s - self._t_s > _FORGET_S:
            self._depths = None
            self._resting.lose()
        baseline = self._resting.baseline
        return self._depths, baseline.trunk_depth if baseline is not None else float("nan")

    def take(self, now: BodyFrame) -> tuple[float, Baseline]:
        """Take in a frame; returns how far the body has moved, and what to measure it against."""
        if self._resting.contradicted_by(now):
            self.begin()
        self._t_s, self._depths = now.t_s, now.points[: len(JOINTS), 2]
        moved = self._resting.update(now)
        # Until the body was seen at rest, this very moment has to do: angles against the bed are roughly
        # right from the start, what is measured since rest is not known yet.
        return moved, self.baseline or take_baseline(now.points, now.reading)

    def turned(self, t_s: float, turn: float, evidence: float) -> float:
        """Degrees by which pelvis and knees have turned, from what is seen of it now; NaN where unsure."""
        found = self._turning.follow(turn, evidence, t_s)
        return float("nan") if found is None else found

    def tilted(
        self, t_s: float, hips: Sequence[float], knees: Sequence[float], off: float
    ) -> tuple[float, float]:
        """Degrees by which the pelvis has tilted back, as far as the hips show it; see `Tilting`."""
        return self._tilting.follow(hips, knees, off, t_s)

    def found(
        self,
        t_s: float,
        values: dict[str, float | None],
        hidden: frozenset[str],
        moved: float,
        deviations: Mapping[str, float],
    ) -> Measurements:
        """The measurements of a frame, without what flickers."""
        self._flickers.hide(t_s, values)
        return Measurements(t_s, values, hidden, moved, self.baseline, deviations)

    @property
    def shaken(self) -> float:
        """The standard deviation of a height, torso lengths, while the picture trembles."""
        return self._resting.shaken

    @property
    def shoulders_guessed(self) -> bool:
        """True where the shoulders are hardly seen, as if they were outside the picture."""
        return self._shoulders < _SHOULDERS_VISIBLE

    @property
    def baseline(self) -> Baseline | None:
        """What lifts and turns are measured against; None until the body was seen at rest."""
        return self._resting.baseline


def measure_all(bodies: Sequence[Body], poses: Sequence[Pose]) -> list[Measurements]:
    """Measure the next pose of each of several bodies, which have one model: `Body.measure` for many at once,
    which takes far less time than one after the other.
    """
    landmarks = Landmarks.of(poses)
    there = in_space(landmarks.world).tolist()
    if all(there):
        return _measured(bodies, poses, landmarks)
    pairs = zip(bodies, poses, there, strict=True)
    seen_ones = [(body, pose) for body, pose, is_there in pairs if is_there]
    measured = iter(measure_all(*zip(*seen_ones, strict=True)) if seen_ones else ())
    return [
        next(measured)
        if is_there
        else Measurements(pose.t_s, UNSEEN, frozenset(NAMES), float("inf"), body.baseline)
        for body, pose, is_there in zip(bodies, poses, there, strict=True)
    ]


def _measured(bodies: Sequence[Body], poses: Sequence[Pose], landmarks: Landmarks) -> list[Measurements]:
    """The same for poses that are all in space."""
    times = [pose.t_s for pose in poses]
    trunks, shoulders = Trunk.of_each(landmarks.image), landmarks.visibility.take(_AT_SHOULDERS, axis=1)
    parts = zip(bodies, times, trunks, shoulders.max(axis=1).tolist(), strict=True)
    expected = [body.expect(t_s, trunk, sure) for body, t_s, trunk, sure in parts]
    before = [_NOT_YET if depths is None else depths for depths, _ in expected]
    fits = fit_all(landmarks, np.array(before), np.array([trunk for _, trunk in expected]))
    bent = shape(fits.points)
    model, angles = bodies[0].model, of_shape(bent)
    told = inputs(landmarks, angles)
    readings, off = _readings(told, fits.points, model is not None)
    taken = [body.take(now) for body, now in zip(bodies, seen(times, fits.points, readings), strict=True)]
    baselines = [baseline for _, baseline in taken]
    hidden, to = _hidden(landmarks), References.of(baselines)
    for joints, body in zip(hidden, bodies, strict=True):
        joints[_SHOULDERS] |= body.shoulders_guessed
    bed: Array = (fits.points - to.origin) @ to.axes.swapaxes(1, 2)
    values, shifts = measure(fits.points, bed, bent, fits.misfit, hidden, to)
    deviations = _corrected(values, angles, model, landmarks, told, baselines)
    for deviation, shifted, body in zip(deviations, shifts.tolist(), bodies, strict=True):
        if shifted or body.shaken:
            deviation |= dict.fromkeys(LIFTS, max(shifted, body.shaken))
    _follow_knees(values, deviations, bodies, times, hidden, readings, off, baselines, bed)
    _follow_pelvis(values, deviations, bodies, times, baselines)
    values[:, _ROLLED] = [reading.posture in OTHER_SIDE for reading in readings]
    for row, body in zip(values, bodies, strict=True):
        if body.baseline is None:
            row[_SINCE_REST] = np.nan
    rows = zip(bodies, times, values.tolist(), hidden, taken, deviations, strict=True)
    return [
        body.found(t_s, _by_name(row), _named(unseen.tobytes()), moved, deviation)
        for body, t_s, row, unseen, (moved, _), deviation in rows
    ]


def _readings(told: Single, points: Array, learned: bool) -> tuple[list[BedReading], Array]:
    """What each body tells of how it lies, its knees `learned` or as the fit has them; and (n, 3) the
    standard deviations of what it tells of the knees.
    """
    up, along, leans = bed_model().read(told)
    if learned:
        knees, off = turn_model().read(told, points, up, along)
    else:
        knees = by_fit(in_bed(points, up, along))
        off = np.zeros_like(knees)
    postures = [POSTURES[most] for most in leans.argmax(axis=1).tolist()]
    return list(map(BedReading, up, along, leans, postures, knees)), off


def _follow_knees(
    values: Array,
    deviations: Sequence[dict[str, float]],
    bodies: Sequence[Body],
    times: Sequence[float],
    hidden: NDArray[np.bool_],
    readings: Sequence[BedReading],
    off: Array,
    baselines: Sequence[Baseline],
    bed: Array,
) -> None:
    """Measure where the knees of each body lean whose trunk and knees are seen; only who lies on the back has
    turned them, rather than as a whole.
    """
    knees, rest = (np.array([one.knees for one in of]) for of in (readings, baselines))
    hints = hinted(bed) - np.array([one.hints for one in baselines])
    found = zip(*(part.tolist() for part in turns(knees, off, rest, hints)), strict=True)
    blind = [bool(joints.any()) for joints in hidden.take(_TRUNK_AND_KNEES, axis=1)]
    values[:, _SUNK] = np.stack([lowered(knees[:, 2], rest[:, 2]), knees[:, 2]], axis=1)
    each = zip(values, deviations, bodies, times, found, baselines, blind, strict=True)
    for row, deviation, body, t_s, (turn, unsure, evidence), baseline, unseen in each:
        if unseen:
            row[_SUNK] = np.nan
        elif baseline.posture == "supine":
            row[_ROTATION] = body.turned(t_s, turn, evidence)
            if unsure:
                deviation["trunk_rotation"] = unsure


def _follow_pelvis(
    values: Array,
    deviations: Sequence[dict[str, float]],
    bodies: Sequence[Body],
    times: Sequence[float],
    baselines: Sequence[Baseline],
) -> None:
    """Measure how far the pelvis of each body on its back is tilted since rest."""
    hips, knees = (values[:, angles].tolist() for angles in (_HIPS, _KNEES))
    each = zip(values, deviations, bodies, times, hips, knees, baselines, strict=True)
    for row, deviation, body, t_s, of_hips, of_knees, baseline in each:
        if baseline.posture != "supine":
            continue
        off = max(deviation.get(name, 0.0) for name in _OF_KNEES)
        row[_TILT], unsure = body.tilted(t_s, of_hips, of_knees, off)
        if body.baseline is not None and unsure:
            deviation["pelvic_tilt"] = unsure


def _corrected(
    values: Array,
    by_fit: Array,
    model: BodyModel | None,
    landmarks: Landmarks,
    told: Single,
    baselines: Sequence[Baseline],
) -> list[dict[str, float]]:
    """Put what a model makes of them in the place of measures of the fit; their deviations."""
    if model is None:
        return [{} for _ in baselines]
    in_plane = [one.side_on and one.posture in ("supine", "prone") for one in baselines]
    estimates, deviations = model.corrected(landmarks, told, by_fit, np.array(in_plane))
    gone = np.logical_not(_in_picture(landmarks) & (_visible(landmarks) >= _GUESSED))
    known = (deviations <= _MOST) & np.logical_not(gone @ _BETWEEN.T)
    unseen: NDArray[np.bool_] = np.isnan(values.take(_CORRECTED, axis=1)) & np.logical_not(known)
    values[:, _CORRECTED] = np.where(unseen, np.nan, estimates + _OFFSET)
    hips_guessed = deviations.take(_OF_HIPS, axis=1).min(axis=1) > _TRUNK_UNKNOWN
    values[hips_guessed, _INCLINATION] = np.nan
    rows = zip(deviations.tolist(), unseen.tolist(), strict=True)
    return [
        {name: one for name, one, hide in zip(OUTPUTS, row, hides, strict=True) if not hide}
        for row, hides in rows
    ]


def _by_name(row: Sequence[float]) -> dict[str, float | None]:
    """Values in the order of `COLUMNS` by name; None for NaN, which alone differs from itself."""
    return {name: value if value == value else None for name, value in zip(COLUMNS, row, strict=True)}


def _hidden(landmarks: Landmarks) -> NDArray[np.bool_]:
    """(n, 19) joints not to be believed: outside the picture, or hidden to the network."""
    return np.logical_not(_in_picture(landmarks) & (_visible(landmarks) > _LEAST))


def _in_picture(landmarks: Landmarks) -> NDArray[np.bool_]:
    """(n, 19) joints that are in the picture."""
    places = landmarks.image.take(_IN_PICTURE, axis=1) / landmarks.size[:, None]
    inside = (places > -_MARGIN) & (places < 1 + _MARGIN)
    return inside[..., 0] & inside[..., 1]


def _visible(landmarks: Landmarks) -> Array:
    """(n, 19) how well the network sees each joint, 0 to 1."""
    return landmarks.visibility.take(_IN_PICTURE, axis=1)


@lru_cache(maxsize=256)
def _named(hidden: bytes) -> frozenset[str]:
    """The names of hidden joints."""
    return frozenset(name for name, is_hidden in zip(NAMES, hidden, strict=True) if is_hidden)
