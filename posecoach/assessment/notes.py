"""The sentences of the notes: a result holds codes, which are put in words only when they are shown."""

from collections.abc import Mapping, Set
from typing import Literal

from posecoach.assessment.exercise import OF_TEMPO
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import UNTIMED, Note
from posecoach.core.translation import humanise, marked, tr

#: By code, with what the note is about in braces.
SENTENCES: Mapping[str, str] = {
    "fault_not_judged": marked("{fault} could not be judged from this view"),
    "fault_not_shown": marked("{fault} could not be judged: too little of the exercise was seen"),
    "not_on_the_back": marked("This exercise is done lying on the back, and the body lay otherwise"),
    "not_on_the_front": marked("This exercise is done lying on the front, and the body lay otherwise"),
    "not_on_the_side": marked("This exercise is done lying on one side, and the body lay otherwise"),
    "not_lying": marked(
        "The body does not lie in this picture: if the camera was turned, 'check --rotate' turns it back"
    ),
    "runs_vertically": marked(
        "The body runs up and down in this picture: if the camera was turned, 'check --rotate' turns it back"
    ),
    "body_unseen": marked("The body could not be seen well enough to judge"),
    "body_away": marked("For a while nobody was seen: what was done then is not counted"),
    "position_unseen": marked("The position could not be seen well enough to judge"),
    "began_in_position": marked("It begins in the position: how that was reached was not seen"),
    "way_in_unseen": marked("How the position was reached could not be seen"),
    "tempo_not_judged": marked("There are too few frames a second to judge haste and bouncing"),
    "too_few_frames": marked(
        "There are too few frames a second to see what was done: ten or more are needed"
    ),
    "too_short": marked("The video is too short to show an exercise"),
    "picture_frozen": marked("The picture stood still for a while: nothing was counted then"),
    "picture_gap": marked("Pictures are missing for a while: what was done then is unknown"),
    "picture_dark": marked(
        "The picture was dark for a while, and nothing was seen then: uncover the lens, or turn on a lamp on "
        "the camera's side"
    ),
    "picture_bright": marked(
        "The picture was white all over for a while, and nothing was seen then: turn the camera away from "
        "the light, or draw a curtain"
    ),
    "picture_dim": marked(
        "The picture was so dark that haste and bouncing could not be judged: a lamp helps"
    ),
    "picture_turned": marked(
        "posecoach assumed that the camera was turned, and rotated the picture: if that was wrong, "
        "'--rotate 0' keeps it as it was filmed"
    ),
    "only_speed_unjudged": marked("It was done: its timing is what could not be judged"),
    "picture_too_small": marked("The body is too small in the picture: bring the camera closer"),
    "picture_cuts": marked("A part of the body is outside the picture: move the camera further away"),
    "two_people": marked("Two people are in the picture: the one on the {side} was judged"),
    "upper_of_two": marked("Two people are in the picture: the upper one was judged"),
    "lower_of_two": marked("Two people are in the picture: the lower one was judged"),
    "source_incomplete": marked("A part of this video is missing or damaged: what was done then is unknown"),
    "source_slow_motion": marked(
        "This is slow motion, by whose times haste, bouncing and the length of holds cannot be judged: film "
        "it at the usual speed, or say how slow it is with 'posecoach check --speed {speed}'"
    ),
    "source_drawn": marked(
        "This video was drawn on by posecoach: what was drawn may be taken for a body, so a video as it was "
        "filmed is judged better"
    ),
    "source_no_time_stamps": marked(
        "This video has no time stamps: its times are a guess, by which haste, bouncing and the length of "
        "holds cannot be judged"
    ),
    "other_side": marked("The {side} side was asked for, and the other one was worked"),
    "one_side_only": marked("Only the {side} side was seen: the other one belongs to this exercise, too"),
    "looks_like": marked("This looks like another exercise: {exercise}"),
    "left_out": marked("A part of the recording looks like {exercise}; it was left out"),
    "something_else": marked("From {from_s} to {until_s} s something else was done that was not recognised"),
    "too_near_to_tell": marked("Something was done, but not clearly enough this exercise to be judged"),
    "dose_not_done": marked("It ended before the dose was done"),
    "partly_timed": marked("The body could not be seen for a while, so that part was only timed"),
    "start_not_found": marked("The starting position was not found"),
    "not_recognised": marked("Which exercise this is cannot be told: name it with --exercise"),
}

#: What a browser's page tells of, if anything does: a video, or a session, where there is no video to choose
#: anything for.
Page = Literal["video", "session"]

#: What is said in their place on a page, where nobody types a command.
_ON_PAGE: Mapping[str, str] = {
    "not_lying": marked(
        "The body does not lie in this picture: if the camera was turned, choose 'Turn the picture' for the "
        "video, or set the camera upright"
    ),
    "runs_vertically": marked(
        "The body runs up and down in this picture: if the camera was turned, choose 'Turn the picture' for "
        "the video, or set the camera upright"
    ),
    "picture_turned": marked(
        "posecoach assumed that the camera was turned, and rotated the picture: if that was wrong, choose "
        "'Turn the picture: not at all' for the video"
    ),
    "source_slow_motion": marked(
        "This is slow motion, by whose times haste, bouncing and the length of holds cannot be judged: film "
        "it at the usual speed"
    ),
    "not_recognised": marked("Which exercise this is cannot be told: choose it, and check the video again"),
}

#: What is said in their place of a session on a page.
_OF_SESSION: Mapping[str, str] = {
    "not_lying": marked(
        "The body does not lie in this picture: if the camera was turned, set the camera upright"
    ),
    "runs_vertically": marked(
        "The body runs up and down in this picture: if the camera was turned, set the camera upright"
    ),
    "picture_turned": marked(
        "posecoach assumed that the camera was turned, and rotated the picture: if that was wrong, set the "
        "camera upright"
    ),
}

_TEMPO_NOT_JUDGED = marked("{fault} could not be judged here")

#: Notes that say why the tempo of a move could not be judged.
_OF_TEMPO = UNTIMED | {"tempo_not_judged", "picture_dim"}
#: What too few frames leave unseen in any view.
_OF_FRAMES = frozenset(
    {"fault_not_judged", "fault_not_shown", "position_unseen", "way_in_unseen", "too_near_to_tell"}
)
#: Notes that say why it is not known for how long something was held.
_OF_A_DOSE = UNTIMED | {"dose_not_done", "partly_timed", "position_unseen", "body_unseen"}
#: Notes that say why nobody was seen for a while.
_OF_ABSENCE = frozenset(
    {"picture_frozen", "picture_dark", "picture_bright", "picture_gap", "source_incomplete", "too_short"}
)
#: What would tell to turn a picture that was turned already, for that very reason.
_OF_A_TURNED_PICTURE = frozenset({"not_lying", "runs_vertically"})
#: What a picture that stands still leaves unseen of anybody.
_OF_A_FROZEN_PICTURE = frozenset({"body_unseen", "too_few_frames", "tempo_not_judged"})


def sentence(note: Note | str, on_page: Page | None = None) -> str:
    """A note in the language that is spoken; one that version 0.1.0 stored is a sentence already. `on_page`
    it advises what a browser's page has, and no command."""
    if isinstance(note, str):
        return note
    if note.code == "only_timed":
        exercise = CATALOGUE.get(note.arguments.get("exercise", ""))
        return tr(exercise.timed_only) if exercise is not None else ""
    words = {name: _in_words(name, value) for name, value in note.arguments.items()}
    side = note.arguments.get("side")
    known = SENTENCES.get(note.code)
    if on_page is not None:
        known = _ON_PAGE.get(note.code, known)
    if on_page == "session":
        known = _OF_SESSION.get(note.code, known)
    if note.arguments.get("fault") in OF_TEMPO:
        known = _TEMPO_NOT_JUDGED  # no view is the reason, but what hid the way
    told = tr(known, side, **words) if known is not None else humanise(note.code)
    return told if told.startswith("posecoach ") else told[:1].upper() + told[1:]


def _in_words(name: str, value: str) -> str:
    """What a note is about: an exercise by its title, anything else by its identifier in words."""
    if value == "rushed":
        return tr("haste")
    if value == "short_hold":
        return tr("the length of the hold")
    exercise = CATALOGUE.get(value) if name == "exercise" else None
    return tr(exercise.title) if exercise is not None else humanise(value)


def sentences(notes: tuple[Note | str, ...], on_page: Page | None = None) -> tuple[str, ...]:
    """Notes in the language that is spoken, `on_page` as for `sentence`. What could not be seen or judged is
    left out where another note tells why."""
    codes = {note.code for note in notes if isinstance(note, Note)}
    return tuple(sentence(note, on_page) for note in notes if not _is_explained(note, codes))


def _is_explained(note: Note | str, codes: Set[str]) -> bool:
    if isinstance(note, str):
        return False
    if note.code == "body_away" and codes & _OF_ABSENCE:
        return True
    if codes >= {"picture_frozen", "body_unseen"}:
        return note.code in _OF_A_FROZEN_PICTURE
    if "picture_turned" in codes and note.code in _OF_A_TURNED_PICTURE:
        return True
    if "too_short" in codes:
        return note.code in _OF_FRAMES | {"too_few_frames", "tempo_not_judged"}
    if "too_few_frames" in codes:
        return note.code in _OF_FRAMES
    if note.arguments.get("fault") == "short_hold":
        return bool(codes & _OF_A_DOSE)
    return note.arguments.get("fault") in OF_TEMPO and bool(codes & _OF_TEMPO)
