"""Which exercise a run of frames shows."""

from posecoach.assessment.run_recognition import Shown, recognised


def shown(*parts: tuple[float, str | None]) -> list[Shown]:
    """Frames at 10 a second that show one thing after the other, for so many seconds each."""
    names = [name for lasts_s, name in parts for _ in range(round(10 * lasts_s))]
    return [Shown(index / 10, name) for index, name in enumerate(names)]


def test_a_twist_is_held_although_one_knee_seems_to_be_drawn_in_now_and_then() -> None:
    hidden = (0.6, "knee_to_chest")
    held = [(1, None), (3, "turn_right"), hidden, (3, "turn_right"), hidden, (3, "turn_right"), (1, None)]
    assert recognised(shown(*held)).exercise == "spinal_twist"


def test_knees_that_come_up_between_are_a_rotation() -> None:
    turns = [part for side in ("turn_left", "turn_right") * 2 for part in ((1, None), (2, side))]
    assert recognised(shown(*turns, (1, None))).exercise == "lumbar_rotation"
