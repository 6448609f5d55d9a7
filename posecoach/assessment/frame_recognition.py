"""Which exercise one frame shows, from the posture and the measures of that frame alone."""

from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.body import Measurements
from posecoach.kinematics.measures import Measures
from posecoach.kinematics.spatial import SIDES

#: What a frame shows in which the knees have sunk to a side: a twist and a rotation look alike in it.
TURNS = ("turn_left", "turn_right")
#: What a frame shows that can be none of the exercises.
OTHER = "other"

# Degrees and torso lengths, below the exercises' own entries, so that a faulty performance is still
# recognised as the exercise that was meant.
_FOOT_UP = 0.25  # heel lift of a foot that has left the bed
_LEG_STRAIGHT = 50.0  # knee flexion up to which a leg is straight
_SHIN_UP = 0.2  # rise of an ankle above its knee that points the shin to the ceiling
_SHIN_HANGS = 80.0  # knee flexion from which that leg is none that is raised, not even with its knee too bent
_CROSSED = 0.75  # ankle to the other thigh
_UNEVEN = 10.0  # hip and knee flexion by which a crossed leg is bent further than the one below it
_SUPPORTING = 75.0  # hip flexion of the thigh under a crossed ankle
_RAISED_ALONE = 1.0  # by which one heel is lifted more than the other; at knees that turn a shin, 0.9
_HOVERING = 0.5  # heel lift of a leg that is held in the air
_PELVIS_UP = 0.05  # pelvis lift of a pelvis that does not rest
_BRIDGED = 0.1  # pelvis lift that is no tilt any more
_BRIDGED_HIGH = 0.2  # and with which nothing but a bridge opens the hips above bent knees
_OPENED = 54.0  # hip flexion that a lifted pelvis leaves of bent legs
_DRAWN_IN = 104.0  # hip flexion of thighs that are drawn in, not just bent
_BENT_HIP = 35.0  # hip flexion of bent legs that have sunk to a side
_UPRIGHT = 90.0  # hip flexion from which no foot that is unseen reaches the bed, however bent the knee is
_DRAWN_UP = 72.0  # hip flexion that both thighs have where both are drawn in, however little
_TOGETHER = 35.0  # hips that are drawn up together differ by at most so much
_ON_FEET = 0.65  # a hand nearer to its foot than this holds it; hands on the shins are 0.75 away or more
_SUNK = 45.0  # knees lowered this far have sunk to a side, however much the hips are bent
_KNEES_WIDE = 1.1  # knee gap of happy baby
_KNEES_TURNED = 20.0  # knees turned to a side
_PRESSED_UP = 10.0  # trunk inclination of a press-up
_HANDS_AHEAD = 0.6  # hands further ahead than this do not press the trunk up
_ON_SIDE = (60.0, 50.0)  # hip and knee flexion of the fetal position
_SITTING_UP = 30.0  # trunk inclination of somebody on the back who sits up
_NOT_LYING = 90.0  # and of nobody who lies on the front: the picture was turned, or somebody sits or kneels
_TURNED_OVER = 0.4  # shoulder lift of somebody who turns over: in a twist with a lifted shoulder it is 0.3
_ROLLS = 0.15  # and of somebody who may have begun to
_ROLLED = 0.5  # how much higher one shoulder is than the other then; they are some 0.75 apart
_TILTED = (8.0, 22.0)  # turn of a pelvis that tilts on the bed; a low bridge seems to turn it by more
_PROPPED = (
    20.0  # degrees by which a trunk rises that is propped up rather than lying; lying it seems 18 at the most
)


_HIPS, _KNEES, _HEELS, _SHINS, _SHOULDERS, _AHEAD = (
    tuple(f"{name}_{side}" for side in SIDES)
    for name in ("hip_flexion", "knee_flexion", "heel_lift", "shin_rise", "shoulder_lift", "hand_ahead")
)


def shown_exercise(baseline: Baseline, measures: Measures) -> str | None:
    """The exercise that one frame shows, one of `TURNS` where two exercises do, `OTHER`, or None."""
    if baseline.posture == "prone":
        raised = measures.get("trunk_inclination")
        hands = [ahead for name in _AHEAD if (ahead := measures.get(name)) is not None]
        rises = raised is not None and _PRESSED_UP <= raised < _NOT_LYING
        pressed = rises and bool(hands) and min(hands) < _HANDS_AHEAD
        return "press_up" if pressed else None
    hips, knees = [measures.get(name) for name in _HIPS], [measures.get(name) for name in _KNEES]
    if baseline.posture in ("left_side", "right_side"):
        bent = _all_above(hips, _ON_SIDE[0]) and _all_above(knees, _ON_SIDE[1])
        return "fetal" if bent and not turns_over(baseline, measures) else None
    if baseline.posture != "supine" or _propped_up(baseline) or _off_the_back(baseline, measures):
        return None
    if measures.get("rolled"):
        return None  # all of the body has turned over, rather than the knees
    return _on_the_back(hips, knees, measures, baseline.side_on)


def shows_effort(found: Measurements | None) -> bool:
    """Whether a frame shows an exercise, be it the one that was asked for or another, or a lifted pelvis.

    That is no rest, however still the body is; nor is sitting up.
    """
    if found is None or found.baseline is None:
        return False
    return is_effort(found.baseline, found.values, shown_exercise(found.baseline, found.values))


def leans(found: Measurements | None) -> bool:
    """Whether all that a frame shows is knees that have sunk to a side: some lie so at rest."""
    baseline = found.baseline if found is not None else None
    return found is not None and baseline is not None and shown_exercise(baseline, found.values) in TURNS


def is_effort(baseline: Baseline, measures: Measures, exercise: str | None) -> bool:
    """The same of a frame that shows this `exercise`."""
    if exercise is not None or baseline.posture != "supine":
        return exercise is not None
    if _off_the_back(baseline, measures):
        return _sits_up(measures)
    return (measures.get("pelvis_lift") or 0.0) > max(_PELVIS_UP, baseline.height_noise)


def turns_over(baseline: Baseline, measures: Measures) -> bool:
    """True while somebody turns over: in no exercise do the shoulders roll."""
    left, right = _shoulders_lifted(measures)
    return left > _TURNED_OVER or right > _TURNED_OVER or (baseline.side_on and abs(left - right) > _ROLLED)


def may_turn_over(measures: Measures) -> bool:
    """True where a shoulder has left the bed: somebody may have begun to turn over."""
    return max(_shoulders_lifted(measures)) > _ROLLS


def tilts(measures: Measures) -> bool:
    """True where the pelvis has rolled back as far as in a tilt, which may be a shift of the body as well."""
    least, most = _TILTED
    return least <= (measures.get("pelvic_tilt") or 0.0) <= most


def _shoulders_lifted(measures: Measures) -> tuple[float, float]:
    left, right = _SHOULDERS
    return measures.get(left) or 0.0, measures.get(right) or 0.0


def lies_no_more(found: Measurements) -> bool:
    """True for a body that sits, that lay on its back and turns over or sits up, or has, or that cannot lie
    on its front as it seemed to; whatever else is measured then means nothing.
    """
    baseline = found.baseline
    if baseline is None:
        return False
    if baseline.posture == "prone":
        return (found.values.get("trunk_inclination") or 0.0) >= _NOT_LYING
    if baseline.posture == "supine":
        return _off_the_back(baseline, found.values)
    return baseline.posture == "upright"


def _off_the_back(baseline: Baseline, measures: Measures) -> bool:
    """True where a body that lay on its back turns over or sits up, or its shoulders have changed places."""
    across = measures.get("shoulders_across")
    return _sits_up(measures) or turns_over(baseline, measures) or (across is not None and across < 0)


def _sits_up(measures: Measures) -> bool:
    return (measures.get("trunk_inclination") or 0.0) > _SITTING_UP


def further_leg(measures: Measures) -> int | None:
    """The leg that is flexed further at the hip, 0 for the left; None where one of them is unseen."""
    left, right = (measures.get(name) for name in _HIPS)
    return None if left is None or right is None else int(right > left)


def _propped_up(baseline: Baseline) -> bool:
    """True where the trunk rises toward the head, as on the elbows, rather than lies."""
    return baseline.slope > _PROPPED and not baseline.from_above


def _on_the_back(
    hips: list[float | None], knees: list[float | None], measures: Measures, side_on: bool
) -> str | None:
    pelvis = measures.get("pelvis_lift") or 0.0
    opened = _all_below(hips, _OPENED) and _all_above(knees, _LEG_STRAIGHT)
    if opened and pelvis >= _BRIDGED_HIGH:
        return OTHER if _trunk_rises(pelvis, measures) else "bridge"
    turn = _turned_to(hips, knees, measures)
    if turn is not None:
        return turn
    shins_up = [side_on and (measures.get(name) or 0.0) > _SHIN_UP for name in _SHINS]
    feet = [
        shin_up or _foot_is_up(measures.get(heel), hip)
        for heel, shin_up, hip in zip(_HEELS, shins_up, hips, strict=True)
    ]
    if all(feet):
        if _crossed(hips, measures):
            return "figure_four"
        if _happy_baby(hips, shins_up, measures):
            return "happy_baby"
        if _drawn_up_alone(hips):
            return _knee_to_chest(hips, knees, measures)
        if _crossed_out_of_sight(hips, knees, measures):
            return OTHER
        return "double_knees_to_chest" if _all_above(knees, _LEG_STRAIGHT) else None
    if any(feet):
        leg = feet.index(True)
        hangs = _all_above([knees[leg]], _SHIN_HANGS)
        pointed_up = shins_up[leg] and not hangs and _all_below([hips[leg]], _DRAWN_IN)
        straight = _all_below([knees[leg]], _LEG_STRAIGHT) or pointed_up
        return "hamstring" if straight else "knee_to_chest"
    return "bridge" if opened and pelvis >= _BRIDGED else None


def _foot_is_up(heel: float | None, hip: float | None) -> bool:
    """True for a foot off the bed; that of a thigh that is drawn in is off it, though it may be unseen."""
    if heel is not None and heel > _FOOT_UP:
        return True
    return hip is not None and hip >= (_UPRIGHT if heel is None else _DRAWN_IN)


def _trunk_rises(pelvis: float, measures: Measures) -> bool:
    """True where the shoulders seem to have left the bed with the pelvis, as where an arm reaches across: a
    bridge rests on them.
    """
    shoulders = [lift for name in _SHOULDERS if (lift := measures.get(name)) is not None]
    return bool(shoulders) and pelvis - max(shoulders) < _BRIDGED


def _drawn_up_alone(hips: list[float | None]) -> bool:
    """True where one thigh is drawn up, and the other one is not, or much less, or hidden: both together hide
    neither.
    """
    seen = [hip for hip in hips if hip is not None]
    if not seen or max(seen) < _DRAWN_UP:
        return False
    return len(seen) < len(hips) or min(seen) < max(_DRAWN_UP, max(seen) - _TOGETHER)


def _knee_to_chest(hips: list[float | None], knees: list[float | None], measures: Measures) -> str | None:
    """Where two feet seem up and one thigh is drawn up: the other leg is hidden, or came along a little.

    Legs that are raised straight, or one of which hovers, are something else.
    """
    drawn = max((0, 1), key=lambda side: hips[side] or 0.0)
    other = hips[1 - drawn]
    straight = _all_below([knees[drawn]], _LEG_STRAIGHT)
    high = (measures.get(_HEELS[1 - drawn]) or 0.0) > _HOVERING
    hovers = high and other is not None and other < _OPENED
    return OTHER if straight or hovers else "knee_to_chest"


def _happy_baby(hips: list[float | None], shins_up: list[bool], measures: Measures) -> bool:
    hands = [away for side in SIDES if (away := measures.get(f"hand_to_foot_{side}")) is not None]
    wide = (measures.get("knee_gap") or 0.0) > _KNEES_WIDE
    on_feet = not hands or min(hands) < _ON_FEET
    return _all_above(hips, _DRAWN_IN) and (all(shins_up) or wide) and on_feet


def _turned_to(hips: list[float | None], knees: list[float | None], measures: Measures) -> str | None:
    """`turn_left` or `turn_right` for knees that have sunk to a side."""
    turn, lowered = measures.get("trunk_rotation"), measures.get("knees_lowered")
    if turn is None or abs(turn) < _KNEES_TURNED or (lowered is not None and lowered < _KNEES_TURNED):
        return None
    sunk = lowered is not None and lowered >= _SUNK and not _all_above(hips, _DRAWN_IN)
    if not (sunk or _all_below(hips, _DRAWN_IN)) or not any(_above(hips, _BENT_HIP)):
        return None
    if any(knee is not None and knee < _LEG_STRAIGHT for knee in knees) or _one_leg_is_raised(measures):
        return None
    return "turn_left" if turn > 0 else "turn_right"


def _one_leg_is_raised(measures: Measures) -> bool:
    left, right = (measures.get(name) for name in _HEELS)
    return left is not None and right is not None and abs(left - right) > _RAISED_ALONE


def _above(values: list[float | None], limit: float) -> list[bool]:
    return [value is not None and value >= limit for value in values]


def _crossed(hips: list[float | None], measures: Measures) -> bool:
    for side, supporting in zip(SIDES, reversed(hips), strict=True):
        distance = measures.get(f"ankle_on_thigh_{side}")
        on_it = distance is not None and distance < _CROSSED
        if on_it and supporting is not None and supporting > _SUPPORTING:
            return True
    return False


def _crossed_out_of_sight(hips: list[float | None], knees: list[float | None], measures: Measures) -> bool:
    """True where the ankle is unseen of a leg that is bent further than the other at hip and, as far as that
    is seen, knee, as a crossed one is: a figure four, or both knees drawn in unevenly.
    """
    left, right = hips
    if left is None or right is None or abs(left - right) < _UNEVEN:
        return False
    crossed, below = (0, 1) if left > right else (1, 0)
    bent, other = knees[crossed], knees[below]
    even = bent is not None and other is not None and bent < other + _UNEVEN
    return not even and measures.get(f"ankle_on_thigh_{SIDES[crossed]}") is None


def _all_above(values: list[float | None], limit: float) -> bool:
    return all(_above(values, limit))


def _all_below(values: list[float | None], limit: float) -> bool:
    return all(value is not None and value <= limit for value in values)
