"""What was doubtful about the pictures is said with the results."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.assessment.notes import SENTENCES, sentence, sentences
from posecoach.assessment.results import DetectedSpan, Fault, Note, Position, Result, Verdict
from posecoach.coaching.plan import Step
from posecoach.coaching.step_result import StepDone
from posecoach.core.observation import Doubt, Observation, SourceDoubt
from posecoach.core.pose import Pose
from posecoach.session import landmarks
from posecoach.session.doubts import Doubts, may_be, with_notes
from posecoach.session.landmarks import Kept
from posecoach.vision.source import Frame, Source
from tests.support.synthetic import CROOK, film, watch
from tests.support.synthetic import repeat as repeated

PICTURE = np.zeros((4, 4, 3), np.uint8)
NOTHING = Result(exercise="bridge", side="both", duration_s=1, frames=10, seen=1, verdict="good")
HELD = Position("both", 1.0, 3.0)
POSE: Pose = film(CROOK, [(0.1, CROOK)])[0].pose


class Recording(Source):
    """Without a frame: only what it notes about itself."""

    fps = 12.0

    def __init__(self, doubt: SourceDoubt, capture_fps: float | None = None) -> None:
        self.doubts, self.capture_fps = frozenset({doubt}), capture_fps

    def __iter__(self) -> Generator[Frame, None, None]:
        yield from ()

    def close(self) -> None: ...


def said(*doubts: frozenset[Doubt], other: tuple[float, float] | None = None) -> list[str]:
    """The notes of a result whose frames were doubtful in this way."""
    counted = Doubts()
    for index, frame in enumerate(doubts):
        counted.add(Observation(index / 10, PICTURE, 0, POSE, doubts=frame, other=other))
    [result] = counted.noted([NOTHING])
    return [sentence(note) for note in result.notes]


def test_pictures_that_can_be_believed_need_no_word() -> None:
    assert said(frozenset(), frozenset()) == []


def test_a_picture_that_stood_still_is_said() -> None:
    assert said(frozenset(), frozenset({"frozen"})) == [
        "The picture stood still for a while: nothing was counted then"
    ]


def test_a_dark_picture_is_said_with_what_helps() -> None:
    [note] = said(frozenset(), frozenset({"dark"}))
    assert note.endswith("turn on a lamp on the camera's side")


def test_a_white_picture_is_not_said_to_have_stood_still() -> None:
    [note] = said(frozenset(), frozenset({"bright"}))
    assert note.startswith("The picture was white all over")


def test_landmarks_that_were_kept_before_pictures_could_be_white_are_read(tmp_path: Path) -> None:
    doubts, file = Doubts(), tmp_path / "clip.npz"
    for index in range(10):
        found = frozenset[Doubt]({"dark"} if index < 5 else {"bright"})
        doubts.add(Observation(index / 10, PICTURE, 0, POSE, doubts=found, other=(0.0, 0.0)))
    seen = [(index / 10, POSE) for index in range(10)]
    landmarks.save(file, Kept("clip.mp4", "0" * 64, seen, doubts=doubts))
    now = landmarks.load(file).noted([NOTHING])[0]
    with np.load(file) as archive:
        columns = dict(archive)
    np.savez(file, **columns | {"doubts": columns["doubts"][:, :10]})
    before = landmarks.load(file).noted([NOTHING])[0]
    assert set(codes(now)) - set(codes(before)) == {"picture_bright"}
    assert "picture_dark" in codes(before)


@pytest.mark.parametrize("why", ["not_lying", "runs_vertically", "body_unseen"])
def test_of_a_picture_that_posecoach_turned_it_is_said_how_to_keep_it(tmp_path: Path, why: str) -> None:
    doubts, file = Doubts(), tmp_path / "clip.npz"
    for index in range(10):
        doubts.add(Observation(index / 10, PICTURE, 90, POSE, doubts=frozenset({"turned"})))
    [unseen] = doubts.noted([replace(NOTHING, verdict="unseen", notes=(Note(why),))])
    told = sentences(unseen.notes)
    assert told[-1].startswith("posecoach assumed that the camera was turned")
    assert told[-1].endswith("'--rotate 0' keeps it as it was filmed")
    assert "--rotate" not in "".join(told[:-1])
    assert "--rotate" not in "".join(sentences(unseen.notes, on_page="video"))
    in_session = sentences(unseen.notes, on_page="session")
    assert in_session[-1].endswith("if that was wrong, set the camera upright")
    landmarks.save(file, Kept("clip.mp4", "0" * 64, [(t / 10, POSE) for t in range(10)], doubts=doubts))
    assert landmarks.load(file).noted([replace(NOTHING, verdict="unseen", notes=(Note(why),))]) == [unseen]
    assert doubts.noted([NOTHING])[0].notes == (), "of what was judged there is no need to say it"


def test_what_the_noise_of_a_dim_picture_does_is_no_haste_and_no_bouncing() -> None:
    def judged(*names: str) -> Result:
        faults = tuple(Fault(name, "left", 1.0, 2.0) for name in names)
        result = replace(NOTHING, verdict="fault", faults=faults, score=55, confidence=0.9)
        return with_notes(result, [Note("picture_dim")])

    assert [note.code for note in judged("bouncing").notes if isinstance(note, Note)] == ["picture_dim"]
    held = replace(NOTHING, verdict="fault", faults=(Fault("rushed", None, 1, 2),), positions=(HELD,))
    assert codes(with_notes(held, [Note("picture_dim")])) == ["only_speed_unjudged", "picture_dim"]
    assert (judged("bouncing").verdict, judged("bouncing").faults) == ("unseen", ())
    both = judged("rushed", "shallow")
    assert (both.verdict, [fault.name for fault in both.faults]) == ("fault", ["shallow"])
    dim = with_notes(replace(NOTHING, confidence=0.99), [Note("picture_dim")])
    assert (dim.verdict, dim.confidence) == ("good", 0.76)


@pytest.mark.parametrize("doubt", ["no_time_stamps", "slow_motion"])
def test_what_was_hasty_or_short_by_times_that_are_a_guess_was_neither(doubt: SourceDoubt) -> None:
    def judged(*names: str) -> Result:
        faults = tuple(Fault(name, "left", 1.0, 2.0) for name in names)
        result = replace(NOTHING, verdict="fault", faults=faults, score=55, positions=(HELD,))
        return Doubts(Recording(doubt, 48.0)).noted([result])[0]

    for name in ("rushed", "bouncing", "short_hold"):
        alone, beside = judged(name), judged(name, "shallow")
        assert (alone.verdict, alone.faults, codes(alone)[0]) == ("unseen", (), "only_speed_unjudged")
        assert (beside.verdict, [fault.name for fault in beside.faults]) == ("fault", ["shallow"])
    [good] = Doubts(Recording(doubt, 48.0)).noted([replace(NOTHING, confidence=0.99)])
    [told] = sentences(good.notes)
    assert good.verdict == "good"
    assert good.confidence < 0.8
    assert "haste, bouncing and the length of holds cannot be judged" in told


def test_of_slow_motion_it_is_said_what_to_call_it_by() -> None:
    [note] = Doubts(Recording("slow_motion", 48.0)).notes
    assert "'posecoach check --speed 0.25'" in sentence(note)
    assert may_be(note)
    assert not may_be(Note("source_slow_motion", {"speed": "\x1b[2J"}))
    assert not may_be(Note("source_drawn", {"fault": "rushed"}))


def codes(result: Result) -> list[str]:
    return [note.code for note in result.notes if isinstance(note, Note)]


def test_a_step_and_a_part_of_a_recording_have_the_doubts_about_their_own_pictures() -> None:
    counted = Doubts(Recording("slow_motion"))
    for index in range(40):  # dark from 2 s on, when the second step begins
        dark = frozenset[Doubt]({"dark"} if index >= 20 else ())
        counted.add(Observation(index / 10, PICTURE, 0, POSE, doubts=dark), 1 + (index >= 20))
    steps = [replace(NOTHING, step=1), replace(NOTHING, step=2), replace(NOTHING, step=3)]
    own = [["source_slow_motion"], ["picture_dark", "source_slow_motion"], ["source_slow_motion"]]
    assert [codes(result) for result in counted.noted(steps)] == own
    parts = [replace(NOTHING, detection=DetectedSpan(*span, 1.0, None)) for span in ((0.2, 1.9), (2.5, 3.0))]
    assert [codes(result) for result in counted.noted(parts)] == own[:2]
    assert codes(counted.noted([NOTHING])[0]) == own[1]
    assert counted.noted([]) == []
    kept = Doubts.marked([index / 10 for index in range(40)], counted.marks, counted.notes)
    assert kept.noted(parts) == counted.noted(parts)


@pytest.mark.parametrize("code", ["source_incomplete", "picture_gap"])
def test_where_a_part_is_missing_nobody_knows_that_nothing_was_done(code: str) -> None:
    nothing = replace(NOTHING, verdict="not_performed", duration_s=20)
    assert with_notes(nothing, [Note(code)]).verdict == "unseen"
    assert with_notes(nothing, [Note("two_people", {"side": "left"})]).verdict == "not_performed"


def test_a_step_is_noted_the_moment_it_ends() -> None:
    counted, heard = Doubts(), list[StepDone]()
    told = counted.noting(heard.append)
    counted.add(Observation(0.0, PICTURE, 0, POSE, doubts=frozenset({"gap"})), 1)
    counted.add(Observation(0.1, PICTURE, 0, POSE), 2)
    for number in (1, 2):
        told(StepDone(Step(exercise="bridge"), replace(NOTHING, step=number), (), 0.1))
    assert [codes(done.result) for done in heard] == [["picture_gap"], []]


def test_of_two_people_it_is_said_which_one_was_judged() -> None:
    far_right = (POSE.image[:, 0].max() + 100.0, 10.0)
    [note] = said(*[frozenset[Doubt]({"two_people"})] * 3, other=far_right)
    assert note == "Two people are in the picture: the one on the left was judged"
    x, y = POSE.image.mean(axis=0)
    for away, place in ((100.0, "upper"), (-100.0, "lower")):
        [note] = said(*[frozenset[Doubt]({"two_people"})] * 3, other=(x + 10.0, y + away))
        assert note == f"Two people are in the picture: the {place} one was judged"


def test_somebody_who_passes_by_is_not_worth_a_word() -> None:
    assert said(*[frozenset[Doubt]()] * 20, frozenset({"two_people"})) == []


def test_a_hold_that_was_lost_from_sight_is_not_called_long_enough() -> None:
    knee = CROOK.but(hip_left=118, knee_left=128)
    shots = film(CROOK, repeated(CROOK, knee, 12.0, rest_s=3))
    frozen = [shot for shot in shots if not 7.0 < shot.t_s < 13.0]
    assert watch("knee_to_chest", shots, hold_s=10).verdict == "good"
    assert watch("knee_to_chest", frozen, hold_s=10).verdict == "unseen"


def test_a_hold_that_the_recording_cuts_short_is_less_sure_and_its_length_unknown() -> None:
    knee = CROOK.but(hip_left=118, knee_left=128)
    into = [(3.0, CROOK), (1.5, knee)]
    done = watch("knee_to_chest", film(CROOK, [*into, (11.0, knee)]), hold_s=10)
    cut = watch("knee_to_chest", film(CROOK, [*into, (5.0, knee)]), hold_s=10)
    undosed = watch("knee_to_chest", film(CROOK, [*into, (5.0, knee)]), hold_s=0)
    length = "The length of the hold could not be judged: too little of the exercise was seen"
    assert [length in sentences(one.notes) for one in (done, cut, undosed)] == [False, True, False]
    assert {done.verdict, cut.verdict, undosed.verdict} == {"good"}
    assert cut.confidence < 0.8 < done.confidence


def test_a_hold_that_is_seen_to_end_early_is_short_and_no_doubt() -> None:
    knee = CROOK.but(hip_left=118, knee_left=128)
    short = watch("knee_to_chest", film(CROOK, repeated(CROOK, knee, 5.0, rest_s=3)), hold_s=10)
    assert [fault.name for fault in short.faults] == ["short_hold"]
    assert "fault_not_shown" not in codes(short)


@pytest.mark.parametrize(
    ("lasts_s", "verdict", "told"), [(0.3, "unseen", True), (0.3, "good", False), (9.0, "unseen", False)]
)
def test_a_recording_that_is_too_short_is_called_so(lasts_s: float, verdict: Verdict, told: bool) -> None:
    result = Result("bridge", "both", lasts_s, 8, 1.0, verdict, notes=(Note("position_unseen"),))
    short = with_notes(result, ())
    assert (sentences(short.notes) == (SENTENCES["too_short"],)) is told
