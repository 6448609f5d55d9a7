"""What the coach says, in one place: short, kind, plain words."""

from collections.abc import Iterable, Mapping

from posecoach.baseline import Posture
from posecoach.checks import Exercise
from posecoach.events import Side

LIE: Mapping[Posture, str] = {
    "supine": "Please turn slowly onto your back",
    "prone": "Please roll slowly onto your front",
    "left_side": "Please roll slowly onto your left side",
    "right_side": "Please roll slowly onto your right side",
    "upright": "Please sit up slowly",
}
NOBODY = "I cannot see you: a lamp, or the camera further away, may help"
IN_POSITION = "That is it. Hold, and breathe slowly"
IN_POSITION_REP = "And slowly back"
HOLD = "And hold, breathing slowly"
SHORT_HOLD = "Hold"
TIMED_ONLY = "I cannot see so small a move, so I only keep time"
KEEP_TIME = "Until then I only keep time"
HALFWAY = "Half way"
LAST_SECONDS = ("Three", "Two", "One")
HOLD_DONE = "Done. Release slowly"
SHORT_HOLD_DONE = "Release"
BREATHE_IN = "Breathe in"
BREATHE_OUT = "And slowly out"
ON_AN_EXHALE = "Begin as you breathe out"
AGAIN = "Again as you breathe out"
RETURN = "Come back slowly when you are ready"
PAUSED = "Paused. Raise an arm to go on"
PAUSED_BY_KEY = "Paused. The space bar goes on"
SHALL_WE = "Shall we go on? Lift your head or begin to move, whenever you like"
STOPPED = "We stop here for today. Rest a moment, and get up slowly"
RESUMED = "And on we go"
DONE = "That was the whole routine. Rest a moment, and get up slowly"
STILL = "Lie comfortably and rest a moment"
REMINDER = "Whenever you are ready"

SET_UP = "Getting ready"
LOOKING = "I will tell you when I can see you well"
SEEN_WELL = "I can see you well. Let us begin"
DARK = "It is dark here. Please turn a lamp on"
NOBODY_YET = "I cannot see you yet. Lie down so that the camera sees you from the side"
LIE_DOWN = "Please lie down, as the figure on the screen does"
LIE_STILL = "Rest a moment, while I look"
FEET_OUT = "Your feet are outside the picture. Move the camera further away"
HEAD_OUT = "Your head is outside the picture. Move the camera further away"
FEET_AND_HEAD_OUT = "Not all of you is in the picture. Move the camera further away"
TOO_FAR = "You are small in the picture. Bring the camera nearer"
TOO_NEAR = "You are very near. Move the camera further away"
NOT_SIDE_ON = "I see you at an angle. Put the camera beside the middle of the bed"
TOO_HIGH = "The camera looks down from high up. Put it lower, about level with you"
TOO_LOW = "The camera is lower than you are. Put it a little higher"
TILTED = "The camera is tilted. Set it level"
WITHOUT_BODY = "I may only be able to keep time"
WITHOUT_FEET = "I cannot judge your feet"
WITHOUT_HEAD = "I cannot judge your head"
WITHOUT_SIZE = "I may miss small moves"
WITHOUT_SIDE = "I cannot judge haste, and small faults"
WITHOUT_HEIGHT = "I cannot judge how high something lifts"

_LIMBS = {"wrist": "hand", "foot_index": "foot", "heel": "foot", "ankle": "foot", "ear": "head"}


def announce(exercise: Exercise, side: Side, number: int, count: int, extra: str) -> str:
    """What comes next, on which side, and how to lie for it."""
    which = "" if side == "both" else f", {side} side"
    title = f"Step {number} of {count}: {exercise.title}{which}"
    return ". ".join(filter(None, (title, extra.rstrip(" ."), start(exercise, side))))


def start(exercise: Exercise, side: Side) -> str:
    """How to lie for this step."""
    return exercise.start.format(side=side)


def move(exercise: Exercise, side: Side) -> str:
    """What to do in this step."""
    return exercise.move.format(side=side)


def moving_on(exercise: Exercise) -> str:
    """Said when the starting position was not found in time."""
    return f"No hurry: we leave {exercise.title} for today and go on"


def other_side(side: Side) -> str:
    """Said when the wrong side is worked."""
    return f"This time it is your {side} side"


def about(seconds: float) -> str:
    """About how long something takes."""
    whole = max(1, round(seconds / 60))
    return f"about {whole} minute{'s' if whole > 1 else ''}"


def anyway(without: Iterable[str]) -> str:
    """Said when the set-up has taken long enough: what cannot be judged the way things are."""
    named = list(dict.fromkeys(filter(None, without)))[:2]
    return ". ".join(("Let us begin as it is", *named))


def keeping_time(what: str) -> str:
    """Shown while something cannot be seen: `what`, without what would help."""
    return f"{what.partition(':')[0]}. I only keep time"


def without_limbs(joints: Iterable[str]) -> str:
    """What cannot be judged while these joints are hidden."""
    return f"I cannot judge your {' and '.join(_named(joints)[:2])}"


def cannot_see(joints: Iterable[str]) -> str:
    """Names the limbs that cannot be seen, and what helps."""
    named = " and ".join(_named(joints)[:2])
    return f"I cannot see your {named}: is a blanket over it, or is it outside the picture?"


def _named(joints: Iterable[str]) -> list[str]:
    limbs: list[str] = []
    for joint in joints:
        side, _, part = joint.partition("_")
        limb = f"{side} {_LIMBS.get(part, part)}" if part else "head"
        if limb not in limbs:
            limbs.append(limb)
    return limbs


def step_done(exercise: Exercise, praise: bool = False) -> str:
    """Said at the end of a step."""
    return f"{'Well done. ' if praise else ''}{exercise.title} is complete"


def rep(reps: int, target: int, held: bool) -> str:
    """Said when a repetition is complete; where each is `held`, the next is asked for. Nothing for a single
    one."""
    if target == 1:
        return ""
    return f"{reps} of {target}" + (f". {AGAIN}" if held and reps < target else "")
