"""How it went, in the words of whoever did it."""

from dataclasses import replace

from posecoach.assessment.results import DetectedSpan, Fault, Note, Position, Result, looks_like
from posecoach.coaching.plan import Step
from posecoach.feedback import everyday, exercise_card
from posecoach.records.history import Done
from tests.feedback.test_tables import printed

HELD = Result(
    "knee_to_chest", "left", 20.0, 240, 1.0, "good", reps=1, peaks={"hip_flexion_left": 117.0}, score=100
)
HELD = replace(HELD, positions=(Position("left", 3.0, 16.2),))
BRIDGE = Result("bridge", "both", 30.0, 300, 1.0, "fault", (Fault("rushed", None, 4.0, 4.0),), reps=3)
BRIDGE = replace(BRIDGE, peaks={"hip_flexion_left": 65.0, "hip_flexion_right": 63.0})
TURN = Result("lumbar_rotation", "right", 30.0, 300, 1.0, "good", reps=3, peaks={"trunk_rotation": -41.0})


def test_a_recording_is_summed_up_in_a_sentence() -> None:
    assert everyday.headline([HELD]) == "Knee to chest, left side: good."
    assert everyday.headline([]) == "The recording ends before an exercise of the routine begins."
    both = everyday.headline([HELD, BRIDGE])
    assert both.startswith("2 of 2 done. 1 was done well. ")
    ended = replace(HELD, notes=(Note("dose_not_done"),))
    assert everyday.headline([ended, BRIDGE]).startswith("1 of 2 done. Move more slowly")
    unsure = replace(BRIDGE, verdict="unseen", faults=())
    assert everyday.headline([HELD, unsure]).startswith("1 of 2 done. 1 of 2 could not be judged. ")
    nothing = Result(None, "both", 9.0, 90, 1.0, "unseen", notes=(Note("not_recognised"),))
    assert everyday.headline([nothing]) == "No exercise recognised: could not be judged."


def test_that_it_is_another_exercise_than_the_told_one_comes_before_any_advice() -> None:
    doubted = replace(BRIDGE, notes=(looks_like("press_up"),))
    headline = everyday.headline([doubted])
    assert headline.startswith("This looks like Press-up, not Bridge. If it is Bridge: ")
    text = printed(everyday.table([doubted]), 120)
    assert text.index("looks like another exercise: Press-up") < text.index("3 times")
    undone = replace(doubted, verdict="not_performed", faults=())
    assert everyday.headline([undone]) == "This looks like Press-up, not Bridge."
    assert "not performed" in printed(everyday.table([undone]), 120)  # nothing was asked for that is left out
    assert "left out" in printed(everyday.table([replace(undone, step=1)]), 120)


def test_of_a_routine_all_exercises_count_not_only_those_that_were_begun() -> None:
    assert everyday.headline([HELD, replace(BRIDGE, faults=(), verdict="good")], 3).startswith("2 of 3 done")
    other = replace(HELD, verdict="not_performed", notes=(looks_like("bridge"),), step=1)
    assert everyday.headline([other], 3) == "0 of 3 done."
    assert everyday.headline([other], 1).startswith("This looks like Bridge")


def test_that_a_video_is_in_slow_motion_comes_before_what_is_told_by_its_times() -> None:
    slow = replace(HELD, notes=(Note("began_in_position"), Note("source_slow_motion", {"speed": "0.25"})))
    first, second = everyday.headline([slow]).split(": good", 1)
    assert first.startswith("This is slow motion")
    assert first.endswith("--speed 0.25'. Knee to chest, left side")
    assert second == "."


def test_by_times_that_are_a_guess_no_dose_is_met_or_missed() -> None:
    guessed = replace(HELD, notes=(Note("source_no_time_stamps"),))
    assert everyday.done(guessed, hold_s=10) == "1 time, hip bent by 119°"
    asked = Step(exercise="knee_to_chest", side="left", hold_s=15, reps=2)
    assert everyday.done(guessed, asked) == "1 of 2 times, hip bent by 119°"


def test_of_a_back_that_arched_too_far_nobody_hears_of_a_straight_line() -> None:
    arched = replace(BRIDGE, peaks={"hip_sagittal_left": -38.0, "hip_sagittal_right": -36.0})
    assert everyday.done(arched) == "3 times, hips lifted to a straight line"
    too_far = replace(arched, faults=(Fault("over_arched", None, 4.0, 6.0),))
    assert everyday.done(too_far) == "3 times, hips lifted beyond a straight line"


def test_of_a_bridge_a_row_says_how_high_it_came() -> None:
    lifted = replace(BRIDGE, peaks={"hip_sagittal_left": 14.0, "hip_sagittal_right": 12.0})
    assert everyday.done(lifted) == "3 times, hips lifted to within 13° of a straight line"


def test_a_row_says_what_was_done_of_what_was_asked_in_seconds_and_degrees() -> None:
    steps = (Step(exercise="knee_to_chest", side="left", hold_s=15), Step(exercise="bridge", reps=4))
    text = printed(everyday.table([replace(HELD, step=1), replace(BRIDGE, step=2)], steps))
    assert "held 13 s of 15 s, hip bent by 119°" in " ".join(text.replace("│", " ").split())
    assert "3 of 4 times" in text
    other = replace(HELD, positions=(Position("right", 1.0, 21.0), *HELD.positions), step=1)
    assert "held 13 s of 15 s" in printed(everyday.table([other], steps), 120)
    assert "4.0 s" not in text  # nobody looks at the clock in a session


def test_the_terminal_and_the_report_say_alike_how_much_was_done() -> None:
    twice = replace(HELD, positions=(Position("left", 3.0, 13.0), Position("left", 20.0, 26.0)), reps=2)
    for reps, told in ((1, "held 10, 6 s of 15 s"), (3, "2 of 3 times, held 8 s of 15 s")):
        asked = Step(exercise="knee_to_chest", side="left", hold_s=15, reps=reps)
        assert exercise_card.card(Done(asked, twice))["dose"] == told
        assert everyday.done(twice, asked).startswith(told)


def test_seconds_are_not_rounded_up_to_a_dose_that_was_not_done() -> None:
    asked = Step(exercise="knee_to_chest", side="left", hold_s=40)
    good = replace(HELD, positions=(Position("left", 3.0, 42.8),))
    partly = replace(good, notes=(Note("dose_not_done"),))
    assert everyday.done(good, asked).startswith("held 40 s of 40 s")
    assert everyday.done(partly, asked).startswith("held 39 s of 40 s")
    assert exercise_card.card(Done(asked, partly))["dose"] == "held 39 s of 40 s"


def test_what_ended_early_is_not_called_good() -> None:
    ended = replace(BRIDGE, verdict="good", faults=(), notes=(Note("dose_not_done"),), step=1)
    text = printed(everyday.table([ended], (Step(exercise="bridge", reps=4),)))
    assert "done in part" in text
    assert "3 of 4 times" in text
    assert "good" not in text
    assert everyday.headline([ended]) == "Bridge: done in part."


def test_a_hold_stands_beside_the_dose_of_a_recording() -> None:
    assert "held 13 s of 15 s" in printed(everyday.table([HELD], hold_s=15), 120)
    assert "held 13 s," in printed(everyday.table([HELD]), 120)


def test_a_position_that_was_not_reached_is_no_hold_of_no_seconds() -> None:
    bent = replace(HELD, verdict="fault", faults=(Fault("shallow", "left", 4.0, 9.0),), positions=(), reps=0)
    text = printed(everyday.table([bent], hold_s=15), 120)
    assert "position not reached, hip bent by 119°" in text
    assert "held" not in text


def test_a_recording_says_where_in_it_to_look() -> None:
    text = printed(everyday.table([BRIDGE]), 120)
    assert "3 times" in text
    assert "(at 4.0 s)" in text
    detected = replace(HELD, detection=DetectedSpan(2.0, 19.0, 0.97, None))
    assert "from 2.0 to 19.0 s, certainty 97%" in printed(everyday.table([detected]), 120)
    clear = replace(HELD, detection=DetectedSpan(2.0, 19.0, 0.96, "hamstring"))
    assert "could also be" not in printed(everyday.table([clear]), 120)
    doubtful = replace(HELD, detection=DetectedSpan(2.0, 19.0, 0.8, "hamstring"))
    assert "certainty 80%; could also be: Hamstring stretch" in printed(everyday.table([doubtful]), 120)


def test_an_angle_is_told_only_where_the_largest_values_say_how_far_it_went() -> None:
    assert "knees lowered 41° to the side" in printed(everyday.table([TURN]), 120)
    assert "°" not in printed(everyday.table([BRIDGE]), 120)  # the more bent, the less lifted


def test_what_was_not_judged_has_no_numbers_and_says_why() -> None:
    unseen = replace(HELD, verdict="unseen", notes=(Note("body_unseen"),))
    text = printed(everyday.table([unseen]), 120)
    assert "could not be judged" in text
    assert "could not be seen well enough" in text
    assert "held" not in text
