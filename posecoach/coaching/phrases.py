"""What the coach says, in one place: short, kind, plain words.

The sentences that stand here alone are English, and go through `tr` where they are said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from posecoach.assessment.exercise import Exercise
from posecoach.core.observation import NO_PICTURE as LOST
from posecoach.core.observation import PictureState
from posecoach.core.translation import humanise, marked, several, tr
from posecoach.core.types import Posture, Side

LIE: Mapping[Posture, str] = {
    "supine": marked("Please turn slowly onto your back"),
    "prone": marked("Please roll slowly onto your front"),
    "left_side": marked("Please roll slowly onto your left side"),
    "right_side": marked("Please roll slowly onto your right side"),
    "upright": marked("Please sit up slowly"),
}
IN_POSITION = marked("That is it. Hold, and breathe slowly")
IN_POSITION_REP = marked("And slowly back")
HOLD = marked("And hold, breathing slowly")
SHORT_HOLD = marked("Hold")
TIMED_ONLY = marked("I may not see so small a move, so I keep time")
KEEP_TIME = marked("Until then I only keep time")
HALFWAY = marked("Half way")
LAST_SECONDS = (marked("Three"), marked("Two"), marked("One"))
HOLD_DONE = marked("Done. Release slowly")
SHORT_HOLD_DONE = marked("Release")
BREATHE_IN = marked("Breathe slowly in")
BREATHE_OUT = marked("Breathe slowly out")
ON_AN_EXHALE = marked("Begin as you breathe out")
AGAIN = marked("Again as you breathe out")
RETURN = marked("Come back slowly when you are ready")
SHALL_WE = marked("Shall we go on? Lift your head or begin to move, whenever you like")
STOPPED = marked("We stop here for today. Rest a moment, and get up slowly")
HOW_TO_STOP = marked("Hold one arm up to pause, both arms to end, and stop at once if anything hurts")
NOBODY_LEFT = marked("I no longer see you, and wait until you are back")
RESUMED = marked("And on we go")
DONE = marked("{done} of {count} done")
BY_CLOCK = marked("{number} of {count} went by the clock alone and could not be judged")
UNJUDGED = marked("{number} of {count} could not be judged")
OTHER_SIDE = marked("Now the other side")
BOTH_SIDES = marked("Go to both sides in turn")
GET_UP = marked("Rest a moment, and get up slowly")
NEXT_TIME = marked("One thing for next time: {cue}")
NO_PICTURE = marked("I have lost the picture")
PICTURE_FROZEN = marked("The picture stands still")
UNTIL_IT_MOVES = marked("I wait until the picture moves again. Starting the camera anew may help")
PICTURE_THERE = marked("The picture is back")
PICTURE_AGAIN = marked("The picture is back, and on we go")
DIM_PICTURES = marked("It is so dark here that I cannot tell whether you move slowly. A lamp would help")
FEW_PICTURES = marked("Few pictures reach me, so I cannot tell whether you move slowly")
STILL = marked("Lie comfortably and rest a moment")
REMINDER = marked("Whenever you are ready")

SET_UP = marked("Getting ready")
LOOKING = marked("I will tell you when I can see you well")
SEEN_WELL = marked("I can see you well")
DARK = marked("It is dark here. Please turn a lamp on")
NOBODY_YET = marked("I cannot see you yet. Lie down so that the camera sees you from the side")
LIE_DOWN = marked("Please lie down, as the figure on the screen does")
LIE_STILL = marked("Rest a moment, while I look")
FEET_OUT = marked("Your feet are outside the picture. Move the camera further away")
HEAD_OUT = marked("Your head is outside the picture. Move the camera further away")
FEET_AND_HEAD_OUT = marked("Not all of you is in the picture. Move the camera further away")
TOO_FAR = marked("You are small in the picture. Bring the camera nearer")
TOO_NEAR = marked("You are very near. Move the camera further away")
NOT_SIDE_ON = marked("I see you at an angle. Put the camera beside the middle of the bed")
TOO_HIGH = marked("The camera looks down from high up. Put it lower, about level with you")
TOO_LOW = marked("The camera is lower than you are. Put it a little higher")
TILTED = marked("The camera is tilted. Set it level")
WITHOUT_BODY = marked("I may only be able to keep time")
WITHOUT_FEET = marked("I cannot judge your feet")
WITHOUT_HEAD = marked("I cannot judge your head")
WITHOUT_SIZE = marked("I may miss small moves")
WITHOUT_SIDE = marked("I cannot tell whether you move slowly, and may miss small things")
WITHOUT_HEIGHT = marked("I cannot judge how high something lifts")

GENTLE = marked("{title} (gentle)")  # a routine, done gently

_HEAD = marked("your head")
#: Limbs by the joint that is hidden, as they follow "I cannot see".
_LIMBS: Mapping[str, str] = {
    "shoulder": marked("your {side} shoulder"),
    "elbow": marked("your {side} elbow"),
    "wrist": marked("your {side} hand"),
    "hip": marked("your {side} hip"),
    "knee": marked("your {side} knee"),
    "ankle": marked("your {side} foot"),
    "heel": marked("your {side} foot"),
    "foot_index": marked("your {side} foot"),
}
#: The same of both sides, by the words for one.
_PAIRS: Mapping[str, str] = {
    _LIMBS["shoulder"]: marked("your shoulders"),
    _LIMBS["elbow"]: marked("your elbows"),
    _LIMBS["wrist"]: marked("your hands"),
    _LIMBS["hip"]: marked("your hips"),
    _LIMBS["knee"]: marked("your knees"),
    _LIMBS["ankle"]: marked("your feet"),
}


@dataclass(frozen=True)
class Controls:
    """What names keys or buttons: these are not the same wherever a session is shown.

    opening           of a session that finds somebody's own limits
    paused            where a raised arm goes on, too
    paused_by_hand    where none does
    still_no_picture  nor does one end the session
    not_seen          a gesture, in the practice
    """

    opening: str
    paused: str
    paused_by_hand: str
    still_no_picture: str
    not_seen: str


BY_KEYS = Controls(
    marked("Only as far as is comfortable. Press q to stop, at any time"),
    marked("Paused. Raise an arm or press the space bar to go on"),
    marked("Paused. The space bar goes on"),
    marked("I still have no picture, and only keep time. To end, press q or close the window"),
    marked("I did not see it. Keys work too: space pauses, q ends"),
)
#: Without a window, keys are those that are typed in the terminal.
BY_TERMINAL = replace(
    BY_KEYS,
    still_no_picture=marked("I still have no picture, and only keep time. To end, press q in the terminal"),
)
#: Where there is neither: what else stops a program.
BY_INTERRUPT = Controls(
    marked("Only as far as is comfortable. Press Ctrl-C to stop, at any time"),
    marked("Paused. Raise an arm to go on"),
    marked("Paused. Ctrl-C ends the session"),
    marked("I still have no picture, and only keep time. To end, press Ctrl-C"),
    marked("I did not see it. In a session, Ctrl-C ends it too"),
)
#: Those of the page in a browser, which may be a phone's.
BY_BUTTONS = Controls(
    marked("Only as far as is comfortable. Press Stop at any time"),
    marked("Paused. Raise an arm or press Go on, whenever you like"),
    marked("Paused. Press Go on whenever you like"),
    marked("I still have no picture, and only keep time. To end, press Stop"),
    marked("I did not see it. In a session, touching the picture pauses too, and Stop ends it"),
)


@dataclass(frozen=True)
class Unseen:
    """What cannot be seen, and what would help; as a text, both."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}: {self.remedy}"


def nobody() -> Unseen:
    """Nobody is found."""
    return Unseen(tr("I cannot see you"), tr("a lamp, or the camera further away, may help"))


def both_legs(side: Side) -> Unseen:
    """Both legs seem to move where the one on `side` should: both do, or one is hidden."""
    what = tr("I see both legs alike")
    if side == "both":
        return Unseen(what, tr("move only one of them, and keep the other one in sight"))
    return Unseen(what, tr("move only your {side} leg, and keep the other one in sight", side))


def announce(exercise: Exercise, side: Side) -> str:
    """What comes next, and on which side."""
    return sided(tr(exercise.title), side)


def numbered(exercise: Exercise, side: Side, number: int, count: int) -> str:
    """What comes next, on which side, and which step of how many that is."""
    named = {"number": number, "count": count, "title": tr(exercise.title)}
    if side == "both":
        return tr("Step {number} of {count}: {title}", **named)
    return tr("Step {number} of {count}: {title}, {side} side", side, **named)


def start(exercise: Exercise, side: Side) -> str:
    """How to lie for this step."""
    return tr(exercise.start, side)


def move(exercise: Exercise, side: Side) -> str:
    """What to do in this step."""
    return tr(exercise.move, side)


def no_picture(state: PictureState = "lost") -> Unseen:
    """The camera gives no picture, or always the same one."""
    if state == "frozen":
        return Unseen(tr(PICTURE_FROZEN), tr("starting the camera anew may help"))
    return Unseen(tr("I have no picture"), tr("I am trying to get it back"))


def too_few_pictures() -> Unseen:
    """Pictures come so seldom that nothing can be judged."""
    what = tr("Too few pictures reach me to judge anything")
    return Unseen(what, tr("closing other programs on this computer may help"))


def of_the_picture(
    state: PictureState, paused: str = "", held: Exercise | None = None
) -> tuple[Literal["picture_lost", "picture_found"], str]:
    """What is told when the camera's picture is lost, or there again: the kind and the text. `paused` is
    what is said of the pause under way, where there is one; a position of the exercise that is `held` is to
    be let go."""
    if state in LOST:
        what = PICTURE_FROZEN if state == "frozen" else NO_PICTURE
        lost = tr(what)
        return "picture_lost", f"{lost}. {tr(held.release)}" if held is not None else lost
    return "picture_found", f"{tr(PICTURE_THERE)}. {paused}" if paused else tr(PICTURE_AGAIN)


def counted(done: int, by_clock: int, unjudged: int, count: int) -> str:
    """How many of `count` steps were done, and how many went by the clock or could not be judged otherwise,
    where there are any: nobody who was led to the end hears that nothing was done."""
    told = [tr(DONE, done=done, count=count)] if done or not by_clock else []
    if by_clock:
        told.append(went_by_clock(by_clock, count))
    if unjudged:
        told.append(not_judged(unjudged, count))
    return ". ".join(told)


def not_judged(number: int, count: int) -> str:
    """How many of `count` steps could not be judged."""
    return tr(UNJUDGED, number=number, count=count)


def in_brief(told: str, done: int, by_clock: int) -> str:
    """`told`, which says how many were `done`, and the same of those by the clock, in a few words."""
    if not by_clock:
        return told
    timed = tr("{number} by the clock", number=by_clock)
    return f"{told}, {timed}" if done else timed


def went_by_clock(number: int, count: int) -> str:
    """How many of `count` steps were led to their end by the clock, as they could not be judged."""
    return tr(BY_CLOCK, number=number, count=count)


def last_words(counted: str, cue: str) -> str:
    """Said at the end: how much was done, if anything was asked, and one thing to change next time, if there
    is one."""
    return ". ".join(filter(None, (counted, cue and next_time(cue), tr(GET_UP))))


def next_time(cue: str) -> str:
    """One thing to change next time."""
    return tr(NEXT_TIME, cue=cue)


def cue(exercise: Exercise, fault: str, side: str | None) -> str:
    """What to change about a fault; its name, where it is of a session before the fault was renamed."""
    cues = exercise.cues
    return tr(cues[fault], side) if fault in cues else humanise(fault)


def routine_title(title: str) -> str:
    """The title of a routine in the language that is spoken. `title` is as it is stored: in English, or in
    the words of whoever wrote the routine."""
    before, _, after = GENTLE.partition("{title}")
    if is_gentle(title):
        return tr(GENTLE, title=tr(title.removeprefix(before).removesuffix(after)))
    return tr(title)


def is_gentle(title: str) -> bool:
    """Whether a routine with this stored title was done gently."""
    after = GENTLE.partition("{title}")[2]
    return title.endswith(after) and title != after


def sided(title: str, side: Side) -> str:
    """An exercise and its side; `title` is in the language that is spoken."""
    return title if side == "both" else tr("{title}, {side} side", side, title=title)


def moving_on(exercise: Exercise) -> str:
    """Said when the starting position was not found in time."""
    return tr("No hurry: we leave {title} for today and go on", title=tr(exercise.title))


def instead(other: Exercise, exercise: Exercise, side: Side) -> str:
    """Said when an `other` exercise is done than the one that is asked for."""
    return ". ".join((tr("That looks like {title}", title=tr(other.title)), move(exercise, side)))


def other_side(side: Side) -> str:
    """Said when the wrong side is worked."""
    return tr("This time it is your {side} side", side)


def about(seconds: float) -> str:
    """About how long something takes."""
    return several("about {count} minute", "about {count} minutes", max(1, round(seconds / 60)))


def anyway(without: Iterable[str]) -> str:
    """Said when the set-up has taken long enough: what cannot be judged the way things are."""
    named = list(dict.fromkeys(filter(None, without)))[:2]
    return ". ".join((tr("Let us begin as it is"), *named))


def keeping_time(unseen: Unseen) -> str:
    """Shown while something cannot be seen."""
    return ". ".join((unseen.what, tr("I only keep time")))


def without_limbs(joints: Iterable[str]) -> str:
    """What cannot be judged while these joints are hidden."""
    return tr("I cannot judge {limbs}", limbs=_named(joints))


def cannot_see(joints: Iterable[str]) -> Unseen:
    """Names the limbs that cannot be seen, and what helps."""
    what = tr("I cannot see {limbs}", limbs=_named(joints))
    return Unseen(what, tr("the blanket off, or the camera further away, may help"))


def _named(joints: Iterable[str]) -> str:
    """The first two limbs that these joints belong to, or pairs of them."""
    sides: dict[str, set[str]] = {}
    for joint in joints:
        side, _, part = joint.partition("_")
        sides.setdefault(_LIMBS.get(part, _HEAD), set()).add(side)
    limbs = [_named_limb(limb, hidden) for limb, hidden in sides.items()][:2]
    return limbs[0] if len(limbs) == 1 else tr("{one} and {other}", one=limbs[0], other=limbs[1])


def _named_limb(limb: str, sides: set[str]) -> str:
    pair = _PAIRS.get(limb) if len(sides) > 1 else None
    return tr(pair) if pair is not None else tr(limb, min(sides))


def step_done(exercise: Exercise, praise: bool = False) -> str:
    """Said at the end of a step."""
    text = marked("Well done. {title} is complete") if praise else marked("{title} is complete")
    return tr(text, title=tr(exercise.title))


def step_over(exercise: Exercise) -> str:
    """Said at the end of a step of which it is not known that it was done."""
    return tr("That was {title}", title=tr(exercise.title))


def rep(reps: int, target: int, again: bool, cue: str | None = None) -> str:
    """Said when a repetition is complete; the next one is asked for `again` in words, or by a `cue` where
    something is to change. Nothing for a single one."""
    if target == 1:
        return ""
    counted = tr("{reps} of {target}", reps=reps, target=target)
    if cue is not None:
        return f"{counted}. {cue}"
    return f"{counted}. {tr(AGAIN)}" if again and reps < target else counted
