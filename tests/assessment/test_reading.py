"""The value of one motion in time."""

from posecoach.assessment.reading import Signal


def test_a_value_that_was_just_seen_for_the_first_time_has_not_settled() -> None:
    signal = Signal()
    signal.take(50.0, None, t_s=300.0)
    assert signal.settled_s == 0.0
    signal.take(50.0, 50.0, t_s=300.5)
    assert signal.settled_s == 0.5
