"""Bed bridge: the buttocks lift until shoulder, hip and knee are in line."""

from dataclasses import replace

from posecoach.assessment.exercise import (
    Condition,
    Exercise,
    FallsShort,
    Limit,
    Motion,
    Pace,
    Rule,
    mean_alike,
    measure,
    negative,
    negative_alike,
    unsigned,
)
from posecoach.assessment.shared_parts import KNEES_BENT

_SAGITTAL = ("hip_sagittal_left", "hip_sagittal_right")

# Hips that turn with the knees open, too, as in a twist, or where somebody turns over.
_STRAIGHT = Condition(unsigned("trunk_rotation"), "turned", "below", slack=10, rare=True)

_ARCHED = Rule(
    "over_arched",
    {None: mean_alike(*_SAGITTAL)},
    "over_arched",
    "Lower your hips a little, keep the natural curve of your back",
    beyond="below",
    view="across",
    noise=11,  # the network's hips rise above the joint in a bridge: the angle reads 5 to 14 degrees low
)

EXERCISE = Exercise(
    id="bridge",
    title="Bridge",
    summary="Lying on the back with bent knees, the buttocks lift until shoulder, hip and knee are in line.",
    source="S1 four or five in a row",
    postures=("supine",),
    start="Lie on your back, knees bent, feet flat",
    move="Press your heels down and lift your hips slowly, then lower them",
    motions=(
        Motion(
            "both",
            negative_alike(*_SAGITTAL),
            "enter",
            ("left_shoulder", "left_hip", "left_knee", "right_shoulder", "right_hip", "right_knee"),
            pace=Pace(negative(*_SAGITTAL)),
            # Legs that lie straight are in line with the trunk, too, as between two raises of both legs.
            also=(KNEES_BENT, _STRAIGHT),
            attempt_by=measure("pelvic_tilt"),
            shown_rise=20,  # degrees: lying still it wanders by 5, and low bridges come to 30 or more
        ),
    ),
    ready=(KNEES_BENT,),
    limits={
        "enter": Limit(
            -20,
            (-40, 10),
            "how high the hips have to come, degrees: -20 is 20 short of a straight line; a larger number, "
            "such as -10, is stricter",
        ),
        "hips_low": Limit(
            -25,
            (-50, 10),
            "an attempt that never comes this high is too low, degrees, with the sign of enter: a larger "
            "number, such as -20, is stricter",
        ),
        "knees_bent": Limit(45, (20, 90), "knee flexion of legs whose feet are flat on the bed, degrees"),
        # In 14 bridges 13 at most, in 24 twists and people who turn over 54 or more.
        "turned": Limit(
            40, (25, 80), "turn of pelvis and knees to a side, beyond which it is a twist, degrees"
        ),
        "over_arched": Limit(
            -18,
            (-60, 0),
            "how far the hips may rise beyond a straight line before the back is over-arched, degrees: -18 "
            "is 18 beyond it; a number nearer to 0 is stricter",
        ),
    },
    falls_short=FallsShort("hips_low", "hips_low", "Lift your hips a little higher, if it is comfortable"),
    # At an angle it is off by 12 besides; along the body the depth of the hips is too unsure for this.
    rules=(_ARCHED, replace(_ARCHED, view="aslant", noise=23)),
    hold_s=0,
    release="Lower your hips gently",
    attempt=10,
    rises=True,
)
