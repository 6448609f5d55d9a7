"""Lumbar rotations: bent knees sink to one side and back, feet and shoulders on the mattress."""

from posecoach.assessment.exercise import (
    Condition,
    Exercise,
    Limit,
    Motion,
    Rule,
    least,
    measure,
    negative,
)
from posecoach.assessment.shared_parts import KNEES_BENT, KNEES_SINK

_LIMB = ("left_hip", "left_knee", "right_hip", "right_knee")

EXERCISE = Exercise(
    id="lumbar_rotation",
    title="Lumbar rotation",
    summary="Lying on the back with bent knees, the knees sink to one side and back; a foot stays down.",
    source="S1 two or three times each side",
    postures=("supine",),
    start="Lie on your back, knees bent, feet flat",
    move="Let both knees sink slowly to one side and bring them back, then to the other",
    motions=(
        # Straight legs that cross in the air turn the pelvis, too.
        Motion("left", measure("trunk_rotation"), "enter", _LIMB, pace=KNEES_SINK, also=(KNEES_BENT,)),
        Motion("right", negative("trunk_rotation"), "enter", _LIMB, pace=KNEES_SINK, also=(KNEES_BENT,)),
    ),
    ready=(Condition(measure("knees_height"), "knees_up", "above", 0),),
    limits={
        "knees_up": Limit(0.3, (0.1, 0.6), "knees above the hips in the starting position, torso lengths"),
        "enter": Limit(20, (15, 80), "turn of the pelvis and knees, degrees"),
        "knees_bent": Limit(45, (20, 90), "knee flexion of bent legs, degrees"),
        "feet_lifted": Limit(0.15, (0.05, 0.5), "both heels above their rest, torso lengths"),
        "shoulder_lifted": Limit(0.15, (0.05, 0.5), "a shoulder above its rest, torso lengths"),
    },
    rules=(
        Rule(
            "feet_lifted",
            {None: least("heel_lift_left", "heel_lift_right")},
            "feet_lifted",
            "Keep a foot on the bed",
            noise=0.06,  # with the knees at a side a heel that stays down reads up to 0.2 high
            always=True,
            view="heights",
        ),
        Rule(
            "shoulder_lifted",
            {"left": measure("shoulder_lift_left"), "right": measure("shoulder_lift_right")},
            "shoulder_lifted",
            "Let your {side} shoulder sink back onto the bed",
            noise=-0.03,  # a lifted shoulder reads a quarter low
            view="heights",
            limb=("{side}_shoulder", "{side}_hip"),
        ),
    ),
    hold_s=0,
    release="Bring your knees back gently",
    back=5,
    attempt=15,
    alternating=True,
)
