"""What a session teaches: one thing at a time, nothing before it was asked for, and what stays when the
picture goes."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching import phrases, tally
from posecoach.coaching.captions import Captions
from posecoach.coaching.coach import Coach
from posecoach.coaching.cues import CueMemory
from posecoach.coaching.pacing import BREATH_S
from posecoach.coaching.placement import CameraPlacement
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.utterances import Utterance, UtteranceQueue, spoken_s
from posecoach.coaching.view import Event, View
from posecoach.core.choices import WordsChoice
from tests.support.synthetic import CROOK, Shot, Stance, film, repeat

FPS = 10
LEFT = CROOK.but(hip_left=118, knee_left=128)
KNEE = Step(exercise="knee_to_chest", side="left", hold_s=8)
CURLED = CROOK.but(hip_left=105, hip_right=105, knee_left=100, knee_right=100)
BOTH = CROOK.but(hip_left=118, hip_right=118, knee_left=128, knee_right=128)
ON_THE_SIDE = CROOK.but(hip_left=20, hip_right=20, knee_left=30, knee_right=30)
BREATHING = Step(pause_s=40, say="Lie flat, and take slow breaths", breathe=True)


def coaching(*steps: Step, words: WordsChoice = "normal", teach: bool = False) -> Coach:
    return Coach(Routine(title="A morning", steps=steps), words=words, teach=teach)


def run(coach: Coach | CameraPlacement, shots: Iterable[Shot]) -> list[View]:
    return [coach.update(shot.pose, shot.t_s) for shot in shots]


def told(views: Iterable[View]) -> list[Event]:
    return [event for view in views for event in view.events]


def texts(views: Iterable[View], kind: str) -> list[str]:
    return [event.text for event in told(views) if event.kind == kind]


def lying(stance: Stance, lasts_s: float, start_s: float = 0.0) -> list[Shot]:
    return film(stance, [(lasts_s, stance)], FPS, start_s=start_s)


# -- one sentence at a time ----------------------------------------------------------------------------


def test_a_step_is_asked_for_in_short_sentences_with_its_own_hint() -> None:
    step = Step(exercise="lumbar_rotation", reps=6, say="Small and slow, three times to each side")
    views = run(coaching(step), lying(CROOK, 12))
    said = [(event.kind, event.text) for event in told(views)]
    assert [kind for kind, _ in said] == ["announce", "ready", "hint"]
    assert said[2][1] == "Small and slow, three times to each side"
    assert all(spoken_s(text) < 5 for _, text in said)
    assert said[1][1] == views[-1].instruction


def test_how_to_lie_is_said_to_whoever_does_not_lie_so() -> None:
    views = run(coaching(KNEE), film(CROOK, [(6, CROOK)], FPS, posture="prone"))
    first = next(event for event in told(views) if event.kind == "waiting")
    assert first.text == phrases.LIE["supine"]
    assert first.t_s < 5
    assert not texts(run(coaching(KNEE), lying(CROOK, 6)), "waiting")


def test_how_to_lie_is_heard_soon_after_praise_and_a_title() -> None:
    """What comes before it may take longer than a reminder is of use."""
    knees = Step(exercise="double_knees_to_chest", hold_s=8)
    moves = [(6, CROOK), *repeat(CROOK, BOTH, 8.5), (15, CROOK)]
    views = run(coaching(knees, Step(exercise="press_up", hold_s=2)), film(CROOK, moves, FPS))
    heard = heard_in_full(views)
    said = [one.text for one in heard if one.text]
    place = said.index("Press-up")
    assert said[place - 1] == "Well done. Both knees to chest is complete"
    assert said[place + 1] == phrases.LIE["prone"]
    asked_s, lie_s = (next(u.t_s for u in heard if u.text == text) for text in said[place : place + 2])
    assert lie_s - asked_s < 4


def test_the_caption_is_what_is_spoken_and_ends_with_it() -> None:
    captions, queue = Captions(), UtteranceQueue()
    coach, spoken, shown = coaching(KNEE), list[tuple[float, str]](), list[tuple[float, str]]()
    last = ""
    for shot in lying(CROOK, 15):
        view = coach.update(shot.pose, shot.t_s)
        utterance = queue.update(view.events, view.t_s, view.phase in ("moving", "hold"))
        if utterance is not None:
            spoken.append((view.t_s, utterance.text))
        caption = captions.add(view).caption
        if caption and caption != last:
            shown.append((view.t_s, caption))
        last = caption
    assert shown == spoken
    assert len(shown) == 3
    assert last == ""


@pytest.mark.parametrize(("words", "most"), [("few", 13), ("normal", 17), ("many", 40)])
def test_fewer_words_are_fewer_and_the_release_is_always_among_them(words: WordsChoice, most: int) -> None:
    step = Step(exercise="knee_to_chest", side="left", hold_s=20, reps=2, say="Stay at a gentle pull")
    views = run(coaching(step, words=words), film(CROOK, [(9, CROOK), *repeat(CROOK, LEFT, 21, 2, 4)], FPS))
    said = [event.text for event in told(views) if event.text]
    assert len(said) <= most
    assert said.count("Done. Release slowly") == 2
    assert "Stay at a gentle pull" in said


# -- no cue before the request -------------------------------------------------------------------------


def test_nobody_is_corrected_before_the_move_was_asked_for_and_there_was_time_to_begin() -> None:
    coach = coaching(Step(exercise="fetal", side="right", hold_s=10, say="Let your back round softly"))
    views = run(coach, film(ON_THE_SIDE, [(25, ON_THE_SIDE)], FPS, posture="right_side"))
    asked = next(event for event in told(views) if event.kind == "ready")
    cue = next(event for event in told(views) if event.kind == "cue")
    assert cue.t_s > asked.t_s + spoken_s(asked.text) + 5
    assert all(view.cue is None for view in views if view.t_s < cue.t_s)


def test_whoever_is_on_the_way_is_not_told_to_begin() -> None:
    coach = coaching(Step(exercise="fetal", side="right", hold_s=10))
    way: list[tuple[float, Stance]] = [(9, ON_THE_SIDE), (5, CURLED), (3, CURLED)]
    views = run(coach, film(ON_THE_SIDE, way, FPS, posture="right_side"))
    moving = [view for view in views if view.phase == "moving"]
    assert moving
    assert all(view.cue is None for view in moving)


def test_whoever_is_ahead_hears_how_to_stop_and_what_comes_before_what_to_change() -> None:
    shallow = CROOK.but(hip_left=77, knee_left=110)
    views = run(coaching(KNEE, teach=True), film(CROOK, [(1.5, CROOK), (1.5, shallow), (20, shallow)], FPS))
    said = [one.text for one in heard_in_full(views)]
    [to_stop], [title] = texts(views, "safety"), texts(views, "announce")
    assert said[:3] == [to_stop, title, texts(views, "cue")[0]]


def test_a_move_that_falls_short_is_corrected_however_early_it_was() -> None:
    shallow = CROOK.but(hip_left=77, knee_left=110)
    early: list[tuple[float, Stance]] = [(1.5, CROOK), (2.5, shallow), (4, shallow)]
    views = run(coaching(KNEE), film(CROOK, early, FPS))
    assert texts(views, "cue") == ["Draw the knee a little closer, only as far as is comfortable"]


# -- breath --------------------------------------------------------------------------------------------


def test_a_breathing_step_is_led_out_and_in_from_an_exhale_on() -> None:
    views = run(coaching(BREATHING), lying(CROOK, 41))
    breaths = [event for event in told(views) if event.kind == "breath"]
    assert [event.text for event in breaths[:3]] == [
        "Breathe slowly out",
        "Breathe slowly in",
        "Breathe slowly out",
    ]
    assert len(breaths) % 2 == 0
    assert all(3.8 <= b.t_s - a.t_s <= 6.2 for a, b in pairwise(breaths))
    times = [0.0, *(event.t_s for event in told(views))]
    assert max(b - a for a, b in pairwise(times)) < 12
    disc = [view.breath for view in views if breaths[0].t_s <= view.t_s < breaths[0].t_s + BREATH_S]
    assert min(one for one in disc if one is not None) < 0.1
    assert None not in disc


def test_another_pause_is_silent_and_without_a_disc() -> None:
    views = run(coaching(Step(pause_s=20, say="Roll over")), lying(CROOK, 19))
    assert [event.kind for event in told(views)] == ["announce"]
    assert {view.breath for view in views} == {None}


# -- stopping ------------------------------------------------------------------------------------------


def test_how_to_stop_is_said_first_and_only_where_it_is_wanted() -> None:
    for coach, taught in (
        (coaching(KNEE, teach=True), True),
        (coaching(KNEE), False),
        (coaching(KNEE, words="many"), True),
    ):
        first = told(run(coach, lying(CROOK, 1)))[0].text
        assert (first == phrases.HOW_TO_STOP) is taught


@pytest.mark.parametrize("begins_s", [0.5, 3.0, 8.0])
def test_how_to_stop_is_heard_in_full_before_the_first_hold_whenever_somebody_begins(begins_s: float) -> None:
    session = CameraPlacement(coaching(KNEE, teach=True), ["A morning, about 1 minute"], "supine")
    views = run(session, film(CROOK, [(begins_s, CROOK), (1.5, LEFT), (30, LEFT)], FPS))
    said = [one.text for one in heard_in_full(views)]
    assert said.count(phrases.HOW_TO_STOP) == 1
    assert said.index(phrases.HOW_TO_STOP) < said.index(phrases.IN_POSITION)
    assert phrases.SEEN_WELL not in said[said.index(phrases.IN_POSITION) :]


def test_how_to_stop_is_said_again_where_a_pause_cuts_it() -> None:
    coach = coaching(KNEE, teach=True)
    views = run(coach, lying(CROOK, 2))
    coach.toggle_pause()
    views += run(coach, lying(CROOK, 10, start_s=2.1))
    coach.toggle_pause()
    views += run(coach, lying(CROOK, 10, start_s=12.2))
    assert phrases.HOW_TO_STOP in [one.text for one in heard_in_full(views)]


def test_whoever_is_in_position_when_seen_well_is_not_told_to_begin() -> None:
    session = CameraPlacement(coaching(KNEE), ["A morning, about 1 minute"], "supine")
    heard = [one.text for one in heard_in_full(run(session, lying(LEFT, 14)))]
    assert phrases.IN_POSITION in heard
    assert phrases.SEEN_WELL not in heard[heard.index(phrases.IN_POSITION) :]


def test_what_could_not_be_judged_is_neither_done_nor_left_out() -> None:
    coach = coaching(KNEE, Step(exercise="pelvic_tilt", hold_s=2, reps=1))
    views = [coach.update(None, frame / 4) for frame in range(320)]
    assert coach.finished
    words = "2 of 2 went by the clock alone and could not be judged. Rest a moment, and get up slowly"
    assert texts(views, "done") == [words]


def test_what_ends_before_the_clock_has_led_to_its_end_is_not_said_to_have_gone_by_it() -> None:
    coach = coaching(KNEE, Step(exercise="pelvic_tilt", hold_s=2, reps=20))
    views = [coach.update(None, frame / 4) for frame in range(240)]
    assert views[-1].step == 2
    results = coach.finish()
    assert [tally.by_clock(result) for result in results] == [True, False]
    assert tally.counted(results, 2) == (
        "1 of 2 went by the clock alone and could not be judged. 1 of 2 could not be judged"
    )


def test_what_the_camera_never_judges_is_done_by_the_clock() -> None:
    coach = coaching(Step(exercise="pelvic_tilt", hold_s=2, reps=1))
    views = run(coach, lying(CROOK, 40))
    assert texts(views, "done") == ["1 of 1 done. Rest a moment, and get up slowly"]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (0.0, "1 of 1 done. Rest a moment, and get up slowly"),
        (
            0.3,
            "1 of 1 done. One thing for next time: Let your head rest on the pillow. "
            "Rest a moment, and get up slowly",
        ),
    ],
)
def test_the_last_words_say_what_was_done_and_one_thing_for_next_time(head: float, words: str) -> None:
    views = run(coaching(KNEE), film(CROOK, repeat(CROOK, LEFT.but(head=head), 9), FPS))
    assert texts(views, "done") == [words]
    assert views[-1].instruction == words


# -- the picture ---------------------------------------------------------------------------------------


def lost(coach: Coach, from_s: float, lasts_s: float) -> list[View]:
    """Frames without a picture, as the clock of a session gives them."""
    return [coach.update(None, from_s + frame / 4) for frame in range(round(lasts_s * 4))]


def test_a_lost_picture_is_said_at_once_and_the_count_goes_on_after_it() -> None:
    coach = coaching(Step(exercise="knee_to_chest", side="left", hold_s=4, reps=3))
    views = run(coach, film(CROOK, [*repeat(CROOK, LEFT, 5), (1, CROOK), (1.3, LEFT), (2, LEFT)], FPS))
    assert views[-1].phase == "hold"
    coach.picture("lost")
    gone = lost(coach, views[-1].t_s + 0.2, 5)
    assert [event.text for event in gone[0].events] == [f"{phrases.NO_PICTURE}. Let go gently"]
    assert "hold_done" not in [event.kind for event in told(gone)], "what is let go is not held"
    coach.picture("there")
    again = run(coach, film(CROOK, repeat(CROOK, LEFT, 5, 2, 3), FPS, start_s=gone[-1].t_s + 0.2))
    asked = [phrases.PICTURE_AGAIN, "Draw your left knee gently to your chest"]
    assert [event.text for event in again[0].events] == asked
    assert texts(again, "rep")[0].startswith("2 of 3")
    assert coach.finished
    (result,) = coach.finish()
    assert "short_hold" not in [fault.name for fault in result.faults]


def test_a_picture_that_is_back_in_a_pause_ends_no_pause() -> None:
    coach = coaching(Step(exercise="knee_to_chest", side="left", hold_s=4))
    views = run(coach, film(CROOK, [(4, CROOK)], FPS))
    coach.toggle_pause()
    coach.picture("lost")
    gone = lost(coach, views[-1].t_s + 0.2, 2)
    coach.picture("there")
    again = run(coach, film(CROOK, [(1, CROOK)], FPS, start_s=gone[-1].t_s + 0.2))
    assert texts(again, "picture_found") == [f"{phrases.PICTURE_THERE}. {phrases.BY_KEYS.paused}"]
    assert again[-1].phase == "paused"


def test_a_hold_ends_where_the_picture_began_to_stand_still() -> None:
    def held_s(still_s: float, pause_s: float = 0.0) -> float:
        coach = coaching(Step(exercise="knee_to_chest", side="left", hold_s=30))
        views = run(coach, film(CROOK, [(8 - pause_s, CROOK)], FPS))
        if pause_s:
            coach.toggle_pause()
            views = run(coach, film(CROOK, [(pause_s, CROOK)], FPS, start_s=views[-1].t_s + 1 / FPS))
            coach.toggle_pause()
        views = run(coach, film(CROOK, [(1.3, LEFT), (10, LEFT)], FPS, start_s=views[-1].t_s + 1 / FPS))
        assert views[-1].phase == "hold"
        coach.picture("lost", views[-1].t_s - still_s)
        lost(coach, views[-1].t_s + 0.2, 5)
        [position] = coach.finish()[0].positions
        return position.end_s - position.start_s

    assert held_s(3.0) == pytest.approx(held_s(0.0) - 3.0, abs=0.01)
    assert held_s(3.0, pause_s=2.0) == pytest.approx(held_s(3.0), abs=0.2), "the session's clock stood still"
    assert held_s(99.0) == 0.0


def test_time_is_kept_while_the_picture_is_lost_for_long() -> None:
    coach = coaching(Step(exercise="bridge", reps=4), KNEE)
    views = run(coach, lying(CROOK, 8))
    coach.picture("lost")
    gone = lost(coach, views[-1].t_s + 0.2, 50)
    assert "I have no picture" in texts(gone, "keeping_time")[0]
    assert texts(gone, "rep")[0].startswith("1 of 4")
    assert gone[-1].step == 2
    assert texts(gone, "picture_lost") == [phrases.NO_PICTURE], "it is said once"


def test_whoever_hears_nothing_of_the_picture_for_long_is_told_how_to_end_ever_more_seldom() -> None:
    coach = coaching(Step(exercise="spinal_twist", side="left", hold_s=120, reps=2))
    views = run(coach, lying(CROOK, 8))
    coach.picture("lost")
    gone = lost(coach, views[-1].t_s + 0.2, 120)
    still = phrases.BY_KEYS.still_no_picture
    again = [event.t_s - gone[0].t_s for event in told(gone) if event.text == still]
    assert 14 < again[0] < 20
    assert len(again) == 3
    assert again[2] - again[1] > again[1] - again[0] + 20
    coach.picture("there")
    found = run(coach, film(CROOK, [(30, CROOK)], FPS, start_s=gone[-1].t_s + 0.2))
    assert still not in texts(found, "unseen")


def heard_in_full(views: Iterable[View]) -> list[Utterance]:
    """What is heard to its end."""
    queue = UtteranceQueue()
    said = [queue.update(view.events, view.t_s, view.phase in ("moving", "hold")) for view in views]
    heard = [utterance for utterance in said if utterance is not None]
    return [one for one, after in zip(heard, [*heard[1:], None], strict=True) if not (after and after.cuts)]


@pytest.mark.parametrize("rate", [2.0, FPS])
@pytest.mark.parametrize("lost_s", [0.3, 1.8, 3.0])
def test_a_step_whose_picture_is_lost_as_it_is_explained_is_explained_before_it_is_counted(
    rate: float, lost_s: float
) -> None:
    """With few pictures a second the clock leads from the beginning."""
    bridge = Step(exercise="bridge", reps=4)
    coach = coaching(bridge)
    views = run(coach, film(CROOK, [(lost_s, CROOK)], rate))
    coach.picture("lost")
    views += lost(coach, views[-1].t_s + 0.2, 25)
    heard = heard_in_full(views)
    said = [utterance.text for utterance in heard if utterance.text]
    counted = next(place for place, one in enumerate(heard) if one.kind in ("in_position", "rep"))
    before = [utterance.text for utterance in heard[:counted]]
    assert "Bridge" in before
    assert phrases.move(CATALOGUE["bridge"], "both") in before
    assert said.index("Bridge") < said.index(phrases.move(CATALOGUE["bridge"], "both"))


def test_who_has_begun_when_the_picture_comes_back_is_not_asked_to_begin() -> None:
    raised = CROOK.but(pelvis=0.45)
    coach = coaching(Step(exercise="bridge", reps=4))
    views = run(coach, lying(CROOK, 4))
    coach.picture("lost")
    views += lost(coach, views[-1].t_s + 0.2, 2)
    coach.picture("there")
    moves = [(1.5, CROOK), *repeat(CROOK, raised, 2, 3)]
    views += run(coach, film(CROOK, moves, FPS, start_s=views[-1].t_s + 0.2))
    queue = UtteranceQueue()
    said = [queue.update(view.events, view.t_s, view.phase in ("moving", "hold")) for view in views]
    words = [one.text for one in said if one is not None and one.text]
    begun = words.index(phrases.IN_POSITION_REP)
    move = phrases.move(CATALOGUE["bridge"], "both")
    assert words.index(phrases.NO_PICTURE) < words.index(phrases.PICTURE_AGAIN) < begun
    assert not any(one in text for text in words[begun:] for one in ("Bridge", move, phrases.PICTURE_AGAIN))


def test_what_a_picture_that_is_back_cuts_is_said_after_it() -> None:
    coach = coaching(Step(exercise="bridge", reps=4))
    views = run(coach, lying(CROOK, 4))
    coach.picture("lost")
    views += lost(coach, views[-1].t_s + 0.2, 4)
    coach.picture("there")
    views += run(coach, lying(CROOK, 12, views[-1].t_s + 0.2))
    words = [one.text for one in heard_in_full(views)]
    back = words.index(phrases.PICTURE_AGAIN)
    assert words[back : back + 2] == [phrases.PICTURE_AGAIN, "Bridge"]
    assert words[back + 2 :].count(phrases.move(CATALOGUE["bridge"], "both")) == 1


def test_a_step_that_was_explained_is_not_explained_again_when_the_picture_is_lost() -> None:
    coach = coaching(Step(exercise="bridge", reps=4))
    views = run(coach, lying(CROOK, 12))
    coach.picture("lost")
    gone = lost(coach, views[-1].t_s + 0.2, 5)
    assert not {"announce", "ready"} & {event.kind for event in told(gone)}


def test_what_a_pause_between_exercises_is_for_is_said_again_when_a_lost_picture_cut_it() -> None:
    coach = coaching(Step(pause_s=20, say="Roll over onto your front"))
    views = run(coach, lying(CROOK, 1))
    coach.picture("lost")
    views += lost(coach, views[-1].t_s + 0.2, 8)
    said = [utterance.text for utterance in heard_in_full(views)]
    assert said[:2] == [phrases.NO_PICTURE, "Roll over onto your front"]


def test_nothing_is_explained_in_a_pause() -> None:
    coach = coaching(Step(exercise="bridge", reps=4))
    views = run(coach, lying(CROOK, 1))
    coach.toggle_pause()
    coach.picture("lost")
    gone = lost(coach, views[-1].t_s + 0.2, 5)
    assert "announce" not in [event.kind for event in told(gone)]


def test_what_is_not_lost_is_not_found() -> None:
    coach = coaching(KNEE)
    coach.picture("there")
    assert not texts(run(coach, lying(CROOK, 1)), "picture_found")


def test_a_cue_is_repeated_ever_more_seldom() -> None:
    memory = CueMemory()
    said = [second for second in range(200) if memory.due("knee", float(second))]
    gaps = [after - before for before, after in pairwise(said)]
    assert len(gaps) >= 3
    assert gaps[1:] == [2 * gap for gap in gaps[:-1]]
