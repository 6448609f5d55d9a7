"""Posterior pelvic tilt: the low back flattens into the mattress, hips and feet stay down."""

from posecoach.assessment.exercise import Exercise, Limit, Motion, Rule, measure

EXERCISE = Exercise(
    id="pelvic_tilt",
    title="Pelvic tilt",
    summary="Lying on the back with bent knees, the low back flattens into the mattress; the hips stay down.",
    source="S0 holds of 3-5 s; S1 three or four times; S2 a few seconds, rhythmically",
    postures=("supine",),
    start="Lie on your back, knees bent, feet flat and hip-width apart",
    move="Flatten your low back gently into the mattress",
    motions=(
        Motion(
            "both",
            measure("pelvic_tilt"),
            "enter",
            ("left_hip", "right_hip", "left_shoulder", "right_shoulder"),
        ),
    ),
    limits={
        "enter": Limit(8, (4, 30), "turn of the pelvis, degrees"),
        "hips_lifted": Limit(0.12, (0.05, 0.5), "pelvis above its rest, torso lengths"),
        "feet_lifted": Limit(0.12, (0.05, 0.5), "a heel above its rest, torso lengths"),
    },
    rules=(
        Rule(
            "hips_lifted",
            {None: measure("pelvis_lift")},
            "hips_lifted",
            "Keep your hips on the bed, only the low back moves",
            always=True,
            view="heights",
        ),
        Rule(
            "feet_lifted",
            {"left": measure("heel_lift_left"), "right": measure("heel_lift_right")},
            "feet_lifted",
            "Leave your {side} foot flat on the bed",
            always=True,
            view="heights",
        ),
    ),
    hold_s=4,
    back=5,
    attempt=8,
    timed_only="The tilt itself is smaller than what the camera can tell apart for sure, so it is only timed",
    rises=True,
)
