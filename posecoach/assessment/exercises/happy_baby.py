"""Happy baby (modified): knees wide, shins vertical, hands on the feet, low back down."""

from posecoach.assessment.exercise import (
    Condition,
    Exercise,
    Limit,
    Motion,
    Pace,
    Rule,
    least,
    mean,
    measure,
)
from posecoach.assessment.shared_parts import HIP_READS_LOW

EXERCISE = Exercise(
    id="happy_baby",
    title="Happy baby",
    summary="Lying on the back, knees wide, the hands draw the feet gently down toward the armpits.",
    source="S2 20-30 s, two or three times",
    postures=("supine",),
    start="Lie on your back, knees bent",
    move="Take hold of your feet or ankles, knees wide, and draw them gently down",
    motions=(
        Motion(
            "both",
            least("hip_flexion_left", "hip_flexion_right"),
            "enter",
            ("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle"),
            reads_low=HIP_READS_LOW,
            pace=Pace(mean("hip_flexion_by_fit_left", "hip_flexion_by_fit_right")),
            also=(Condition(least("hand_to_foot_left", "hand_to_foot_right"), "hands", "below", 0.3),),
        ),
    ),
    limits={
        "enter": Limit(110, (85, 150), "hip flexion of both legs, degrees"),
        "hands": Limit(
            1.0, (0.3, 2), "distance of a wrist from its foot that counts as holding it, torso lengths"
        ),
        "knees_narrow": Limit(
            0.75, (0.3, 1.5), "distance between the knees, torso lengths: as wide as the shoulders"
        ),
        "shins_not_vertical": Limit(25, (10, 60), "a shin against the vertical, degrees"),
        "hips_lifted": Limit(0.15, (0.05, 0.5), "pelvis above its rest, torso lengths"),
    },
    rules=(
        Rule(
            "knees_narrow",
            {None: measure("knee_gap")},
            "knees_narrow",
            "Let your knees open wider than your body",
            beyond="below",
            final_shape=True,
        ),
        Rule(
            "hips_lifted",
            {None: measure("pelvis_lift")},
            "hips_lifted",
            "Let your low back sink into the bed",
            view="heights",
        ),
        Rule(
            "shins_not_vertical",
            {"left": measure("shin_tilt_left"), "right": measure("shin_tilt_right")},
            "shins_not_vertical",
            "Bring your {side} ankle above the knee",
            view="side",
            noise=2,  # the near shin of good clips reads up to 24
            far_noise=12,  # and the far one, whose depth is a guess, is off by so much (standard deviation)
            final_shape=True,
        ),
    ),
    hold_s=20,
)
