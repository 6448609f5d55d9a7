from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.core.types import Side
from posecoach.feedback import figures
from posecoach.feedback.drawn_body import HEIGHT, WIDTH

STILLS = Path(__file__).parents[2] / "docs" / "images" / "exercises"
SVG = "{http://www.w3.org/2000/svg}"


def pixels(
    exercise: str, t_s: float | None = None, side: Side = "both", head_left: bool | None = None
) -> bytes:
    return figures.picture(exercise, 120, t_s, side, head_left).tobytes()


def test_every_exercise_is_pictured_on_the_screen_and_in_the_documentation() -> None:
    assert set(figures.exercises()) == set(CATALOGUE)
    assert {path.stem for path in STILLS.glob("*.png")} == set(CATALOGUE)


def test_the_data_and_the_stills_stay_small() -> None:
    assert figures.DATA.stat().st_size < 100_000
    assert all(path.stat().st_size < 40_000 for path in STILLS.glob("*.png"))


@pytest.mark.parametrize("exercise", CATALOGUE)
def test_a_figure_is_a_titled_svg_with_the_body_inside_its_field(exercise: str) -> None:
    root = ElementTree.fromstring(figures.svg(exercise))
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert root.findtext(f"{SVG}title") == CATALOGUE[exercise].title
    assert len(root.findall(f"{SVG}polygon")) > 50
    for side in ("left", "right"):
        body = [shape.points for shape in figures.shapes(exercise, None, side) if shape.colour == "#3d5573"]
        places = np.concatenate(body)
        assert (places > 0).all()
        assert (places < (WIDTH, HEIGHT)).all()


@pytest.mark.parametrize("exercise", CATALOGUE)
def test_the_loop_goes_from_rest_to_the_position_and_back(exercise: str) -> None:
    loop_s = figures.LOOP_S
    moments = [pixels(exercise, t_s) for t_s in (0, loop_s / 4, loop_s / 2, loop_s * 0.99)]
    assert moments[0] == pixels(exercise, loop_s), "the loop closes"
    assert len(set(moments)) >= 3, "the figure moves"


def test_the_loop_of_a_page_moves_by_itself_and_stands_still_on_request() -> None:
    root = ElementTree.fromstring(figures.loop_svg("bridge", frames=8))
    groups = root.findall(f"{SVG}g")
    assert len(groups) == 8
    assert sum("figure-still" in str(group.get("class")) for group in groups) == 1
    assert "prefers-reduced-motion" in str(root.findtext(f"{SVG}style"))


@pytest.mark.parametrize("exercise", ["knee_to_chest", "hamstring", "figure_four", "spinal_twist", "fetal"])
def test_the_other_side_seen_from_the_other_side_is_the_mirror_image(exercise: str) -> None:
    right = np.asarray(figures.picture(exercise, 240, 1.5, "right"), float)
    left = np.asarray(figures.picture(exercise, 240, 1.5, "left"), float)
    assert pixels(exercise, 1.5, "right", True) != pixels(exercise, 1.5, "left", True)
    assert np.abs(right - left[:, ::-1]).mean() < 4


def test_an_arrow_shows_the_move_in_a_still_only() -> None:
    def colours(t_s: float | None) -> set[str]:
        return {shape.colour for shape in figures.shapes("bridge", t_s)}

    assert colours(None) - colours(figures.LOOP_S / 2)
