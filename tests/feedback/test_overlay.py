from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from posecoach.coaching.view import View
from posecoach.core.pose import COUNT, INDEX, Pose
from posecoach.core.types import Image
from posecoach.feedback.overlay import MESSAGE, draw, message_lines
from posecoach.feedback.palette import AMBER, BLUE, GREEN, INK, WHITE
from posecoach.feedback.text_tiles import font, shortened
from tests.support import colour_vision

LEG = tuple(INDEX[f"left_{part}"] for part in ("hip", "knee", "ankle"))
VIEW = View(
    t_s=0,
    step=2,
    steps=5,
    title="Knee to chest",
    side="left",
    phase="waiting",
    instruction="Lie on your back",
    hold_target_s=20,
    reps_target=2,
    highlight=LEG,
)


def view(**changes: Any) -> View:
    return replace(VIEW, **changes)


def room(width: int = 640, height: int = 480) -> Image:
    image: Image = np.full((height, width, 3), 90, np.uint8)
    return image


def pose(size: tuple[int, int] = (640, 480)) -> Pose:
    """A body whose left leg is an upright angle left of the middle, all else in one spot at the right."""
    image = np.full((COUNT, 2), (0.7, 0.6)) * size
    for joint, place in zip(LEG, ((0.3, 0.6), (0.3, 0.4), (0.4, 0.4)), strict=True):
        image[joint] = np.array(place) * size
    return Pose(0, image, np.zeros((COUNT, 3)), np.ones(COUNT), size)


def amount(image: Image, colour: tuple[int, int, int], left: float = 0, right: float = 1) -> int:
    """Pixels of exactly this colour between two shares of the width."""
    width = image.shape[1]
    part = image[:, round(left * width) : round(right * width)]
    return int((part == colour).all(axis=2).sum())


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (480, 640), (161, 121), (64, 48), (1920, 300)])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"phase": "hold", "hold_s": 7.5},
        {"hold_target_s": 0, "reps": 1},
        {"hold_target_s": 0, "reps_target": 0, "instruction": ""},
        {"phase": "paused", "instruction": "Paused"},
        {"phase": "done", "instruction": "Done"},
        {"cue": "word " * 60, "title": "title " * 40},
        {"not_seen": "Extraordinarilylongwordwithoutanyspacesinitanywhereatall"},
    ],
)
def test_any_view_fits_any_picture(size: tuple[int, int], changes: dict[str, Any]) -> None:
    image = room(*size)
    for body in (None, pose(size)):
        drawn = draw(image, body, view(**changes))
        assert drawn.shape == image.shape
        assert drawn.dtype == np.uint8
        assert (drawn != image).any()
    assert (image == 90).all(), "the picture that came in is left alone"


def test_the_limb_that_matters_is_green_or_amber() -> None:
    good = draw(room(), pose(), view(phase="hold"))
    bad = draw(room(), pose(), view(phase="hold", highlight_ok=False))
    before = draw(room(), pose(), view(phase="rest"))
    assert amount(before, GREEN) == 0, "nothing is praised before it begins"
    assert amount(good, GREEN) > 500
    assert amount(good, AMBER) == 0
    assert amount(bad, AMBER) > 500
    assert amount(bad, GREEN) == 0


def test_what_is_hardly_visible_is_faint() -> None:
    clear = pose()
    faint = replace(clear, visibility=np.full(COUNT, 0.2))
    assert amount(draw(room(), faint, view()), GREEN) == 0


def test_mirroring_flips_the_body_and_not_the_words() -> None:
    held = view(phase="hold")
    plain, mirrored = draw(room(), pose(), held), draw(room(), pose(), held, mirror=True)
    assert amount(plain, GREEN, 0, 0.5) > 500
    assert amount(mirrored, GREEN, 0, 0.5) == 0
    assert amount(mirrored, GREEN, 0.5, 1) > 500
    words = draw(room(), None, view())
    assert (words == draw(room(), None, view(), mirror=True)).all()


def test_one_message_at_a_time_the_most_important_first() -> None:
    def message(**changes: Any) -> bytes:
        return draw(room(), None, view(**changes))[300:].tobytes()

    spoken = {"caption": "Breathe slowly"}
    assert message(**spoken) == message(instruction="Breathe slowly"), "what is heard is read"
    assert message(**spoken, cue="Head down") == message(cue="Head down")
    fault, unseen = {"cue": "Head down"}, {"not_seen": "Left leg not seen"}
    paused = {"phase": "paused", "instruction": "Paused"}
    assert len({message(), message(**fault), message(**unseen), message(**paused)}) == 4
    assert message(**fault, **unseen) == message(**unseen)
    assert message(**fault, **unseen, **paused) == message(**paused)


def test_the_ring_fills_with_the_hold() -> None:
    filled = [amount(draw(room(), None, view(phase="hold", hold_s=s)), GREEN) for s in (0, 5, 10, 20, 30)]
    assert filled[0] == 0
    assert filled[1] < filled[2] < filled[3] == filled[4]


@pytest.mark.parametrize("height", [480, 720, 1080])
def test_every_message_can_be_read_from_two_metres_on_a_14_inch_screen(height: int) -> None:
    screen_mm = 14 * 25.4 * 9 / np.hypot(16, 9)
    _, top, _, bottom = font(round(height * MESSAGE)).getbbox("x", anchor="ls")
    letter_mm = round(bottom - top) / height * screen_mm
    assert np.degrees(np.arctan(letter_mm / 2000)) * 60 >= 15


@pytest.mark.parametrize("kind", ["cue", "not_seen", "instruction"])
def test_praise_cues_and_instructions_have_letters_of_one_size(kind: str) -> None:
    def tall(text: str) -> int:
        drawn = draw(room(), None, view(phase="rest", **{kind: text}))
        return int((drawn[200:] != 90).any(axis=(1, 2)).sum())

    line = 1.15 * MESSAGE * 480
    assert tall("Done") == pytest.approx(1.5 * line, abs=line / 4)
    assert tall("Draw the knee a little nearer to your chest") - tall("Done") == pytest.approx(line, abs=2)


@pytest.mark.parametrize("size", [(640, 480), (1280, 720)])
def test_a_message_of_two_lines_leaves_the_body_free(size: tuple[int, int]) -> None:
    drawn = draw(room(*size), None, view(cue="Draw the knee a little nearer to your chest"))
    height = size[1]
    assert (drawn[round(height * 0.4) : round(height * 0.68), : size[0] // 2] == 90).all()


def test_a_long_message_loses_its_last_sentence_before_any_word() -> None:
    text = "Lie on your back. Bend both knees, feet flat. Let your arms rest beside you."
    assert message_lines(480, 640) == 3
    assert " ".join(shortened(text, 2000, 46, 1)[1]) == text
    assert " ".join(shortened(text, 520, 46, 2)[1]) == "Lie on your back. Bend both knees, feet flat."
    assert " ".join(shortened(text, 520, 46, 1)[1]) == "Lie on your back."
    assert " ".join(shortened("one two three four five six", 200, 46, 1)[1]).endswith(" …")


@pytest.mark.parametrize("kind", colour_vision.KINDS)
def test_good_change_and_not_seen_look_different_to_everybody(kind: str) -> None:
    for one, other in ((GREEN, AMBER), (GREEN, BLUE), (AMBER, BLUE), (GREEN, WHITE), (AMBER, WHITE)):
        assert colour_vision.difference(one, other, kind) > 25
    for colour in (GREEN, AMBER, BLUE, WHITE):
        assert colour_vision.contrast(colour, INK) > 6


def test_what_is_to_be_changed_differs_from_what_is_good_by_more_than_its_colour() -> None:
    holding = view(phase="hold", hold_s=20)
    good, fault = (draw(room(), pose(), replace(holding, highlight_ok=ok)) for ok in (True, False))
    limb = (slice(180, 300), slice(150, 300))
    assert amount(fault[limb], AMBER) < 0.8 * amount(good[limb], GREEN), "a dashed limb"
    ring = (slice(0, 134), slice(640 - 134, 640))
    assert amount(fault[ring], AMBER) < 0.85 * amount(good[ring], GREEN), "a dashed ring"
    assert amount(fault[ring], INK) > amount(good[ring], INK) + 20, "a mark in the ring"


def test_the_move_is_shown_before_it_begins_and_no_longer() -> None:
    corner = (slice(60, 215), slice(10, 260))

    def figure(**changes: Any) -> bytes:
        return draw(room(), None, view(**{"exercise": "bridge", **changes}))[corner].tobytes()

    assert figure(phase="rest") == figure() != figure(exercise="")
    assert figure(t_s=0) != figure(t_s=2.5), "it moves"
    for phase in ("moving", "hold", "paused", "done"):
        assert figure(phase=phase) == figure(exercise="")
    assert figure(phase="rest", reps=1) == figure(exercise="")


def test_what_is_only_timed_does_not_light_up_as_if_it_were_judged() -> None:
    tilting = view(phase="hold", hold_s=3, exercise="pelvic_tilt")
    drawn = draw(room(), pose(), tilting)
    assert amount(drawn, GREEN) == 0
    assert amount(draw(room(), pose(), replace(tilting, exercise="bridge")), GREEN) > 500
    assert amount(draw(room(), pose(), replace(tilting, highlight_ok=False)), AMBER) > 500


def test_blue_means_not_seen_and_nothing_else() -> None:
    for changes in (
        {"exercise": "bridge"},
        {"phase": "hold", "breath": 1.0},
        {"outline": "supine"},
        {"highlight_ok": False},
    ):
        assert amount(draw(room(), pose(), view(**changes)), BLUE) == 0
    assert amount(draw(room(), pose(), view(not_seen="Move the camera")), BLUE) > 500


def test_the_breath_is_drawn_inside_the_ring() -> None:
    unled, empty, full = (draw(room(), None, view(phase="hold", breath=b)) for b in (None, 0.0, 1.0))
    inside = (slice(0, 134), slice(640 - 134, 640))
    sizes = [(led[inside] != unled[inside]).any(axis=2).sum() for led in (empty, full)]
    assert 0 < sizes[0] < sizes[1]
    assert all(
        (led != unled).any(axis=2).sum() == size for led, size in zip((empty, full), sizes, strict=True)
    )
    assert amount(full, GREEN) == amount(unled, GREEN), "the ring itself stays as it is"


def test_the_ring_keeps_to_its_corner_and_the_words_keep_out_of_it() -> None:
    corner = (slice(0, 134), slice(640 - 134, 640))
    holding = view(phase="hold", hold_s=20, title="")
    drawn, titled = draw(room(), None, holding), draw(room(), None, replace(holding, title="title " * 40))
    ring = (drawn == GREEN).all(axis=2)
    assert ring[corner].sum() == ring.sum() > 500
    assert (titled[corner] == drawn[corner]).all()
    assert (titled != drawn).any()


def test_a_hold_without_a_dose_is_counted_upwards() -> None:
    free = {"hold_target_s": 0, "reps_target": 0}
    holding = [draw(room(), None, view(**free, phase="hold", hold_s=s)) for s in (3.2, 3.9, 4.1)]
    assert (holding[0] == holding[1]).all()
    assert (holding[1] != holding[2]).any()
    assert amount(draw(room(), None, view(**free, phase="rest")), GREEN) == 0 < amount(holding[0], GREEN)


def test_whoever_only_watches_asks_for_nothing() -> None:
    drawn = draw(room(), None, view(instruction=VIEW.title))
    assert (drawn[140:] == 90).all()


@pytest.mark.parametrize("posture", ["supine", "prone", "left_side", "right_side"])
def test_a_figure_to_lie_into_is_drawn_with_its_head_where_the_person_s_is(posture: Any) -> None:
    plain = draw(room(), None, view())
    outlined = draw(room(), None, view(outline=posture))
    changed = (plain != outlined).any(axis=2)
    assert 0.03 < changed.mean() < 0.3
    other = draw(room(), None, view(outline=posture), mirror=True)
    assert (other != outlined).any(), "as in a mirror"


def test_no_figure_sits() -> None:
    assert (draw(room(), None, view()) == draw(room(), None, view(outline="upright"))).all()
