"""The page of a study without labels: what it shows of each clip, and that nobody is seen on it unasked."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.assessment.results import DetectedSpan, Fault, Measured, Note, Position, Result
from posecoach.core.errors import OutputError
from posecoach.core.pose import Pose
from posecoach.evaluation.study_page import StudyPage
from posecoach.session.stills import stills

FAULTY = Result(
    exercise="press_up",
    side="both",
    duration_s=20.0,
    frames=240,
    seen=0.97,
    verdict="fault",
    faults=(
        Fault("pelvis_lifted", None, 4.0, 6.0, Measured("pelvis_lifted", 0.15, 0.19)),
        Fault("pelvis_lifted", None, 9.0, 12.0),
    ),
    positions=(Position("both", 3.0, 13.0),),
    reps=1,
    score=70,
)


def seen(until_s: float = 20.0) -> list[tuple[float, Pose | None]]:
    """A body in every second frame."""
    points = np.column_stack([np.linspace(100, 500, 33), np.linspace(200, 260, 33)])
    return [
        (index / 2, Pose(index / 2, points, None, np.ones(33), (640, 480)) if index % 2 else None)
        for index in range(round(until_s * 2))
    ]


def page(path: Path, *rows: tuple[str, Result | None]) -> str:
    made = StudyPage(path, "posecoach score clips", pictures=False)
    for name, result in rows:
        if result is None:
            made.add({"clip": name, "error": "It is not a video."}, ())
        else:
            made.add(result.as_dict(name), stills(result, seen()))
    made.close()
    return path.read_text("utf-8")


def test_a_clip_with_its_verdict_timeline_and_the_moment_of_each_fault(tmp_path: Path) -> None:
    text = page(tmp_path / "page.html", ("<b>a</b>.mp4", FAULTY), ("b.mp4", None))
    assert "&lt;b&gt;a&lt;/b&gt;.mp4" in text
    assert "<b>a</b>" not in text
    assert "pelvis lifted: 4.0 to 6.0 s" in text
    assert "pelvis lifted: 9.0 to 12.0 s" in text
    assert "<b>pelvis lifted</b>, at 10.5 s" in text, "in the middle of the longest"
    assert text.count("<figure>") == 2  # in position, and the kind of fault
    assert text.count('class="wrong" x=') == 2
    assert text.count('class="held" x=') == 1
    assert "It is not a video." in text
    assert "<b>1</b> failed" in text
    assert "<img" not in text
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_what_was_doubtful_about_a_clip_is_told_in_words(tmp_path: Path) -> None:
    notes = (Note("fault_not_judged", {"fault": "head_lifted"}), Note("source_slow_motion"))
    text = page(tmp_path / "page.html", ("a.mp4", replace(FAULTY, notes=notes)), ("b.mp4", FAULTY))
    told = [line for line in text.splitlines() if 'class="note"' in line]
    assert len(told) == 2
    assert "Head lifted could not be judged from this view." in told[0]
    assert "This is slow motion" in told[1]


def test_a_clip_of_two_exercises_is_one_clip_with_two_results(tmp_path: Path) -> None:
    made = StudyPage(tmp_path / "page.html", "posecoach score clips", pictures=False)
    for part in (1, 2):
        result = replace(FAULTY, detection=DetectedSpan(10.0 * part - 10, 10.0 * part, 1.0, None))
        made.write(result.as_dict("a.mp4") | {"part": part, "parts": 2})
    made.close()
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "<h1>1 clip, 2 results</h1>" in text
    assert "<b>2</b> fault" in text


def test_a_row_of_an_earlier_run_has_its_timeline(tmp_path: Path) -> None:
    made = StudyPage(tmp_path / "page.html", "posecoach score clips", pictures=False)
    made.write(FAULTY.as_dict("a.mp4"))
    made.close()
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "pelvis lifted: 4.0 to 6.0 s, 0.19 torso lengths (limit 0.15)</li>" in text
    assert "pelvis lifted: 9.0 to 12.0 s</li>" in text
    assert "<figure>" not in text


def test_clips_come_in_the_order_they_were_named_in_whenever_they_were_judged(tmp_path: Path) -> None:
    order = ["z.mp4", "a.mp4", "b.mp4"]
    made = StudyPage(tmp_path / "page.html", "posecoach score clips", pictures=False, order=order)
    for row in [FAULTY.as_dict("d.mp4"), FAULTY.as_dict("a.mp4"), FAULTY.as_dict("c.mp4")]:
        made.write(row)  # of an earlier run, whose clips may be others
    for name in ("b.mp4", "z.mp4"):
        made.add(replace(FAULTY, notes=(Note("two_people", {"side": "left"}),)).as_dict(name), ())
    made.close()
    text = (tmp_path / "page.html").read_text("utf-8")
    shown = [line for line in text.splitlines() if "<h2>" in line]
    assert shown == [f"<h2>{name}.mp4</h2>" for name in "zabcd"]
    assert text.count("<section") == text.count("</section>") == 5
    assert text.rstrip().endswith("</html>")


def test_a_page_without_clips_is_not_written(tmp_path: Path) -> None:
    StudyPage(tmp_path / "page.html", "posecoach score clips", pictures=False).close()
    assert not list(tmp_path.iterdir())


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    made = StudyPage(tmp_path / "gone" / "page.html", "posecoach score clips", pictures=False)
    with pytest.raises(OutputError, match=r"page\.html cannot be written"):
        made.add(FAULTY.as_dict("a.mp4"), ())


def test_the_moments_of_a_clip() -> None:
    found = stills(FAULTY, seen())
    assert [(one.t_s, one.fault and one.fault.name) for one in found] == [
        (7.5, None),
        (10.5, "pelvis_lifted"),
    ]
    assert all(one.body is not None for one in found)
    assert all(one.jpeg is None for one in found)
    [middle] = stills(Result("bridge", "both", 2.0, 4, 0.0, "unseen"), [(t_s, None) for t_s, _ in seen(2.0)])
    assert (middle.t_s, middle.body) == (1.0, None)
    assert stills(FAULTY, []) == ()
