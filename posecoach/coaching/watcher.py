"""One exercise watched from the first frame to the last: what `check` and `score` judge a clip by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import inf, isinf

from posecoach.assessment.confidence import BLIND, SureJudge
from posecoach.assessment.exercise import OF_TEMPO
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.framing import TOO_SMALL, badly_framed, been_away, too_small
from posecoach.assessment.judge import Judge, Judgement
from posecoach.assessment.recognition import Recogniser, beside
from posecoach.assessment.results import Note, Result, looks_like, unseen, unsettled
from posecoach.assessment.spans import Span
from posecoach.assessment.thresholds import ENTER_S
from posecoach.coaching import cues, targets
from posecoach.coaching.announcer import Announcer
from posecoach.coaching.clock import Clock
from posecoach.coaching.cues import CueMemory
from posecoach.coaching.pictures import Pictures
from posecoach.coaching.start_position import what_is_missing
from posecoach.coaching.view import Phase, Subject, View, build, limb
from posecoach.coaching.visibility import VisibilityTimer
from posecoach.core.choices import OneSide
from posecoach.core.observation import PictureState
from posecoach.core.pose import Pose
from posecoach.core.pose_log import PoseLog, lasted_s
from posecoach.core.translation import tr
from posecoach.core.trunk import mostly_vertical
from posecoach.core.types import Side
from posecoach.kinematics.body import Body, Measurements
from posecoach.kinematics.measurement_requests import Asking, answered

_STIRRED = 0.15  # torso lengths in half a second: less is no move of any exercise
_LAY_STILL = 0.9  # share of frames in which somebody was seen who has done nothing, whatever else was seen
_SURE_STILL = 0.99  # of those who lay still all were found, on a few dozen clips
_DOUBTED = 0.88  # share of faults that were right where the clip looked like another exercise
_MOVE_S = 0.8  # the shortest move stirs for longer than that

#: Hears of a frame: its time, the exercise's phase, and what was measured, nothing where nobody was seen.
Keeps = Callable[[float, Phase, Mapping[str, float | None]], None]


class Unled:
    """What a clip is not told: nobody pauses it, and what comes next is in it."""

    #: A clip is not paused.
    paused = False

    def toggle_pause(self) -> None:
        """Nothing: a clip is not paused."""

    def next_step(self) -> None:
        """Nothing: what comes next is in the clip."""


class Watcher(Unled):
    """Judges one exercise for as long as a clip lasts, from its starting position on; it leads nobody."""

    def __init__(
        self,
        exercise: str,
        side: OneSide | None = None,
        hold_s: float = 0.0,
        limits: Mapping[str, float] | None = None,
        body: Body | None = None,
    ) -> None:
        """`exercise` is an identifier of the catalogue; `side` is what the person was asked to work, if it
        has sides, and the judge finds which side was worked. Without `hold_s`, in seconds, no hold is too
        short. `limits` override the exercise's limits by name, as in `targets.raised`. `body` measures
        the poses in place of a new one.
        """
        self._anew: Callable[[], Watcher] = partial(Watcher, exercise, side, hold_s, limits)
        self._exercise = CATALOGUE[exercise]
        self._side: Side = side if side and self._exercise.sided else "both"
        self._hold_s = hold_s
        self._limits = targets.raised(self._exercise, limits or {})
        self._judge = self._fresh_judge()
        self._body = body or Body()
        self._recogniser = Recogniser()
        self._started = False
        self._still = 0
        self._stirred_s = 0.0  # the longest time without a still moment
        self._stirring_s = inf  # the latest still moment
        self._log = PoseLog()
        self._seen: Iterable[tuple[float, Pose | None]] = self._log
        self._times: list[float] = []
        self._sight = VisibilityTimer()
        self._memory = CueMemory()
        self._pictures = Pictures()
        self._announcer = Announcer()
        self._result: Result | None = None

    @property
    def finished(self) -> bool:
        """True once `finish` was called: a clip is over when it is over."""
        return self._result is not None

    def finish(self) -> list[Result]:
        """End the clip; exactly one result."""
        return answered(self._finishing())

    def mistrust_times(self) -> None:
        """The times of the frames are not those of what was done: no view corrects how fast that was."""
        self._pictures.timed = False

    def picture(self, state: PictureState, frozen_since_s: float = inf) -> None:
        """How the pictures are from the next frame on; lost ones are nothing to a clip, which goes on."""
        self._pictures.state = state

    def update(self, pose: Pose | None, t_s: float) -> View:
        """Take the next frame; `t_s` rises strictly; `pose` is None when nobody was found."""
        self._announcer.begin(t_s)
        self._pictures.update(t_s)
        pose = _at(pose, t_s)
        found = self._body.measure(pose) if pose is not None else None
        self._log.append(t_s, pose)
        self._take(found, t_s)
        return self._view(found, self._judge.judgement, t_s)

    def watching(
        self, seen: Sequence[tuple[float, Pose | None]], keep: Keeps | None = None
    ) -> Asking[list[Result]]:
        """The result of a whole clip, frames with their times, asking for what is measured in each pose.

        `keep` hears of each frame.
        """
        yield from self._following(seen, keep)
        return (yield from self._finishing())

    def _following(
        self, seen: Sequence[tuple[float, Pose | None]], keep: Keeps | None = None
    ) -> Asking[None]:
        self._seen = seen
        for t_s, pose in seen:
            pose = _at(pose, t_s)
            found = (yield self._body, pose) if pose is not None else None
            self._take(found, t_s)
            if keep is not None:
                keep(t_s, self._judge.judgement.phase, found.values if found is not None else {})

    def _finishing(self) -> Asking[list[Result]]:
        """`finish`, asking for what is measured of a part of the clip that is judged anew."""
        if self._result is None:
            self._result = self._framed((yield from self._concluding()))
        return [self._result]

    def _concluding(self) -> Asking[Result]:
        """The result by what was done, however the body is framed."""
        spans = self._recogniser.sure_spans(self._exercise.id)
        others = beside(self._exercise.id, spans)
        return (yield from self._without(others)) if others else self._concluded(spans)

    def _take(self, found: Measurements | None, t_s: float) -> None:
        self._times.append(t_s)
        if not self._started:
            self._wait(found)
        moves = self._judge.take(found, t_s)
        if found is not None:
            effort = self._recogniser.update(found)
            self._note_stillness(found)
            # What is a position of another exercise is no rest either.
            if not moves and not effort:
                self._body.may_rest(found, "between_moves")

    def _note_stillness(self, found: Measurements) -> None:
        still = found.moved < _STIRRED
        self._still += still
        # What was done while nobody was seen is unknown.
        self._stirred_s = max(self._stirred_s, found.t_s - min(self._stirring_s, found.t_s))
        if still or isinf(found.moved):
            self._stirring_s = found.t_s

    def _fresh_judge(self) -> Judge:
        return SureJudge(self._exercise, self._hold_s, self._limits)

    def _wait(self, found: Measurements | None) -> None:
        """Begin at the starting position as a session does. A clip may have none, so it is judged meanwhile,
        and that is dropped only where it came to nothing: somebody lay down, or turned over.
        """
        lies = found.baseline if found is not None else None
        if lies is not None and lies.posture not in self._exercise.postures:
            self._body.may_rest(found, "setting_up")
        if what_is_missing(self._exercise, self._side, found, self._judge) is not None:
            return
        self._started = True
        if self._judge.untouched:
            self._body.may_rest(found, "setting_up")
            self._judge = self._fresh_judge()

    def _without(self, others: Sequence[Span]) -> Asking[Result]:
        """The result of a recording that shows other exercises beside this one: of the rest of it."""

        def is_left_out(t_s: float) -> bool:
            return any(span.start_s <= t_s <= span.end_s for span in others)

        kept = [(t_s, pose) for t_s, pose in self._seen if not is_left_out(t_s)]
        rest = self._anew()
        yield from rest._following(kept)
        result = yield from rest._concluding()
        names = dict.fromkeys(str(span.recognition.exercise) for span in others)
        left_out = tuple(Note("left_out", {"exercise": name}) for name in names)
        return self._of_all(replace(result, notes=(*result.notes, *left_out)))

    def _of_all(self, result: Result) -> Result:
        """A result with the length of the whole recording."""
        return replace(result, frames=len(self._times), duration_s=lasted_s(self._times))

    def _framed(self, result: Result) -> Result:
        """A result as sure as a body in the picture allows: of one that is small anything is less sure, and
        what was not done as far as the picture goes may have been done beyond it. One that is not good says
        so where the picture may be turned, in which nobody seems to lie as they do.
        """
        if result.noted("not_lying") is not None:
            return result
        poses = [pose for _, pose in self._seen]
        told = result.verdict in ("good", "fault")
        framed = (TOO_SMALL,) * too_small(poses) if told else badly_framed(poses)
        framed += (Note("body_away"),) * (been_away(self._seen) and result.noted("body_unseen") is None)
        vertical = (Note("runs_vertically"),) * (result.verdict != "good" and mostly_vertical(poses))
        lies_otherwise = bool(result.notes)  # of what was not performed nothing else is noted
        if result.verdict == "not_performed" and (framed or (vertical and lies_otherwise)):
            result = unseen(result)
        surest = BLIND if TOO_SMALL in framed else 1.0
        notes = (*result.notes, *framed, *vertical)
        return replace(result, confidence=min(surest, result.confidence), notes=notes)

    def _concluded(self, spans: Sequence[Span]) -> Result:
        """The judge's result, for the whole clip; not good where that, or most of its `spans`, shows another
        exercise.
        """
        result, shows = self._of_all(self._judge.result(side=self._side)), self._recogniser.mainly(spans)
        undecided = Note("too_near_to_tell") in result.notes
        # That it is another one is no stillness, and a move may lie between two frames.
        nothing = self._lay_still and shows.exercise is None and not result.sparse
        if nothing and result.verdict == "unseen" and not result.positions and not undecided:
            return replace(result, verdict="not_performed", notes=(), confidence=_SURE_STILL)
        if result.verdict == "good":
            other = self._recogniser.at_odds(self._exercise.id, result.positions)
            if other is not None:
                return unsettled(result, looks_like(other))
        as_told = not shows.sure or shows.exercise == self._exercise.id
        if as_told or (result.verdict == "unseen" and result.positions):
            return result
        if result.verdict == "unseen":
            # Whatever hid the exercise that was told: that it is another one says more.
            return replace(result, notes=(looks_like(str(shows.exercise)),))
        noted = replace(result, notes=(looks_like(str(shows.exercise)), *result.notes))
        if result.verdict == "not_performed":
            # Whoever lifts their feet in a tilt seems to draw in their knees, and no tilt is seen then.
            return unseen(noted) if self._exercise.timed_only else noted
        # Whoever is in position when the recording begins was not seen at rest, which recognising needs.
        begins_in_it = bool(result.reps) and result.positions[0].start_s - self._times[0] < ENTER_S
        if begins_in_it or self._stands(result):
            return replace(noted, confidence=_DOUBTED * result.confidence)
        return unsettled(result, looks_like(str(shows.exercise)))

    def _stands(self, result: Result) -> bool:
        """True for faults that stand although the clip looks like another exercise: not for haste
        and bouncing seen at an angle, which any move may have.
        """
        lies = self._body.baseline
        beside = lies is not None and lies.side_on and lies.posture in self._exercise.postures
        return any(beside or fault.name not in OF_TEMPO for fault in result.faults)

    @property
    def _lay_still(self) -> bool:
        """True where nothing was done; a move too small to be seen cannot be told from that, or one toward a
        camera that looks down. Whoever lies otherwise than the exercise asks for may be somebody else.
        """
        baseline = self._body.baseline
        if baseline is None or baseline.posture not in self._exercise.postures:
            return False
        if self._exercise.rises and baseline.from_above:
            return False
        lay = self._still > _LAY_STILL * len(self._times) and self._stirred_s < _MOVE_S
        return lay and not self._exercise.timed_only

    def _view(self, found: Measurements | None, judged: Judgement, t_s: float) -> View:
        cue = cues.fault_cue(self._exercise, judged, self._pictures.unjudged) or cues.side_cue(
            self._side, judged
        )
        if cue is not None and self._memory.due(cue.key, t_s):
            self._announcer.tell("cue", cue.text, urgent=True)
        side = judged.side if self._side == "both" and judged.side is not None else self._side
        title = tr(self._exercise.title)
        at_fault = cue.limb if cue is not None else ()
        not_seen = self._not_seen(found, judged, t_s)
        return build(
            Subject(
                1,
                1,
                title,
                side,
                self._hold_s,
                limb=at_fault or limb(self._exercise, side),
                exercise=self._exercise.id,
            ),
            Clock(t_s, t_s),
            self._announcer.events,
            judged.phase,
            title,
            found.values if found is not None else None,
            hold_s=judged.hold_s,
            reps=judged.reps,
            cue=cue.text if cue is not None else None,
            not_seen=not_seen,
        )

    def _not_seen(self, found: Measurements | None, judged: Judgement, t_s: float) -> str | None:
        """What cannot be seen, once it has been so for a moment."""
        self._sight.update(judged.seen, t_s)
        if judged.seen or self._sight.lost_for(t_s) < cues.LOST_S:
            return None
        text = cues.amiss(self._judge, self._side, found)
        if text is None:
            text = str(cues.what_is_unseen(self._exercise, self._side, found))
        if self._memory.due("unseen", t_s):
            self._announcer.tell("unseen", text)
        return text


def _at(pose: Pose | None, t_s: float) -> Pose | None:
    """A pose with the time of its frame."""
    return pose if pose is None or pose.t_s == t_s else replace(pose, t_s=t_s)
