"""Keeps left and right apart: an unsure network swaps them at once, whereas a body takes time to turn.

The direction from right to left is followed, for the arms and for the legs. When it suddenly reverses, the
network has swapped the sides or has undone a swap. One of the two assignments is wrong: the one that was seen
for less time and less sharply. Legs may be swapped from the knees down only, each attached to the other hip:
then both knees have jumped to where the other one was.
"""

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import INDEX, LANDMARKS, Array

_FOLLOWED_S = 0.3  # over which it is remembered where left lies from right: no body turns over that fast
_REVERSED = -0.5  # cosine between a direction and its reverse
_SHORT = 0.12  # trunk lengths below which left and right lie too near each other to tell
_FULL = 0.4  # share of their usual distance before and after: who rolls over passes zero slowly
_MEMORY_S = 10.0  # of what was seen how sharply
_UNSURE, _SURE = 0.4, 0.7  # visibility from which a pose counts, and counts fully
_LONGEST_STEP_S = 0.2
_SAME_WAY = 0.5  # cosine between the trunk's directions in two poses that follow each other

_LEAPT = 0.3  # trunk lengths a joint that changed legs has leapt further than one that did not
_DRIFT = 0.25  # trunk lengths a second that it may have moved meanwhile
_SURELY = 0.5  # share of the way that exchanged joints have to go at the most, to be believed exchanged
_FRESH_S = 3.0  # for how long it is known where a joint was
_VAGUE_S = 0.6  # in plain sight without telling, after which what is seen is believed
_PLAIN = 0.6  # visibility from which something is seen plainly,
_PLAINLY_S = 1.5  # and for how long the contrary is, until it is believed
# Visibility from which a joint tells where it is, its place is remembered, and it is sure.
_GLIMPSED, _SEEN, _SHARP = 0.15, 0.4, 0.5

_ARMS, _LEGS = ("shoulder", "elbow"), ("hip", "knee", "ankle")
_BELOW = ("knee", "ankle", "heel", "foot_index")
_OF_LEGS = ("hip", *_BELOW)
_HIP = INDEX["left_hip"]

#: The landmarks with left and right exchanged: `points[MIRRORED]`.
MIRRORED = np.array(
    [INDEX[name.replace("left", "\0").replace("right", "left").replace("\0", "right")] for name in LANDMARKS]
)


class SideAssignment:
    """Follows which side is which, through the poses of one body."""

    def __init__(self) -> None:
        self._along: Array | None = None  # from the hips to the shoulders, in the last pose
        self._begin()

    def _begin(self) -> None:
        legs = [index for name, index in INDEX.items() if name.endswith(_OF_LEGS)]
        rest = [index for index in range(len(LANDMARKS)) if index not in legs]
        self._halves = (_Half(_ARMS, rest), _Half(_LEGS, legs))
        self._hip, self._below = _HIP, _Below()

    def order(self, image: Array, visibility: Array, t_s: float) -> NDArray[np.intp]:
        """(33,) which landmark of a pose is which: `range(33)`, or some left and right exchanged.

        image (33, 2) pixels, visibility (33,) 0..1; `t_s` rises.
        """
        shoulders, hips = (
            (image[INDEX[f"left_{part}"]] + image[INDEX[f"right_{part}"]]) / 2 for part in ("shoulder", "hip")
        )
        trunk = max(float(np.linalg.norm(shoulders - hips)), 1.0)
        along = (shoulders - hips) / trunk
        if self._along is not None and float(along @ self._along) < _SAME_WAY:
            self._begin()  # the network exchanges sides, not head and feet: here somebody lies down anew
        self._along = along
        order = np.arange(len(LANDMARKS))
        points = image / trunk
        if all(half.has_turned(points, t_s) for half in self._halves):
            self._begin()  # arms and legs alike, while nobody saw it: whoever lies there has turned over
        for half in self._halves:
            if half.exchanged(points, visibility, t_s):
                order[half.members] = MIRRORED[half.members]
        if order[_HIP] != self._hip:  # whole legs have changed sides
            self._hip, self._below = int(order[_HIP]), _Below()
        # From the hips, so that a trunk that seems a little longer moves nothing.
        if self._below.exchanged((image[order] - hips) / trunk, visibility[order], t_s):
            order[_Below.members] = order[MIRRORED[_Below.members]]
        return order


class _Elapsed:
    """Seconds from the previous pose to this one: 0 at the first, and never more than `_LONGEST_STEP_S`."""

    def __init__(self) -> None:
        self._last_s: float | None = None

    def __call__(self, t_s: float) -> float:
        last_s, self._last_s = self._last_s, t_s
        return 0.0 if last_s is None else min(t_s - last_s, _LONGEST_STEP_S)


class _Ways:
    """How well the two ways were seen in which left and right may be: 0, as they were first, and 1."""

    def __init__(self) -> None:
        self._seen_s = [0.0, 0.0]
        self._plainly_s = 0.0  # for which the other way has now been seen plainly

    def conceded(self, way: int, sharp: float, elapsed_s: float) -> bool:
        """True once the other way was seen so plainly and for so long that it is no exchange."""
        self._plainly_s = self._plainly_s + elapsed_s if way and sharp > _PLAIN else 0.0
        return self._plainly_s > _PLAINLY_S

    def other_is_right(self, way: int, sharp: float, elapsed_s: float) -> bool:
        """Take in `elapsed_s` of the one way, seen how sharply; True when the other one is to be believed."""
        kept = float(np.exp(-elapsed_s / _MEMORY_S))
        weight = float(np.clip((sharp - _UNSURE) / (_SURE - _UNSURE), 0, 1)) ** 2
        self._seen_s = [kept * seen_s for seen_s in self._seen_s]
        self._seen_s[way] += weight * elapsed_s
        return self._seen_s[way] < self._seen_s[1 - way]


class _Half:
    """The arms or the legs."""

    def __init__(self, parts: tuple[str, ...], members: list[int]) -> None:
        self.members = np.array(members)
        self._left = np.array([INDEX[f"left_{part}"] for part in parts])
        self._right = np.array([INDEX[f"right_{part}"] for part in parts])
        self._reach = np.zeros(len(parts))  # usual distance between left and right
        self._across: Array | None = None  # from right to left as at first, of late
        self._known_s = -np.inf
        self._elapsed = _Elapsed()
        self._way, self._ways = 0, _Ways()
        self._vague_s = 0.0  # in sight without telling

    def has_turned(self, points: Array, t_s: float) -> bool:
        """True when left lies the other way round than when it was last known, a while ago."""
        if self._across is None or t_s - self._known_s < _VAGUE_S:
            return False
        told = self._reversed(self._across, points[self._left] - points[self._right])
        return told is not None and int(told) != self._way

    def exchanged(self, points: Array, visibility: Array, t_s: float) -> bool:
        """True when left and right have to be exchanged; `points` (33, 2) in trunk lengths."""
        elapsed_s = self._elapsed(t_s)
        across = points[self._left] - points[self._right]
        sharp = float(visibility[np.concatenate([self._left, self._right])].mean())
        self._reach = np.maximum(np.exp(-elapsed_s / _MEMORY_S) * self._reach, np.linalg.norm(across, axis=1))
        if self._ways.conceded(self._way, sharp, elapsed_s):
            self._way, self._ways, self._across = 0, _Ways(), None
        self._vague_s = self._vague_s + elapsed_s if sharp > _SEEN else 0.0
        if self._across is None or t_s - self._known_s > _FRESH_S or self._vague_s > _VAGUE_S:
            self._across, self._known_s = (-across if self._way else across), t_s
        told = self._reversed(self._across, across)
        if told is not None:
            self._way, self._vague_s = int(told), 0.0
        # Somebody who turns over passes zero; an exchange comes at once, or by way of something in between.
        turns = not self._way and float(np.linalg.norm(across[0])) < _SHORT
        if sharp > _SEEN and (told is not None or turns):
            share = min(1.0, elapsed_s / _FOLLOWED_S)
            self._across = self._across + share * ((-across if self._way else across) - self._across)
            self._known_s = t_s
        return self._ways.other_is_right(self._way, sharp, elapsed_s)

    def _reversed(self, before: Array, now: Array) -> bool | None:
        """True when left lies from right the other way round than before, at every joint that tells; False
        when as before; None where that cannot be told.

        The first joint must tell, for it belongs to the trunk: ankles and elbows may cross.
        """
        lengths = np.linalg.norm(before, axis=1), np.linalg.norm(now, axis=1)
        tell = np.minimum(*lengths) > np.maximum(_SHORT, _FULL * self._reach)
        cosines = (before * now).sum(axis=1)[tell] / (lengths[0] * lengths[1])[tell]
        if not tell[0] or len(cosines) < 2:
            return None
        if (cosines < _REVERSED).all():
            return True
        return False if (cosines > -_REVERSED).all() else None


class _Below:
    """The legs from the knees down, in a pose whose hips are where they belong."""

    members = np.array([index for name, index in INDEX.items() if name.endswith(_BELOW)])
    _joints = np.array([[INDEX[f"{side}_{part}"] for part in _BELOW[:2]] for side in ("left", "right")])

    def __init__(self) -> None:
        self._elapsed = _Elapsed()
        self._begin()

    def _begin(self) -> None:
        self._way, self._ways = 0, _Ways()
        self._place = np.full((*self._joints.shape, 2), np.nan)  # of each joint, left and right as at first
        self._known_s = np.full(self._joints.shape, -np.inf)

    def exchanged(self, points: Array, visibility: Array, t_s: float) -> bool:
        """True when left and right have to be exchanged; `points` (33, 2) in trunk lengths from the hips."""
        elapsed_s = self._elapsed(t_s)
        here, seen = points[self._joints], visibility[self._joints]
        if (seen > _SHARP).all() and (np.linalg.norm(here[0] - here[1], axis=1) < _LEAPT).all():
            # Side by side: what was known is of no use any more, and the network tells as well as anybody.
            self._begin()
        elif self._ways.conceded(self._way, float(seen.mean()), elapsed_s):
            self._begin()
        age_s = t_s - self._known_s
        # A joint tells only together with its fellow, and away from it.
        apart = np.linalg.norm(self._place[0] - self._place[1], axis=1) > _LEAPT
        tells = ((seen > _GLIMPSED) & (age_s < _FRESH_S)).all(axis=0) & apart
        if tells.any():
            stayed = np.linalg.norm(here - self._place, axis=2)[:, tells].sum()
            crossed = np.linalg.norm(here - self._place[::-1], axis=2)[:, tells].sum()
            least = 2 * (_LEAPT + _DRIFT * float(age_s[:, tells].max()))
            if crossed < _SURELY * stayed and stayed - crossed > least:
                self._way = 1
            elif stayed < _SURELY * crossed and crossed - stayed > least:
                self._way = 0
        if self._way:
            here, seen = here[::-1], seen[::-1]
        # Half exchanged, both knees are seen somewhere in between: that is where neither of them is.
        followed = np.linalg.norm(here - self._place, axis=2) < _LEAPT + _DRIFT * age_s
        known = (seen > _SEEN) & (followed | (age_s >= _FRESH_S))
        self._place[known], self._known_s[known] = here[known], t_s
        return self._ways.other_is_right(self._way, float(seen.mean()), elapsed_s)
