"""A short practice of the gestures that pause and end a session: whoever tries them sees that they work.

Like the coach, it takes poses and gives views and events, and knows no camera, no screen and no clock.
"""

from dataclasses import dataclass
from math import inf

from posecoach.assessment.results import Result
from posecoach.coaching import phrases
from posecoach.coaching.announcer import Announcer
from posecoach.coaching.clock import SessionClock
from posecoach.coaching.gestures import Gesture, Gestures
from posecoach.coaching.utterances import RATE
from posecoach.coaching.view import Kind, Phase, Subject, View, build
from posecoach.core.observation import PictureState
from posecoach.core.pose import Pose
from posecoach.core.translation import marked, tr
from posecoach.kinematics.body import Body, Measurements

OPENING = marked("Let us try how you pause and stop. Lie down as you would for a session")
_TITLE = marked("Practice")
_REST = marked("I see you. Rest your arms beside you")

_SEEN_S = 2.0  # somebody lies there for so long before anything is asked for
_REMIND_S = 12.0
_WAIT_S = 40.0  # for one gesture, before moving on


@dataclass(frozen=True)
class _Lesson:
    """One gesture: what is asked for, which it is, and what is said and shown once it is seen."""

    asked: str
    gesture: Gesture
    seen: str
    kind: Kind
    phase: Phase


_LESSONS = (
    _Lesson(
        marked("Hold one arm straight up, until I say that we pause"),
        "arm",
        marked("That is how you pause. The same arm goes on: hold it up again"),
        "paused",
        "paused",
    ),
    _Lesson(
        marked("The same arm goes on: hold it up again"),
        "arm",
        marked("And on we go. Now hold both arms up: that ends a session"),
        "resumed",
        "waiting",
    ),
    _Lesson(
        marked("Now hold both arms up: that ends a session"),
        "arms",
        marked("That is how you end. If anything hurts, stop at once, in whatever way is quickest"),
        "done",
        "done",
    ),
)


class Practice:
    """Asks for each gesture in turn; one that is not seen in time is left out.

    seen  the gestures that were seen, in order
    """

    #: Here a raised arm pauses nothing.
    paused = False

    def __init__(self, controls: phrases.Controls = phrases.BY_KEYS, rate: int = RATE) -> None:
        """`rate` is how fast it is spoken, in words a minute."""
        self._controls = controls
        self.seen: list[Gesture] = []
        self._body, self._gestures = Body(), Gestures()
        self._announcer, self._clock = Announcer(rate), SessionClock()
        self._lesson = -1  # the one that is asked for; before the first, somebody has to be seen
        self._phase: Phase = "waiting"
        self._instruction = OPENING
        self._since_s: float | None = None  # somebody has been seen, or the gesture has been asked for
        self._reminded_s = 0.0
        self._begun = self._skip = self._finished = False

    @property
    def finished(self) -> bool:
        """True once the last gesture was seen, or waited for."""
        return self._finished

    def toggle_pause(self) -> None:
        """The key works too: go on to the next gesture."""
        self._skip = True

    def next_step(self) -> None:
        """Leave the gesture that is asked for out, at the next frame."""
        self._skip = True

    def picture(self, state: PictureState, frozen_since_s: float = inf) -> None:
        """Nothing: a practice has nothing to lose."""

    def finish(self) -> list[Result]:
        """End the practice; nothing was judged."""
        self._finished = True
        return []

    def update(self, pose: Pose | None, t_s: float) -> View:
        """Take the next frame; `t_s` rises strictly; `pose` is None when nobody was found."""
        self._announcer.begin(t_s)
        if not self._begun:
            self._begun = True
            self._announcer.tell("announce", tr(OPENING))
        found = self._body.measure(pose) if pose is not None else None
        self._body.may_rest(found, "setting_up")
        gesture = self._gestures.update(found, t_s)
        if self._lesson < 0:
            self._await_somebody(found, t_s)
        elif not self._finished:
            self._lead(_LESSONS[self._lesson], gesture, t_s)
        self._skip = False
        return build(
            Subject(self._lesson + 1, len(_LESSONS), tr(_TITLE)),
            self._clock.tick(t_s, paused=False),
            self._announcer.events,
            self._phase,
            tr(self._instruction),
            found.values if found is not None else None,
            not_seen=str(phrases.nobody()) if found is None else None,
        )

    def _await_somebody(self, found: Measurements | None, t_s: float) -> None:
        base = found.baseline if found is not None else None
        if base is None or base.posture == "upright":
            self._since_s = None
        elif self._since_s is None:
            self._since_s = t_s
        ready = self._since_s is not None and t_s - self._since_s >= _SEEN_S
        if self._skip or (ready and not self._announcer.left_s):
            self._announcer.tell("announce", tr(_REST))
            self._ask(0, t_s)

    def _lead(self, lesson: _Lesson, gesture: Gesture | None, t_s: float) -> None:
        if gesture == lesson.gesture:
            self.seen.append(gesture)
            self._phase = lesson.phase
            self._go_on(lesson.kind, lesson.seen, t_s)
        elif self._skip or (self._since_s is not None and t_s - self._since_s > _WAIT_S):
            self._go_on("moving_on", self._controls.not_seen, t_s)
        elif t_s - self._reminded_s > _REMIND_S:
            self._reminded_s = t_s
            self._announcer.tell("waiting", tr(lesson.asked))

    def _go_on(self, kind: Kind, said: str, t_s: float) -> None:
        """Say what became of a gesture, which asks for the next one; or end."""
        self._announcer.tell(kind, tr(said))
        if self._lesson + 1 == len(_LESSONS):
            self._finished, self._phase, self._instruction = True, "done", said
        else:
            self._ask(self._lesson + 1, t_s, aloud=kind == "moving_on")

    def _ask(self, lesson: int, t_s: float, aloud: bool = True) -> None:
        self._lesson, self._instruction = lesson, _LESSONS[lesson].asked
        self._since_s = self._reminded_s = t_s
        if aloud:
            self._announcer.tell("ready", tr(self._instruction))
