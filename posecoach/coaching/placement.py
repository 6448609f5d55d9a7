"""Before the first exercise: what the camera sees of the body, one thing to change at a time, and then on.

`examine` says how things are in one frame. `CameraPlacement` goes before a coach: it leads until all
is well, or for a limited time, and then hands everything to the coach.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees, hypot, inf
from typing import Literal

from posecoach.assessment.framing import FEET, HEAD, outside
from posecoach.assessment.results import Result
from posecoach.coaching import phrases
from posecoach.coaching.announcer import Announcer
from posecoach.coaching.clock import Clock
from posecoach.coaching.coach import Coaches
from posecoach.coaching.pictures import Pictures
from posecoach.coaching.view import Phase, Subject, View, build
from posecoach.core.observation import DARK, PictureState
from posecoach.core.pose import Pose
from posecoach.core.translation import tr
from posecoach.core.types import Posture
from posecoach.kinematics.baseline import SIDE_ON, Baseline
from posecoach.kinematics.body import SHOULDERS, Body, Measurements

Part = Literal["light", "picture", "person", "lying", "whole", "distance", "side", "height", "level", "limbs"]

#: All that is looked at where no exercise says what it needs.
LIMBS = tuple(f"{side}_{part}" for part in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right"))

_FAR, _NEAR = 0.1, 0.38  # length of the trunk as a share of the picture's longer side; seen from the side
_HIGH, _LOW = 40.0, -8.0  # degrees by which the camera looks down; from beside the bed it reads 5 to 22
_TILTED = 20.0  # degrees between the bed and the picture's edge: pillow and mattress take some

_WELL_S = 1.0  # all has to be well for so long
_WRONG_S = 1.5  # what is wrong is said once it has been so for this long
_REPEAT_S = 10.0
_LONGEST_S = 75.0
_KEPT_S = 1.5  # what the coach gets to see of the time before


@dataclass(frozen=True)
class Finding:
    """How one thing is: `ok` is None where it cannot be told yet. `advice` is what would help, `without` what
    cannot be judged as long as it is so."""

    part: Part
    ok: bool | None
    advice: str = ""
    without: str = ""


def examine(
    pose: Pose | None, found: Measurements | None, light: float | None, needed: Iterable[str] = LIMBS
) -> list[Finding]:
    """How things are in one frame, the most important first.

    light   brightness of the picture, 0..1 (0: too dark for the tracker), or None where nobody looked
    needed  names of the joints that have to be seen
    """
    # Whoever is found in the dark all the same is seen well enough.
    lit = None if light is None else light > (DARK if pose is None else 0)
    findings = [
        Finding("light", lit, tr(phrases.DARK), tr(phrases.WITHOUT_BODY)),
        Finding("person", pose is not None, tr(phrases.NOBODY_YET), tr(phrases.WITHOUT_BODY)),
    ]
    base = found.baseline if found is not None else None
    if pose is None or found is None or base is None:
        return findings + [Finding(part, None) for part in _OF_A_BODY]
    whole = _whole(pose, found)
    if found.shoulders_hidden:  # how the body lies, and how far away, is a guess then
        return findings + [whole if part == whole.part else Finding(part, None) for part in _OF_A_BODY]
    findings.append(
        Finding("lying", base.posture != "upright", tr(phrases.LIE_DOWN), tr(phrases.WITHOUT_BODY))
    )
    if base.posture == "upright":
        return findings + [Finding(part, None) for part in _OF_A_BODY[1:]]
    return [*findings, whole, _distance(base), *_view(base), _limbs(found, needed)]


_DRAWN: tuple[Part, ...] = ("light", "person", "lying")  # nobody lies there yet, for all that is seen
_OF_A_BODY: tuple[Part, ...] = ("lying", "whole", "distance", "side", "height", "level", "limbs")


def _whole(pose: Pose, found: Measurements) -> Finding:
    feet, head = outside(pose, FEET), outside(pose, HEAD)
    if found.shoulders_hidden and not (feet or head):
        return Finding("whole", False, str(phrases.cannot_see(SHOULDERS)), phrases.without_limbs(SHOULDERS))
    cut = tr(phrases.FEET_AND_HEAD_OUT if feet and head else phrases.FEET_OUT if feet else phrases.HEAD_OUT)
    without = tr(phrases.WITHOUT_FEET if feet else phrases.WITHOUT_HEAD)
    return Finding("whole", not (feet or head), cut, without)


def _distance(base: Baseline) -> Finding:
    # As long as it would look from the side at this distance.
    trunk = 1.0 / max(base.trunk_depth, 1e-6)
    return Finding(
        "distance",
        _FAR <= trunk <= _NEAR,
        tr(phrases.TOO_FAR if trunk < _FAR else phrases.TOO_NEAR),
        tr(phrases.WITHOUT_SIZE),
    )


def _view(base: Baseline) -> Iterable[Finding]:
    high = base.elevation > _HIGH
    yield Finding("side", base.azimuth <= SIDE_ON or high, tr(phrases.NOT_SIDE_ON), tr(phrases.WITHOUT_SIDE))
    yield Finding(
        "height",
        _LOW <= base.elevation <= _HIGH,
        tr(phrases.TOO_HIGH if high else phrases.TOO_LOW),
        tr(phrases.WITHOUT_HEIGHT),
    )
    right, down, _ = (float(part) for part in base.axes[0])
    # Seen from an end or from above, a bed runs aslant in any picture.
    shown = base.azimuth <= SIDE_ON and not high and hypot(right, down) > 0
    tilted = shown and degrees(atan2(abs(down), abs(right))) > _TILTED
    yield Finding("level", not tilted if shown else None, tr(phrases.TILTED), tr(phrases.WITHOUT_HEIGHT))


def _limbs(found: Measurements, needed: Iterable[str]) -> Finding:
    hidden = [joint for joint in dict.fromkeys(needed) if joint in found.hidden]
    if not hidden:
        return Finding("limbs", True)
    return Finding("limbs", False, str(phrases.cannot_see(hidden)), phrases.without_limbs(hidden))


class CameraPlacement:
    """Goes before `coach`: says what to change until the camera sees all that is needed, then steps aside.

    opening  the sentences that are said first: what comes, and how long it takes
    posture  how the first exercise begins: what is drawn to lie into
    needed   the joints that the first exercise needs to be seen
    light    gives the brightness of the picture, 0..1, or None
    """

    def __init__(
        self,
        coach: Coaches,
        opening: Sequence[str],
        posture: Posture,
        needed: Iterable[str] = LIMBS,
        light: Callable[[], float | None] = lambda: None,
        controls: phrases.Controls = phrases.BY_KEYS,
    ) -> None:
        self._coach, self._opening, self._posture = coach, opening, posture
        self._needed, self._light, self._controls = tuple(needed), light, controls
        self._body = Body()
        self._over = self._paused = self._skip = False
        self._recent: deque[tuple[Pose | None, float]] = deque()
        self._t_s = self._spent_s = 0.0  # of the frame; of set-up that was not paused
        self._begun = False
        self._well_s: float | None = None
        self._wrong: Part | None = None
        self._wrong_s = 0.0
        self._said, self._again_s, self._due_s = "", _REPEAT_S, -inf
        self._announcer = Announcer()
        self._pictures = Pictures()

    @property
    def finished(self) -> bool:
        """True once the coach is done."""
        return self._coach.finished

    @property
    def paused(self) -> bool:
        """True while the session is paused."""
        return self._coach.paused if self._over else self._paused

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        if self._over:
            self._coach.toggle_pause()
        else:
            self._paused = not self._paused

    def next_step(self) -> None:
        """Leave the set-up, or the step under way, at the next frame."""
        if self._over:
            self._coach.next_step()
        else:
            self._skip = True

    def picture(self, state: PictureState, frozen_since_s: float = inf) -> None:
        """How the pictures are from the next frame on."""
        if self._over:
            self._coach.picture(state, frozen_since_s)
        self._pictures.state = state

    def finish(self) -> list[Result]:
        """End the session."""
        return self._coach.finish()

    def update(self, pose: Pose | None, t_s: float) -> View:
        """Take the next frame; `t_s` rises strictly; `pose` is None when nobody was found."""
        if self._over:
            return self._coach.update(pose, t_s)
        self._announcer.begin(t_s)
        self._pictures.update(t_s)
        if not self._begun:
            self._begun = True
            for sentence in self._opening:
                self._announcer.tell("announce", sentence)
        elif not self._paused:
            self._spent_s += t_s - self._t_s
        self._t_s = t_s
        if self._skip:
            return self._hand_over(pose, t_s, None)
        if self._paused:
            return self._view("paused", tr(self._controls.paused_by_hand))
        self._recent.append((pose, t_s))
        while self._recent[0][1] < t_s - _KEPT_S:
            self._recent.popleft()
        found = self._body.measure(pose) if pose is not None else None
        self._body.may_rest(found, "setting_up")
        findings = examine(pose, found, self._light(), self._needed)
        if not self._pictures.there:  # unless it is known to be dark, nobody can be seen for that reason
            blind = str(phrases.no_picture(self._pictures.state))
            findings.insert(1, Finding("picture", False, blind, tr(phrases.WITHOUT_BODY)))
        return self._lead(pose, findings, t_s)

    def _lead(self, pose: Pose | None, findings: list[Finding], t_s: float) -> View:
        wrong = next((one for one in findings if one.ok is False), None)
        unknown = any(one.ok is None for one in findings if one.part in ("person", "lying"))
        if wrong is None and not unknown:
            self._well_s = t_s if self._well_s is None else self._well_s
            if t_s - self._well_s >= _WELL_S:
                said = phrases.anyway([]) if self._pictures.sparse else tr(phrases.SEEN_WELL)
                return self._hand_over(pose, t_s, said, well=True)
        else:
            self._well_s = None
        if self._spent_s > _LONGEST_S:
            return self._hand_over(pose, t_s, phrases.anyway([f.without for f in findings if f.ok is False]))
        self._say(wrong, t_s)
        if wrong is None:
            return self._view("waiting", tr(phrases.LIE_STILL), outlined=pose is None)
        return self._view("waiting", wrong.advice, outlined=wrong.part in _DRAWN)

    def _say(self, wrong: Finding | None, t_s: float) -> None:
        """Say what to change, once it has been so for a moment; the same again twice as late each time."""
        if wrong is None or wrong.part != self._wrong:
            self._wrong, self._wrong_s = (wrong.part if wrong is not None else None), t_s
        if wrong is None or t_s - self._wrong_s < _WRONG_S:
            return
        if t_s >= self._due_s:
            self._again_s = 2 * self._again_s if wrong.advice == self._said else _REPEAT_S
            self._said, self._due_s = wrong.advice, t_s + self._again_s
            self._announcer.tell("waiting", wrong.advice)

    def _hand_over(self, pose: Pose | None, t_s: float, said: str | None, well: bool = False) -> View:
        """Let the coach take over; it gets the last moments too, so that nobody has to wait for it again."""
        self._over = True
        self._coach.picture(self._pictures.state)
        views = [
            self._coach.update(seen, seen_s) for seen, seen_s in ([*self._recent] if well else [(pose, t_s)])
        ]
        events = [replace(event, t_s=t_s) for view in views for event in view.events]
        begun = next((at for at, event in enumerate(events) if event.kind == "in_position"), 0)
        # Who is in position already needs to hear nothing of how to begin, but how to stop.
        events = [event for at, event in enumerate(events) if at >= begun or event.kind == "safety"]
        if said and not begun:
            under_way = views[-1].phase in ("moving", "hold")  # nobody waits to hear it
            self._announcer.tell("announce" if under_way else "seen", said)
        return replace(views[-1], events=(*self._announcer.events, *events))

    def _view(self, phase: Phase, instruction: str, outlined: bool = True) -> View:
        return build(
            Subject(title=tr(phrases.SET_UP)),
            Clock(self._t_s, 0.0),
            self._announcer.events,
            phase,
            instruction,
            outline=self._posture if outlined and phase == "waiting" else None,
        )
