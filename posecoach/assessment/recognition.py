"""Detects which exercises a recording shows, from the posture and the measures of its frames.

Each frame shows at most one exercise. Frames that follow one another without a rest are an episode; episodes
that show the same exercise are one span of the timeline. A span's exercise is the one that most of its frames
show, if there are enough of them and they agree; otherwise it cannot be told.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise, takewhile, zip_longest
from typing import NamedTuple

from posecoach.assessment.frame_recognition import (
    OTHER,
    TURNS,
    further_leg,
    is_effort,
    may_turn_over,
    shown_exercise,
    turns_over,
)
from posecoach.assessment.results import Position
from posecoach.assessment.thresholds import GAP_S
from posecoach.core.pose import Pose
from posecoach.core.types import Posture
from posecoach.kinematics.asking import Asking, answered
from posecoach.kinematics.body import Body, Measurements
from posecoach.kinematics.remembered import Remembered

_OWN_SHARE = 1 / 3  # of the telling frames in position; on good clips it is 0.43 at the least
#: Names that frames of an exercise may show, where they are not its own alone.
_SHOWN_AS: Mapping[str, tuple[str, ...]] = {
    "spinal_twist": TURNS,
    "lumbar_rotation": TURNS,
    "figure_four": ("figure_four", "knee_to_chest"),
}

#: Names of frames between which nobody goes over from one exercise to another.
_ALIKE: Mapping[str, str] = {
    "figure_four": "knee_to_chest",
    "turn_left": "double_knees_to_chest",  # knees that turn with the feet off the bed show both
    "turn_right": "double_knees_to_chest",
}

#: What turns look like, told from one another only by how often and how long they are taken.
_TURNING = ("spinal_twist", "lumbar_rotation")

_LATELY_S = 10.0  # for which it is asked what is done instead of what was asked for
_INSTEAD_S = 4.0  # of these, that another exercise takes at least
_SHOWN_S = 1.5  # an exercise has to show for at least this long
_SHOWN_SHARE = 0.18  # and for at least this share of the time
_PAUSE_S = 10.0  # of which a rest between two repetitions takes so much at the most
_FRAME_S = 0.2  # for which one frame stands at the most
_HELD_S = 2.0  # for which an exercise with a hold is shown at least once: who cycles in the air holds nothing
_NO_WAY_IN_S = 5.0  # what is shown this long before another thing, without a rest, is no way into that
_ONE_LEG = ("knee_to_chest", "hamstring")
_REPEATED = ("bridge", "lumbar_rotation", "press_up")
_AGREED_SHARE = 0.6  # and this share of all telling frames has to show it
_CROSSED_SHARE = 0.4  # share of crossed frames that makes a knee drawn in a figure four: legs hide each other
_BOTH_SIDES = 0.2  # share of the lesser side that makes turns to both sides
_MOSTLY_TURNS = 0.15  # share of turns among turns and both knees drawn in that makes these a rotation, too
_ONE_SIDE_TURNS = 0.5  # and that share where all turns are to one side: who cycles in the air shows some, too
_SEVERAL = 3  # turns, if only to one side, are no twist that is held
_TURN_HELD_S = 6.0  # knees that stay on one side this long are a twist that is held, no rotation to and fro
_BACK_S = 2.0  # after the last frame that shows an exercise, its last repetition is complete
_REST_S = 1.0  # without an exercise: an episode is over


def recognise(poses: Iterable[Pose | None]) -> "Recogniser":
    """A recogniser that has taken all poses of a clip."""
    return answered(recognising(poses))


def recognising(poses: Iterable[Pose | None], memory: list[Remembered] | None = None) -> Asking["Recogniser"]:
    """The same, asking for what is measured in each pose, which is added to `memory`."""
    body, recogniser = Body(), Recogniser()
    for pose in (one for one in poses if one is not None):
        found = yield body, pose
        rested = None if recogniser.update(found) else body.may_rest(found, "between_moves")
        if memory is not None:
            memory.append(Remembered(found, rested, body.baseline))
    return recogniser


class Shown(NamedTuple):
    """What one frame shows: an exercise, `turn_left` or `turn_right` where two exercises do, or None; and
    which leg is flexed further at the hip, 0 for the left, None where one of them is unseen. `rolls` where a
    shoulder has left the bed.
    """

    t_s: float
    name: str | None
    leg: int | None = None
    rolls: bool = False


@dataclass(frozen=True)
class Recognition:
    """Which exercise some frames show.

    exercise   its identifier; None where it cannot be told
    certainty  share (0..1) of the telling frames that show it
    runner_up  what most of the others show; None where nothing else was shown
    """

    exercise: str | None = None
    certainty: float = 0.0
    runner_up: str | None = None

    @property
    def sure(self) -> bool:
        """True where it is hardly another one."""
        return self.exercise is not None and self.certainty >= _AGREED_SHARE


@dataclass(frozen=True)
class Span:
    """A part of a recording that shows one exercise, from `start_s` to `end_s`, seconds."""

    start_s: float
    end_s: float
    recognition: Recognition


@dataclass
class Recogniser:
    """Takes the measurements of a recording and then tells what it shows."""

    _shown: list[Shown] = field(default_factory=list)
    _lay: Posture | None = None

    def update(self, found: Measurements) -> bool:
        """Take one frame in which the body was found; whether it `shows_effort`."""
        if found.baseline is None:
            return False
        posture = found.baseline.posture
        to_front = self._lay is not None and {self._lay, posture} == {"supine", "prone"}
        to_side = self._lay == "supine" and posture in ("left_side", "right_side")
        if to_front or to_side or (posture == "supine" and turns_over(found.baseline, found.values)):
            self._forget_episode()
        self._lay = posture
        name = shown_exercise(found.baseline, found.values)
        self._shown.append(Shown(found.t_s, name, further_leg(found.values), may_turn_over(found.values)))
        return is_effort(found.baseline, found.values, name)

    def _forget_episode(self) -> None:
        """Somebody has turned over: what was measured meanwhile, against the rest before, shows nothing, and
        what was shown for a moment before is a way into it.
        """
        now_s = self._shown[-1].t_s if self._shown else 0.0
        latest_first = reversed(self._shown)
        episode = list(takewhile(lambda f: f.name is not None or now_s - f.t_s <= _REST_S, latest_first))
        began_s = min((frame.t_s for frame in episode if frame.rolls), default=float("-inf")) - _REST_S
        before = [frame for frame in episode if frame.t_s < began_s]
        kept = len(before) if before and before[0].t_s - before[-1].t_s >= _NO_WAY_IN_S else 0
        for index in range(len(self._shown) - len(episode) + kept, len(self._shown)):
            self._shown[index] = self._shown[index]._replace(name=None)

    def at_odds(self, exercise: str, positions: Sequence[Position]) -> str | None:
        """What the frames of these positions show where most of them are not of `exercise`; None where they
        agree, or say nothing.
        """
        own = _SHOWN_AS.get(exercise, (exercise,))
        inside = [f for f in self._shown if any(p.start_s <= f.t_s <= p.end_s for p in positions)]
        counted = Counter(frame.name for frame in inside if frame.name not in (None, OTHER))
        if sum(counted[name] for name in own) >= _OWN_SHARE * counted.total():
            return None
        others = {name: frames for name, frames in counted.items() if name not in own}
        most = max(others, key=lambda name: others[name])
        return "spinal_twist" if most.startswith("turn_") else most

    def instead_of(self, exercise: str) -> str | None:
        """Another exercise than this one that has been going on for some seconds; None where none is."""
        if not self._shown or self._shown[-1].name is None:
            return None
        since_s = self._shown[-1].t_s - _LATELY_S
        lately = list(takewhile(lambda frame: frame.t_s >= since_s, reversed(self._shown)))[::-1]
        shows = _recognised(lately)
        if not shows.sure or shows.exercise is None or shows.exercise in _taken_for(exercise):
            return None
        return shows.exercise if _lasted_s(lately, shows.exercise) >= _INSTEAD_S else None

    def mainly(self, spans: Sequence[Span]) -> Recognition:
        """What the recording shows, taken as one exercise; of several, what it shows for longest of its
        `sure_spans`.
        """
        whole = self.recognition()
        if whole.sure or not spans:
            return whole
        return max(spans, key=lambda span: span.end_s - span.start_s).recognition

    def sure_spans(self) -> tuple[Span, ...]:
        """The spans of `timeline` whose exercise is hardly another one."""
        return tuple(span for span in self.timeline() if span.recognition.sure)

    def exercise(self) -> str | None:
        """The identifier of the exercise that the whole recording shows, or None when it cannot be told."""
        return self.recognition().exercise

    def recognition(self) -> Recognition:
        """What the whole recording shows, taken as one exercise."""
        return _recognised(self._shown)

    def timeline(self) -> tuple[Span, ...]:
        """The exercises of the recording one after the other; their spans meet in the rests between them."""
        parts = _merged(_episodes(self._shown))
        told = [part for part in parts if _recognised(part).exercise is not None]
        spans = []
        for index, part in enumerate(told):
            start_s = self._shown[0].t_s if index == 0 else _between(told[index - 1], part)
            end_s = self._shown[-1].t_s if index == len(told) - 1 else _between(part, told[index + 1])
            spans.append(Span(start_s, end_s, _recognised(part)))
        return tuple(spans)


def beside(exercise: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Of the `sure_spans` of a recording those of other exercises; none where none shows this one as well."""
    shown = any(span.recognition.exercise == exercise for span in spans)
    return tuple(span for span in spans if shown and span.recognition.exercise not in _taken_for(exercise))


def _taken_for(exercise: str) -> tuple[str, ...]:
    """Exercises that one may seem to be, though it is done."""
    return _TURNING if exercise in _TURNING else _SHOWN_AS.get(exercise, (exercise,))


def _between(before: Sequence[Shown], after: Sequence[Shown]) -> float:
    """When the first of two parts ends and the second begins: in the rest, soon after the first."""
    return min((before[-1].t_s + after[0].t_s) / 2, before[-1].t_s + _BACK_S)


def _episodes(shown: Sequence[Shown]) -> list[list[Shown]]:
    """The frames that show an exercise, with those between them, split where nothing is shown for a while."""
    episodes: list[list[Shown]] = []
    waiting: list[Shown] = []
    for frame in shown:
        waiting.append(frame)
        if frame.name is None:
            continue
        rested = not episodes or frame.t_s - episodes[-1][-1].t_s > _REST_S
        if rested:
            episodes.append([frame])
        else:
            episodes[-1] += waiting
        waiting = []
    return episodes


def _parted(episode: list[Shown]) -> list[list[Shown]]:
    """An episode, split where what is shown for long goes over into another thing that is, without a rest."""
    starts, held = [0], None
    runs: dict[str, tuple[int, float]] = {}  # of each name, the frame it began with and when it last showed
    for index, frame in enumerate(episode):
        name = _ALIKE.get(frame.name or OTHER, frame.name)
        if name is None or name == OTHER:
            continue
        begin, last_s = runs.get(name, (index, frame.t_s))
        begin = index if frame.t_s - last_s > GAP_S else begin
        runs[name] = begin, frame.t_s
        began_s = episode[begin].t_s
        if name == held or frame.t_s - began_s < _NO_WAY_IN_S:
            continue
        if held is None:
            held = name
        elif runs[held][1] <= began_s + GAP_S:
            starts.append(begin)
            held = name
    return [episode[start:end] for start, end in pairwise([*starts, len(episode)])]


def _merged(episodes: list[list[Shown]]) -> list[list[Shown]]:
    """Neighbouring episodes joined where they show the same, or one of them too little to tell; short turns
    before all others, as it takes several of them to tell what they are.
    """
    parts = [part for episode in episodes for part in _parted(episode)]
    return _joined(_with_the_nearer(_joined(parts, _both_turn_shortly)), _belong_together)


def _with_the_nearer(parts: list[list[Shown]]) -> list[list[Shown]]:
    """Parts that show too little to tell joined with the next, where it is nearer: the way into it."""
    joined, way_in = list[list[Shown]](), list[Shown]()
    for part, after in zip_longest(parts, parts[1:]):
        part, way_in = way_in + part, []
        between = joined and after is not None and _recognised(part).exercise is None
        if between and after[0].t_s - part[-1].t_s < part[0].t_s - joined[-1][-1].t_s:
            way_in = part
        else:
            joined.append(part)
    return joined


def _joined(
    episodes: list[list[Shown]], together: Callable[[Sequence[Shown], Sequence[Shown]], bool]
) -> list[list[Shown]]:
    joined: list[list[Shown]] = []
    for episode in episodes:
        if joined and together(joined[-1], episode):
            joined[-1] = joined[-1] + episode
        else:
            joined.append(episode)
    return joined


def _both_turn_shortly(before: Sequence[Shown], after: Sequence[Shown]) -> bool:
    return all(_mostly_turns(shown) and not _turn_is_held(shown) for shown in (before, after))


def _mostly_turns(shown: Sequence[Shown]) -> bool:
    names = [frame.name for frame in shown if frame.name is not None]
    return 2 * sum(name in TURNS for name in names) > len(names)


def _belong_together(before: Sequence[Shown], after: Sequence[Shown]) -> bool:
    first, second = _recognised(before), _recognised(after)
    exercises = {first.exercise, second.exercise}
    if None in exercises or len(exercises) == 1:
        return True
    if exercises != {"spinal_twist", "lumbar_rotation"}:
        return False
    # A short turn or two beside a twist that is held are twists that were not held for long.
    several = _turns_taken(before if first.exercise == "lumbar_rotation" else after) >= _SEVERAL
    return not (first.sure and second.sure and several)


def _recognised(shown: Sequence[Shown]) -> Recognition:
    """Which exercise the frames show, taken as one exercise."""
    counted = Counter(frame.name for frame in shown if frame.name is not None)
    if not counted:
        return Recognition()
    sides = [counted.pop("turn_left", 0), counted.pop("turn_right", 0)]
    held = _turn_is_held(shown)
    both_sides = min(sides) > _BOTH_SIDES * sum(sides)
    mostly = _MOSTLY_TURNS if both_sides else _ONE_SIDE_TURNS
    turns = sum(sides) > mostly * (sum(sides) + counted["double_knees_to_chest"])
    to_and_fro = both_sides or _turns_taken(shown) >= _SEVERAL
    if to_and_fro and turns and not held:
        # To and fro, even with the feet off the bed.
        counted["lumbar_rotation"] = sum(sides) + counted.pop("double_knees_to_chest", 0)
    else:
        counted["spinal_twist"] = sum(sides)
    if counted["figure_four"] > _CROSSED_SHARE * (counted["figure_four"] + counted["knee_to_chest"]):
        counted["figure_four"] += counted.pop("knee_to_chest", 0)
    (name, frames), *others = (+counted).most_common(2)
    runner_up = others[0][0] if others and others[0][0] != OTHER else None
    if name == OTHER:
        return Recognition(None, 0.0, runner_up)
    certainty = frames / counted.total()
    enough = _lasted_s(shown, name) >= max(_SHOWN_S, _SHOWN_SHARE * _seen_s(shown))
    enough = enough and (name in _REPEATED or _longest_s(shown, name) >= _HELD_S)
    if not enough or certainty < _AGREED_SHARE:
        return Recognition(None, certainty, name)
    if name == "spinal_twist" and not held:
        return Recognition(name, certainty / 2, "lumbar_rotation")  # short turns to one side may be either
    return Recognition(name, certainty, runner_up)


def _lasted_s(shown: Sequence[Shown], name: str) -> float:
    """Seconds for which the frames show one thing; a gap between frames counts as one frame at the most."""
    own = _SHOWN_AS.get(name, (name,))
    return sum(min(b.t_s - a.t_s, _FRAME_S) for a, b in pairwise(shown) if a.name in own)


def _seen_s(shown: Sequence[Shown]) -> float:
    """Seconds from the first frame to the last, less what rests between repetitions take beyond a pause."""
    telling = [frame.t_s for frame in shown if frame.name is not None]
    return shown[-1].t_s - shown[0].t_s - sum(max(0.0, b - a - _PAUSE_S) for a, b in pairwise(telling))


def _longest_s(shown: Sequence[Shown], name: str) -> float:
    """Seconds of the longest time that shows one thing, but for moments."""
    own = _SHOWN_AS.get(name, (name,))
    longest, start_s, last_s, leg = 0.0, float("-inf"), float("-inf"), None
    for frame in shown:
        if frame.name not in own:
            continue
        changed = name in _ONE_LEG and frame.leg is not None and leg is not None and frame.leg != leg
        start_s = frame.t_s if changed or frame.t_s - last_s > GAP_S else start_s
        leg, last_s = (leg if frame.leg is None else frame.leg), frame.t_s
        longest = max(longest, last_s - start_s)
    return longest


def _turns_taken(shown: Sequence[Shown]) -> int:
    """How often the knees have sunk to a side."""
    at_s = [frame.t_s for frame in shown if frame.name in TURNS]
    return bool(at_s) + sum(b - a > GAP_S for a, b in pairwise(at_s))


def _turn_is_held(shown: Sequence[Shown]) -> bool:
    """True where the knees stay on one side for as long as nobody does who rotates to and fro."""
    for name, run in groupby(shown, key=lambda frame: frame.name):
        frames = list(run)
        if name in ("turn_left", "turn_right") and frames[-1].t_s - frames[0].t_s >= _TURN_HELD_S:
            return True
    return False
