"""Both knees to chest: both thighs drawn in with the hands, head and neck resting."""

from posecoach.assessment.exercise import (
    Exercise,
    FallsShort,
    Limit,
    Motion,
    Pace,
    least,
    mean,
)
from posecoach.assessment.shared_parts import HEAD_LIMITS, HEAD_RESTS, HIP_READS_LOW

EXERCISE = Exercise(
    id="double_knees_to_chest",
    title="Both knees to chest",
    summary="Lying on the back, both thighs are drawn to the chest with the hands; head and shoulders rest.",
    source="S1 to finish the routine; S2 20-30 s, two or three times",
    postures=("supine",),
    start="Lie on your back, knees bent",
    move="Draw both knees gently to your chest",
    motions=(
        Motion(
            "both",
            least("hip_flexion_left", "hip_flexion_right"),
            "enter",
            ("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle"),
            reads_low=HIP_READS_LOW,
            pace=Pace(mean("hip_flexion_by_fit_left", "hip_flexion_by_fit_right")),
            off_bed=least("heel_lift_left", "heel_lift_right"),
        ),
    ),
    limits={
        "enter": Limit(100, (85, 150), "hip flexion of both legs that counts as drawn in, degrees"),
        "shallow": Limit(90, (60, 150), "an attempt that peaks below this hip flexion is shallow, degrees"),
    }
    | HEAD_LIMITS,
    falls_short=FallsShort(
        "shallow", "shallow", "Draw your knees a little closer, only as far as is comfortable"
    ),
    rules=HEAD_RESTS,
    hold_s=20,
)
