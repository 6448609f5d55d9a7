"""Conditions, rules and limits that several exercises share."""

from posecoach.assessment.exercise import Condition, Limit, Pace, Rule, Value, mean_alike, measure

#: Legs that are bent, as the exercise's own `knees_bent` says: one may be hidden behind the other.
KNEES_BENT = Condition(mean_alike("knee_flexion_left", "knee_flexion_right"), "knees_bent", "above", 10)

#: Limits mean the joints' centres; hip flexion as measured reads this many degrees lower (median of the
#: side-view clips between 40 and 110 degrees, see `measures`).
HIP_READS_LOW = 2.0

#: Of knees that sink to a side together: their height, hundredths of torso lengths, is surer than their turn
#: and changes as much. It changes late, so a move seems to be a little shorter.
KNEES_SINK = Pace(Value(("knees_height",), lambda values: -100 * values[0]), view="low", seems=0.9)

_LET_IT_REST, _HEAD = "Let your head rest on the pillow", ("nose", "left_ear", "right_ear")

#: Head and neck stay relaxed on the pillow, in every exercise that draws a leg in with the hands: a head that
#: lifts is seen by its height, or by the nose that comes nearer to the shoulders where a height is a depth.
HEAD_RESTS = (
    Rule(
        "head_lifted",
        {None: measure("head_lift")},
        "head_lifted",
        _LET_IT_REST,
        noise=0.03,
        view="low",
        limb=_HEAD,
    ),
    Rule(
        "head_lifted",
        {None: measure("nose_nearer")},
        "nose_nearer",
        _LET_IT_REST,
        view="above",
        limb=_HEAD,
    ),
)

#: The limits of these. Seen from above, the noses of 34 heads that rest come nearer by 0.09 at the most (and
#: one by 0.16), those of two that are lifted by 0.18 and 0.22.
HEAD_LIMITS: dict[str, Limit] = {
    "head_lifted": Limit(0.15, (0.05, 0.5), "head above its rest, torso lengths"),
    "nose_nearer": Limit(0.13, (0.05, 0.5), "nose nearer to the shoulders than at rest, torso lengths"),
}
