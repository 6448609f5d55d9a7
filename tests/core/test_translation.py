"""All that is said and shown has a German sentence, and nothing is said that the catalogue does not know."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
import typer
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentence
from posecoach.cli.asking import Terminal
from posecoach.cli.commands.calibrate import trials_of
from posecoach.cli.inputs import remembered
from posecoach.coaching import adherence, phrases, safety, tailoring
from posecoach.coaching.coach import Coach
from posecoach.coaching.placement import CameraPlacement
from posecoach.coaching.range_of_motion import Calibration
from posecoach.coaching.view import View
from posecoach.core import dates, errors, language, paths, translation
from posecoach.feedback import overlay, session_page, tables, text_tiles
from posecoach.records import routine_files, settings
from tests.conftest import Run
from tests.support import catalogue
from tests.support.sessions import ROUTINE, shots, weeks
from tests.support.synthetic import CROOK, film

LANGUAGES = catalogue.languages()
FPS = 8


class Bracketed:
    """A language in which every sentence of a catalogue stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


# -- the catalogues ------------------------------------------------------------------------------------


def translated(known: Message) -> tuple[str, ...]:
    return (known.string,) if isinstance(known.string, str) else tuple(known.string or ("",))


def sentences(known: Message) -> tuple[str, ...]:
    return (known.id,) if isinstance(known.id, str) else tuple(known.id)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_language_but_the_sources_own_has_a_catalogue() -> None:
    assert set(LANGUAGES) == {*language.LANGUAGES} - {"en"}
    assert set(language.NAMES) == set(language.OWN_NAMES) == {*language.LANGUAGES}


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_catalogue_has_every_sentence_and_no_other(spoken: str) -> None:
    """Where this fails, `python -m tests.support.catalogue` adds what is missing, to be filled in."""
    known, said = catalogue.catalogue(spoken), catalogue.said()
    missing = [message for message in said if (one := known.get(message)) is None or not all(translated(one))]
    assert not missing
    assert not [one.id for one in known if one.id and one.id not in said], "these are said no more"
    assert not [one.id for one in known if one.id and one.fuzzy]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_translation_has_the_same_places_to_fill(spoken: str) -> None:
    for known in catalogue.catalogue(spoken):
        for text in translated(known) if known.id else ():
            assert placeholders(text) == placeholders(sentences(known)[-1]), known.id


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_gettext_reads_is_what_the_translators_wrote(spoken: str) -> None:
    with catalogue.mo_file(spoken).open("rb") as file:
        compiled = {sentences(one): translated(one) for one in read_mo(file) if one.id}
    assert compiled == {sentences(one): translated(one) for one in catalogue.catalogue(spoken) if one.id}


def test_the_sources_hold_no_sentence_that_extraction_overlooks() -> None:
    messages = ([one] if isinstance(one, str) else one for one in catalogue.said())
    said = {part for message in messages for part in message}
    for path in catalogue.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                if node.func.id in ("tr", "marked", "several"):
                    assert not isinstance(node.args[0], ast.JoinedStr), f"{path.name}:{node.lineno}"
                text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
                if node.func.id in ("tr", "marked", "several") and isinstance(text, str):
                    assert text.replace("{side}", "left") in said, f"{path.name}: {text}"


#: The rooms whose failures whoever exercises may meet.
_MET = ("web", "coaching", "records")
_FAILURES = {name for name in vars(errors) if name.endswith("Error")}


@pytest.mark.parametrize("room", _MET)
def test_failures_that_whoever_exercises_meets_are_translated(room: str) -> None:
    for path in (catalogue.PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _FAILURES and node.args:
                parts = getattr(node.args[0], "values", [node.args[0]])  # of a text with places to fill
                texts = [str(one.value) for one in parts if isinstance(one, ast.Constant)]
                assert not re.search("[a-z]", "".join(texts)), f"{path.name}:{node.lineno}"


# -- what is said --------------------------------------------------------------------------------------


def loose(text: str) -> str:
    """What of a text did not come from the catalogue, but for numbers and signs."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    return "".join(sign for sign in text if sign.isalpha())


def shown(views: Iterable[View]) -> Iterator[str]:
    for view in views:
        yield from (view.title, view.instruction, view.cue or "", view.not_seen or "")
        yield from (event.text for event in view.events)


def session_views() -> Iterator[View]:
    """A session from the set-up on, with somebody who comes late, is lost half way, and pauses once."""
    coach = Coach(ROUTINE)
    setup = CameraPlacement(coach, (), "supine", light=lambda: None)
    filmed = shots()
    begin_s = 4.0
    for index in range(round(begin_s * FPS)):
        yield setup.update(None, index / FPS)
    for index, shot in enumerate(filmed):
        if index in (30, 40):
            setup.toggle_pause()
        gone = 0.6 * len(filmed) < index < 0.8 * len(filmed)
        yield setup.update(None if gone else shot.pose, begin_s + shot.t_s)
    coach.finish()
    notes = [sentence(note) for result in coach.results for note in result.notes]
    yield View(0.0, 0, 0, "", "both", "done", " ".join(notes))


def calibration_views() -> Iterator[View]:
    calibration = Calibration(trials_of(ROUTINE))
    for shot in shots():
        yield calibration.update(shot.pose, shot.t_s)
    for shot in film(CROOK, [(2.0, CROOK)], FPS):
        yield calibration.update(None, shot.t_s + 500)


def test_all_that_a_session_says_and_shows_comes_from_the_catalogue() -> None:
    translation.use("xx", Bracketed())
    for views in (session_views(), calibration_views()):
        texts = list(dict.fromkeys(shown(views)))
        assert len(texts) > 10
        assert not [text for text in texts if loose(text)]


def test_what_is_left_out_of_a_catalogue_stays_english() -> None:
    language.use("de")
    assert (
        translation.tr("No one has translated this: {what}", what="tea") == "No one has translated this: tea"
    )
    assert translation.several("{count} sheep", "{count} sheep in all", 2) == "2 sheep in all"
    assert translation.tr("") == ""


def test_german_has_a_whole_sentence_for_each_side() -> None:
    language.use("de")
    knee = CATALOGUE["knee_to_chest"]
    assert phrases.numbered(knee, "left", 1, 3) == "Übung 1 von 3: Knie zur Brust, linke Seite"
    assert phrases.start(knee, "left") == "Leg dich auf den Rücken, Beine gebeugt oder gestreckt"
    assert phrases.move(knee, "right") == "Zieh das rechte Knie sanft zur Brust"
    unseen = phrases.cannot_see(["left_knee", "right_ankle", "right_heel"])
    assert unseen.what == "Ich kann dein linkes Knie und deinen rechten Fuß nicht sehen"
    assert phrases.keeping_time(unseen) == f"{unseen.what}. Ich zähle nur die Zeit"


def test_a_sentence_after_a_colon_begins_as_any_other() -> None:
    language.use("de")
    cue = phrases.cue(CATALOGUE["knee_to_chest"], "head_lifted", None)
    assert phrases.next_time(cue) == f"Eines für das nächste Mal: {cue}"
    assert str(phrases.nobody()).endswith(": Vielleicht hilft eine Lampe oder mehr Abstand zur Kamera")


def test_numbers_and_days_are_as_in_the_language() -> None:
    day = date(2026, 3, 6)
    assert (dates.weekday(day), dates.long(day), translation.decimal(2.5)) == (
        "Friday",
        "6 March 2026",
        "2.5",
    )
    assert phrases.about(60) == "about 1 minute"
    assert translation.percent(0.666) == "67%"
    language.use("de")
    assert (dates.weekday(day), dates.long(day), translation.decimal(2.5)) == (
        "Freitag",
        "6. März 2026",
        "2,5",
    )
    assert (dates.short(day), dates.of_year(day)) == ("6. Mär 2026", "6. Mär")
    assert translation.percent(1.0) == "100\N{NO-BREAK SPACE}%"
    assert [phrases.about(60 * count) for count in (1, 2)] == ["etwa 1 Minute", "etwa 2 Minuten"]
    assert adherence.told([day], day)[0].startswith("Diese Woche 1 Tag; empfohlen")


def test_german_sets_a_space_before_each_percent_sign() -> None:
    for message in catalogue.catalogue("de"):
        for said in translated(message):
            assert not re.search(r"[\d}] ?%", said), said


def test_a_routine_and_its_words_are_german_and_ones_own_are_as_they_are(tmp_path: Path) -> None:
    language.use("de")
    wake_up = routine_files.load("wake_up")
    assert phrases.routine_title(wake_up.title) == "Aufwachen"
    assert phrases.routine_title(tailoring.gentler(wake_up, {}).title) == "Aufwachen (sanft)"
    assert "Bauch" in " ".join(translation.tr(step.say) for step in wake_up.steps)
    own = tmp_path / "own.toml"
    own.write_text('title = "Mine"\n[[steps]]\npause_s = 5\nsay = "Tea first"\n', "utf-8")
    mine = routine_files.load(str(own))
    assert (phrases.routine_title(mine.title), translation.tr(mine.steps[0].say)) == ("Mine", "Tea first")


def test_results_and_the_report_are_german_and_identifiers_stay() -> None:
    language.use("de")
    known = [replace(one, id=number) for number, one in enumerate(weeks(5), start=1)]
    page = session_page.page(known, known[-1])
    for text in (
        'lang="de"',
        "Knie zur Brust",
        "Freitag, 6. März 2026",
        "zu ändern",
        "links",
        "Kopf angehoben",
    ):
        assert text in page
    assert not re.search(r"Knee to chest|in position from|Monday|exercises done|record, not", page)
    [fault] = [done.result for done in known[-1].exercises if done.result.faults][:1]
    table = next(iter(tables.results([fault])))
    cells = [str(cell) for column in table.columns for cell in column.cells]
    assert "Lass den Kopf auf dem Kissen ruhen" in cells
    assert fault.as_dict("clip")["faults"][0]["name"] == "head_lifted"


@pytest.mark.parametrize(("typed", "meant"), [("j", True), ("Ja", True), ("y", True), ("n", False)])
def test_questions_are_answered_in_german_or_english(
    typed: str, meant: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    language.use("de")
    asked: list[str] = []

    def line(question: str, **_: object) -> str:
        asked.append(question)
        return typed

    monkeypatch.setattr(typer, "prompt", line)
    assert Terminal().yes(translation.tr(safety.TODAY)) is meant
    assert asked == ["Hast du heute neue oder besonders starke Beschwerden, oder ist etwas taub? j oder n"]


def test_letters_that_english_lacks_are_drawn() -> None:
    language.use("de")

    def drawn(title: str) -> np.ndarray:
        view = View(0.0, 1, 1, title, "both", "rest", title)
        return overlay.draw(np.full((240, 320, 3), 128, np.uint8), None, view)

    assert (drawn("Brücke äß") != drawn("Bröcke äß")).any()
    assert (drawn("Brücke äß") != drawn("Brücke äü")).any()


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_whatever_is_to_be_done_fits_on_the_screen_of_a_phone_uncut(spoken: str) -> None:
    language.use(spoken)
    asked = [phrases.cue(one, fault, "right") for one in CATALOGUE.values() for fault in one.faults]
    asked += [say(one, "right") for one in CATALOGUE.values() for say in (phrases.start, phrases.move)]
    width = 480
    room, size, lines = width - 3 * round(0.03 * width), round(overlay.MESSAGE * width), 5
    cut = [text for text in asked if " ".join(text_tiles.shortened(text, room, size, lines)[1]) != text]
    assert not cut


# -- which language ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:de:en"}, "de"),
    ],
)
def test_the_language_is_that_of_the_machine(
    variables: dict[str, str], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert (language.use(), translation.language()) == (found, found)


def test_a_language_is_remembered_and_another_one_takes_its_own_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "config_dir", lambda: tmp_path)
    settings.save(settings.Settings(voice_name="Daniel"))
    assert remembered().voice_name == "Daniel"
    chosen = remembered({"language": "de"})
    assert (chosen.language, chosen.voice_name, translation.language()) == ("de", "", "de")
    settings.save(chosen)
    assert (remembered().language, translation.language()) == ("de", "de")
    assert remembered({"language": "en", "voice_name": "Daniel"}).voice_name == "Daniel"


def test_a_missing_catalogue_is_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    language.use("de")
    assert translation.tr(phrases.HALFWAY) == phrases.HALFWAY


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("shallow=x", "muss die Form NAME=WERT haben"),
        ("shallow=130", "niedriger oder enter höher"),
        ("bridge.enter=-30", "betrifft eine andere Übung"),
    ],
)
def test_whatever_is_wrong_with_a_limit_is_said_in_the_language_that_was_chosen(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    monkeypatch.setattr(paths, "config_dir", lambda: tmp_path)
    settings.save(settings.Settings(language="de"))
    status, _, errors = posecoach("check", "a.mp4", "--exercise", "knee_to_chest", "--limit", limit)
    assert status == 2
    assert words in errors


def test_commands_speak_the_language_that_was_chosen_last(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "config_dir", lambda: tmp_path)
    settings.save(settings.Settings(language="de"))
    status, output, _ = posecoach("routines", "lower_back_basics")
    assert status == 0
    assert "Grundlagen für den unteren Rücken" in output
    assert "20 s halten" in output
    assert "Knie zur Brust" in posecoach("exercises")[1]
    assert posecoach("live", "--language", "tlh")[0] == 2
