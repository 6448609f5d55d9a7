"""What is said of a step before it is done: which it is, how to lie, the move and how to do it well."""

from math import inf

from posecoach.coaching import phrases
from posecoach.coaching.announcer import Announcer
from posecoach.coaching.stages import Shared, Task
from posecoach.coaching.view import Kind
from posecoach.core.translation import tr


def title(task: Task, shared: Shared) -> str:
    """What comes; "" where the move says as much."""
    if shared.verbosity.numbers:
        return phrases.numbered(task.exercise, task.side, task.number, task.count)
    if task.known and not shared.verbosity.again:
        return ""
    return phrases.announce(task.exercise, task.side)


def hints(task: Task, shared: Shared) -> list[str]:
    """How to do the move well, each in a sentence of its own; what was said before is not said again."""
    own, again = tr(task.step.say), shared.verbosity.again
    exhale = tr(phrases.ON_AN_EXHALE) if not own or again else ""
    found = own, exhale, tr(phrases.TIMED_ONLY) if task.exercise.timed_only else ""
    return [hint for hint in found if hint and (shared.memory.hint_due(hint) or again)]


class Explanation:
    """Tells it, and again from its beginning where it was cut before all of it was heard."""

    def __init__(self, announcer: Announcer) -> None:
        self._announcer = announcer
        self._told: list[tuple[Kind, str]] = []
        self._heard_s = 0.0  # when all of it is over, on the source's clock

    def tell(self, kind: Kind, text: str) -> None:
        """Tell a part of it."""
        self._told.append((kind, text))
        self._announcer.tell(kind, text)
        self._heard_s = self._announcer.heard_s

    def cut(self) -> None:
        """All that was said is cut at this frame."""
        if self._heard_s > self._announcer.t_s:
            self._heard_s = inf

    def again(self) -> bool:
        """What was said is cut, at this frame or before: tell it again unless it was heard; True if it is
        told."""
        if self._heard_s <= self._announcer.t_s:
            return False
        told, self._told = self._told, []
        for kind, text in told:
            self.tell(kind, text)
        return True
