from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from posecoach.core.errors import InputError
from posecoach.evaluation import labels
from posecoach.session.measurement_log import ANGLES
from posecoach.vision.video_file import frame_times

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
    assert second.fault_times == (("too_high", 2.9, 5.1), ("too_high", 8.9, 11.1), ("pelvis_lifted", 1, 2))
    assert second.near_side == ""


def test_other_movements_and_more_columns_are_understood(tmp_path: Path) -> None:
    none = "a.mp4,,none,both,oblique,,0,,,,"
    unsure = "b.mp4,,lumbar_rotation,both,side,,0,5,,fault,feet_lifted"
    path = write(tmp_path, HEADER + ",posture,notes", none + ",supine,crunches", unsure + ',supine,"a, b"')
    first, second = labels.load(path)
    assert (first.exercise, first.verdict) == (labels.NONE, "")
    assert (second.faults, second.fault_times) == (("feet_lifted",), ())


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
        (("clip;exercise;verdict", "a.mp4;press_up;good"), r"line 1: .* semicolons .* commas"),
        (("clip,exercise", "a.mp4,press_up"), r"line 1: the column 'verdict' is missing"),
        (("clip,exercise,verdct", "a.mp4,press_up,"), r"'verdict' is missing \(did you mean 'verdct'\?\)"),
        (
            ("clip,exercise,verdict,hold_target", "a.mp4,press_up,,5"),
            r"no column 'hold_target' \(did you mean 'hold_target_s'\?\)",
        ),
        (
            (HEADER, GOOD, FAULT.replace("1.5", "soon")),
            r"line 3: 'hold_target_s' must be a number, but got 'soon'",
        ),
        ((HEADER, GOOD.replace(",10,", ",nan,")), r"line 2: 'hold_target_s' must be a number"),
        ((HEADER, GOOD.replace(",10,", ",-1,")), r"line 2: 'hold_target_s' must be between 0 and 300"),
        ((HEADER, GOOD.replace("9.5;8", "9.5;x")), r"line 2: 'holds_s' must be a number, but got 'x'"),
        ((HEADER, GOOD.replace("good", "fine")), r"line 2: 'verdict' must be one of .*, but got 'fine'"),
        ((HEADER, GOOD.replace("chest,left", "chest,west")), r"line 2: 'side' must be one of"),
        ((HEADER, "a.mp4,,knee_to_chest"), r"line 2: the row has fewer values"),
        ((HEADER, GOOD.replace("knee_to_chest", "")), r"line 2: 'exercise' is empty"),
        ((HEADER, GOOD.replace("a.mp4,,", "a.mp4,t.csv,")), r"line 2: the truth file .*t\.csv is not there"),
        ((HEADER, GOOD.replace("knee_to_chest", "press_down")), r"line 2: there is no exercise 'press_down'"),
        (
            (HEADER, GOOD, FAULT.replace("too_high", "to_high")),
            r"line 3: press_up has no fault 'to_high' \(did",
        ),
        ((HEADER, FAULT.replace("press_up", "none")), r"line 2: none has no fault 'too_high'"),
        ((HEADER, FAULT.replace("2.9-5.1", "soon")), r"line 2: 'faults' must be a number, but got 'soon'"),
        ((HEADER, FAULT.replace("2.9-5.1", "2.9")), r"line 2: 'faults' must be a number, but got ''"),
        (
            (HEADER, GOOD.replace(",10,", ",301,")),
            r"line 2: 'hold_target_s' must be between 0 and 300",
        ),
        ((HEADER, GOOD.replace(",10,", ",inf,")), r"line 2: 'hold_target_s' must be a number, but got 'inf'"),
        ((HEADER, GOOD.replace(",1,", ",-1,")), r"line 2: 'reps' must be a whole number"),
        ((HEADER, GOOD.replace(",1,", ",1.5,")), r"line 2: 'reps' must be a whole number.*got '1\.5'"),
        ((HEADER, GOOD.replace("9.5;8", "9.5;-8")), r"line 2: 'holds_s' must be 0 or more, but got '-8'"),
        ((HEADER, FAULT.replace("2.9-5.1", "5.1-2.9")), r"line 2: too_high ends at 2\.9 s, before it begins"),
        (
            (HEADER, GOOD.replace("good", "fault")),
            r"line 2: the verdict is 'fault', so 'faults' must",
        ),
        ((HEADER, GOOD + "shallow"), r"line 2: the verdict is 'good', so 'faults' must be empty"),
        ((HEADER, GOOD + ",more"), r"line 2: the row has more values"),
        ((HEADER, GOOD, FAULT, GOOD), r"line 4: knee_to_chest in a\.mp4 is labelled in line 2 already"),
        ((HEADER, GOOD.replace("a.mp4", "n" * 5000)), r"line 2: the clip .* is not there"),
        ((HEADER, GOOD.replace("a.mp4", "a\0b.mp4")), r"line 2: the clip .* is not there"),
        ((HEADER, GOOD.replace("side,left", "side," + "w" * 500)), r"but got 'w{57}\.\.\.'\.$"),
        ((HEADER,), r"has no rows\."),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        labels.load(write(tmp_path, *lines))


def test_three_columns_are_enough(tmp_path: Path) -> None:
    (label,) = labels.load(write(tmp_path, "notes,clip,exercise,verdict", "x,a.mp4,press_up,good"))
    assert (label.exercise, label.verdict) == ("press_up", "good")
    assert (label.truth, label.side, label.view, label.hold_target_s, label.reps) == (None, "", "", 0, None)
    assert (label.holds_s, label.faults) == ((), ())
    (label,) = labels.load(write(tmp_path, "clip,exercise,verdict", "a.mp4,press_up,fault"))
    assert (label.verdict, label.faults) == ("fault", ())


def test_every_wrong_line_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD.replace("good", "fine"), FAULT, GOOD.replace("chest", "chess"))
    with pytest.raises(
        InputError, match=r"line 2: 'verdict' must be .*'fine'\. .*line 4: there is no exercise"
    ):
        labels.load(path)


def test_a_labels_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no labels file .*none\.csv"):
        labels.load(tmp_path / "none.csv")
    binary = tmp_path / "labels.csv"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="not a CSV file in UTF-8"):
        labels.load(binary)


COLUMNS = "t_s,phase," + ",".join(ANGLES)


def truth_of(folder: Path, *rows: str, columns: str = COLUMNS) -> Path:
    path = folder / "truth.csv"
    path.write_text("\n".join([columns, *rows]) + "\n", "utf-8")
    return path


def test_truth_gives_columns_of_numbers_with_nan_where_there_is_none(tmp_path: Path) -> None:
    truth = labels.truth(truth_of(tmp_path, "0,rest,10,1,2,3", "0.1,hold,,1,2,3"))
    assert list(truth) == ["t_s", *ANGLES]
    np.testing.assert_array_equal(truth["hip_flexion_left"], [10, np.nan])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("soon,rest,1,1,1,1",), r"line 2: 't_s' must be a number, but got 'soon'"),
        ((",rest,1,1,1,1",), r"line 2: 't_s' must be a number, but got ''"),
        (("0,rest,1,x,1,1",), r"line 2: 'hip_flexion_right' must be a number, but got 'x'"),
        (("0,rest,1,1,1,1", "0.1,rest,1,1"), r"line 3: the row has fewer values"),
        (("0,rest,1,1,1,1,1",), r"line 2: the row has more values"),
        (("0,rest,1,1,1,1", "0,rest,1,1,1,1"), r"line 3: 't_s' must rise, but 0 follows 0"),
        ((), r"has no rows"),
    ],
)
def test_what_is_wrong_with_truth_is_named_with_its_line(
    tmp_path: Path, rows: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        labels.truth(truth_of(tmp_path, *rows))


@pytest.mark.parametrize("column", ["t_s", *ANGLES])
def test_a_column_that_truth_lacks_is_named(tmp_path: Path, column: str) -> None:
    with pytest.raises(InputError, match=f"line 1: the column '{column}' is missing"):
        labels.truth(truth_of(tmp_path, columns=COLUMNS.replace(column, "other")))


def test_truth_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv cannot be read"):
        labels.truth(tmp_path / "none.csv")


def timed(folder: Path, times: Iterable[float]) -> Path:
    return truth_of(folder, *(f"{t_s},rest,1,1,1,1" for t_s in times))


def test_truth_has_to_fit_its_clip_to_within_a_frame_or_two(short_clip: Path, tmp_path: Path) -> None:
    frames = frame_times(short_clip)
    assert frames is not None
    assert len(frames) == 24
    step = frames[1]
    for fitting in (frames, frames[:-2], [*frames, frames[-1] + step], [t_s + 2 * step for t_s in frames]):
        labels.truth(timed(tmp_path, fitting), short_clip)
    for wrong in (frames[:-3], [t_s + 3 * step for t_s in frames], [t_s / 2 for t_s in frames]):
        with pytest.raises(InputError, match="does not fit its clip"):
            labels.truth(timed(tmp_path, wrong), short_clip)
    with pytest.raises(InputError, match=r"has 21 rows for 24 frames"):
        labels.truth(timed(tmp_path, frames[:-3]), short_clip)


def test_a_clip_that_is_no_video_is_left_to_the_judge(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    clip.write_text("no video", "utf-8")
    assert frame_times(clip) is None
    labels.truth(timed(tmp_path, [0, 1]), clip)


def test_a_view_holds_nothing_that_a_terminal_would_obey(tmp_path: Path) -> None:
    [label] = labels.load(write(tmp_path, HEADER, GOOD.replace("side,left,10", "\x1b]0;title\x07,left,10")))
    assert label.view == "\\x1b]0;title\\x07"
