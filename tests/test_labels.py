from pathlib import Path

import numpy as np
import pytest

from posecoach import labels
from posecoach.errors import InputError

HEADER = "clip,truth,exercise,side,view,near_side,hold_target_s,reps,holds_s,verdict,faults"
GOOD = "a.mp4,,knee_to_chest,left,side,left,10,1,9.5;8,good,"
FAULT = "b.mp4,,press_up,both,top,,1.5,3,,fault,too_high@2.9-5.1;too_high@8.9-11.1;pelvis_lifted@1-2"


def write(folder: Path, *lines: str) -> Path:
    for clip in ("a.mp4", "b.mp4"):
        (folder / clip).touch()
    path = folder / "labels.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_row_is_read_with_paths_relative_to_the_file(tmp_path: Path) -> None:
    first, second = labels.load(write(tmp_path, HEADER, GOOD, FAULT))
    assert (first.name, first.clip, first.truth) == ("a.mp4", tmp_path / "a.mp4", None)
    assert (first.hold_target_s, first.reps, first.holds_s) == (10, 1, (9.5, 8.0))
    assert second.faults == ("too_high", "pelvis_lifted")
    assert second.near_side == ""


def test_rows_are_restricted_before_their_files_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD, FAULT)
    (tmp_path / "b.mp4").unlink()
    assert [label.name for label in labels.load(path, exercise="knee_to_chest")] == ["a.mp4"]
    assert [label.name for label in labels.load(path, view="side")] == ["a.mp4"]
    with pytest.raises(InputError, match=r"line 3: the clip .*b\.mp4 is not there"):
        labels.load(path)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("clip,exercise", "a.mp4,press_up"), r"line 1: the column 'truth' is missing"),
        (
            (HEADER, GOOD, FAULT.replace("1.5", "soon")),
            r"line 3: 'hold_target_s' must be a number, but got 'soon'",
        ),
        ((HEADER, GOOD.replace(",10,", ",,")), r"line 2: 'hold_target_s' must be a number, but got ''"),
        ((HEADER, GOOD.replace(",10,", ",nan,")), r"line 2: 'hold_target_s' must be a number"),
        ((HEADER, GOOD.replace(",10,", ",-1,")), r"line 2: 'hold_target_s' must be 0 or more"),
        ((HEADER, GOOD.replace("9.5;8", "9.5;x")), r"line 2: 'holds_s' must be a number, but got 'x'"),
        ((HEADER, GOOD.replace("good", "fine")), r"line 2: 'verdict' must be one of .*, but got 'fine'"),
        ((HEADER, GOOD.replace("chest,left", "chest,west")), r"line 2: 'side' must be one of"),
        ((HEADER, "a.mp4,,knee_to_chest"), r"line 2: the row has fewer values"),
        ((HEADER, GOOD.replace("knee_to_chest", "")), r"line 2: 'exercise' is empty"),
        ((HEADER, GOOD.replace("a.mp4,,", "a.mp4,t.csv,")), r"line 2: the truth file .*t\.csv is not there"),
        ((HEADER,), r"has no rows\."),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        labels.load(write(tmp_path, *lines))


def test_a_labels_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no labels file .*none\.csv"):
        labels.load(tmp_path / "none.csv")
    binary = tmp_path / "labels.csv"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="not a CSV file in UTF-8"):
        labels.load(binary)


def test_truth_gives_columns_of_numbers_with_nan_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("t_s,phase,hip_flexion_left\n0,rest,10\n0.1,hold,\n", "utf-8")
    truth = labels.truth(path)
    assert list(truth) == ["t_s", "hip_flexion_left"]
    np.testing.assert_array_equal(truth["hip_flexion_left"], [10, np.nan])
    path.write_text("t_s,phase\nsoon,rest\n", "utf-8")
    with pytest.raises(InputError, match="line 2: 't_s' must be a number, but got 'soon'"):
        labels.truth(path)
