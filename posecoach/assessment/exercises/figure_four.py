"""Figure four (reclined pigeon): one ankle across the other thigh, the supporting thigh drawn in."""

from posecoach.assessment.exercise import (
    Condition,
    Exercise,
    FallsShort,
    Limit,
    Motion,
    Pace,
    Unmet,
    measure,
)
from posecoach.assessment.shared_parts import HEAD_LIMITS, HEAD_RESTS, HIP_READS_LOW

_LEGS = ("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle")

EXERCISE = Exercise(
    id="figure_four",
    title="Figure four",
    summary="Lying on the back, one ankle lies across the other thigh, which the hands draw to the chest.",
    source="S0 up to 30 s each side; S2 20-30 s, two or three times",
    postures=("supine",),
    start="Lie on your back, knees bent",
    move="Put your {side} ankle across the other thigh and draw that thigh to you",
    motions=(
        Motion(
            "left",
            measure("hip_flexion_right"),
            "enter",
            _LEGS,
            reads_low=HIP_READS_LOW,
            also=(Condition(measure("ankle_on_thigh_left"), "crossed", "below", 0.4),),
            pace=Pace(measure("hip_flexion_right")),
            off_bed=measure("heel_lift_right"),
        ),
        Motion(
            "right",
            measure("hip_flexion_left"),
            "enter",
            _LEGS,
            reads_low=HIP_READS_LOW,
            also=(Condition(measure("ankle_on_thigh_right"), "crossed", "below", 0.4),),
            pace=Pace(measure("hip_flexion_left")),
            off_bed=measure("heel_lift_left"),
        ),
    ),
    limits={
        "enter": Limit(90, (85, 150), "hip flexion of the supporting leg, degrees"),
        "shallow": Limit(80, (60, 150), "an attempt that peaks below this hip flexion is shallow, degrees"),
        "crossed": Limit(0.75, (0.3, 1.5), "distance of the ankle from the other thigh, torso lengths"),
    }
    | HEAD_LIMITS,
    falls_short=FallsShort(
        "shallow", "shallow", "Draw the thigh a little closer, only as far as is comfortable"
    ),
    unmet=Unmet("not_crossed", "Lay the ankle across the other thigh, near the knee", after_s=3.0),
    rules=HEAD_RESTS,
    hold_s=20,
    one_leg=True,
)
