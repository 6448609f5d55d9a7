"""The session that looks for comfortable ranges: with a stick body, and as a command."""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.cli.commands.calibrate import trials_of
from posecoach.coaching import phrases
from posecoach.coaching.range_of_motion import THANKS, Calibration, Trial
from posecoach.coaching.targets import Range
from posecoach.coaching.view import Event, View
from posecoach.core.errors import SourceError
from posecoach.core.observation import Observation, SourceDoubt
from posecoach.core.types import Posture, Side
from posecoach.records import personal_ranges, routine_files, settings
from posecoach.vision.source import Frame
from tests.conftest import Run
from tests.support.synthetic import CROOK, STRAIGHT, Segment, Shot, Stance, T, film, flexion, joints, repeat

FPS = 8
LEFT = CROOK.but(hip_left=95, knee_left=120)  # comes less far than what is usual
RIGHT = CROOK.but(hip_right=112, knee_right=125)
KNEES = (Trial(CATALOGUE["knee_to_chest"], "left"), Trial(CATALOGUE["knee_to_chest"], "right"))


def run(calibration: Calibration, shots: Iterable[Shot]) -> list[View]:
    return [calibration.update(shot.pose, shot.t_s) for shot in shots]


def told(views: Iterable[View]) -> list[Event]:
    return [event for view in views for event in view.events]


def session(*parts: Iterable[Segment], lying: Stance = CROOK, posture: Posture = "supine") -> list[Shot]:
    """What is done, after a moment of lying there."""
    segments = [(1.0, lying), *(segment for part in parts for segment in part)]
    return film(lying, segments, FPS, posture=posture)


def both(hip: float, knee: float) -> Stance:
    return CROOK.but(hip_left=hip, hip_right=hip, knee_left=knee, knee_right=knee)


def hip(stance: Stance, side: str) -> float:
    return flexion(joints(stance), "hip", side)


@cache
def both_knees() -> tuple[list[View], Calibration]:
    calibration = Calibration(KNEES)
    shots = session(repeat(CROOK, LEFT, 3, 2), repeat(CROOK, RIGHT, 3, 2))
    return run(calibration, shots), calibration


# -- what is measured ----------------------------------------------------------------------------------


def test_each_side_is_measured_at_rest_and_where_it_was_kept() -> None:
    _, calibration = both_knees()
    assert calibration.finished
    assert calibration.missed == []
    stances: dict[Side, Stance] = {"left": LEFT, "right": RIGHT}
    for side, stance in stances.items():
        reached = calibration.reached["knee_to_chest", side]
        assert reached.rest == pytest.approx(hip(CROOK, side), abs=4)
        assert reached.peak == pytest.approx(hip(stance, side), abs=4)


@pytest.mark.parametrize(
    ("exercise", "side", "rest", "deep", "posture", "expected"),
    [
        ("double_knees_to_chest", "both", CROOK, both(95, 120), "supine", 95),
        ("hamstring", "right", STRAIGHT, STRAIGHT.but(hip_right=55, knee_right=15), "supine", 56),
        ("spinal_twist", "right", T, T.but(turn=-60), "supine", 60),
        ("press_up", "both", STRAIGHT, STRAIGHT.but(trunk=14), "prone", 14),
        ("fetal", "right", both(20, 30), both(70, 90), "right_side", 71),
        ("bridge", "both", CROOK, CROOK.but(pelvis=0.2), "supine", -25),
        ("figure_four", "left", CROOK, CROOK.but(cross_left=1, hip_right=92, knee_right=105), "supine", 92),
    ],
)
def test_every_kind_of_motion_can_be_measured(
    exercise: str, side: Side, rest: Stance, deep: Stance, posture: Posture, expected: float
) -> None:
    calibration = Calibration([Trial(CATALOGUE[exercise], side)])
    views = run(calibration, session(repeat(rest, deep, 3, 2), lying=rest, posture=posture))
    assert calibration.finished
    assert calibration.reached[exercise, side].peak == pytest.approx(expected, abs=6)
    assert not any("{" in event.text for event in told(views))


def test_an_exercise_that_alternates_is_measured_on_both_sides() -> None:
    calibration = Calibration([Trial(CATALOGUE["lumbar_rotation"], "both")])
    turns = [repeat(CROOK, CROOK.but(turn=turn), 3, 1) for turn in (60, -45)]
    run(calibration, session(*turns))
    assert calibration.finished
    peaks = {side: reached.peak for (_, side), reached in calibration.reached.items()}
    assert peaks == {"left": pytest.approx(60, abs=8), "right": pytest.approx(45, abs=8)}


def test_the_deeper_of_two_counts_and_a_swing_that_is_not_kept_does_not() -> None:
    calibration = Calibration(KNEES[:1])
    swing = CROOK.but(hip_left=125, knee_left=130)
    shallow, deep = CROOK.but(hip_left=92, knee_left=120), CROOK.but(hip_left=103, knee_left=120)
    parts = [repeat(CROOK, swing, 0.1), repeat(CROOK, shallow, 3), repeat(CROOK, deep, 3)]
    run(calibration, session(*parts))
    assert calibration.reached["knee_to_chest", "left"].peak == pytest.approx(hip(deep, "left"), abs=4)


def test_bending_the_knees_with_the_feet_down_is_not_the_move() -> None:
    calibration = Calibration(KNEES[:1])
    run(calibration, session([(1.5, CROOK), (8, CROOK)], lying=STRAIGHT))
    calibration.finish()
    assert calibration.reached == {}


def test_what_was_kept_counts_when_the_session_ends_there() -> None:
    calibration = Calibration(KNEES)
    run(calibration, session([(1.5, LEFT), (4, LEFT)]))
    assert calibration.finish() == []
    assert set(calibration.reached) == {("knee_to_chest", "left")}
    assert [side for _, side in calibration.missed] == ["right"]


# -- what is said --------------------------------------------------------------------------------------


def test_first_of_all_it_says_how_far_to_go_and_how_to_stop() -> None:
    views, _ = both_knees()
    first = told(views)[0]
    assert (first.t_s, first.text) == (views[0].t_s, phrases.BY_KEYS.opening)


@pytest.mark.parametrize("controls", [phrases.BY_INTERRUPT, phrases.BY_BUTTONS])
def test_how_to_stop_is_said_for_what_is_at_hand(controls: phrases.Controls) -> None:
    views = run(Calibration(KNEES, controls), session())
    assert told(views)[0].text == controls.opening
    assert "Press q" not in controls.opening


def test_nobody_is_told_where_to_stop_until_a_depth_was_kept() -> None:
    views, _ = both_knees()
    texts = {event.text for event in told(views)} | {view.instruction for view in views}
    assert not texts & {phrases.IN_POSITION, phrases.IN_POSITION_REP, phrases.HOLD}
    assert all(view.cue is None and view.hold_target_s == 0 for view in views)
    thanked = [event.t_s for event in told(views) if event.text == THANKS]
    assert len(thanked) == 4
    assert all(b - a > 4 for a, b in pairwise(thanked))


def test_a_trial_in_which_nothing_is_seen_is_left_and_said() -> None:
    calibration = Calibration(KNEES)
    views = [calibration.update(None, t_s / 2) for t_s in range(240)]
    kinds = [event.kind for event in told(views)]
    assert kinds.count("moving_on") == 2
    assert "unseen" in kinds
    assert calibration.finished
    assert len(calibration.missed) == 2


def test_who_lies_otherwise_is_told_how_to_lie() -> None:
    calibration = Calibration([Trial(CATALOGUE["fetal"], "right")])
    views = run(calibration, film(CROOK, [(20, CROOK)], FPS))
    assert phrases.LIE["right_side"] in {view.instruction for view in views}
    assert "ready" not in {event.kind for event in told(views)}


def test_a_lost_picture_is_said_and_what_was_measured_stays() -> None:
    calibration = Calibration([Trial(CATALOGUE["knee_to_chest"], "left")])
    run(calibration, session(repeat(CROOK, LEFT, 3, 2))[:60])
    reached = dict(calibration.reached)
    calibration.picture("lost")
    [told] = calibration.update(None, 20.0).events
    assert told.text == f"{phrases.NO_PICTURE}. Let go gently"
    calibration.picture("there")
    assert phrases.PICTURE_AGAIN in [event.text for event in calibration.update(None, 21.0).events]
    assert calibration.reached == reached


def test_pausing_stands_still_and_skipping_goes_on() -> None:
    calibration = Calibration(KNEES)
    run(calibration, film(CROOK, [(10, CROOK)], FPS))
    calibration.toggle_pause()
    views = [calibration.update(None, 10 + t_s) for t_s in range(1, 100)]
    assert {view.phase for view in views} == {"paused"}
    calibration.toggle_pause()
    calibration.next_step()
    view = calibration.update(None, 110)
    assert (view.step, view.side) == (2, "right")


# -- the command ---------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.config_dir", lambda: tmp_path / "config")


def test_a_routine_is_measured_once_a_side_without_what_is_only_timed() -> None:
    trials = [(trial.exercise.id, trial.side) for trial in trials_of(routine_files.load("wake_up"))]
    assert trials == [
        *(("knee_to_chest", side) for side in ("left", "right")),
        *(("figure_four", side) for side in ("left", "right")),
        *(("spinal_twist", side) for side in ("left", "right")),
        ("press_up", "both"),
        ("fetal", "right"),
    ]


def played(monkeypatch: pytest.MonkeyPatch, shots: list[Shot], error: Exception | None = None) -> None:
    """Has a stick body play in front of the camera."""

    class Stick:
        live, note, dropped, frame_count, fps, size = True, None, 0, None, FPS, (640, 480)
        doubts = frozenset[SourceDoubt]()

        def __enter__(self) -> "Stick":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def start(self) -> None:
            pass

        def preview(self) -> list[Frame]:
            return []

        def __iter__(self) -> Iterator[Frame]:
            yield from (Frame(None, shot.t_s, index) for index, shot in enumerate(shots))  # type: ignore[arg-type]
            if error is not None:
                raise error

    class Sees:
        def __init__(self, *_: object) -> None:
            pass

        def __enter__(self) -> "Sees":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def settle(self, _: object) -> None:
            pass

        def track(self, frame: Frame) -> Observation:
            return Observation(frame.t_s, frame.image, pose=shots[frame.index].pose)

    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: Stick())
    monkeypatch.setattr("posecoach.session.live.Tracker", Sees)


OWN = 'title = "Mine"\n[[steps]]\nexercise = "knee_to_chest"\nside = "each"\nhold_s = 3\n'


@pytest.fixture
def own_routine(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    return path


def test_calibrate_records_shows_and_forgets(
    posecoach: Run, weights: bytes, own_routine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played(monkeypatch, session(repeat(CROOK, LEFT, 3, 2), repeat(CROOK, RIGHT, 3, 2)))
    settings.save(settings.Settings(routine="in_bed"))
    status, output, errors = posecoach("calibrate", own_routine, "--no-window")
    assert status == 0
    assert errors.index("comfortable") < errors.index(str(personal_ranges.path()))
    assert phrases.BY_INTERRUPT.opening in output
    assert settings.load().routine == "in_bed"

    (left,) = personal_ranges.load()["knee_to_chest"]["left"]
    assert left.date == date.today()
    assert left.peak == pytest.approx(hip(LEFT, "left"), abs=4)
    assert tomllib.loads(personal_ranges.path().read_text("utf-8"))
    status, output, _ = posecoach("calibrate", "--show")
    assert status == 0
    assert f"{left.date:%Y-%m-%d}" in output
    assert f"{left.peak:.0f}" in output

    assert posecoach("calibrate", "--forget")[0] == 0
    assert not personal_ranges.path().exists()
    assert posecoach("calibrate", "--forget")[0] == 0
    assert "no limits of your own" in posecoach("calibrate", "--show")[2]


def test_what_is_not_seen_is_said_and_stays_as_it_was(
    posecoach: Run, weights: bytes, own_routine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Range(date=date(2024, 1, 1), rest=60, peak=99)
    personal_ranges.record({("knee_to_chest", "right"): before, ("bridge", "both"): before})
    played(monkeypatch, session(repeat(CROOK, LEFT, 3, 2)), SourceError("Camera lost: 0 gives no pictures."))
    status, _, errors = posecoach("calibrate", own_routine, "--no-window")
    assert status == 1
    assert "Camera lost" in errors
    assert "Knee to chest, right side was not seen" in errors
    known = personal_ranges.load()
    assert len(known["knee_to_chest"]["left"]) == 1
    assert known["knee_to_chest"]["right"] == known["bridge"]["both"] == (before,)


def test_a_second_calibration_keeps_the_first(
    posecoach: Run, weights: bytes, own_routine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Range(date=date(2024, 1, 1), rest=60, peak=90)
    personal_ranges.record({("knee_to_chest", "left"): before})
    played(monkeypatch, session(repeat(CROOK, LEFT, 3, 2)))
    assert posecoach("calibrate", own_routine, "--no-window")[0] == 0
    first, second = personal_ranges.load()["knee_to_chest"]["left"]
    assert first == before
    assert second.date > first.date


def test_own_limits_are_not_in_force_while_recording(
    posecoach: Run, weights: bytes, own_routine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    personal_ranges.record({("knee_to_chest", "left"): Range(date=date(2024, 1, 1), rest=40, peak=87)})
    played(monkeypatch, session(repeat(CROOK, RIGHT.but(hip_left=112, hip_right=50, knee_left=125), 3, 2)))
    posecoach("calibrate", own_routine, "--no-window")
    assert personal_ranges.load()["knee_to_chest"]["left"][-1].peak > 105


def test_nothing_seen_writes_nothing(
    posecoach: Run, weights: bytes, short_clip: Path, own_routine: Path
) -> None:
    status, _, errors = posecoach("calibrate", own_routine, "--camera", short_clip, "--no-window")
    assert status == 0
    assert errors.count("was not seen") == 2
    assert not personal_ranges.path().exists()


def test_ctrl_c_keeps_what_was_seen(
    posecoach: Run, weights: bytes, own_routine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played(monkeypatch, session(repeat(CROOK, LEFT, 3, 2)), KeyboardInterrupt())  # type: ignore[arg-type]
    assert posecoach("calibrate", own_routine, "--no-window")[0] == 0
    assert set(personal_ranges.load()["knee_to_chest"]) == {"left"}


def test_limits_that_cannot_be_removed_are_named(posecoach: Run) -> None:
    personal_ranges.path().mkdir(parents=True)  # no file, so it cannot be removed as one
    status, _, errors = posecoach("calibrate", "--forget")
    assert (status, f"{personal_ranges.path()} cannot be removed" in errors) == (1, True)


def test_a_damaged_file_is_known_before_anybody_moves(
    posecoach: Run, own_routine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    personal_ranges.path().parent.mkdir()
    personal_ranges.path().write_text("knee = [", "utf-8")
    for command in (("calibrate", own_routine), ("calibrate", "--show"), ("live", own_routine)):
        status, output, errors = posecoach(*command)
        assert (status, output) == (2, "")
        assert errors.count("\n") == 1
        assert str(personal_ranges.path()) in errors
    assert personal_ranges.path().read_text("utf-8") == "knee = ["
    assert posecoach("calibrate", "--forget")[0] == 0


def test_a_routine_of_pauses_cannot_be_measured(posecoach: Run, tmp_path: Path) -> None:
    path = tmp_path / "still.toml"
    path.write_text('title = "Still"\n[[steps]]\npause_s = 5\nsay = "Breathe"\n', "utf-8")
    status, _, errors = posecoach("calibrate", path)
    assert status == 2
    assert "still" in errors
