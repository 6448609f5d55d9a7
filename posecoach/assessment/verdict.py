"""From what was seen of one exercise in a whole span to its result: pure functions."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from posecoach.assessment.exercise import OF_TEMPO, Exercise
from posecoach.assessment.hold import Held
from posecoach.assessment.motion_record import MotionRecord
from posecoach.assessment.results import Fault, Note, Position, Result, Verdict, unseen, unsettled
from posecoach.assessment.rules import RuleRecord
from posecoach.assessment.thresholds import FAULT_S, SEEN_SHARE
from posecoach.core.types import LEAST_FPS, Posture, Side

_OTHERWISE: Mapping[Posture, str] = {
    "supine": "not_on_the_back",
    "prone": "not_on_the_front",
    "left_side": "not_on_the_side",
    "right_side": "not_on_the_side",
}
_SHORT = "short_hold"
_HELD_SHARE = 0.9  # of the dose, below which a released hold was short
_HOLD_NOISE_S = 0.3  # expected error of a measured hold
_SHIFT_S = 1.0  # a shift of the body takes less
_REPEATED = 2  # times that a move as small as a shift of the body has to come to be one
_SURELY_SMALL = 0.8  # share of the time in such a position that it has to be known to be no larger move
_MOMENT_S = 0.5  # in position, less than which may be a tremble of what is hardly seen
_NEARLY = 0.95  # of the frames a second that are needed: a clock jitters
_TAKEN_FOR_THE_OTHER_S = 3.0  # a limb is at the longest; a longer one is a move of its own
_BRIEF_S, _LED_UP_S = 2.0, 3.0  # an attempt that is part of a hold, and how long before or after it
_SIDES_CHANGE_S = 1.0  # less than it takes to put one limb down and to bring the other into position
_TO_AND_FRO_S = 4.0  # a single move to one side that is held for longer is another exercise
_HIDDEN_S = 2.0  # unseen for longer than a move in and back may take, with half a second between them


@dataclass
class Frames:
    """How many frames there were, and in how many the body was seen, lay otherwise, or did not lie at all.

    elsewhere  it seemed to lie in another posture than the exercise's, right or wrong
    missing_s  seconds of which there is no frame at all: a part was left out, or is noted as a hole
    """

    total: int = 0
    seen: int = 0
    wrong_posture: int = 0
    upright: int = 0
    elsewhere: int = 0
    missing_s: float = 0.0


@dataclass(frozen=True)
class Performance:
    """What was seen of one exercise in a whole span.

    hold_s   the dose, seconds; 0 where no hold was asked for
    side_on  the camera saw the body from the side
    peaks    see `Result`
    turns    of the measures whose sign is a direction, the value furthest to each side
    """

    exercise: Exercise
    hold_s: float
    first_s: float
    last_s: float
    frames: Frames
    side_on: bool
    motions: tuple[MotionRecord, ...]
    rules: tuple[RuleRecord, ...]
    peaks: Mapping[str, float]
    turns: Mapping[Side, Mapping[str, float]]

    @property
    def tempo_seen(self) -> bool:
        """False where haste and bouncing cannot be told: frames come too seldom."""
        shown_s = self.last_s - self.first_s - self.frames.missing_s
        return shown_s > 0 and self.frames.total - 1 >= _NEARLY * LEAST_FPS * shown_s


def conclude(performance: Performance, step: int | None = None, side: Side = "both") -> Result:
    """The result of a performance; `side` is the one that was asked for, reported when none was
    worked, or both were."""
    held = [one for motion in performance.motions for one in _held(performance, motion)]
    faults = _faults(performance)
    verdict, notes = _verdict(performance, held, _reps(performance, "both"), faults)
    worked, done = _side(performance, side), bool(held or faults)
    if done and "both" not in (side, worked) and worked != side:
        notes = (*notes, Note("other_side", {"side": side}))
    notes = (*notes, *_lopsided(performance.exercise, held)) if verdict in ("good", "fault") else notes
    frames = performance.frames
    result = Result(
        exercise=performance.exercise.id,
        side=side if verdict == "unseen" and side != "both" else worked,
        duration_s=performance.last_s - performance.first_s,
        frames=frames.total,
        seen=frames.seen / frames.total if frames.total else 0.0,
        verdict=verdict,
        faults=faults if verdict == "fault" else (),
        positions=tuple(sorted((one.position for one in held), key=lambda position: position.start_s)),
        reps=_reps(performance, side if worked == side else "both"),
        peaks={**performance.peaks, **performance.turns.get(worked, {})},
        score=score(verdict, faults, bool(held)),
        notes=notes,
        step=step,
    )
    return _seldom_seen(result) if result.sparse else result


def _lopsided(exercise: Exercise, held: Sequence[Held]) -> tuple[Note, ...]:
    """The note that an exercise that works both sides in turn was seen on one side only."""
    sides = {one.position.side for one in held}
    if not exercise.alternating or len(held) < 2 or len(sides) > 1:
        return ()
    return (Note("one_side_only", {"side": sides.pop()}),)


def _seldom_seen(result: Result) -> Result:
    """A result of very few frames a second says so: what was not seen may have been done all the same."""
    notes = tuple(note for note in result.notes if note != Note("tempo_not_judged"))
    missed = result.verdict == "not_performed" and not notes
    return replace(
        result, verdict="unseen" if missed else result.verdict, notes=(Note("too_few_frames"), *notes)
    )


def score(verdict: Verdict, faults: tuple[Fault, ...], reached: bool) -> int:
    """0..100: 100 for a performance without fault, less 30 for the first kind of fault and 15 for each
    further kind; at most 40 when the position was never reached; 0 when nothing could be judged."""
    if verdict in ("unseen", "not_performed"):
        return 0
    kinds = len({fault.name for fault in faults})
    points = 100 - (30 + 15 * (kinds - 1) if kinds else 0)
    return max(0, points if reached else min(points, 40))


def without(result: Result, unbelieved: Set[str] = OF_TEMPO) -> Result:
    """A result where such faults cannot be believed, be it for how fast it was or for how long: unseen where
    nothing else was a fault, and noted to be done all the same."""
    faults = tuple(fault for fault in result.faults if fault.name not in unbelieved)
    if faults == result.faults:
        return result
    if not faults:
        return unsettled(result, Note("only_speed_unjudged")) if result.positions else unseen(result)
    return replace(result, faults=faults, score=score(result.verdict, faults, bool(result.positions)))


def _held(performance: Performance, motion: MotionRecord) -> list[Held]:
    """The motion's positions, without those of a limb that was taken for the other one for a moment."""
    return [one for one in motion.held if not _was_the_other(performance, motion, one.position)]


def _reps(performance: Performance, side: Side) -> int:
    """The repetitions on a side, without those of a limb that was taken for the other one for a moment."""
    motions = [
        one for one in performance.motions if "both" in (side, one.motion.side) or one.motion.side == side
    ]
    mistaken = sum(len(motion.held) - len(_held(performance, motion)) for motion in motions)
    return max(0, sum(motion.reps for motion in motions) - mistaken)


def _was_the_other(performance: Performance, motion: MotionRecord, moment: Position | Fault) -> bool:
    """True for a moment that meets a longer position of another motion: nobody changes sides so fast."""
    if performance.exercise.alternating or moment.lasts_s > _TAKEN_FOR_THE_OTHER_S:
        return False
    return any(
        one.lasts_s > 2 * moment.lasts_s
        and one.position.start_s < moment.end_s + _SIDES_CHANGE_S
        and moment.start_s - _SIDES_CHANGE_S < one.position.end_s
        for other in performance.motions
        if other is not motion
        for one in other.held
    )


def _belongs_to_a_hold(performance: Performance, fault: Fault) -> bool:
    """True for a brief attempt right before or after a hold: how it began, as where an ankle is laid across
    first, or how it was let go; or a limb that was taken for the other one on the way.

    That a hold lacks something makes it no less of one.
    """
    exercise = performance.exercise
    short = exercise.falls_short is not None and fault.name == exercise.falls_short.name
    if not exercise.hold_s or not short or fault.lasts_s > _BRIEF_S:
        return False
    motions = performance.motions
    holds = [(one.position.start_s, one.position.end_s) for motion in motions for one in motion.held]
    if exercise.unmet is not None:
        lacking = [one for motion in motions for one in motion.faults if one.name == exercise.unmet.name]
        holds += [(one.start_s, one.end_s) for one in lacking]
    begins_s, ends_s = fault.start_s - _LED_UP_S, fault.end_s + _LED_UP_S
    return any(start_s < ends_s and begins_s < end_s for start_s, end_s in holds)


def _short_holds(performance: Performance, motion: MotionRecord) -> list[Fault]:
    dose_s = enough_s(performance.hold_s)
    # Of a move so small, noise may hide the end.
    if not performance.exercise.hold_s or not performance.hold_s or performance.exercise.timed_only:
        return []
    # Seen at an angle, a value may leap into position for a moment.
    least_s = 0.0 if performance.side_on else FAULT_S
    return [
        Fault(_SHORT, motion.motion.fault_side, one.position.end_s, one.position.end_s)
        for one in _held(performance, motion)
        if not one.cut and least_s <= one.lasts_s and motion.held_at_most_s(one) < dose_s
    ]


def _idle(performance: Performance) -> Fault | None:
    """The fault of never having begun, where no motion reached its position."""
    if any(motion.held for motion in performance.motions):
        return None
    return next((motion.idle for motion in performance.motions if motion.idle is not None), None)


def _own_faults(performance: Performance, motion: MotionRecord) -> list[Fault]:
    """The faults of a motion's attempts, without those that another move explains."""
    return [
        fault
        for fault in motion.faults
        if not _was_the_other(performance, motion, fault) and not _belongs_to_a_hold(performance, fault)
    ]


def _faults(performance: Performance) -> tuple[Fault, ...]:
    """All faults, in the order of their times."""
    faults: list[Fault] = []
    for motion in performance.motions:
        faults += _short_holds(performance, motion)
        faults += _own_faults(performance, motion)
        faults += motion.tempo if performance.tempo_seen else ()
    for rule in performance.rules:
        faults += rule.faults
    idle = _idle(performance)
    if idle is not None:
        faults.append(idle)
    return _united(sorted(faults, key=lambda fault: (fault.start_s, fault.name)))


def _united(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults in the order of their times, one of each that two rules have found at a time."""
    found: list[Fault] = []
    for fault in faults:
        alike = (at for at, one in enumerate(found) if (one.name, one.side) == (fault.name, fault.side))
        same = next((at for at in alike if fault.start_s < found[at].end_s), None)
        if same is None:
            found.append(fault)
        else:
            found[same] = replace(found[same], end_s=max(found[same].end_s, fault.end_s))
    return tuple(found)


def _verdict(
    performance: Performance, held: Sequence[Held], reps: int, faults: tuple[Fault, ...]
) -> tuple[Verdict, tuple[Note, ...]]:
    exercise, frames, motions = performance.exercise, performance.frames, performance.motions
    reached, notes = bool(held), _unjudged(performance, bool(held), faults)
    if frames.wrong_posture > SEEN_SHARE * frames.total:
        return "not_performed", (Note(_OTHERWISE[exercise.postures[0]]),)
    if frames.upright > SEEN_SHARE * frames.total:
        return "unseen", (Note("not_lying"),)
    hardly_seen = frames.seen < SEEN_SHARE * frames.total
    timed = exercise.timed_only and not reached and not faults
    if timed and (hardly_seen or any(map(_may_be_small, motions))):
        return "unseen", (Note("only_timed", {"exercise": exercise.id}),)
    if not frames.total or (hardly_seen and not reached):
        return "unseen", (Note("body_unseen"),)
    if reached and not hardly_seen and not exercise.hold_s and not reps and not faults:
        # It counts repetitions, and there was none.
        return ("not_performed", ()) if performance.side_on else ("unseen", (Note("position_unseen"), *notes))
    held_s = sum(one.lasts_s for motion in motions for one in motion.held)
    share = _SURELY_SMALL if exercise.timed_only else SEEN_SHARE
    unsure = held_s and sum(motion.unsure_s for motion in motions) > (1 - share) * held_s
    if unsure and not exercise.timed_only:
        return "unseen", (Note("position_unseen"), *notes)
    if faults and (performance.side_on or not hardly_seen):
        return "fault", notes
    if exercise.timed_only and reached and (unsure or not _comes_again(performance, held)):
        return "unseen", (Note("only_timed", {"exercise": exercise.id}),)
    if hardly_seen:
        return "unseen", (Note("body_unseen"), *notes)
    if reached and frames.elsewhere > SEEN_SHARE * frames.total:
        return "unseen", (Note("position_unseen"), *notes)
    if _never_seen_to_its_end(performance, held):
        return "unseen", (Note("position_unseen"), *notes)
    if held and max(one.lasts_s for one in held) < _MOMENT_S:
        return "unseen", (Note("too_near_to_tell"), *notes)
    if exercise.alternating and len(held) == 1 and held[0].lasts_s > _TO_AND_FRO_S:
        return "unseen", (Note("one_side_only", {"side": held[0].position.side}), *notes)
    if any(one.way_in for one in held):
        return "good", notes
    if any(one.from_start for one in held):
        return "good", (Note("began_in_position"), *notes)
    if reached:
        return "unseen", (Note("way_in_unseen"), *notes)
    # Where having done nothing is a fault, it was neither that nor the position.
    between = exercise.falls_short is not None and exercise.falls_short.idle_s > 0
    if any(motion.rise or (between and motion.seen) for motion in motions):
        return "unseen", (Note("too_near_to_tell"), *notes)
    angled = not performance.side_on and not exercise.timed_only
    if angled and any(map(_may_have_been_missed, motions)):
        return "unseen", (Note("position_unseen"),)
    if any(motion.unseen_s > _HIDDEN_S for motion in motions):
        return "unseen", (Note("body_unseen"),)  # it may have been done then
    return "not_performed", ()


def _comes_again(performance: Performance, held: Sequence[Held]) -> bool:
    """Whether a move as small as a shift of the body came again."""
    dose_s = enough_s(performance.hold_s)
    return sum(one.lasts_s >= dose_s and not one.cut for one in held) >= _REPEATED


def _may_be_small(motion: MotionRecord) -> bool:
    """True where a move may have come as small as a shift of the body, and stayed for longer than one."""
    return any(end_s - start_s >= _SHIFT_S for start_s, end_s in motion.maybe)


def _may_have_been_missed(motion: MotionRecord) -> bool:
    """True where a view at an angle may have hidden the position."""
    return bool(motion.maybe) or not motion.seen


def _never_seen_to_its_end(performance: Performance, held: Sequence[Held]) -> bool:
    """True where every hold was too short as far as it was seen, and one was lost from sight."""
    dose_s = enough_s(performance.hold_s)
    return any(one.lost for one in held) and all(one.lasts_s < dose_s for one in held)


def _dose_unseen(performance: Performance) -> bool:
    """True where no hold was seen for as long as was asked for, and each was cut, as by the end of the span:
    whether it was short is unknown.
    """
    held = [one for motion in performance.motions for one in _held(performance, motion)]
    asked = performance.exercise.hold_s > 0 and performance.hold_s > 0
    return asked and all(one.cut and one.lasts_s < enough_s(performance.hold_s) for one in held)


def enough_s(dose_s: float) -> float:
    """Seconds from which a hold is not short where `dose_s` was asked for."""
    return _HELD_SHARE * dose_s - _HOLD_NOISE_S


def _unjudged(performance: Performance, reached: bool, faults: tuple[Fault, ...]) -> tuple[Note, ...]:
    """What could not be judged; what was found all the same was."""
    if not reached:
        return ()
    judged = {rule.name for rule in performance.rules if not rule.unjudged}
    unjudged = [name for name in dict.fromkeys(rule.name for rule in performance.rules) if name not in judged]
    missed = {rule.name for rule in performance.rules if rule.missed}
    if _dose_unseen(performance):
        unjudged, missed = [*unjudged, _SHORT], missed | {_SHORT}
    if not any(motion.paced for motion in performance.motions):
        unjudged += ["bouncing", "rushed"]
    else:
        unjudged += ["bouncing"] * any(motion.maybe_bouncing for motion in performance.motions)
        unjudged += ["rushed"] * any(motion.maybe_rushed for motion in performance.motions)
    tempo = () if performance.tempo_seen else (Note("tempo_not_judged"),)
    found = {fault.name for fault in faults}
    notes = (
        Note("fault_not_shown" if name in missed else "fault_not_judged", {"fault": name})
        for name in unjudged
        if name not in found
    )
    return (*notes, *tempo)


def _side(performance: Performance, asked: Side) -> Side:
    """The side that was worked, well or with a fault; of two, the one that was asked for."""
    if not performance.exercise.sided:
        return "both"
    reached: dict[Side, float] = {}
    for motion in performance.motions:
        held_s = sum(one.lasts_s for one in _held(performance, motion))
        reached |= {motion.motion.side: held_s} if held_s else {}
    repeated = {motion.motion.side for motion in performance.motions if motion.reps} & reached.keys()
    faulty = {motion.motion.side for motion in performance.motions if _own_faults(performance, motion)}
    if len(repeated | faulty) > 1:
        return asked
    if reached:
        return max(reached, key=lambda side: reached[side])
    # A fault that stands tells more than how far a limb has risen.
    tried: dict[Side, tuple[bool, float]] = {
        motion.motion.side: (motion.motion.side in faulty, motion.rise)
        for motion in performance.motions
        if motion.rise or motion.faults
    }
    if tried:
        return max(tried, key=lambda side: tried[side])
    idle = _idle(performance)
    return idle.side if idle is not None and idle.side is not None else asked
