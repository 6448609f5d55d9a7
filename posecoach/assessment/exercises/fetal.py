"""Side-lying fetal position: on one side, knees drawn toward the chest."""

from posecoach.assessment.exercise import (
    Condition,
    Exercise,
    FallsShort,
    Limit,
    Motion,
    Pace,
    mean_alike,
)
from posecoach.assessment.shared_parts import HIP_READS_LOW

_LEGS = ("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle")
# The leg that cannot be seen is the one below, hidden by the one on it.
_HIPS = mean_alike("hip_flexion_left", "hip_flexion_right")
_KNEES = (Condition(mean_alike("knee_flexion_left", "knee_flexion_right"), "knees", "above", 10),)

EXERCISE = Exercise(
    id="fetal",
    title="Fetal position",
    summary="Lying on one side, the knees are drawn toward the chest and the spine rounds.",
    source="S0 a moment, then push up to sit on the edge of the bed",
    postures=("left_side", "right_side"),
    start="Lie on your {side} side",
    move="Draw both knees gently toward your chest",
    motions=(
        Motion(
            "left",
            _HIPS,
            "enter",
            _LEGS,
            reads_low=HIP_READS_LOW,
            also=_KNEES,
            pace=Pace(_HIPS),
            posture="left_side",
        ),
        Motion(
            "right",
            _HIPS,
            "enter",
            _LEGS,
            reads_low=HIP_READS_LOW,
            also=_KNEES,
            pace=Pace(_HIPS),
            posture="right_side",
        ),
    ),
    limits={
        "enter": Limit(80, (65, 150), "hip flexion, degrees"),
        "knees": Limit(70, (30, 140), "knee flexion, degrees"),
        "legs_straight": Limit(60, (40, 150), "hips that stay below this flexion are not drawn in, degrees"),
    },
    falls_short=FallsShort(
        "legs_straight",
        "legs_straight",
        "Draw your knees a little toward your chest, if it is comfortable",
        idle_s=5.0,
    ),
    rules=(),
    hold_s=10,
)
