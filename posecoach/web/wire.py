"""Values as the page gets them: plain JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from posecoach.assessment import notes
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.coaching import phrases, tally
from posecoach.coaching.plan import MOST_REPS, Routine, Step, exercises_in
from posecoach.coaching.utterances import TONE_S, Utterance
from posecoach.coaching.view import View
from posecoach.core import dates
from posecoach.core.choices import LONGEST_HOLD_S, SHORTEST_HOLD_S, SPEECH_RATES, VOLUMES
from posecoach.core.messages import minutes
from posecoach.core.observation import Observation
from posecoach.core.pose import Pose
from posecoach.core.translation import humanise, several, tr
from posecoach.feedback import patient_words, silhouette, tones
from posecoach.records.history import Done, Session
from posecoach.records.routine_files import LONGEST_NAME

Json = dict[str, Any]


def view(shown: View, seen: Observation, stamp_s: float) -> Json:
    """What a screen needs at one frame; `stamp_s` is that of the browser."""
    body = seen.pose
    return {
        "type": "view",
        "stamp": round(stamp_s * 1000, 3),
        "phase": shown.phase,
        "step": shown.step,
        "steps": shown.steps,
        "title": shown.title,
        "side": "" if shown.side == "both" else humanise(shown.side),
        "instruction": shown.instruction,
        "hold_s": round(shown.hold_s, 2),
        "hold_target_s": shown.hold_target_s,
        "reps": shown.reps,
        "reps_target": shown.reps_target,
        "cue": shown.cue,
        "not_seen": shown.not_seen,
        "breath": None if shown.breath is None else round(shown.breath, 3),
        "outline": shown.outline,
        "exercise": shown.exercise,
        "worked": shown.side,
        "release": _release(shown),
        "lit": shown.highlight,
        "ok": shown.highlight_ok,
        "body": None if body is None else points(body),
        "size": None if body is None else body.size,
        "turn": seen.rotation,
    }


def _release(shown: View) -> str:
    """How to leave the position that is held or approached, where that is seen: the page says it, in the
    language that is spoken, when it gets no more views."""
    held = shown.phase in ("moving", "hold") and not shown.not_seen and shown.exercise
    return CATALOGUE[shown.exercise].release if held else ""


def points(body: Pose) -> list[float]:
    """x, y and visibility of each landmark in turn, in pixels of the upright picture."""
    flat: list[float] = []
    for (x, y), seen in zip(body.image, body.visibility, strict=True):
        flat += (round(float(x), 1), round(float(y), 1), round(float(seen), 2))
    return flat


def utterance(said: Utterance, number: int) -> Json:
    """What is to be heard now, and written while it is heard."""
    return {
        "type": "say",
        "id": number,
        "kind": said.kind,
        "text": said.text,
        "tone": said.tone,
        "cuts": said.cuts,
    }


def step(one: Step) -> Json:
    """One step of a routine, with its dose in words."""
    exercise = CATALOGUE.get(one.exercise)
    return {
        "exercise": one.exercise,
        "title": tr(exercise.title) if exercise else tr(one.say),
        "summary": tr(exercise.summary) if exercise else "",
        "side": humanise(one.side) if one.side in ("left", "right") else "",
        "release": exercise.release if exercise else "",
        "dose": patient_words.dose(one),
    }


def routine(chosen: Routine, own: bool) -> Json:
    """A routine with its steps and about how long it takes."""
    return {
        "name": chosen.name,
        "title": phrases.routine_title(chosen.title),
        "source": tr(chosen.source),
        "about": phrases.about(chosen.estimated_s),
        "days": _days(chosen),
        "note": chosen.note,
        "own": own,
        "steps": [step(one) for one in chosen.steps],
    }


def _days(chosen: Routine) -> str:
    count = chosen.days_a_week
    return several("{count} day a week", "{count} days a week", count) if count else ""


def results(found: Iterable[Result], of: notes.Page = "session") -> list[Json]:
    """The results of a session, or `of` a video, in everyday words, one for each step."""
    return [_result(result, of) for result in found]


def _result(result: Result, of: notes.Page = "session") -> Json:
    exercise = CATALOGUE.get(result.exercise or "")
    faults = dict.fromkeys((fault.name, fault.side) for fault in result.faults)
    return {
        "title": tr(exercise.title) if exercise else humanise(result.exercise or ""),
        "side": humanise(result.side) if result.side in ("left", "right") else "",
        "verdict": patient_words.verdict(result),
        "kind": patient_words.kind(result),
        "cues": [phrases.cue(exercise, name, side) for name, side in faults] if exercise else [],
        "notes": list(notes.sentences(result.notes, on_page=of)),
    }


def session(one: Session) -> Json:
    """A session of the history."""
    told = phrases.counted(one.done, 0, 0, one.steps)
    return {
        "id": one.id,
        "day": dates.short(one.day),
        "time": f"{one.started:%H:%M}",
        "title": phrases.routine_title(one.title),
        "counted": tr("cut off") if one.cut_off else phrases.in_brief(told, one.done, one.by_clock),
        "minutes": "–" if one.cut_off else minutes(one.duration_s),
        "before": one.before,
        "after": one.after,
        "exercises": [_done(done) for done in one.exercises],
    }


def _done(done: Done) -> Json:
    return _result(done.result) | {"dose": patient_words.dose(done.asked)}


def exercises() -> list[Json]:
    """Every exercise, for whoever builds a routine."""
    return [
        {
            "id": one.id,
            "title": tr(one.title),
            "summary": tr(one.summary),
            "hold_s": one.hold_s,
            "sided": one.sided,
        }
        for one in CATALOGUE.values()
    ]


def summary(found: Sequence[Result], steps: Sequence[Step]) -> Json:
    """How a session of these steps went, in a sentence, and the one thing for the next time."""
    return {
        "text": tally.last_words(found, exercises_in(steps)),
        "results": results(found),
        "worked": any(tally.done(one) or tally.by_clock(one) for one in found),
    }


def limits() -> Json:
    """What a person may choose at the least and at the most."""
    return {
        "volume": VOLUMES,
        "rate": SPEECH_RATES,
        "hold_s": (SHORTEST_HOLD_S, LONGEST_HOLD_S),
        "reps": (1, MOST_REPS),
        "name": LONGEST_NAME,
    }


def silhouettes() -> Json:
    """The lying figures: by posture, lines as a thickness and points; where the head is."""
    figures: Json = dict(silhouette.FIGURES.items())
    return figures | {"head": silhouette.HEAD}


def notes_of_tones() -> Json:
    """The notes of each tone, as they are heard everywhere else."""
    return {name: {"seconds": TONE_S[name], "notes": notes} for name, notes in tones.NOTES.items()}
