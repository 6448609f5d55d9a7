"""Knee to chest (single): one thigh drawn in with the hands, head and neck resting."""

from posecoach.assessment.exercise import (
    Exercise,
    FallsShort,
    Limit,
    Motion,
    Pace,
    measure,
)
from posecoach.assessment.shared_parts import HEAD_LIMITS, HEAD_RESTS, HIP_READS_LOW

EXERCISE = Exercise(
    id="knee_to_chest",
    title="Knee to chest",
    summary="Lying on the back, one thigh is drawn to the chest with the hands; head and shoulders rest.",
    source="S0 20-30 s each side; S1 10-15 s each; S2 20-30 s, two or three times",
    postures=("supine",),
    start="Lie on your back, legs bent or straight",
    move="Draw your {side} knee gently to your chest",
    motions=(
        Motion(
            "left",
            measure("hip_flexion_left"),
            "enter",
            ("left_hip", "left_knee", "left_ankle"),
            reads_low=HIP_READS_LOW,
            pace=Pace(measure("hip_flexion_by_fit_left")),
            off_bed=measure("heel_lift_left"),
        ),
        Motion(
            "right",
            measure("hip_flexion_right"),
            "enter",
            ("right_hip", "right_knee", "right_ankle"),
            reads_low=HIP_READS_LOW,
            pace=Pace(measure("hip_flexion_by_fit_right")),
            off_bed=measure("heel_lift_right"),
        ),
    ),
    limits={
        "enter": Limit(100, (85, 150), "hip flexion that counts as drawn in, degrees"),
        "shallow": Limit(90, (60, 150), "an attempt that peaks below this hip flexion is shallow, degrees"),
    }
    | HEAD_LIMITS,
    falls_short=FallsShort(
        "shallow", "shallow", "Draw the knee a little closer, only as far as is comfortable"
    ),
    rules=HEAD_RESTS,
    hold_s=20,
    one_leg=True,
)
