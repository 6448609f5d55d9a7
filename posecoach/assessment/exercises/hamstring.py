"""Hamstring stretch: one leg raised with the hands behind the thigh, the knee nearly straight."""

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

EXERCISE = Exercise(
    id="hamstring",
    title="Hamstring stretch",
    summary="Lying on the back, one leg is raised with the hands behind the thigh, knee slightly bent.",
    source="S1 10-15 s each leg",
    postures=("supine",),
    start="Lie on your back, legs bent or straight",
    move="Raise your {side} leg, hands behind the thigh, toes to the ceiling",
    motions=(
        Motion(
            "left",
            measure("hip_flexion_left"),
            "enter",
            ("left_hip", "left_knee", "left_ankle"),
            reads_low=HIP_READS_LOW,
            also=(Condition(measure("knee_flexion_left"), "knee", "below", 10),),
            pace=Pace(measure("hip_flexion_by_fit_left")),
            off_bed=measure("heel_lift_left"),
        ),
        Motion(
            "right",
            measure("hip_flexion_right"),
            "enter",
            ("right_hip", "right_knee", "right_ankle"),
            reads_low=HIP_READS_LOW,
            also=(Condition(measure("knee_flexion_right"), "knee", "below", 10),),
            pace=Pace(measure("hip_flexion_by_fit_right")),
            off_bed=measure("heel_lift_right"),
        ),
    ),
    limits={
        "enter": Limit(70, (45, 120), "hip flexion of the raised leg, degrees"),
        "knee": Limit(45, (10, 90), "knee flexion of the raised leg, degrees"),
        "leg_too_low": Limit(
            60, (30, 120), "an attempt that peaks below this hip flexion is too low, degrees"
        ),
    }
    | HEAD_LIMITS,
    falls_short=FallsShort(
        "leg_too_low", "leg_too_low", "Raise the leg a little more, only as far as is comfortable"
    ),
    unmet=Unmet("knee_too_bent", "Straighten the knee a little, without force", after_s=4.0),
    rules=HEAD_RESTS,
    hold_s=15,
    release="Lower your leg gently",
    attempt=10,
    one_leg=True,
)
