"""The accuracy report: what it counts, what it shows, and that it needs nothing but itself."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.assessment.results import Fault, Note, Result
from posecoach.evaluation import accuracy_page, failure_cases
from posecoach.evaluation.agreement import Measured, compare
from posecoach.evaluation.failure_cases import Case
from posecoach.evaluation.labels import Label
from posecoach.session.batch import Bodies
from posecoach.session.measurement_log import MeasurementLog
from tests.conftest import SAMPLES, Run
from tests.evaluation.test_agreement import label, result
from tests.session.test_batch import write_labels

GOOD = SAMPLES / "knee_to_chest" / "knee_to_chest-good-left-side-la.mp4"
FRAMES = 100


def case(
    expected: Label, found: Result, measured: Sequence[Measured] = (), frames: int = FRAMES, every: int = 1
) -> Case:
    """A clip of 12 frames a second, of which each so-many-th was judged, in which nobody is drawn."""
    track = MeasurementLog()
    for index in range(frames):
        track.add(index * every / 12, "rest", {})
    bodies = Bodies([None] * frames, [0] * frames)
    return Case(expected, found, track, bodies, compare(expected, found), tuple(measured))


def knee(errors: np.ndarray[Any, np.dtype[np.float64]], name: str = "knee_flexion_left") -> Measured:
    truth = np.full(len(errors), 40.0)
    return Measured(name, "near" if name.endswith("left") else "far", truth + errors, truth, None)


class _Page(HTMLParser):
    """Checks that tags are closed, and collects the text and what is loaded."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.loaded, self._open = "", list[str](), list[str]()
        self.feed(html)
        assert self._open == []
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += f" {data} "


def page(*cases: Case, failures: Sequence[tuple[str, str]] = ()) -> _Page:
    return _Page(accuracy_page.page("labels.csv", cases, failures, "posecoach score"))


# -- what it shows -------------------------------------------------------------------------------------------


def test_verdicts_are_counted_over_all_and_by_view() -> None:
    shown = page(
        case(label(), result()),
        case(label(verdict="fault", faults=("shallow",)), result("good")),
        case(label(view="top"), result("unseen")),
        case(label(view="top"), result("fault", ("head_lifted",))),
        case(label(view="top", verdict=""), result()),
    )
    everything, side, top = re.findall(
        r"(\d+ right · \d+ wrong · \d+ unseen .*? called a fault[^%]*?)(?= \w+ \d+%| Clips)", shown.text
    )
    assert everything.startswith(
        "1 right · 2 wrong · 1 unseen 75% judged · 1 wrongly good · 1 good one called"
    )
    assert side.startswith("1 right · 1 wrong · 0 unseen 100% judged · 1 wrongly good · 0 good ones")
    assert top.startswith("0 right · 1 wrong · 1 unseen 50% judged · 0 wrongly good · 1 good one")
    assert "1 without a labelled verdict" in top


def test_wrong_and_unseen_clips_say_why() -> None:
    faults = (Fault("shallow", "left", 2, 3), Fault("rushed", None, 1, 1.2), Fault("rushed", None, 5, 5.6))
    shown = page(
        case(label(), Result(**vars(result("fault")) | {"faults": faults})),
        case(label(), result("unseen", notes=(Note("body_unseen"),))),
    )
    assert (
        "Expected good, left; found fault, left: shallow left 2.0–3.0 s, rushed 5.0–5.6 s and 1 more."
        in shown.text
    )
    assert "found unseen, left. The body could not be seen well enough to judge." in shown.text


def test_a_movement_that_is_no_exercise_and_was_taken_for_none_is_not_among_the_unseen() -> None:
    other = label(exercise="none", side="", verdict="")
    nothing = result("unseen", exercise=None, side="both", notes=(Note("not_recognised"),))
    right = page(case(other, nothing)).text
    assert "1 right" in right
    assert "Which exercise this is cannot be told" not in right
    assert "✓ a no exercise no exercise 100%" in right
    taken = page(case(other, result("good"))).text
    assert "Expected no exercise; found good, left." in taken


def test_without_truth_or_good_clips_the_sections_say_so() -> None:
    shown = page(case(label(verdict="fault", faults=("shallow",)), result("fault", ("shallow",))))
    assert "No clip has a truth file" in shown.text
    assert "No clip is labelled good" in shown.text
    assert "Clips that went wrong None." in shown.text
    assert shown.loaded == []


def test_angles_holds_and_clips_that_failed_are_listed() -> None:
    measured = [knee(np.full(FRAMES, 3.0)), knee(np.full(FRAMES, -20.0), "knee_flexion_right")]
    shown = page(case(label(), result(), measured), failures=[("b.mp4", "b.mp4 is not a video.")])
    assert "Could not be judged b.mp4 is not a video." in shown.text
    assert "Knee to chest side – – 3.0 20.0 –" in shown.text
    assert "Knee to chest side 1 of 1 1 0.40 0.40 1 of 1" in shown.text
    assert [source.split(",")[0] for source in shown.loaded] == ["data:image/png;base64"]


def test_where_neither_side_is_nearer_the_angle_counts_as_near() -> None:
    truth = np.full(FRAMES, 40.0)
    shown = page(
        case(label(near_side=""), result(), [Measured("knee_flexion_left", "", truth + 4, truth, None)])
    )
    assert "Knee to chest side – – 4.0 – –" in shown.text


def test_a_name_from_the_labels_is_text_and_never_markup() -> None:
    clip = Path("<script>alert(1).mp4")
    html = accuracy_page.page(
        "<b>.csv", [case(label(clip=clip, view="<i>"), result("fault", ("shallow",)))], [], "x"
    )
    assert "<script" not in html
    assert "<b>.csv" not in html
    assert "<i>" not in html
    assert _Page(html).text.count("<script>alert(1)") == 2


# -- the frame that shows it ---------------------------------------------------------------------------------


def test_a_fault_that_was_invented_is_shown_in_its_middle() -> None:
    found = Result(**vars(result("fault")) | {"faults": (Fault("shallow", "left", 2, 6),)})
    shown = failure_cases.worst(case(label(), found))
    assert shown is not None
    assert shown.t_s == pytest.approx(4, abs=0.05)
    assert "“shallow”, which was found" in shown.what


def test_a_fault_that_was_missed_is_shown_where_the_label_has_it() -> None:
    expected = label(verdict="fault", faults=("head_lifted",), fault_times=(("head_lifted", 3.0, 5.0),))
    shown = failure_cases.worst(case(expected, result("good")))
    assert shown is not None
    assert shown.t_s == pytest.approx(4, abs=0.05)
    assert "“head lifted”, which was not found" in shown.what


def test_otherwise_the_frame_with_the_largest_error_of_the_near_limb_is_shown() -> None:
    near, far = np.zeros(FRAMES), np.zeros(FRAMES)
    near[60], far[20], near[:5] = 25.0, 90.0, np.nan
    measured = [knee(near), knee(far, "knee_flexion_right")]
    shown = failure_cases.worst(case(label(), result("unseen"), measured))
    assert shown is not None
    assert (shown.index, shown.what) == (60, "knee flexion left reads 65° and is 40°")


def test_without_anything_to_go_by_it_is_the_middle_and_without_frames_nothing() -> None:
    shown = failure_cases.worst(case(label(), result("unseen")))
    assert shown is not None
    assert shown.index in (49, 50)
    assert failure_cases.worst(case(label(), result("unseen"), frames=0)) is None


def test_the_picture_is_the_frame_that_was_asked_for() -> None:
    from posecoach.vision.native import cv2

    one = case(label(clip=GOOD), result())
    one.bodies.turns[7] = 90
    jpeg = failure_cases.picture(one, 7)
    assert jpeg is not None
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape[0] > image.shape[1]
    assert max(image.shape) <= 560
    assert failure_cases.picture(case(label(clip=Path("none.mp4")), result()), 7) is None
    assert failure_cases.picture(case(label(clip=GOOD), result(), frames=10_000), 9_999) is None


def test_the_picture_of_a_clip_of_which_each_third_frame_was_judged_is_of_its_moment() -> None:
    whole, thinned = (case(label(clip=GOOD), result(), every=every) for every in (1, 3))
    assert thinned.frames.t_s[7] == whole.frames.t_s[21]
    assert failure_cases.picture(thinned, 7) == failure_cases.picture(whole, 21)


# -- the command ---------------------------------------------------------------------------------------------


def test_score_writes_one_page_with_the_worst_frames(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    labels = write_labels(tmp_path, short_clip, {"verdict": "good"})
    status, _, errors = posecoach("score", "--labels", labels, "--report", tmp_path / "out.html", "--stats")
    assert status == 1
    assert "out.html" in errors
    assert re.search(r"24 frames in .* decode .* track .* judge \d+\.\d+ ms", errors)
    shown = _Page((tmp_path / "out.html").read_text("utf-8"))
    assert "Expected good, left; found not performed" in shown.text
    assert [source.split(",")[0] for source in shown.loaded] == ["data:image/jpeg;base64"]


def test_nothing_is_written_when_the_labels_are_bad(posecoach: Run, short_clip: Path, tmp_path: Path) -> None:
    labels = write_labels(tmp_path, short_clip, {"exercise": "handstand"})
    status, output, errors = posecoach("score", "--labels", labels, "--report", tmp_path / "out.html")
    assert (status, output) == (2, "")
    assert errors.count("\n") == 1
    assert not (tmp_path / "out.html").exists()


def test_a_report_that_cannot_be_written_is_known_before_the_work(posecoach: Run, tmp_path: Path) -> None:
    labels = SAMPLES / "labels.csv"
    status, _, errors = posecoach("score", "--labels", labels, "--report", tmp_path / "no" / "out.html")
    assert status == 1
    assert "there is no folder" in errors
