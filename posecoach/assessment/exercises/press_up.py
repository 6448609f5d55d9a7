"""Prone press-up (modified cobra): the chest rises a little on the hands, the pelvis stays on the bed."""

from posecoach.assessment.exercise import Condition, Exercise, Limit, Motion, Pace, Rule, least, measure

EXERCISE = Exercise(
    id="press_up",
    title="Press-up",
    summary="Lying on the front, the hands raise the chest a small way; hips and pelvis stay down.",
    source="S0, within a pain-free range; no dose given",
    postures=("prone",),
    start="Lie on your front, hands flat beside your shoulders",
    move="Press up a little with your hands, hips staying on the bed",
    motions=(
        Motion(
            "both",
            measure("trunk_inclination"),
            "enter",
            ("left_shoulder", "left_hip", "right_shoulder", "right_hip"),
            pace=Pace(measure("trunk_inclination")),
            # Arms that reach ahead do not press: the back lifts the chest, as a swimmer's does.
            also=(Condition(least("hand_ahead_left", "hand_ahead_right"), "hands_ahead", "below", 0.1),),
        ),
    ),
    limits={
        "enter": Limit(12, (10, 40), "trunk raised from the mattress, degrees"),
        "hands_ahead": Limit(0.6, (0.3, 1.0), "the nearer hand beyond its shoulder, torso lengths"),
        "pelvis_lifted": Limit(0.15, (0.05, 0.5), "pelvis above its rest, torso lengths"),
        "too_high": Limit(40, (15, 80), "trunk raised higher than a small rise, degrees"),
    },
    rules=(
        Rule(
            "pelvis_lifted",
            {None: measure("pelvis_lift")},
            "pelvis_lifted",
            "Let your hips stay heavy on the bed",
            view="heights",
        ),
        Rule(
            "too_high",
            {None: measure("trunk_inclination")},
            "too_high",
            "Come down a little, a small rise is enough",
        ),
    ),
    hold_s=2,
    release="Come down gently",
    back=5,
    attempt=8,
    rises=True,
)
