"""Posterior pelvic tilt: the low back flattens into the mattress, hips and feet stay down."""

from posecoach.assessment.exercise import Condition, Exercise, Limit, Motion, Rule, measure

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
            # Beyond these a low bridge is as likely: it seems to turn the pelvis by 28 degrees or more, and,
            # seen from the side, lifts it by 0.07 to 0.1, which a tilt does by 0.03 to 0.05.
            also=(
                Condition(measure("pelvic_tilt"), "small", "below", 0, vague=True),
                Condition(measure("pelvis_lift"), "down", "below", 0, "side", vague=True, rare=True),
            ),
        ),
    ),
    limits={
        "enter": Limit(8, (7, 15), "turn of the pelvis, degrees"),
        "small": Limit(22, (15, 25), "turn up to which the pelvis stays on the bed for sure, degrees"),
        "down": Limit(0.065, (0.03, 0.1), "pelvis above its rest up to which it tilts, torso lengths"),
        "hips_lifted": Limit(0.12, (0.05, 0.5), "pelvis above its rest, torso lengths"),
        "turned": Limit(40, (25, 60), "turn that a pelvis comes to only where it is lifted, degrees"),
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
        # Where a height is not seen: the pelvis seems to turn by 10 to 38 degrees in tilts (8 bodies), and by
        # 60 or more where the hips are lifted (3).
        Rule(
            "hips_lifted",
            {None: measure("pelvic_tilt")},
            "turned",
            "Keep your hips on the bed, only the low back moves",
            always=True,
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
    back=4,
    attempt=7.5,
    timed_only="The camera could not tell the tilt from other small moves for sure, so it was only timed",
    rises=True,
)
