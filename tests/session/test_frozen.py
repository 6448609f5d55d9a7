"""What is believed of recordings and of a live picture that stand still for a while."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pytest

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.view import Event
from posecoach.coaching.watcher import Watcher
from posecoach.core.observation import Observation
from posecoach.core.types import Image, Rotation
from posecoach.session.pipeline import check, observed, run
from posecoach.session.recorded import Recorded
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.picture_checks import FROZEN_S, PictureChecks
from posecoach.vision.source import Frame, Source
from tests.support.synthetic import CROOK, Shot, film, repeat

FPS = 10
POSE = film(CROOK, [(0.1, CROOK)])[0].pose
LEFT = CROOK.but(hip_left=118, knee_left=128)


def pictured(number: int) -> Image:
    """A picture that differs from every other number's."""
    picture = np.full((48, 64, 3), 100, np.uint8)
    picture[10:30, number % 60 : number % 60 + 4] = 50 + number % 200
    return picture


class Pictures(Source):
    """A picture for each number, which are the same where the numbers are."""

    def __init__(self, numbers: Sequence[int], live: bool = False, fps: float = FPS) -> None:
        self.size, self.fps, self.live, self._numbers = (64, 48), fps, live, numbers

    def __iter__(self) -> Iterator[Frame]:  # type: ignore[override]
        for index, number in enumerate(self._numbers):
            yield Frame(pictured(number), index / self.fps, index)

    def close(self) -> None: ...


class Sees:
    """A tracker that sees the shot of each frame, where the picture can be believed."""

    def __init__(self, shots: Sequence[Shot] = (), rotation: Rotation = 0) -> None:
        self._checks, self._shots, self._rotation = PictureChecks(), shots, rotation

    def settle(self, frames: Iterable[Frame]) -> None: ...

    def track(self, frame: Frame) -> Observation:
        doubts = self._checks.update(frame.image, frame.t_s) & {"frozen"}
        since_s = self._checks.still_since_s, self._checks.alike_since_s
        pose = None if doubts else self._shots[frame.index].pose if self._shots else POSE
        return Observation(frame.t_s, frame.image, self._rotation, pose, None, doubts, None, *since_s)


def seen(numbers: Sequence[int], live: bool = False, fps: float = FPS) -> list[Observation]:
    return list(observed(Pictures(numbers, live, fps), Sees(), Stopwatch(), ahead=False))


def unseen(numbers: Sequence[int], live: bool = False) -> list[int]:
    """The frames in which nobody is believed to be seen."""
    found = seen(numbers, live)
    assert [one.t_s for one in found] == [index / FPS for index in range(len(numbers))]
    assert [one.pose is None for one in found] == [not one.believable for one in found]
    return [index for index, one in enumerate(found) if not one.believable]


def frames(first: int, last: int) -> list[int]:
    """The frames from the first to the one before the last."""
    return list(range(first, last))


MOVING = frames(0, 20)
STILL = [20] * 50
AFTER = frames(21, 41)


def test_of_a_file_nothing_is_believed_of_a_picture_that_stands_still() -> None:
    # Four pictures that differ have to come before the next one is believed.
    assert unseen([*MOVING, *STILL, *AFTER]) == frames(20, 73)


def test_a_file_that_is_gone_through_again_is_believed_as_at_first() -> None:
    numbers = [*MOVING[:-1], MOVING[-2], *STILL, *AFTER]
    tracked = Recorded(Pictures(numbers), Sees(), Stopwatch(), ahead=False)
    again = observed(Pictures(numbers), tracked, Stopwatch(), ahead=False)
    assert [one.pose for one in again] == [one.pose for one in seen(numbers)]


def test_a_live_picture_is_believed_until_it_is_known_to_stand_still() -> None:
    assert unseen([*MOVING, *STILL, *AFTER], live=True) == frames(49, 73)


def test_a_file_may_begin_and_end_with_a_picture_that_stands_still() -> None:
    assert unseen([*STILL, *AFTER]) == frames(1, 53)
    assert unseen([*MOVING, *STILL]) == frames(20, 70)


def test_a_file_may_begin_with_a_picture_that_only_key_frames_change() -> None:
    key_frames = [second for second in frames(50, 58) for _ in range(FPS)]
    began = len(key_frames) + 4  # that a move, and no other key frame, changes the picture
    assert unseen([*key_frames, *MOVING]) == frames(1, began)


def test_a_picture_that_stands_still_twice_is_unseen_twice() -> None:
    again = [*[41] * 40, *frames(42, 50)]
    assert unseen([*MOVING, *STILL, *AFTER, *again]) == [*frames(20, 73), *frames(90, 133)]


@pytest.mark.parametrize(
    "still",
    [
        [*[20] * 35, *[21] * 35],
        [*[20] * 15, *[21] * 55],
        [*[20] * 35, 22, *[20] * 34],
        [*[20] * 34, *[21] * 10, 22, *[21] * 25],
    ],
)
def test_a_key_frame_or_another_picture_in_the_middle_does_not_end_it(still: list[int]) -> None:
    assert set(frames(21, 90)) <= set(unseen([*MOVING, *still, *frames(23, 40)]))


def test_a_picture_that_stands_still_for_a_moment_is_believed() -> None:
    assert unseen([*MOVING, *[20] * 28, *AFTER]) == []
    assert unseen([*MOVING, *[20] * 28]) == [], "nor is it known at the end of a file"


@pytest.mark.parametrize(("pictures_a_second", "fps"), [(1, 30), (5, 30), (6, 12), (1, 1)])
def test_few_pictures_a_second_do_not_stand_still(pictures_a_second: int, fps: int) -> None:
    numbers = [index * pictures_a_second // fps for index in range(20 * fps)]
    found = seen(numbers, fps=fps)
    assert len(found) == len(numbers)
    assert all(one.pose is not None and one.believable for one in found)


def test_pictures_that_wait_are_kept_once() -> None:
    numbers = [*MOVING, *[20] * 28, *AFTER]
    found = seen(numbers)
    assert all((one.image == pictured(number)).all() for one, number in zip(found, numbers, strict=True))
    assert len({id(one.image) for one in found[20:48]}) == 1


def judged(numbers: Sequence[int], shots: Sequence[Shot], way: str, hold_s: float) -> Result:
    """The result of a knee to chest in `check --exercise`, `check --routine` or live."""
    source, tracker = Pictures(numbers, live=way == "live"), Sees(shots)
    if way == "exercise":
        [result] = check(source, tracker, Watcher("knee_to_chest", "left", hold_s))
        return result
    coach = Coach(Routine("One step", (Step("knee_to_chest", side="left", hold_s=hold_s, reps=1),)))
    [result] = check(source, tracker, coach) if way == "routine" else run(source, tracker, coach).results
    return result


@pytest.mark.parametrize("way", ["exercise", "routine", "live"])
@pytest.mark.parametrize(("from_s", "verdict"), [(8.0, "unseen"), (11.0, "good")])
def test_what_was_held_before_the_picture_stood_still_counts(way: str, from_s: float, verdict: str) -> None:
    lead_s = 20.0  # in which a session says what comes
    shots = film(CROOK, [(lead_s, CROOK), *repeat(CROOK, LEFT, 14.0)], FPS)
    stands = round((lead_s + 3.1 + from_s) * FPS)  # the hold begins after 3.1 s
    numbers = [*range(stands), *[stands] * 50, *range(stands + 50, len(shots))]
    assert judged(numbers, [shots[number] for number in numbers], way, 10).verdict == verdict


@pytest.mark.parametrize("stands_s", [2.0, 5.0])
def test_a_live_hold_is_not_called_done_while_the_picture_may_be_frozen(stands_s: float) -> None:
    shots = film(CROOK, [(20.0, CROOK), *repeat(CROOK, LEFT, 14.0)], FPS)
    from_s = 20.0 + 3.1 + 9.0  # the hold begins after 3.1 s, and lasts for 10 s
    stands, lasts = round(from_s * FPS), round(stands_s * FPS)
    numbers = [*range(stands), *[stands] * lasts, *range(stands + lasts, len(shots))]
    coach = Coach(Routine("One step", (Step("knee_to_chest", side="left", hold_s=10, reps=1),)))
    told = list[Event]()
    run(Pictures(numbers, live=True), Sees([shots[number] for number in numbers]), coach, say=told.append)
    done_s = [event.t_s for event in told if event.kind == "hold_done"]
    known = stands_s < FROZEN_S  # that it was not frozen
    assert done_s == ([pytest.approx(from_s + stands_s)] if known else [])
