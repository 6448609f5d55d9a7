"""The page of a session: complete in itself, and true to what was kept."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from math import ceil
from pathlib import Path

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Note, Position, Result
from posecoach.coaching.plan import Step
from posecoach.feedback import session_page, tables
from posecoach.feedback.patient_words import ANGLES
from posecoach.feedback.svg import Scale
from posecoach.records.history import Done, Session, Store
from tests.conftest import Run
from tests.feedback.test_pdf import PRINTS, fake
from tests.feedback.test_tables import printed
from tests.support.sessions import knee, session, weeks


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.data_dir", lambda: tmp_path / "data")
    monkeypatch.chdir(tmp_path)


class Elements(HTMLParser):
    """What a page is made of: tags with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def drawn(self, tag: str, kind: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag and found.get("class") == kind]


def numbered(sessions: list[Session]) -> list[Session]:
    return [replace(one, id=number) for number, one in enumerate(sessions, start=1)]


def page(known: list[Session]) -> Elements:
    return Elements(session_page.page(known, known[-1]))


def text(elements: Elements) -> str:
    return " ".join(" ".join(elements.words).split())


def test_a_page_loads_nothing_and_shows_no_image() -> None:
    made = session_page.page(known := numbered(list(weeks(5))), known[-1])
    assert not re.search(r"https?:|<script|<img|<link|@import|url\(", made)
    assert "Short &amp; &lt;easy&gt;" in made
    assert "width=device-width" in made
    assert "size: A4" in made


def test_a_curve_has_its_target_its_hold_its_fault_and_its_gap() -> None:
    known = numbered([session(knee("left", 110.0, "head_lifted"))])
    elements = page(known)
    lines = elements.drawn("polyline", "line left")
    assert len(lines) == 2  # before and after what was not seen
    (hold,) = [bar for bar in elements.drawn("rect", "hold") if bar.get("rx") and bar.get("x")]
    (fault,) = [bar for bar in elements.drawn("rect", "fault") if bar.get("x")]
    # The step lasts 29.8 s on 298 units; in position from 4 to 24 s, at fault from 5 to 9 s.
    assert (float(hold["x"] or 0), float(hold["width"] or 0)) == (74, 200)
    assert (float(fault["x"] or 0), float(fault["width"] or 0)) == (84, 40)
    (blind,) = [box for box in elements.drawn("rect", "blind") if box.get("x")]
    assert float(blind["width"] or 0) == 20
    said = text(elements)
    for words in ("held 20 s of 20 s", "goal: hip bent by 100°", "head lifted", "Let your head rest"):
        assert words in said


def test_a_target_of_ones_own_is_said_to_be_that() -> None:
    done = knee()
    own = replace(done, curves=(replace(done.curves[0], enter=92.0),))
    assert "goal: hip bent by 92°, your own; usually 100°" in text(page(numbered([session(own)])))


def test_a_gentler_target_is_not_called_ones_own() -> None:
    done = knee()
    less = replace(done, curves=(replace(done.curves[0], enter=92.0),))
    gentle = replace(session(less), title="Wake up (gentle)")
    assert "goal: hip bent by 92°, gentler that day; usually 100°" in text(page(numbered([gentle])))


def test_over_the_weeks_the_target_is_that_of_the_session_of_the_page() -> None:
    done = knee()
    less = replace(done, curves=(replace(done.curves[0], enter=92.0),))
    unseen = replace(done, result=replace(done.result, verdict="unseen"))
    said = text(page(numbered([session(less, days_ago=1), session(unseen)])))
    assert "goal: hip bent by 92°" not in said


def test_sides_are_compared_over_the_weeks_up_to_the_session() -> None:
    known = numbered(list(weeks(6)))
    elements = Elements(session_page.page(known, known[3]))
    assert len([dot for dot in elements.drawn("circle", "dot left") if dot["r"] == "3.8"]) == 1 + 4
    assert len(elements.drawn("rect", "dot right")) == 1 + 4
    assert "left 95° · right 89°" in text(elements)


def test_the_page_begins_with_the_session_in_a_few_sentences() -> None:
    known = numbered([session(knee("left"), knee("right", 93.0, "head_lifted"))])
    said = text(page(known))
    for sentence in (
        "2 of 2 exercises done in 1 min 04 s.",
        "1 was done well.",
        "One thing for next time: Let your head rest on the pillow.",
        "Pain was 3 before and 2 after, of 10.",
        "1 day this week; at least 2 to 3 days are recommended",
    ):
        assert sentence in said


@pytest.mark.parametrize(("fault", "cue"), [("", "Go to both sides in turn"), ("feet_lifted", "Keep a foot")])
def test_that_a_side_was_left_out_stands_beside_whatever_else_there_is_to_say(fault: str, cue: str) -> None:
    turned = knee(fault=fault)
    result = replace(
        turned.result, exercise="lumbar_rotation", notes=(Note("one_side_only", {"side": "left"}),)
    )
    asked = Step(exercise="lumbar_rotation", reps=3)
    said = text(page(numbered([session(replace(turned, asked=asked, result=result))])))
    assert "Only the left side was seen: the other one belongs to this exercise, too" in said
    assert f"One thing for next time: {cue}" in said


def test_what_was_done_in_part_does_not_seem_whole_by_rounding() -> None:
    almost = knee()
    result = replace(almost.result, positions=(Position("left", 4.0, 23.8),), notes=(Note("dose_not_done"),))
    said = text(page(numbered([session(replace(almost, result=result))])))
    assert "done in part" in said
    assert "19 of 20 s of the prescribed holds" in said
    assert "in position · 19 s" in said


def test_holds_are_counted_against_what_was_prescribed() -> None:
    early = knee()
    short = replace(early.result, positions=(Position("left", 4.0, 16.0),))
    said = text(page(numbered([session(replace(early, result=short), knee("right"))])))
    assert "32 of 40 s of the prescribed holds" in said
    other = replace(early.result, positions=(Position("right", 1.0, 31.0), *short.positions))
    both = text(page(numbered([session(replace(early, result=other), knee("right"))])))
    assert "32 of 40 s of the prescribed holds" in both
    assert "held 12 s of 20 s" in both


def test_the_values_are_a_table_with_how_sure_they_are() -> None:
    elements = page(numbered([session(knee("right", 93.0, "head_lifted"), unlike("unseen", "pelvic_tilt"))]))
    tags = [tag for tag, _ in elements.tags]
    assert (tags.count("tr"), tags.count("table")) == (3, 1)
    assert [dict(found) for tag, found in elements.tags if tag == "th"].count({"scope": "row"}) == 2
    assert "right hold 20 s held 20 s of 20 s hip bent by 93° ± 4° one thing to change." in text(elements)


@pytest.mark.parametrize("exercise", CATALOGUE)
def test_each_exercise_has_its_figure_and_its_own_words(exercise: str) -> None:
    found = replace(knee().result, exercise=exercise)
    done = replace(knee(), asked=Step(exercise=exercise, hold_s=20), result=found)
    elements = page(numbered([session(done)]))
    assert elements.drawn("div", "figure")
    assert ANGLES[exercise].said(110.0) in text(elements)


def test_a_bridge_is_told_by_how_near_it_comes_to_a_straight_line() -> None:
    assert ANGLES["bridge"].said(-20.0) == "hips lifted to within 20° of a straight line"
    assert ANGLES["bridge"].degrees(-20.0) == "20°"
    assert ANGLES["bridge"].said(3.0) == "hips lifted to a straight line"
    assert ANGLES["bridge"].degrees(3.0) == "0°"
    assert ANGLES["bridge"].brief(-20.0) == "20° short"
    assert ANGLES["bridge"].brief(3.0) == "straight"
    assert ANGLES["bridge"].shown(3.0) == 0
    ticks = ANGLES["bridge"].ticks(Scale(-50, 30, 108, 14))
    assert [label for _, label in ticks] == ["40°", "20°", "0°"], "nothing beyond the line is explained"


def test_how_sure_an_angle_is_is_what_was_measured() -> None:
    """At least as in `docs/accuracy.md`, whose clips show people whom the correction of the angles knows."""
    table = (Path(__file__).parents[2] / "docs" / "accuracy.md").read_text("utf-8")
    measures = {"bridge": "hip_sagittal", "press_up": "trunk_inclination"} | dict.fromkeys(
        ("spinal_twist", "lumbar_rotation"), "trunk_rotation"
    )
    for exercise, angle in ANGLES.items():
        measure = measures.get(exercise, "hip_flexion")
        rows = re.findall(rf"│ {exercise} +│ side │ {measure} +│[^│]*│[^│]*│[^│]*│[^│]*│ *([\d.]+) │", table)
        if angle.error_deg is not None:
            assert ceil(max(map(float, rows))) <= angle.error_deg, exercise


def test_a_name_is_on_the_page_only_if_it_was_given() -> None:
    known = numbered([session(knee())])
    assert "Name ______" in text(page(known))
    named = text(Elements(session_page.page(known, known[-1], "Maria <M>")))
    assert "Name : Maria <M>" in named.replace("Name:", "Name :")
    assert "______" not in named


def test_pain_and_days_are_drawn() -> None:
    known = numbered(list(weeks(8)))
    known[3] = replace(known[3], pain=True)
    elements = page(known)
    assert len(elements.drawn("circle", "before")) == len(elements.drawn("circle", "after")) == 1 + 8
    assert len(elements.drawn("path", "pain")) == 1 + 1
    assert len(elements.drawn("rect", "day done")) == 8
    assert "at least 2 to 3 are recommended" in text(elements)


def unlike(verdict: str, exercise: str | None = "bridge") -> Done:
    notes = (Note("start_not_found"),)
    result = Result(exercise, "both", 0.0, 0, 0.0, verdict, notes=notes, step=1)  # type: ignore[arg-type]
    return Done(Step(exercise=exercise or ""), result)


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (unlike("not_performed"), "left out"),
        (unlike("unseen"), "could not be judged"),
        (unlike("unseen", "pelvic_tilt"), "timed"),
        (unlike("good", "gone_since"), "gone since"),
    ],
)
def test_what_has_no_curve_has_words(done: Done, words: str) -> None:
    assert words in text(page(numbered([session(done)])))


def test_a_session_led_by_the_clock_is_not_said_to_have_done_nothing() -> None:
    timed = replace(knee(), result=replace(knee().result, verdict="unseen", notes=(Note("too_few_frames"),)))
    one = session(timed, replace(timed, result=replace(timed.result, side="right", step=2)))
    said = text(page(numbered([one])))
    assert "2 of 2 went by the clock alone and could not be judged." in said
    assert "2 of 2 exercises by the clock" in said
    assert "0 of 2" not in said
    assert "held" not in said
    assert "20 s by the clock" in said, "what was prescribed, and what was done"
    assert "2 by the clock" in printed(tables.sessions([one]), 120)


def test_a_session_that_was_cut_off_in_its_first_exercise_is_not_said_to_have_done_nothing() -> None:
    cut_off = replace(session(before=None), ended=None, duration_s=0.0, after=None)
    said = text(page(numbered([cut_off])))
    listed = " ".join(str(cell) for column in tables.sessions([cut_off]).columns for cell in column.cells)
    assert "It was cut off before the first exercise was over: how far it went is not known." in said
    assert "cut off" in listed
    assert not any(untrue in said + listed for untrue in ("0 of 2", " 0 s"))


def test_a_session_in_which_nothing_was_said_or_done_has_a_page_too() -> None:
    bare = replace(session(), before=None, after=None, pain=None, ended=None, duration_s=0.0)
    said = text(page(numbered([bare])))
    assert "cut off" in said
    assert "Pain, from 0" not in said


def test_a_clock_that_jumped_does_no_harm() -> None:
    known = numbered([session(knee()), session(knee(), days_ago=-900), session(knee(), days_ago=3)])
    for one in known:
        assert "Knee to chest" in session_page.page(known, one)


# -- the command ---------------------------------------------------------------------------------------


def test_the_command_writes_the_last_session_that_was_done_or_the_one_named(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _, errors = posecoach("report")
    assert (status, "no session to draw" in errors) == (2, True)
    with Store() as store:
        for one in (*weeks(2), session()):
            store.write(one)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    status, output, errors = posecoach("report", "--open")
    assert (status, output) == (0, "")
    assert "No browser was found" in errors
    made = tmp_path / "posecoach-report-2.html"
    assert opened == [made.as_uri()]
    assert "session 2" in made.read_text("utf-8")
    assert posecoach("report", 1, "--out", "mine.html")[0] == 0
    assert "session 1" in Path("mine.html").read_text("utf-8")
    monkeypatch.setattr("posecoach.feedback.pdf.browser", lambda: fake(tmp_path, PRINTS))
    for more in ([], ["--pdf"]):
        Path("mine.pdf").unlink(missing_ok=True)
        assert posecoach("report", 1, "--out", "mine.pdf", *more)[0] == 0
        assert Path("mine.pdf").read_bytes().startswith(b"%PDF")
    for arguments, expected in (
        (("9",), 2),
        (("--out", "data/history.db"), 2),
        (("--out", "gone/a.html"), 1),
    ):
        status, _, errors = posecoach("report", *arguments)
        assert (status, errors.count("\n")) == (expected, 1)


@pytest.mark.parametrize("more", [(), ("--pdf",)])
def test_a_report_goes_into_no_file_of_another_kind(more: tuple[str, ...], posecoach: Run) -> None:
    with Store() as store:
        store.write(session())
    status, _, errors = posecoach("report", "--out", "report.txt", *more)
    assert (status, "ends in .html or .pdf" in errors) == (2, True)
    assert not Path("report.txt").exists()
