from collections.abc import Mapping
from dataclasses import replace
from math import pi, sin
from random import Random

import pytest

from posecoach.assessment.results import Note
from posecoach.assessment.tempo import Tempo
from tests.support.synthetic import CROOK, baseline_seen_from, film, judge, numbers, repeat, watch

REST = {"hip_flexion_left": 50.0, "hip_flexion_right": 50.0, "heel_lift_left": 0.0, "head_lift": 0.0}
DEEP = {"hip_flexion_left": 115.0, "heel_lift_left": 0.8}
BACK = {"hip_flexion_left": 50.0, "heel_lift_left": 0.0}

PRONE = baseline_seen_from(posture="prone")

Numbers = Mapping[str, float | None]
KNEES_BENT = {"knee_flexion_left": 90.0, "knee_flexion_right": 90.0}
HANDS_BESIDE = {"hand_ahead_left": 0.0, "hand_ahead_right": 0.0}  # the shoulders


def tempo_faults(segments: list[tuple[float, Numbers]], fps: float = 25) -> list[str]:
    result = judge("knee_to_chest", numbers(REST, segments, fps))
    return [fault.name for fault in result.faults if fault.name in ("rushed", "bouncing")]


def bounce(degrees: float, times: int, period_s: float, about: float = 118.0) -> list[tuple[float, Numbers]]:
    """Up and down by `degrees`, `times` over."""
    up, down = {"hip_flexion_left": about + degrees / 2}, {"hip_flexion_left": about - degrees / 2}
    return [(period_s / 2, up), (period_s / 2, down)] * times


@pytest.mark.parametrize("fps", [12, 25, 30])
@pytest.mark.parametrize(
    ("in_s", "out_s", "rushed"),
    [
        (0.4, 1.5, 1),
        (0.5, 1.5, 1),
        (1.5, 0.4, 1),
        (0.4, 0.4, 2),
        (1.0, 1.0, 0),
        (1.5, 1.5, 0),
        (3.0, 2.0, 0),
    ],
)
def test_a_whole_move_in_less_than_seven_tenths_of_a_second_is_rushed(
    in_s: float, out_s: float, rushed: int, fps: float
) -> None:
    segments: list[tuple[float, Numbers]] = [(1, REST), (in_s, DEEP), (4, DEEP), (out_s, BACK), (1, BACK)]
    assert tempo_faults(segments, fps) == ["rushed"] * rushed


@pytest.mark.parametrize(("moves_s", "rushed"), [(0.45, True), (0.66, False)])
def test_what_its_error_may_have_shortened_is_not_called_rushed(moves_s: float, rushed: bool) -> None:
    """A hip that opens to a bridge may be off by 5 degrees, more at one end of the move than at the other."""
    result = watch("bridge", film(CROOK, repeat(CROOK, CROOK.but(pelvis=0.52), 2.0, 3, 1.0, moves_s), 25))
    assert ("rushed" in {fault.name for fault in result.faults}) == rushed
    assert rushed or Note("fault_not_judged", {"fault": "rushed"}) in result.notes


def test_a_rushed_move_tells_when_and_on_which_side() -> None:
    result = judge(
        "knee_to_chest", numbers(REST, [(2, REST), (0.4, DEEP), (4, DEEP), (1.5, BACK), (1, BACK)])
    )
    (fault,) = result.faults
    assert (fault.name, fault.side) == ("rushed", "left")
    assert 1.9 < fault.start_s < fault.end_s < 2.5


@pytest.mark.parametrize("fps", [12, 25, 48])
def test_moves_in_quick_succession_are_each_rushed_once_at_their_own_time(fps: float) -> None:
    """There is less rest between them than it takes to tell that the body has come to rest."""
    rest = {"pelvis_lift": 0.0, "hip_sagittal_left": 60.0, "hip_sagittal_right": 60.0}
    rest |= {"knee_flexion_left": 100.0, "knee_flexion_right": 100.0}
    up = {"pelvis_lift": 0.4, "hip_sagittal_left": 5.0, "hip_sagittal_right": 5.0}
    way = [(0.5, up), (1.4, up), (0.5, rest), (0.4, rest)]
    faults = judge("bridge", numbers(rest, [(1.5, rest), *way * 4, (2, rest)], fps)).faults
    middles = [(fault.start_s + fault.end_s) / 2 for fault in faults if fault.name == "rushed"]
    expected = [begin + way for begin in (1.5, 4.3, 7.1, 9.9) for way in (0.25, 2.15)]
    assert middles == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("off", "rushed", "maybe"), [(0.0, 1, False), (2.0, 1, False), (12.0, 0, True)])
def test_a_move_that_may_be_longer_than_it_reads_is_only_maybe_rushed(
    off: float, rushed: int, maybe: bool
) -> None:
    tempo = Tempo()
    for frame in range(50):
        t_s = frame / 25
        tempo.add(t_s, 50 + 30 * min(max((t_s - 1) / 0.3, 0), 1), None, off)
    tempo.expect_end()
    tempo.settle()
    assert (len(tempo.rushed), tempo.maybe_rushed) == (rushed, maybe)


def test_a_small_move_is_never_rushed() -> None:
    rest, up = {"trunk_inclination": 0.0, "pelvis_lift": 0.0} | HANDS_BESIDE, {"trunk_inclination": 20.0}
    result = judge(
        "press_up", numbers(rest, [(1, rest), (0.3, up), (3, up), (0.3, rest), (1, rest)], baseline=PRONE)
    )
    assert result.verdict == "good"


@pytest.mark.parametrize("fps", [12, 25, 30])
@pytest.mark.parametrize(("in_s", "rushed"), [(0.5, 1), (1.0, 0), (2.0, 0)], ids=["hasty", "brisk", "slow"])
@pytest.mark.parametrize(
    ("exercise", "deep", "as_always"),
    [
        ("lumbar_rotation", {"trunk_rotation": 60.0, "knees_height": -0.4}, KNEES_BENT),
        ("press_up", {"trunk_inclination": 50.0}, HANDS_BESIDE),
    ],
)
def test_a_move_that_goes_far_beyond_entry_is_judged_as_a_whole(
    exercise: str, deep: dict[str, float], as_always: dict[str, float], in_s: float, rushed: int, fps: float
) -> None:
    """Entry comes early there, in the middle of the move, where it is fastest."""
    rest = dict.fromkeys(deep, 0.0) | as_always
    segments = [(1, rest), (in_s, deep), (1, deep), (2, rest), (1, rest)]
    baseline = PRONE if exercise == "press_up" else None
    result = judge(exercise, numbers(rest, segments, fps, baseline=baseline))
    assert [fault.name for fault in result.faults].count("rushed") == rushed


def test_a_jump_of_the_tracker_is_no_haste() -> None:
    assert not tempo_faults([(1, REST), (0.05, DEEP), (4, DEEP), (1.5, BACK), (1, BACK)])


def test_a_way_that_was_not_seen_is_not_rushed() -> None:
    unseen: Numbers = {"hip_flexion_left": None}
    assert not tempo_faults([(1, REST), (1.5, unseen), (4, DEEP), (1.5, BACK), (1, BACK)])


@pytest.mark.parametrize("fps", [12, 25, 30])
@pytest.mark.parametrize(
    ("degrees", "times", "period_s", "bouncing"),
    [
        (14, 4, 0.8, True),
        (20, 4, 1.0, True),
        (12, 6, 1.2, True),
        (4, 8, 0.8, False),  # a tremor
        (14, 1, 0.8, False),  # finding the place
        (14, 4, 4.0, False),  # breathing
    ],
)
def test_reversals_inside_a_hold_are_bouncing(
    degrees: float, times: int, period_s: float, bouncing: bool, fps: float
) -> None:
    hold = [(1.0, {"hip_flexion_left": 118.0}), *bounce(degrees, times, period_s), (1, DEEP)]
    segments: list[tuple[float, Numbers]] = [(1, REST), (1.5, DEEP), *hold, (1.5, BACK), (1, BACK)]
    assert set(tempo_faults(segments, fps)) == ({"bouncing"} if bouncing else set())


def test_moving_to_and_fro_outside_a_hold_is_no_bouncing() -> None:
    assert not tempo_faults([(1, REST), *bounce(20, 5, 0.8, about=60), (1, BACK)])


def test_one_bout_of_bouncing_is_one_fault() -> None:
    rest = [(1, REST), (1.5, DEEP), (1, DEEP)]
    found = numbers(REST, [*rest, *bounce(16, 6, 0.8), (1, DEEP), (1.5, BACK), (1, BACK)])
    (fault,) = judge("knee_to_chest", found).faults
    assert (fault.name, fault.side) == ("bouncing", "left")
    assert 3 < fault.start_s < fault.end_s < 9


def test_noise_is_neither_haste_nor_bouncing() -> None:
    found = numbers(REST, [(1, REST), (1.5, DEEP), (6, DEEP), (1.5, BACK), (1, BACK)])
    for index, measurements in enumerate(found):
        noisy = dict(measurements.values)
        noisy["hip_flexion_left"] = (noisy["hip_flexion_left"] or 0) + 3 * sin(index * 2 * pi / 2.7)
        found[index] = type(measurements)(
            measurements.t_s, noisy, frozenset(), measurements.still, measurements.baseline
        )
    assert judge("knee_to_chest", found).verdict == "good"


def test_an_angle_that_trembles_in_the_dark_is_no_bouncing() -> None:
    random = Random(4)
    held: list[tuple[float, Numbers]] = [
        (1 / 12, {"hip_flexion_left": 118.0 + random.gauss(0, 9)}) for _ in range(100)
    ]
    assert tempo_faults([(1, REST), (1.5, DEEP), *held, (1.5, BACK)], fps=12) == []


def test_a_move_whose_beginning_was_not_seen_is_not_called_hasty() -> None:
    unseen: Numbers = {"hip_flexion_left": None}
    half_way: Numbers = {"hip_flexion_left": 85.0}
    moves: list[tuple[float, Numbers]] = [
        (1, REST),
        (1.5, DEEP),
        (3, DEEP),
        (0.01, unseen),
        (1, unseen),
        (0.01, half_way),
        (0.25, BACK),
        (1, BACK),
    ]
    assert tempo_faults(moves) == []


def test_a_hold_that_begins_in_the_middle_of_a_bounce_is_bouncing_too() -> None:
    segments = [
        (1, REST),
        (1.5, DEEP),
        (0.5, DEEP),
        *bounce(15, 5, 1.2, about=DEEP["hip_flexion_left"]),
        (1, DEEP),
    ]
    assert set(tempo_faults([*segments, (1.5, BACK), (1, BACK)])) == {"bouncing"}


@pytest.mark.parametrize(("unseen_s", "noted"), [(0.0, False), (0.6, True)])
def test_haste_is_noted_as_not_judged_where_no_move_was_seen(unseen_s: float, noted: bool) -> None:
    hidden: Numbers = {"hip_flexion_left": None}
    gap: list[tuple[float, Numbers]] = [(0.001, hidden), (unseen_s, hidden)] if unseen_s else []
    way = [(2, REST), *gap, (1.5, DEEP), (4, DEEP), *gap, (1.5, BACK), (2, BACK)]
    result = judge("knee_to_chest", numbers(REST, way, 25))
    assert (result.noted("fault_not_judged") is not None) == noted


@pytest.mark.parametrize(("off", "bounces"), [(4.0, True), (20.0, False)])
def test_what_may_be_the_tremble_of_an_unsure_angle_is_no_bounce(off: float, bounces: bool) -> None:
    tempo = Tempo()
    for frame in range(150):
        tempo.add(frame / 25, 110 + 8 * sin(2 * pi * frame / 25), held_s=1 + frame / 25, off=off)
    assert bool(tempo.bouncing) == bounces


@pytest.mark.parametrize(
    ("off", "missed", "bounces"),
    [(5.0, 3, True), (9.0, 1, True), (9.0, 3, False)],
)
def test_what_swings_behind_something_that_passes_is_only_maybe_a_bounce(
    off: float, missed: int, bounces: bool
) -> None:
    tempo = Tempo()
    for frame in range(150):
        tempo.add(frame / 25, 110 + 12 * sin(2 * pi * frame / 25), held_s=1 + frame / 25)
        if frame % 10 < missed:
            tempo.miss(frame / 25, off)
    assert (bool(tempo.bouncing), tempo.maybe_bouncing) == (bounces, not bounces)


@pytest.mark.parametrize(("missed", "bounces"), [(2, True), (3, False)])
def test_frames_without_a_value_are_missed_as_unsure_ones_are(missed: int, bounces: bool) -> None:
    tempo = Tempo()
    for frame in range(150):
        if frame % 10 < missed:
            tempo.miss(frame / 25)
        else:
            tempo.add(frame / 25, 110 + 12 * sin(2 * pi * frame / 25), held_s=1 + frame / 25)
    assert (bool(tempo.bouncing), tempo.maybe_bouncing) == (bounces, not bounces)


def test_a_bounce_with_too_few_frames_that_show_it_is_noted_as_not_judged() -> None:
    segments = [(1, REST), (1.4, DEEP), (1, DEEP), *bounce(20, 6, 1.2), (0.5, DEEP), (1.5, BACK), (1, BACK)]
    hidden = [
        replace(found, deviations={"hip_flexion_left": 12.0 if frame % 10 < 4 else 3.0})
        for frame, found in enumerate(numbers(REST, segments, 25))
    ]
    result = judge("knee_to_chest", hidden)
    assert result.verdict == "good"
    assert Note("fault_not_judged", {"fault": "bouncing"}) in result.notes


def test_what_does_not_move_in_the_picture_does_not_bounce() -> None:
    tempo = Tempo()
    for frame in range(150):
        tempo.add(frame / 25, 110 + 8 * sin(2 * pi * frame / 25), held_s=1 + frame / 25, still=True)
    assert not tempo.bouncing


def test_an_angle_bounces_by_its_steadier_value() -> None:
    tempo = Tempo()
    for frame in range(150):
        tempo.add(frame / 25, 110 + 12 * sin(2 * pi * frame / 25), held_s=1 + frame / 25, steady=110.0)
    assert not tempo.bouncing


def test_a_part_that_is_left_out_makes_no_frames_too_few() -> None:
    moves = [(1.0, REST), (0.3, DEEP), (3.0, DEEP), (2.0, BACK), (1.0, REST)]
    again = numbers(REST, moves, 12, start_s=20.0)
    result = judge("knee_to_chest", [*numbers(REST, moves, 12), *again])
    assert "rushed" in [fault.name for fault in result.faults]
    assert result.noted("tempo_not_judged") is None
