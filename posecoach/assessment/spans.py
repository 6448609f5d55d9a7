"""A recording split into the spans that show one exercise each.

Frames that follow one another without a rest are an episode; episodes that show the same exercise are one
span of the timeline.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from math import inf

from posecoach.assessment.frame_recognition import OTHER, TURNS
from posecoach.assessment.run_recognition import (
    FRAME_S,
    SEVERAL,
    Recognition,
    Shown,
    recognised,
    turn_is_held,
    turns_taken,
)
from posecoach.assessment.thresholds import GAP_S

#: Names of frames between which nobody goes over from one exercise to another.
_ALIKE: Mapping[str, str] = {
    "figure_four": "knee_to_chest",
    "turn_left": "double_knees_to_chest",  # knees that turn with the feet off the bed show both
    "turn_right": "double_knees_to_chest",
}
#: Seconds without an exercise after which an episode is over.
REST_S = 1.0
#: What is shown for so many seconds before another thing, without a rest, is no way into that.
NO_WAY_IN_S = 5.0
# Seconds of moves that are something else, so long after what is shown before and before what is shown next.
_ELSE_S, _APART_S = 1.5, 3.0
_BACK_S = 2.0  # after the last frame that shows an exercise, its last repetition is complete


@dataclass(frozen=True)
class Span:
    """A part of a recording that shows one exercise, from `start_s` to `end_s`, seconds.

    besides  from and to when something else was done, before it or after it, that shows no exercise
    """

    start_s: float
    end_s: float
    recognition: Recognition
    besides: tuple[tuple[float, float], ...] = ()


def timeline(shown: Sequence[Shown]) -> tuple[Span, ...]:
    """The exercises of a recording one after the other; their spans meet in the rests between them."""
    parts = _merged(_episodes(shown))
    told = [part for part in parts if recognised(part).exercise is not None]
    spans = []
    for index, part in enumerate(told):
        before_s = told[index - 1][-1].t_s if index else -inf
        after_s = told[index + 1][0].t_s if index < len(told) - 1 else inf
        start_s = _between(told[index - 1], part) if index else shown[0].t_s
        end_s = _between(part, told[index + 1]) if after_s < inf else shown[-1].t_s
        ahead = () if index else _something_else(shown, before_s, part[0].t_s)
        later = _something_else(shown, part[-1].t_s, after_s)
        start_s = max([start_s, *(until_s for _, until_s in ahead)])
        end_s = min([end_s, *(from_s for from_s, _ in later)])
        spans.append(Span(start_s, end_s, recognised(part), (*ahead, *later)))
    return tuple(spans)


def _something_else(
    shown: Sequence[Shown], before_s: float, after_s: float
) -> tuple[tuple[float, float], ...]:
    """From and to when somebody moves between what is shown until `before_s` and from `after_s` on, though
    neither needs it; at most one such time.
    """
    steps = [(a, b.t_s - a.t_s) for a, b in pairwise(shown) if a.moves]
    apart = [(a.t_s, step_s) for a, step_s in steps if before_s + _APART_S < a.t_s < after_s - _APART_S]
    moved_s = sum(min(step_s, FRAME_S) for _, step_s in apart)
    return ((apart[0][0], apart[-1][0]),) if moved_s >= _ELSE_S else ()


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
        rested = not episodes or frame.t_s - episodes[-1][-1].t_s > REST_S
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
        if name == held or frame.t_s - began_s < NO_WAY_IN_S:
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
        between = joined and after is not None and recognised(part).exercise is None
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
    return all(_mostly_turns(shown) and not turn_is_held(shown) for shown in (before, after))


def _mostly_turns(shown: Sequence[Shown]) -> bool:
    names = [frame.name for frame in shown if frame.name is not None]
    return 2 * sum(name in TURNS for name in names) > len(names)


def _belong_together(before: Sequence[Shown], after: Sequence[Shown]) -> bool:
    first, second = recognised(before), recognised(after)
    exercises = {first.exercise, second.exercise}
    if None in exercises or len(exercises) == 1:
        return True
    if exercises != {"spinal_twist", "lumbar_rotation"}:
        return False
    # A short turn or two beside a twist that is held are twists that were not held for long.
    several = turns_taken(before if first.exercise == "lumbar_rotation" else after) >= SEVERAL
    return not (first.sure and second.sure and several)
