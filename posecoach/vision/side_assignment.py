"""Keeps left and right apart: an unsure network swaps them at once, whereas a body takes time to turn.

The direction from right to left is followed, for the arms and for the legs. When it suddenly reverses, the
network has swapped the sides or has undone a swap. One of the two assignments is wrong: the one that was seen
for less time and less sharply. Legs may be swapped from the knees down only, each attached to the other hip:
then both knees have jumped to where the other one was.

Points and directions are complex numbers here, x + yj: there are too few of them to be work for arrays, whose
calls, between two runs of a network, each cost more than all of this arithmetic.
"""

from math import exp, inf, nan
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import INDEX, LANDMARKS, LANDMARKS_MIRRORED, Array

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


def _cosine(one: complex, other: complex) -> float:
    """Of the angle between two directions, times their lengths."""
    return (one * other.conjugate()).real


class SideAssignment:
    """Follows which side is which, through the poses of one body."""

    def __init__(self) -> None:
        self._along: complex | None = None  # from the hips to the shoulders, in the last pose
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
        pixels = [complex(x, y) for x, y in image.tolist()]
        seen: list[float] = visibility.tolist()
        shoulders, hips = (
            (pixels[INDEX[f"left_{part}"]] + pixels[INDEX[f"right_{part}"]]) / 2
            for part in ("shoulder", "hip")
        )
        trunk = max(abs(shoulders - hips), 1.0)
        along = (shoulders - hips) / trunk
        if self._along is not None and _cosine(along, self._along) < _SAME_WAY:
            self._begin()  # the network exchanges sides, not head and feet: here somebody lies down anew
        self._along = along
        order = np.arange(len(LANDMARKS))
        points = [pixel / trunk for pixel in pixels]
        if all(half.has_turned(points, t_s) for half in self._halves):
            self._begin()  # arms and legs alike, while nobody saw it: whoever lies there has turned over
        for half in self._halves:
            if half.exchanged(points, seen, t_s):
                order[half.members] = LANDMARKS_MIRRORED[half.members]
        if order[_HIP] != self._hip:  # whole legs have changed sides
            self._hip, self._below = int(order[_HIP]), _Below()
        # From the hips, so that a trunk that seems a little longer moves nothing.
        ordered = order.tolist()
        from_hips = [(pixels[index] - hips) / trunk for index in ordered]
        if self._below.exchanged(from_hips, [seen[index] for index in ordered], t_s):
            order[_Below.members] = order[LANDMARKS_MIRRORED[_Below.members]]
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
        kept = exp(-elapsed_s / _MEMORY_S)
        weight = min(max((sharp - _UNSURE) / (_SURE - _UNSURE), 0.0), 1.0) ** 2
        self._seen_s = [kept * seen_s for seen_s in self._seen_s]
        self._seen_s[way] += weight * elapsed_s
        return self._seen_s[way] < self._seen_s[1 - way]


class _Half:
    """The arms or the legs."""

    def __init__(self, parts: tuple[str, ...], members: list[int]) -> None:
        self.members = np.array(members)
        self._pairs = [(INDEX[f"left_{part}"], INDEX[f"right_{part}"]) for part in parts]
        self._reach = [0.0] * len(parts)  # usual distance between left and right
        self._across: list[complex] | None = None  # from right to left as at first, of late
        self._known_s = -inf
        self._elapsed = _Elapsed()
        self._way, self._ways = 0, _Ways()
        self._vague_s = 0.0  # in sight without telling

    def has_turned(self, points: list[complex], t_s: float) -> bool:
        """True when left lies the other way round than when it was last known, a while ago."""
        if self._across is None or t_s - self._known_s < _VAGUE_S:
            return False
        told = self._reversed(self._across, self._now(points))
        return told is not None and int(told) != self._way

    def exchanged(self, points: list[complex], visibility: list[float], t_s: float) -> bool:
        """True when left and right have to be exchanged; `points` (33) in trunk lengths."""
        elapsed_s = self._elapsed(t_s)
        across = self._now(points)
        sharp = fmean(visibility[index] for pair in self._pairs for index in pair)
        kept = exp(-elapsed_s / _MEMORY_S)
        self._reach = [max(kept * usual, abs(one)) for usual, one in zip(self._reach, across, strict=True)]
        if self._ways.conceded(self._way, sharp, elapsed_s):
            self._way, self._ways, self._across = 0, _Ways(), None
        self._vague_s = self._vague_s + elapsed_s if sharp > _SEEN else 0.0
        if self._across is None or t_s - self._known_s > _FRESH_S or self._vague_s > _VAGUE_S:
            self._across, self._known_s = self._as_at_first(across), t_s
        told = self._reversed(self._across, across)
        if told is not None:
            self._way, self._vague_s = int(told), 0.0
        # Somebody who turns over passes zero; an exchange comes at once, or by way of something in between.
        turns = not self._way and abs(across[0]) < _SHORT
        if sharp > _SEEN and (told is not None or turns):
            share = min(1.0, elapsed_s / _FOLLOWED_S)
            now = self._as_at_first(across)
            self._across = [old + share * (new - old) for old, new in zip(self._across, now, strict=True)]
            self._known_s = t_s
        return self._ways.other_is_right(self._way, sharp, elapsed_s)

    def _now(self, points: list[complex]) -> list[complex]:
        return [points[left] - points[right] for left, right in self._pairs]

    def _as_at_first(self, across: list[complex]) -> list[complex]:
        return [-one for one in across] if self._way else across

    def _reversed(self, before: list[complex], now: list[complex]) -> bool | None:
        """True when left lies from right the other way round than before, at every joint that tells; False
        when as before; None where that cannot be told.

        The first joint must tell, for it belongs to the trunk: ankles and elbows may cross.
        """
        tell = [
            min(abs(old), abs(new)) > max(_SHORT, _FULL * usual)
            for old, new, usual in zip(before, now, self._reach, strict=True)
        ]
        if not tell[0] or sum(tell) < 2:
            return None
        joints = zip(before, now, tell, strict=True)
        cosines = [_cosine(old, new) / (abs(old) * abs(new)) for old, new, tells in joints if tells]
        if max(cosines) < _REVERSED:
            return True
        return False if min(cosines) > -_REVERSED else None


class _Joint:
    """The knees or the ankles: where the left one and the right one were, as at first, and when."""

    def __init__(self, part: str) -> None:
        self._pair = INDEX[f"left_{part}"], INDEX[f"right_{part}"]
        self._place = [complex(nan, nan)] * 2
        self._known_s = [-inf] * 2

    def look(self, points: list[complex], visibility: list[float], t_s: float) -> None:
        """Take in where the next pose shows them."""
        self.here = [points[index] for index in self._pair]
        self.seen = [visibility[index] for index in self._pair]
        self._age_s = [t_s - known_s for known_s in self._known_s]

    @property
    def together(self) -> bool:
        """True while both are surely side by side."""
        return min(self.seen) > _SHARP and abs(self.here[0] - self.here[1]) < _LEAPT

    @property
    def tells(self) -> bool:
        """A joint tells only together with its fellow, and away from it."""
        fresh = min(self.seen) > _GLIMPSED and max(self._age_s) < _FRESH_S
        return fresh and abs(self._place[0] - self._place[1]) > _LEAPT

    @property
    def moved(self) -> tuple[float, float, float]:
        """How far they are from their own places, and from each other's; and for how long these are known."""
        (left, right), (left_place, right_place) = self.here, self._place
        stayed = abs(left - left_place) + abs(right - right_place)
        crossed = abs(left - right_place) + abs(right - left_place)
        return stayed, crossed, max(self._age_s)

    def remember(self, way: int, t_s: float) -> None:
        """Keep where they are; with `way` 1 they are exchanged."""
        for side in (0, 1):
            here, seen, age_s = self.here[side ^ way], self.seen[side ^ way], self._age_s[side]
            # Half exchanged, both knees are seen somewhere in between: that is where neither of them is.
            followed = abs(here - self._place[side]) < _LEAPT + _DRIFT * age_s
            if seen > _SEEN and (followed or age_s >= _FRESH_S):
                self._place[side], self._known_s[side] = here, t_s


class _Below:
    """The legs from the knees down, in a pose whose hips are where they belong."""

    members = np.array([index for name, index in INDEX.items() if name.endswith(_BELOW)])

    def __init__(self) -> None:
        self._elapsed = _Elapsed()
        self._begin()

    def _begin(self) -> None:
        self._way, self._ways = 0, _Ways()
        self._joints = [_Joint(part) for part in _BELOW[:2]]

    def exchanged(self, points: list[complex], visibility: list[float], t_s: float) -> bool:
        """True when left and right have to be exchanged; `points` (33) in trunk lengths from the hips."""
        elapsed_s = self._elapsed(t_s)
        self._look(points, visibility, t_s)
        sharp = fmean(seen for joint in self._joints for seen in joint.seen)
        together = all(joint.together for joint in self._joints)
        # Side by side, what was known is of no use any more, and the network tells as well as anybody.
        if together or self._ways.conceded(self._way, sharp, elapsed_s):
            self._begin()
            self._look(points, visibility, t_s)
        moved = [joint.moved for joint in self._joints if joint.tells]
        if moved:
            all_stayed, all_crossed, ages_s = zip(*moved, strict=True)
            stayed, crossed, least = sum(all_stayed), sum(all_crossed), 2 * (_LEAPT + _DRIFT * max(ages_s))
            if crossed < _SURELY * stayed and stayed - crossed > least:
                self._way = 1
            elif stayed < _SURELY * crossed and crossed - stayed > least:
                self._way = 0
        for joint in self._joints:
            joint.remember(self._way, t_s)
        return self._ways.other_is_right(self._way, sharp, elapsed_s)

    def _look(self, points: list[complex], visibility: list[float], t_s: float) -> None:
        for joint in self._joints:
            joint.look(points, visibility, t_s)
