"""Which exercise a run of frames shows, taken as one: the one that most of them show, if there are enough of
them and they agree; otherwise it cannot be told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from posecoach.assessment.frame_recognition import OTHER, TURNS
from posecoach.assessment.thresholds import GAP_S

#: Names that frames of an exercise may show, where they are not its own alone.
SHOWN_AS: Mapping[str, tuple[str, ...]] = {
    "spinal_twist": TURNS,
    "lumbar_rotation": TURNS,
    "figure_four": ("figure_four", "knee_to_chest"),
}
#: Turns, if only to one side, that are no twist that is held.
SEVERAL = 3

_SHOWN_S = 1.5  # an exercise has to show for at least this long
_SHOWN_SHARE = 0.18  # and for at least this share of the time
_PAUSE_S = 10.0  # of which a rest between two repetitions takes so much at the most
FRAME_S = 0.2  # for which one frame stands at the most
_HELD_S = 2.0  # for which an exercise with a hold is shown at least once: who cycles in the air holds nothing
_ONE_LEG = ("knee_to_chest", "hamstring")
_REPEATED = ("bridge", "lumbar_rotation", "press_up", "pelvic_tilt")
_AGREED_SHARE = 0.7  # of the telling frames, where it is hardly another exercise; on good clips no less
_CROSSED_SHARE = 0.4  # share of crossed frames that makes a knee drawn in a figure four: legs hide each other
# Share of straight raised legs, among these and knees drawn in, that makes a hamstring stretch: of other
# exercises it is 0.11 at most (93 clips), of stretches 0.3 or more (37).
_STRAIGHT_SHARE = 0.25
_BOTH_SIDES = 0.2  # share of the lesser side that makes turns to both sides
_MOSTLY_TURNS = 0.15  # share of turns among turns and both knees drawn in that makes these a rotation, too
_ONE_SIDE_TURNS = 0.5  # and that share where all turns are to one side: who cycles in the air shows some, too
_TURN_HELD_S = 6.0  # knees that stay on one side this long are a twist that is held, no rotation to and fro


class Shown(NamedTuple):
    """What one frame shows: an exercise, `turn_left` or `turn_right` where two exercises do, or None; and
    which leg is flexed further at the hip, 0 for the left, None where one of them is unseen. `rolls` where a
    shoulder has left the bed, `tilts` where the pelvis has rolled back a little, `moves` where a lying body
    does.
    """

    t_s: float
    name: str | None
    leg: int | None = None
    rolls: bool = False
    tilts: bool = False
    moves: bool = False


@dataclass(frozen=True)
class Recognition:
    """Which exercise some frames show.

    exercise   its identifier; None where it cannot be told
    certainty  share (0..1) of the telling frames that show it
    runner_up  what most of the others show; None where nothing else was shown
    """

    exercise: str | None = None
    certainty: float = 0.0
    runner_up: str | None = None

    @property
    def sure(self) -> bool:
        """True where it is hardly another one."""
        return self.exercise is not None and self.certainty >= _AGREED_SHARE


def recognised(shown: Sequence[Shown]) -> Recognition:
    """Which exercise the frames show, taken as one exercise."""
    counted = Counter(frame.name for frame in shown if frame.name is not None)
    if not counted:
        return Recognition()
    sides = [counted.pop("turn_left", 0), counted.pop("turn_right", 0)]
    held = turn_is_held(shown)
    both_sides = min(sides) > _BOTH_SIDES * sum(sides)
    mostly = _MOSTLY_TURNS if both_sides else _ONE_SIDE_TURNS
    turns = sum(sides) > mostly * (sum(sides) + counted["double_knees_to_chest"])
    to_and_fro = both_sides or turns_taken(shown) >= SEVERAL
    if to_and_fro and turns and not held:
        # To and fro, even with the feet off the bed.
        counted["lumbar_rotation"] = sum(sides) + counted.pop("double_knees_to_chest", 0)
    else:
        counted["spinal_twist"] = sum(sides)
    if counted["figure_four"] > _CROSSED_SHARE * (counted["figure_four"] + counted["knee_to_chest"]):
        counted["figure_four"] += counted.pop("knee_to_chest", 0)
    if counted["hamstring"] > _STRAIGHT_SHARE * (counted["hamstring"] + counted["knee_to_chest"]):
        counted["hamstring"] += counted.pop("knee_to_chest", 0)  # the leg is drawn in before it is straight
    (name, frames), *others = (+counted).most_common(2)
    runner_up = others[0][0] if others and others[0][0] != OTHER else None
    if name == OTHER:
        return Recognition(None, 0.0, runner_up)
    certainty = frames / counted.total()
    enough = lasted_s(shown, name) >= max(_SHOWN_S, _SHOWN_SHARE * _seen_s(shown))
    enough = enough and (name in _REPEATED or _longest_s(shown, name) >= _HELD_S)
    if not enough or certainty < _AGREED_SHARE:
        return Recognition(None, certainty, name)
    if name == "spinal_twist" and not held:
        return Recognition(name, certainty / 2, "lumbar_rotation")  # short turns to one side may be either
    return Recognition(name, certainty, runner_up)


def lasted_s(shown: Sequence[Shown], name: str) -> float:
    """Seconds for which the frames show one thing; a gap between frames counts as one frame at the most."""
    own = SHOWN_AS.get(name, (name,))
    return sum(min(b.t_s - a.t_s, FRAME_S) for a, b in pairwise(shown) if a.name in own)


def _seen_s(shown: Sequence[Shown]) -> float:
    """Seconds from the first frame to the last, less what rests between repetitions take beyond a pause."""
    telling = [frame.t_s for frame in shown if frame.name is not None]
    return shown[-1].t_s - shown[0].t_s - sum(max(0.0, b - a - _PAUSE_S) for a, b in pairwise(telling))


def _longest_s(shown: Sequence[Shown], name: str) -> float:
    """Seconds of the longest time that shows one thing, but for moments."""
    own = SHOWN_AS.get(name, (name,))
    longest, start_s, last_s, leg = 0.0, float("-inf"), float("-inf"), None
    for frame in shown:
        if frame.name not in own:
            continue
        changed = name in _ONE_LEG and frame.leg is not None and leg is not None and frame.leg != leg
        start_s = frame.t_s if changed or frame.t_s - last_s > GAP_S else start_s
        leg, last_s = (leg if frame.leg is None else frame.leg), frame.t_s
        longest = max(longest, last_s - start_s)
    return longest


def turns_taken(shown: Sequence[Shown]) -> int:
    """How often the knees have sunk to a side."""
    return len(_turns(shown, GAP_S))


def turn_is_held(shown: Sequence[Shown]) -> bool:
    """True where the knees stay on one side for as long as nobody does who rotates to and fro."""
    return any(last_s - first_s >= _TURN_HELD_S for first_s, last_s in _turns(shown, 0.0))


def _turns(shown: Sequence[Shown], gap_s: float) -> list[tuple[float, float]]:
    """When the knees were on a side, from and to, gaps of up to `gap_s` included. Where one of them hides,
    the other one may seem to be drawn in meanwhile.
    """
    found: list[tuple[float, float]] = []
    before: str | None = None  # the side that still lasts
    for frame in shown:
        if frame.name in TURNS:
            same = found and (frame.name == before or frame.t_s - found[-1][1] <= gap_s)
            first_s = found.pop()[0] if same else frame.t_s
            found.append((first_s, frame.t_s))
            before = frame.name
        elif frame.name not in _ONE_LEG:
            before = None
    return found
