import time

import pytest

from posecoach.session.stopwatch import Stopwatch


def test_stages_are_averaged_over_frames_in_the_order_of_the_work() -> None:
    watch = Stopwatch(frames=10, spent_s={"judge": 0.005, "decode": 0.02})
    watch.add(Stopwatch(frames=10, spent_s={"judge": 0.005, "encode": 0.1}))
    assert watch.in_words(2) == (
        "20 frames in 2.0 s, 10 frames/s; on average a frame took: "
        "decode 1.00 ms, judge 0.50 ms, encode 5.00 ms."
    )
    assert "nothing to time" in Stopwatch().in_words(1)


def test_waiting_counts_by_the_clock_and_not_for_what_runs_on_one_thread() -> None:
    watch = Stopwatch()
    for stage in ("track", "judge"):
        with watch(stage):
            time.sleep(0.02)
    assert watch.spent_s["track"] >= 0.02
    assert watch.spent_s["judge"] < 0.01


def test_getting_items_is_timed_and_using_them_is_not() -> None:
    watch = Stopwatch()
    for item in watch.each("decode", [1, 2]):
        assert item in (1, 2)
        time.sleep(0.02)
    assert watch.spent_s["decode"] < 0.02


def test_an_error_passes_through() -> None:
    watch = Stopwatch()
    with pytest.raises(ValueError, match="no"), watch("track"):
        raise ValueError("no")
    assert "track" in watch.spent_s
