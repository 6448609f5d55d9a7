"""A session under way: pictures in; views, words and records out. All on one thread."""

from collections.abc import Sequence
from typing import Protocol

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coaches
from posecoach.coaching.utterances import UtteranceQueue, spoken_s
from posecoach.coaching.view import View
from posecoach.core.observation import PictureState
from posecoach.session.doubts import Doubts
from posecoach.vision.source import Frame
from posecoach.web import frames, wire
from posecoach.web.engine import Eyes
from posecoach.web.frames import FrameClock
from posecoach.web.wire import Json

_INSTANT_S = 0.001
_FAREWELL_S = 4.0  # after the last step, so that the last words are heard
_GAP_S = 3.0  # without a picture, after which the time was a pause
_KEPT_UTTERANCES = 200  # whose words may be asked for as sound


class Keeps(Protocol):
    """What a lesson needs of whoever keeps it."""

    def follow(self, view: View) -> None: ...
    def end(self, ended: str, results: Sequence[Result]) -> Json: ...
    def felt(self, after: int | None, pain: bool | None) -> Json: ...
    def close(self) -> None: ...


class Lesson:
    """One session, from its first picture to how it felt.

    plan  what the page shows of it: kind, title, steps
    rate  words a minute, to know how long words take until the page has said them once
    doubts  about the pictures, by which the steps of `coach` may be noted as they end
    """

    def __init__(
        self,
        plan: Json,
        coach: Coaches,
        eyes: Eyes,
        record: Keeps,
        rate: int,
        doubts: Doubts | None = None,
    ) -> None:
        self.plan = plan
        self._doubts = doubts or Doubts()
        self.summary: Json | None = None
        self._coach, self._eyes, self._record, self._rate = coach, eyes, record, rate
        self._clock = FrameClock()
        self._speech = UtteranceQueue(self._length_s)
        self._lengths_s: dict[str, float] = {}
        self._said: dict[int, str] = {}
        self._frames = 0
        self._last_s = 0.0
        self._done_s: float | None = None
        self._number = 0
        self._left = self._answered = False
        self._state: PictureState = "there"
        self._may_wait = plan["kind"] != "practise"  # which asks for a gesture, however long that takes

    def take(self, message: bytes, now_s: float) -> list[Json]:
        """Take a picture that arrives `now_s` seconds after the session began; what the page is to get.

        Raises InputError for one that cannot be used: the session is as it was.
        """
        if self.summary is not None:
            return []
        stamp_s, jpeg = frames.unpacked(message)
        image = frames.decoded(jpeg)
        t_s = self._clock.time_of(stamp_s, now_s)
        if t_s is None or t_s <= self._last_s:
            return [{"type": "late", "stamp": round(stamp_s * 1000, 3)}]
        if self._frames and t_s - self._last_s > _GAP_S:
            self._catch_up(t_s - _INSTANT_S)  # the page was hidden, the laptop asleep, the camera gone
        seen = self._eyes.track(Frame(image, t_s, self._frames))
        self._frames += 1
        self._last_s = t_s
        if seen.state != self._state:
            self._state = seen.state
            self._coach.picture(seen.state, seen.frozen_since_s)
        view = self._coach.update(seen.pose, t_s)
        self._doubts.add(seen, view.step_under_way)
        self._record.follow(view)
        told = [wire.view(view, seen, stamp_s), *self._words(view)]
        if self._coach.finished:
            self._done_s = t_s if self._done_s is None else self._done_s
            if t_s - self._done_s >= _FAREWELL_S and not self._speech.waiting:
                told.append(self.end("finished"))
        return told

    def _words(self, view: View) -> list[Json]:
        moving = view.phase in ("moving", "hold")
        utterance = self._speech.update(view.events, view.t_s, moving)
        if utterance is None:
            return []
        self._number += 1
        self._said[self._number] = utterance.text
        self._said.pop(self._number - _KEPT_UTTERANCES, None)
        return [wire.utterance(utterance, self._number)]

    def _length_s(self, text: str) -> float:
        return self._lengths_s.get(text, spoken_s(text, self._rate))

    def words(self, number: int) -> str | None:
        """The words of an utterance; None for one that was not said lately."""
        return self._said.get(number)

    def said(self, number: int, seconds: float) -> None:
        """The page has said an utterance, which took so long."""
        text = self._said.get(number)
        if text:
            self._lengths_s[text] = seconds

    def pause(self, on: bool) -> None:
        """Pause, or go on."""
        if self._coach.paused != on:
            self._coach.toggle_pause()

    def next_step(self) -> None:
        """Leave the step under way."""
        self._coach.next_step()

    def leave(self) -> None:
        """The page is gone: nothing counts until it is back."""
        if self._may_wait and not self._coach.paused and not self._coach.finished:
            self._coach.toggle_pause()
            self._left = True

    def rejoin(self, now_s: float) -> None:
        """A page is back, which may be another one with a clock of its own."""
        self._clock.restart()
        self._catch_up(now_s)

    def _catch_up(self, now_s: float) -> None:
        """Nothing was seen until now: that was a pause."""
        self.leave()  # that the page is gone may not be known yet
        if now_s > self._last_s:
            self._last_s = now_s
            self._coach.update(None, now_s)
        if self._left:
            self._left = False
            self.pause(False)

    def end(self, ended: str) -> Json:
        """End the session, whatever is under way; returns the summary, the same at every call."""
        if self.summary is None:
            results = self._doubts.noted(self._coach.finish())
            self.summary = {"type": "ended", "ended": ended, **self._record.end(ended, results)}
            self._eyes.close()
        return self.summary

    @property
    def unanswered(self) -> Json | None:
        """The summary, where it is to be asked how it felt and was not answered yet."""
        return None if self._answered or self.plan["kind"] != "routine" else self.summary

    def felt(self, after: int | None, pain: bool | None) -> Json:
        """Keep how it felt; returns the advice that follows, and what became of the session."""
        self._answered = True
        return self._record.felt(after, pain)

    def close(self) -> None:
        """End the session if it is not over, and let go of everything."""
        self.end("quit")
        self._record.close()
