"""Supine spinal twist: both knees together to one side, both shoulders resting, arms out in a T."""

from posecoach.assessment.exercise import (
    Condition,
    Exercise,
    Limit,
    Motion,
    Rule,
    arm_out,
    measure,
    negative,
)
from posecoach.assessment.shared_parts import KNEES_SINK

EXERCISE = Exercise(
    id="spinal_twist",
    title="Spinal twist",
    summary="On the back, arms out, both bent knees sink together to one side; shoulders stay flat.",
    source="S0 about 30 s each side; S2 20-30 s each side",
    postures=("supine",),
    start="Lie on your back, knees bent and together, arms out to the sides",
    move="Let both knees sink slowly to the {side}",
    motions=(
        Motion(
            "left",
            measure("trunk_rotation"),
            "enter",
            ("left_hip", "left_knee", "right_hip", "right_knee"),
            pace=KNEES_SINK,
        ),
        Motion(
            "right",
            negative("trunk_rotation"),
            "enter",
            ("left_hip", "left_knee", "right_hip", "right_knee"),
            pace=KNEES_SINK,
        ),
    ),
    ready=(Condition(measure("knees_height"), "knees_up", "above", 0),),
    limits={
        "knees_up": Limit(0.3, (0.1, 0.6), "knees above the hips in the starting position, torso lengths"),
        "enter": Limit(35, (25, 100), "turn of the pelvis and knees, degrees"),
        "shoulder_lifted": Limit(0.15, (0.05, 0.5), "a shoulder above its rest, torso lengths"),
        "knees_apart": Limit(0.55, (0.3, 1.5), "distance between the knees, torso lengths"),
        "arms_not_out": Limit(
            75, (30, 100), "angle between upper arm and trunk below which the arm is not out, degrees"
        ),
    },
    rules=(
        Rule(
            "shoulder_lifted",
            {"left": measure("shoulder_lift_left"), "right": measure("shoulder_lift_right")},
            "shoulder_lifted",
            "Let your {side} shoulder sink back onto the bed",
            noise=-0.03,  # a lifted shoulder reads a quarter low
            view="heights",
            limb=("{side}_shoulder", "{side}_hip"),
        ),
        Rule(
            "knees_apart",
            {None: measure("knee_spread")},
            "knees_apart",
            "Keep your knees together",
            final_shape=True,
        ),
        Rule(
            "arms_not_out",
            {"left": arm_out("left"), "right": arm_out("right")},
            "arms_not_out",
            "Slide your {side} arm out to the side, at shoulder height",
            beyond="below",
            noise=20,  # the arm of a real person, out but pointing at the camera, reads 64 degrees
            final_shape=True,
            limb=("{side}_shoulder", "{side}_elbow", "{side}_wrist"),
        ),
    ),
    hold_s=20,
    release="Bring your knees back gently",
)
