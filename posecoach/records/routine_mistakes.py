"""What may be in a routine file, and all that is wrong in one: a sentence each, with its line and step."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.plan import MOST_REPS
from posecoach.coaching.targets import wrong_limits
from posecoach.core.choices import LONGEST_HOLD_S, SHORTEST_HOLD_S
from posecoach.core.messages import cut, did_you_mean, printable, quoted
from posecoach.core.translation import marked, tr

#: Words that are shown and spoken: on one line, and nothing that a terminal would obey.
_Words = Annotated[str, AfterValidator(lambda text: printable(" ".join(text.split())))]


class StepTable(BaseModel):
    """A `[[steps]]` table, in which much may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exercise: str = ""
    pause_s: float = Field(default=0, ge=0, le=600, strict=True)
    side: Literal["left", "right", "both", "each"] = "both"
    hold_s: float = Field(default=0, ge=0, le=LONGEST_HOLD_S, strict=True)
    reps: int = Field(default=1, ge=1, le=MOST_REPS, strict=True)
    limits: dict[str, Annotated[FiniteFloat, Field(strict=True)]] = {}
    say: _Words = ""
    breathe: bool = Field(default=False, strict=True)


class RoutineTable(BaseModel):
    """A whole routine file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Words = ""  # of files of version 0.1.0, and no longer used: a routine has the name of its file
    title: _Words
    source: _Words = ""
    days_a_week: int = Field(default=0, ge=1, le=7, strict=True)
    note: _Words = ""
    steps: tuple[StepTable, ...] = Field(min_length=1)


_NO_TEXT = marked("{key} must be a text in quotes, but got {got}")
_NO_WHOLE_NUMBER = marked("{key} must be a whole number from {least} to {most}, but got {got}")
_NO_NUMBER = marked("{key} must be a number from {least} to {most}, but got {got}")

#: What is said where a key holds something else than it may; keys that are not here hold texts.
_HOLDS_NO: Mapping[str, str] = {
    "days_a_week": _NO_WHOLE_NUMBER,
    "reps": _NO_WHOLE_NUMBER,
    "pause_s": _NO_NUMBER,
    "hold_s": _NO_NUMBER,
    "steps": marked("{key} must be a list of steps, but got {got}"),
    "side": marked("{key} must be 'left', 'right', 'both' or 'each', but got {got}"),
    "limits": marked("{key} must be a table of limits and their values, but got {got}"),
    "breathe": marked("{key} must be true or false, but got {got}"),
}


@dataclass(frozen=True)
class _Mistake:
    """What is wrong, in words without a full stop, in which step (from 0) and at which key, if in any."""

    told: str
    step: int | None = None
    key: str = ""

    def sentence(self, line: int | None) -> str:
        """The mistake with its place, as people count lines and steps: from 1."""
        number = None if self.step is None else self.step + 1
        if line is None and number is None:
            return f"{self.told}."
        if line is None:
            return tr("Step {number}: {wrong}.", number=number, wrong=self.told)
        if number is None:
            return tr("Line {line}: {wrong}.", line=line, wrong=self.told)
        return tr("Line {line}, step {number}: {wrong}.", line=line, number=number, wrong=self.told)


def mistakes(data: Mapping[str, Any], text: str) -> list[str]:
    """All that is wrong in the `data` of a routine file with this `text`, a sentence each, by lines."""
    places = _Places(text)
    found = [(places.line_of(one) or 0, -1 if one.step is None else one.step, one) for one in _all(data)]
    return [one.sentence(line or None) for line, _, one in sorted(found, key=lambda placed: placed[:2])]


def _all(data: Mapping[str, Any]) -> Iterator[_Mistake]:
    try:
        RoutineTable.model_validate(data)
    except ValidationError as error:
        yield from _of_schema(error)
    steps = data.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        try:
            known = StepTable.model_validate(step)
        except ValidationError as error:
            rest = _without(step, error)
            if rest is None:
                continue  # what is wrong in it is among the above already
            known = rest
        for key, told in _of_exercise(known):
            yield _Mistake(told, index, key)


def _without(step: object, error: ValidationError) -> StepTable | None:
    """The step without the keys that `error` names; None where too little is left to tell more of it."""
    bad = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
    if not isinstance(step, dict) or not bad or "exercise" not in step.keys() - bad:
        return None
    return StepTable.model_validate({key: value for key, value in step.items() if key not in bad})


def _of_schema(error: ValidationError) -> Iterator[_Mistake]:
    """Keys that are missing, not known, or hold something else than they may."""
    for detail in error.errors(include_url=False):
        location, step = list(detail["loc"]), None
        if len(location) > 1 and isinstance(location[1], int):
            step, location = location[1], location[2:]
        # Steps with a mistake do not count as steps there: that none is left is no mistake of its own.
        if detail["type"] != "too_short" or not detail["input"]:
            key = str(location[0]) if location else ""
            yield _Mistake(_told(detail["type"], step is not None, location, detail["input"]), step, key)


def _told(kind: str, in_step: bool, location: Sequence[int | str], value: object) -> str:
    key, model = ".".join(cut(str(part)) for part in location), StepTable if in_step else RoutineTable
    if kind == "extra_forbidden":
        hint = did_you_mean(str(location[-1]), model.model_fields, translated=True)
        return tr("{key} is not a known key{hint}", key=key, hint=hint)
    if kind == "missing":
        return tr("{key} is missing", key=key)
    if kind == "too_short":
        return tr("{key} must list at least one step", key=key)
    if not in_step and key == "steps" and isinstance(value, dict):
        return tr("steps must be a list of steps: write [[steps]] with two brackets")
    got = str(value).lower() if isinstance(value, bool) else quoted(value)
    if not location:
        return tr("A step must be a table of keys and values, but got {got}", got=got)
    if len(location) > 1:
        return tr("{key} must be a number, but got {got}", key=key, got=got)
    bounds = model.model_fields[key].metadata
    least = next((bound.ge for bound in bounds if hasattr(bound, "ge")), "")
    most = next((bound.le for bound in bounds if hasattr(bound, "le")), "")
    return tr(_HOLDS_NO.get(key, _NO_TEXT), key=key, least=least, most=most, got=got)


def _of_exercise(step: StepTable) -> Iterator[tuple[str, str]]:
    """What is wrong in a step that is well-formed, by its key: what its exercise does not allow."""
    if not step.exercise:
        if step.pause_s and not step.say:
            yield "say", tr("say is missing: what the coach says in the pause")
        elif not step.pause_s or step.model_fields_set - {"pause_s", "say", "breathe"}:
            yield "", tr("A step must have an 'exercise', or else just 'pause_s' and 'say'")
        return
    if step.breathe:
        yield "breathe", tr("breathe is for steps without an exercise: the breath is led in every hold")
    if step.pause_s:
        yield "pause_s", tr("pause_s is for steps without an exercise: leave one of the two out")
    exercise = CATALOGUE.get(step.exercise)
    if exercise is None:
        told = tr(
            "exercise must be the name of an exercise, such as 'bridge', but got {got}{hint}",
            got=quoted(step.exercise),
            hint=did_you_mean(step.exercise, CATALOGUE, translated=True),
        )
        yield "exercise", told
        return
    if 0 < step.hold_s < SHORTEST_HOLD_S:
        told = tr(
            "hold_s must be at least {least}, or 0 for repetitions alone, but got {got}",
            least=SHORTEST_HOLD_S,
            got=quoted(step.hold_s),
        )
        yield "hold_s", told
    for wrong in wrong_limits(exercise, step.limits, "limits"):
        yield "limits", wrong
    if "side" in step.model_fields_set and exercise.sided == (step.side == "both"):
        sided = marked("side must be 'left', 'right' or 'each' for {exercise}, but got '{got}'")
        both = marked("side must be 'both', or left out, for {exercise}, but got '{got}'")
        yield "side", tr(sided if exercise.sided else both, exercise=step.exercise, got=step.side)


class _Places:
    """Where the steps and keys of a routine file stand; TOML's reader does not say."""

    def __init__(self, text: str) -> None:
        self._text = text = _STRINGS.sub(lambda found: re.sub(r"[^\n]", "#", found.group()), text)
        headers = [found.start() for found in re.finditer(r"^[ \t]*\[\[\s*steps\s*\]\]", text, re.MULTILINE)]
        self._steps = list(pairwise([*headers, len(text)])) or list(_in_line(text))
        self._top_end = headers[0] if headers else len(text)

    def line_of(self, mistake: _Mistake) -> int | None:
        """The line (from 1) of a mistake, or of the step that it is in; None where it is not clear."""
        if mistake.step is None:
            begin, end, found = 0, self._top_end, None
        elif mistake.step < len(self._steps):
            begin, end = self._steps[mistake.step]
            found = begin + len(self._text[begin:end]) - len(self._text[begin:end].lstrip())
        else:
            return None
        if mistake.key:
            key = re.escape(mistake.key)
            named = re.compile(rf"(?:^|[{{,])\s*(?:\[\s*(?:steps\s*\.\s*)?)?({key})\s*[.=\]]", re.MULTILINE)
            at = named.search(self._text, begin, end)
            found = at.start(1) if at is not None else found
        return None if found is None else self._text.count("\n", 0, found) + 1


#: The strings and comments of TOML, which may hold what looks like a key or a bracket.
_STRINGS = re.compile(
    r'"""(?:\\.|[^\\])*?"""+|\'\'\'.*?\'\'\'+|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)


def _in_line(text: str) -> Iterable[tuple[int, int]]:
    """From where to where each table of a list such as `steps = [{...}, {...}]` stands, in a text without
    strings and comments."""
    begins = re.search(r"^[ \t]*steps\s*=\s*\[", text, re.MULTILINE)
    if begins is None:
        return
    open_brackets, since = 1, 0
    for token in re.compile(r"[\[\]{}]").finditer(text, begins.end()):
        sign = token.group()
        if sign in ("[", "{"):
            since = token.start() if open_brackets == 1 else since
            open_brackets += 1
        elif sign in ("]", "}"):
            open_brackets -= 1
            if open_brackets == 1:
                yield since, token.end()
            elif not open_brackets:
                return
