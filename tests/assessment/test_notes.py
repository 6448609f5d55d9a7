"""Notes: every code that a result may hold has its sentence."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import posecoach
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import SENTENCES, sentence, sentences
from posecoach.assessment.results import Note, looks_like
from posecoach.core import translation
from posecoach.session import doubts
from tests.support.synthetic import baseline_seen_from, judge, numbers

REST = {"hip_flexion_left": 50.0, "hip_flexion_right": 50.0, "heel_lift_left": 0.0, "heel_lift_right": 0.0}


def test_a_note_names_what_it_is_about() -> None:
    note = Note("fault_not_judged", {"fault": "arms_not_out"})
    assert sentence(note) == "Arms not out could not be judged from this view"
    assert sentence(Note("fault_not_judged", {"fault": "rushed"})).startswith("Haste could not be judged")


@pytest.mark.parametrize(
    ("cause", "left"),
    [
        ("too_few_frames", []),
        ("tempo_not_judged", ["Head lifted"]),
        ("partly_timed", ["Head lifted", "Haste"]),
    ],
)
def test_a_fault_that_could_not_be_judged_is_left_out_where_the_cause_is_told(
    cause: str, left: list[str]
) -> None:
    unjudged = (Note("fault_not_judged", {"fault": fault}) for fault in ("head_lifted", "rushed"))
    told = sentences((Note(cause), *unjudged))
    assert told[0] == sentence(Note(cause))
    assert [words.partition(" could not")[0] for words in told[1:]] == left


def test_a_sentence_stays_as_it_is() -> None:
    assert sentence("Nie begonnen") == "Nie begonnen"


def test_a_code_of_another_version_is_shown_in_words() -> None:
    assert sentence(Note("camera_fell_over")) == "Camera fell over"


def test_a_note_is_translated_when_it_is_shown() -> None:
    class German(translation.English):
        def gettext(self, message: str) -> str:
            return {"The starting position was not found": "Nicht gefunden"}.get(message, message)

    note = Note("start_not_found")
    assert sentence(note) == "The starting position was not found"
    translation.use("de", German())
    assert sentence(note) == "Nicht gefunden"
    translation.use("en", translation.English())


@pytest.mark.parametrize("exercise", sorted(CATALOGUE))
@pytest.mark.parametrize("posture", ["supine", "prone", "left_side", "upright"])
def test_what_the_judge_notes_is_a_sentence(exercise: str, posture: str) -> None:
    seen = replace(baseline_seen_from(), posture=posture)  # type: ignore[arg-type]
    result = judge(exercise, numbers(REST, [(3, REST)], baseline=seen))
    for said in sentences(result.notes):
        assert said[0].isupper()
        assert " " in said


def test_every_note_that_is_made_has_its_sentence() -> None:
    package = Path(posecoach.__file__).parent
    made = {
        code
        for path in package.rglob("*.py")
        for code in re.findall(r'\bNote\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    made |= {note.code for note in doubts.NOTES} | {looks_like("bridge").code}
    assert len(made) > 15
    assert made - {"only_timed"} <= set(SENTENCES)


def test_that_the_picture_stood_still_says_why_nobody_was_seen() -> None:
    notes = (Note("too_few_frames"), Note("body_unseen"), Note("picture_frozen"))
    assert sentences(notes) == (sentence(Note("picture_frozen")),)
    assert len(sentences(notes[1:2])) == 1
