"""What the body says without a word: a raised arm, both arms, or lying flat for long on the front."""

from dataclasses import dataclass
from typing import Literal

from posecoach.kinematics.body import Measurements
from posecoach.kinematics.spatial import SIDES

Gesture = Literal["arm", "arms"]

# Straight up, as nobody does it exactly. No exercise holds a hand up that is not at a leg: in none of the
# footage does an arm look raised for longer than 0.4 s.
_HELD_S = 1.5
_UP, _STILL_UP = 35.0, 45.0  # degrees against the vertical: to count as up, and to stay so
_DOWN = 60.0
_STRAIGHT = 45.0  # degrees of elbow flexion
_FREE = 0.4  # torso lengths between a hand and the nearest leg; a hand that holds one is below 0.35
_LEG_UP = 0.25  # torso lengths of a heel above its rest
_RAISED_S = 3.0  # an arm that was not seen down for longer was not raised just now: crunches are done so
_ARM_UNSEEN_S = 0.3  # for which an arm that was up counts as up still

# Lying flat on the front: trunk down, degrees, and head down, torso lengths.
_FLAT = 6.0
_HEAD_DOWN = 0.08
_STIRRED_S = 0.4


@dataclass
class _Arm:
    """One arm, up or not."""

    up: bool = False
    down_s: float = float("-inf")  # when it was last seen down, or holding a leg
    seen_s: float = float("-inf")

    def update(self, found: Measurements | None, side: str, t_s: float) -> None:
        """Take the next frame."""
        tilt, elbow, free = (
            found.values.get(f"{name}_{side}") if found is not None else None
            for name in ("arm_tilt", "elbow_flexion", "hand_to_leg")
        )
        if tilt is None or elbow is None or free is None:
            self.up = self.up and t_s - self.seen_s <= _ARM_UNSEEN_S
            return
        self.seen_s = t_s
        if tilt > _DOWN or (free < _FREE and _legs_up(found)):
            self.down_s = t_s
        straight = tilt < (_STILL_UP if self.up else _UP) and elbow < _STRAIGHT and free > _FREE
        self.up = straight and (self.up or t_s - self.down_s <= _RAISED_S)


def _legs_up(found: Measurements | None) -> bool:
    """True where a foot is well off the bed, so that a hand at a leg holds it; crunches reach for the knees
    with both feet down."""
    lifts = [found.values.get(f"heel_lift_{side}") for side in SIDES] if found is not None else []
    return any(lift is not None and lift > _LEG_UP for lift in lifts)


class Gestures:
    """Finds raised arms in the measurements of one session."""

    def __init__(self) -> None:
        self._arms = {side: _Arm() for side in SIDES}
        self._raised: tuple[bool, ...] = (False, False)
        self._since_s = 0.0
        self._answered = False

    def update(self, found: Measurements | None, t_s: float) -> Gesture | None:
        """Take the next frame; returns a gesture once, when it has been held long enough."""
        baseline = found.baseline if found is not None else None
        able = baseline is not None and baseline.posture != "prone" and not baseline.from_above
        for side, arm in self._arms.items():
            arm.update(found if able else None, side, t_s)
        raised = tuple(arm.up for arm in self._arms.values())
        if raised != self._raised:
            self._raised, self._since_s = raised, t_s
        if not any(raised):
            self._answered = False
        if self._answered or not any(raised) or t_s - self._since_s < _HELD_S:
            return None
        self._answered = True
        return "arms" if all(raised) else "arm"


class OnTheFront:
    """Follows a body on its front: for how long it has lain flat, and when it stirs again."""

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._stirred_since_s: float | None = None

    def update(self, found: Measurements | None, t_s: float) -> tuple[float, bool]:
        """Take the next frame; returns the seconds of lying flat and still, head down, and whether the body
        stirs: head or chest up, or no longer on the front. Unseen is neither."""
        if found is None or found.baseline is None:
            return self._rested(t_s), False
        trunk, head = found.values.get("trunk_inclination"), found.values.get("head_lift")
        prone = found.baseline.posture == "prone"
        up = (trunk is not None and trunk > _FLAT) or (head is not None and head > _HEAD_DOWN)
        if not prone or up or not found.still:
            self._since_s = None
        elif self._since_s is None and trunk is not None:
            self._since_s = t_s
        if not prone or up:
            self._stirred_since_s = t_s if self._stirred_since_s is None else self._stirred_since_s
        else:
            self._stirred_since_s = None
        stirs = self._stirred_since_s is not None and t_s - self._stirred_since_s >= _STIRRED_S
        return self._rested(t_s), stirs

    def _rested(self, t_s: float) -> float:
        return 0.0 if self._since_s is None else t_s - self._since_s
