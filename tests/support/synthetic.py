"""A stick body on a bed and a pinhole camera: poses whose truth is known.

World axes (right-handed): x toward the head, z up from the mattress, metres; the origin is the middle of
the hips at rest. A camera at azimuth 0 stands at -y: a supine body has its head at the right of the
picture and its left side near; from azimuth 180 its head is at the left and its right side near.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from functools import cache, cached_property
from math import asin, cos, degrees, radians, sin, sqrt, tan

import numpy as np

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.judge import Judge
from posecoach.assessment.results import Result
from posecoach.coaching.watcher import Watcher
from posecoach.core.pose import COUNT, INDEX, LANDMARKS, Array, Pose
from posecoach.core.types import Posture
from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.body import Body, Measurements
from posecoach.kinematics.measures import BY_FIT

X, Y, Z = np.eye(3)
SIDES = {"left": 1.0, "right": -1.0}

# Toward the head, to the person's left, to the front.
AXES: Mapping[Posture, tuple[Array, Array, Array]] = {
    "supine": (X, -Y, Z),
    "prone": (X, Y, -Z),
    "left_side": (X, -Z, -Y),
    "right_side": (X, Z, Y),
    "upright": (Z, X, -Y),
}


@dataclass(frozen=True)
class Build:
    """Lengths of one body, metres. `pelvis_follows` is the share of a turn of the legs that its hips show:
    to a pose network a turning pelvis turns only about half way."""

    torso: float = 0.47
    shoulders: float = 0.35
    hips: float = 0.21
    thigh: float = 0.41
    shank: float = 0.42
    upper_arm: float = 0.27
    forearm: float = 0.25
    pelvis_follows: float = 0.45


#: Other bodies: all within 7 % of the usual proportions.
BUILDS = {
    "usual": Build(),
    "long legs": Build(thigh=0.44, shank=0.45),
    "short legs": Build(thigh=0.385, shank=0.395),
    "broad": Build(shoulders=0.375, hips=0.225, thigh=0.40),
    "small": Build(*(0.85 * length for length in astuple(Build())[:-1])),
}


@dataclass(frozen=True)
class Stance:
    """How the body is posed: angles in degrees, lengths in torso lengths, shares 0..1.

    hip_*, knee_*    flexion in the body's own side-on plane
    turn             legs and pelvis about the long axis, + to the body's left
    trunk            the trunk raised from the mattress at the hips
    pelvis           the hips raised; a foot that is down stays where it is
    head, shoulder_* raised
    arm_*            away from the trunk, along the mattress (a prone body rests on its hands instead)
    raise_*          the arm from there toward straight up
    gap              between the knees
    cross_*          this ankle on the other thigh
    grip             the hands on the feet
    """

    hip_left: float = 50.0
    hip_right: float = 50.0
    knee_left: float = 100.0
    knee_right: float = 100.0
    turn: float = 0.0
    trunk: float = 0.0
    pelvis: float = 0.0
    head: float = 0.0
    shoulder_left: float = 0.0
    shoulder_right: float = 0.0
    arm_left: float = 25.0
    arm_right: float = 25.0
    raise_left: float = 0.0
    raise_right: float = 0.0
    gap: float = 0.35
    cross_left: float = 0.0
    cross_right: float = 0.0
    grip: float = 0.0

    def but(self, **changes: float) -> "Stance":
        """The same but for `changes`."""
        return replace(self, **changes)

    def toward(self, other: "Stance", share: float) -> "Stance":
        """The stance at `share` (0..1) of the way to another."""
        here, there = vars(self), vars(other)
        return Stance(**{name: here[name] + share * (there[name] - here[name]) for name in here})


CROOK = Stance()  # legs bent, feet down
STRAIGHT = Stance(hip_left=2, hip_right=2, knee_left=4, knee_right=4)
T = CROOK.but(arm_left=88, arm_right=88, gap=0.3)


def _unit(vector: Array) -> Array:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _bend(start: Array, end: Array, first: float, second: float, pole: Array) -> tuple[Array, Array]:
    """Where the joint between two bones is, toward `pole`, and the end as near as they can reach."""
    along = _unit(end - start)
    reach = min(max(float(np.linalg.norm(end - start)), abs(first - second) + 1e-3), first + second - 1e-3)
    foot = (first**2 - second**2 + reach**2) / (2 * reach)
    across = _unit(pole - along * (pole @ along))
    return start + along * foot + across * sqrt(max(first**2 - foot**2, 0.0)), start + along * reach


def joints(stance: Stance, build: Build = BUILDS["usual"], posture: Posture = "supine") -> dict[str, Array]:
    """All 33 landmarks in world axes, metres."""
    head, left, front = AXES[posture]
    lift = stance.pelvis * build.torso
    # On the back the shoulders stay where they are when the hips rise.
    sunk = asin(stance.pelvis) if posture == "supine" else 0.0
    tilt = radians(stance.trunk) - sunk
    hips = lift * Z + (1 - cos(sunk)) * build.torso * head
    trunk = cos(tilt) * head + sin(tilt) * Z
    chest = hips + build.torso * trunk
    neck = cos(radians(stance.trunk)) * head + sin(radians(stance.trunk)) * Z
    turn, half = radians(stance.turn), radians(stance.turn) * build.pelvis_follows
    forward = cos(turn) * front + sin(turn) * left
    sideways = cos(turn) * left - sin(turn) * front
    pelvis = cos(half) * left - sin(half) * front

    at: dict[str, Array] = {}
    for side, sign in SIDES.items():
        hip = at[f"{side}_hip"] = hips + sign * build.hips / 2 * pelvis
        out = sign * (stance.gap * build.torso - build.hips) / 2
        flexed, shin = getattr(stance, f"hip_{side}"), getattr(stance, f"knee_{side}")
        bent, low = radians(flexed), radians(flexed - shin)
        thigh = sqrt(build.thigh**2 - out**2) * (sin(bent) * forward - cos(bent) * head) + out * sideways
        knee = hip + thigh
        ankle = knee + build.shank * (sin(low) * forward - cos(low) * head)
        if lift and abs((ankle - hips) @ Z) < 0.15:
            planted = ankle - hips
            knee, ankle = _bend(hip, planted, build.thigh, build.shank, front)
        at[f"{side}_knee"], at[f"{side}_ankle"] = knee, ankle

        shoulder = at[f"{side}_shoulder"] = (
            chest + sign * build.shoulders / 2 * left + getattr(stance, f"shoulder_{side}") * build.torso * Z
        )
        away = radians(getattr(stance, f"arm_{side}"))
        flat = sin(away) * sign * left - cos(away) * head
        raised = radians(getattr(stance, f"raise_{side}"))
        arm = cos(raised) * flat + sin(raised) * Z
        elbow, wrist = shoulder + build.upper_arm * arm, shoulder + (build.upper_arm + build.forearm) * arm
        if posture == "prone":
            hand = build.torso * head + sign * (build.shoulders / 2 + 0.12) * left
            elbow, wrist = _bend(shoulder, hand, build.upper_arm, build.forearm, sign * left - head)
        at[f"{side}_elbow"], at[f"{side}_wrist"] = elbow, wrist

    for (side, sign), other in zip(SIDES.items(), ("right", "left"), strict=True):
        cross = getattr(stance, f"cross_{side}")
        if cross:
            thigh = at[f"{other}_knee"] - at[f"{other}_hip"]
            on_thigh = at[f"{other}_hip"] + 0.85 * thigh + 0.06 * front
            ankle = at[f"{side}_ankle"] + cross * (on_thigh - at[f"{side}_ankle"])
            pole = front + 2 * cross * sign * left
            at[f"{side}_knee"], at[f"{side}_ankle"] = _bend(
                at[f"{side}_hip"], ankle, build.thigh, build.shank, pole
            )
        if stance.grip:
            wrist = at[f"{side}_wrist"] + stance.grip * (at[f"{side}_ankle"] - at[f"{side}_wrist"])
            at[f"{side}_elbow"], at[f"{side}_wrist"] = _bend(
                at[f"{side}_shoulder"], wrist, build.upper_arm, build.forearm, sign * left
            )
        shin = _unit(at[f"{side}_ankle"] - at[f"{side}_knee"])
        toes = _unit((shin @ front) * head - (shin @ head) * front)
        at[f"{side}_heel"] = at[f"{side}_ankle"] + 0.05 * shin - 0.04 * toes
        at[f"{side}_foot_index"] = at[f"{side}_ankle"] + 0.05 * shin + 0.14 * toes
        forearm = _unit(at[f"{side}_wrist"] - at[f"{side}_elbow"])
        for finger in ("pinky", "index", "thumb"):
            at[f"{side}_{finger}"] = at[f"{side}_wrist"] + 0.08 * forearm

    skull = chest + 0.19 * neck + stance.head * build.torso * Z
    at["nose"] = skull + 0.09 * front
    for side, sign in SIDES.items():
        at[f"{side}_ear"] = skull + sign * 0.075 * left
        at[f"mouth_{side}"] = skull + 0.08 * front + sign * 0.02 * left - 0.03 * neck
        for place, out in (("eye_inner", 0.02), ("eye", 0.03), ("eye_outer", 0.04)):
            at[f"{side}_{place}"] = skull + 0.08 * front + sign * out * left + 0.03 * neck
    return at


def flexion(at: Mapping[str, Array], joint: str, side: str) -> float:
    """True hip or knee flexion, degrees: 180 minus the angle at the joint in space."""
    chain = ("shoulder", "hip", "knee") if joint == "hip" else ("hip", "knee", "ankle")
    a, b, c = (at[f"{side}_{name}"] for name in chain)
    return 180 - degrees(np.arccos(np.clip(_unit(a - b) @ _unit(c - b), -1, 1)))


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that looks at the body's hips, or `along` from them.

    azimuth   degrees around the bed, counted from -y over the foot end
    distance  metres on the floor plan;  height  metres above the hips;  along  metres toward the head
    flatten   share of the true depth that the network tells
    noise_px  standard deviation of the noise in the picture
    """

    azimuth: float = 0.0
    distance: float = 2.2
    height: float = 0.6
    along: float = 0.0
    fov: float = 53.0
    size: tuple[int, int] = (640, 480)
    flatten: float = 0.7
    noise_px: float = 0.0

    @cached_property
    def place(self) -> Array:
        """(3,) where it stands."""
        around = radians(self.azimuth)
        place: Array = self.distance * (-sin(around) * X - cos(around) * Y) + self.height * Z
        return place + self.along * X

    @cached_property
    def axes(self) -> Array:
        """(3, 3) rows right, down, away."""
        away = _unit(self.along * X - self.place)
        right = _unit(np.cross(away, Z))
        return np.array([right, np.cross(away, right), away])

    def shoot(
        self,
        at: Mapping[str, Array],
        t_s: float = 0.0,
        visibility: Mapping[str, float] | None = None,
        random: np.random.Generator | None = None,
    ) -> Pose:
        """The pose that a network would find; `visibility` of the named landmarks, else 0.99."""
        points = np.array([at[name] for name in LANDMARKS])
        seen = (points - self.place) @ self.axes.T
        focal = self.size[0] / 2 / tan(radians(self.fov) / 2)
        image = focal * seen[:, :2] / seen[:, 2:] + np.asarray(self.size) / 2
        if self.noise_px:
            image = image + (random or np.random.default_rng(7)).normal(0, self.noise_px, image.shape)
        world = seen - (seen[INDEX["left_hip"]] + seen[INDEX["right_hip"]]) / 2
        world[:, 2] *= self.flatten
        visible = np.full(COUNT, 0.99)
        for name, value in (visibility or {}).items():
            visible[INDEX[name]] = value
        return Pose(t_s, image, world, visible, self.size)


#: The views of the table tests. `side` looks from the person's left when supine, `far` from the right.
VIEWS = {
    "side": Camera(),
    "far side": Camera(azimuth=180),
    "oblique": Camera(azimuth=40, distance=2.0, height=1.2),
    "far oblique": Camera(azimuth=140, distance=2.0, height=1.2),
    "top": Camera(distance=1.25, height=2.1),
}

#: Seconds to take and the stance then reached; the same stance again is a hold.
Segment = tuple[float, Stance]


@dataclass(frozen=True, eq=False)
class Shot:
    """One frame of a film with its truth."""

    t_s: float
    stance: Stance
    at: Mapping[str, Array]
    pose: Pose


def film(
    start: Stance,
    segments: Iterable[Segment],
    fps: float = 12,
    camera: Camera = VIEWS["side"],
    build: Build = BUILDS["usual"],
    posture: Posture = "supine",
    start_s: float = 0.0,
) -> list[Shot]:
    """A body that moves through `segments`, smoothly (minimum jerk), at `fps` frames a second."""
    random = np.random.default_rng(7)
    shots: list[Shot] = []
    known: dict[Stance, dict[str, Array]] = {}
    for stance in _stances(start, segments, fps):
        if stance not in known:
            known[stance] = joints(stance, build, posture)
        t_s = start_s + len(shots) / fps
        shots.append(Shot(t_s, stance, known[stance], camera.shoot(known[stance], t_s, random=random)))
    return shots


def rolling(
    stance: Stance,
    by: float,
    start_s: float,
    lasts_s: float = 2.0,
    fps: float = 12,
    posture: Posture = "supine",
) -> list[Shot]:
    """A body that rolls about its long axis, degrees, smoothly, and lies still there for 3 s."""
    at, shots = joints(stance, posture=posture), list[Shot]()
    for index in range(round((lasts_s + 3) * fps)):
        angle = radians(by * _smooth(min(1.0, index / (lasts_s * fps))))
        turn = np.array([[1, 0, 0], [0, cos(angle), -sin(angle)], [0, sin(angle), cos(angle)]])
        turned, t_s = {name: turn @ joint for name, joint in at.items()}, start_s + index / fps
        shots.append(Shot(t_s, stance, turned, VIEWS["side"].shoot(turned, t_s)))
    return shots


def in_turn(shots: Iterable[Shot], fps: float) -> list[Shot]:
    """The shots one after the other, whenever each was taken."""
    times = ((index / fps, shot) for index, shot in enumerate(shots))
    return [replace(shot, t_s=t_s, pose=replace(shot.pose, t_s=t_s)) for t_s, shot in times]


def _stances(start: Stance, segments: Iterable[Segment], fps: float) -> Iterator[Stance]:
    frame, began, before = 0, 0.0, start
    for lasts, after in segments:
        while frame / fps < began + lasts - 1e-9:
            yield before.toward(after, _smooth((frame / fps - began) / lasts))
            frame += 1
        began, before = began + lasts, after


def _smooth(share: float) -> float:
    """A minimum-jerk profile: share of the time to share of the way."""
    return share**3 * (10 - 15 * share + 6 * share**2)


def repeat(
    rest: Stance,
    deep: Stance,
    hold_s: float = 4.0,
    reps: int = 1,
    rest_s: float = 1.5,
    move_s: float = 1.6,
    back_s: float | None = None,
) -> list[Segment]:
    """Rest, then `reps` times: move in, hold, move back, rest."""
    way = [(move_s, deep), (hold_s, deep), (back_s or move_s, rest), (rest_s, rest)]
    return [(rest_s, rest), *(way * reps)]


def held(shots: Iterable[Shot], value: Callable[[Shot], float], enter: float, back: float) -> list[float]:
    """True seconds of each time in position: from `enter` until the value has fallen `back` past it."""
    holds, since, last = list[float](), None, 0.0
    for shot in shots:
        last, now = shot.t_s, value(shot)
        if since is None and now >= enter:
            since = shot.t_s
        elif since is not None and now < enter - back:
            holds.append(shot.t_s - since)
            since = None
    return holds if since is None else [*holds, last - since]


# -- measurements without a body, for the rooms after `body` --------------------------------------------


@cache
def baseline_seen_from(view: str = "side", posture: Posture = "supine") -> Baseline:
    """The baseline of a body at rest."""
    body = Body()
    for shot in film(CROOK, [(1, CROOK)], camera=VIEWS[view], posture=posture):
        found = body.measure(shot.pose)
    assert found.baseline is not None
    return found.baseline


def numbers(
    start: Mapping[str, float | None],
    segments: Iterable[tuple[float, Mapping[str, float | None]]],
    fps: float = 25,
    start_s: float = 0.0,
    baseline: Baseline | None = None,
) -> list[Measurements]:
    """Measurements that move smoothly through `segments`, of seconds to take and the values then reached.

    A value that a segment does not name stays as it is; None is unseen from the beginning of its segment.
    """
    frames: list[dict[str, float | None]] = []
    began, before = 0.0, dict(start)
    for lasts, reached in segments:
        after = {**before, **reached}
        while len(frames) / fps < began + lasts - 1e-9:
            share = _smooth((len(frames) / fps - began) / lasts)
            frames.append({name: _between(before.get(name), after[name], share) for name in after})
        began, before = began + lasts, after
    ago = round(0.5 * fps)
    return [
        Measurements(
            start_s + index / fps,
            values | {by_fit: values.get(name) for name, by_fit in BY_FIT.items()},
            frozenset(),
            moved=0.0 if index >= ago and values == frames[index - ago] else 1.0,
            baseline=baseline or baseline_seen_from(),
        )
        for index, values in enumerate(frames)
    ]


def _between(before: float | None, after: float | None, share: float) -> float | None:
    if before is None or after is None:
        return after
    return before + share * (after - before)


def judge(
    exercise: str,
    found: Iterable[Measurements],
    hold_s: float = 0.0,
    limits: Mapping[str, float] | None = None,
) -> Result:
    """What the judge of an exercise makes of measurements."""
    judging = Judge(CATALOGUE[exercise], hold_s, limits or {})
    for measurements in found:
        judging.update(measurements, measurements.t_s)
    return judging.result()


def watch(exercise: str, shots: Iterable[Shot], hold_s: float = 0.0, body: Body | None = None) -> Result:
    """What a coach that watches makes of a film, which it measures with `body` or one of its own."""
    coach = Watcher(exercise, hold_s=hold_s, body=body)
    for shot in shots:
        coach.update(shot.pose, shot.t_s)
    (result,) = coach.finish()
    return result
