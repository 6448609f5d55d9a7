"""Who should not start, and what answers lead to: questions in plain words, and advice. Never a diagnosis.

Arithmetic on answers, numbers and days. `cli/commands/questions.py` and the page of `web/` ask,
`records/safety_answers.py` keeps.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean

from posecoach.core.translation import marked, tr

#: After so many days the questions of the first session are asked again.
ASKED_AGAIN_DAYS = 90
#: From this number on, of 10, pain is severe, and nobody stretches with severe pain.
SEVERE = 7

_RECENT = 3  # sessions that "lately" means
_OFTEN = 2  # of those with pain are too many
_WORSE = 2  # points by which a number has to rise to say something: people waver by one
_LASTS = 4  # a number from which on it is pain, rather than stiffness
_LASTS_DAYS = 21  # pain that stays for so long is to be looked at


@dataclass(frozen=True)
class Group:
    """Signs that speak against a session, asked about in one question.

    cleared  what is asked when a sign is there: a yes to it allows the session; empty: nothing does
    advice   said instead of a session
    gently   said when the session is allowed all the same
    """

    key: str
    signs: tuple[str, ...]
    advice: str
    cleared: str = ""
    gently: str = ""


GROUPS: tuple[Group, ...] = (
    Group(
        "see_a_doctor_now",
        (
            marked("sudden, new or severe back pain"),
            marked("a fever"),
            marked("weight lost for no reason that you know"),
            marked("a change in how your bladder or bowels work"),
        ),
        marked("Please be seen by a doctor now, and do not stretch before. There is no session today."),
    ),
    Group(
        "have_it_looked_at",
        (
            marked("sharp or shooting pain down a leg"),
            marked("numbness, tingling or weakness in a leg or foot"),
        ),
        marked(
            "Please have a doctor or physical therapist look at this first. There is no session until then."
        ),
        cleared=marked(
            "Has a doctor or physical therapist looked at this, and said that gentle stretches are fine?"
        ),
        gently=marked("Then start gently, and stop at once if it comes back or grows."),
    ),
    Group(
        "ask_first",
        (
            marked("an injury or an operation not long ago"),
            marked(
                "a known condition of the spine, such as a herniated (slipped) disc, spinal stenosis (a "
                "narrow canal) or spondylolisthesis (a slipped vertebra)"
            ),
            marked("back pain that you have had for a long time"),
            marked("pain that stays or grows over weeks"),
        ),
        marked(
            "Please ask a doctor or physical therapist first whether these stretches are right for you, and "
            "then start gently. There is no session until then."
        ),
        cleared=marked(
            "Have you asked a doctor or physical therapist, who said that gentle stretches are fine?"
        ),
        gently=marked("Then start gently: small moves, and less than you could."),
    ),
)

QUESTION = marked("Do you have any of these?")
TODAY = marked("Is anything new, severe or numb today?")
NOT_TODAY = marked(
    "Then no session today. If it is severe, or if anything is numb or weak, please be seen by a doctor now; "
    "otherwise ask one before the next session."
)
SEVERE_NOW = marked(
    "That is a lot. Please do not stretch with pain like this, and be seen by a doctor now. There is no "
    "session today."
)
STOP = marked(
    "Stop at once at any sharp, shooting or growing pain, or at new numbness, tingling or weakness: at any "
    "time, without finishing anything."
)
BEFORE = marked("How much does your back hurt now? 0 is not at all, 10 the worst there is.")
AFTER = marked("And how much does it hurt now?")
PAIN = marked("Did any pain come during the session?")
BY_ITSELF = marked("posecoach does not know your back, and this is no diagnosis.")

SEVERE_AFTER = marked(
    "That is a lot of pain. Please rest, do not stretch with it again, and be seen by a doctor now."
)
OFTEN = marked(
    "Pain came in several of your last sessions: please show this to a doctor or physical therapist before "
    "the next one."
)
GREW = marked(
    "It hurts more than before the session: rest now, and if it stays like that, ask a doctor or physical "
    "therapist before the next one."
)
CAME = marked(
    "Some pain came during the session: rest now. Next time choose a gentle session, go less far, and stop "
    "as soon as it comes; if it stays, ask a doctor or physical therapist first."
)
GROWING = marked(
    "Your numbers have been growing over the last sessions: please have a doctor or physical therapist look "
    "at it before you go on."
)
LASTING = marked(
    "The pain has stayed for weeks: please have a doctor or physical therapist look at it, and ask whether "
    "these stretches are right for you."
)


def against(yes: Collection[str], cleared: Collection[str]) -> tuple[Group, ...]:
    """The groups that speak against a session: `yes` names those with a sign, `cleared` those that a
    professional has looked at, which counts only where a group asks for it."""
    return tuple(one for one in GROUPS if one.key in yes and not (one.cleared and one.key in cleared))


def allowed(yes: Collection[str], cleared: Collection[str]) -> bool:
    """Whether a session may begin, as `against` has it."""
    return not against(yes, cleared)


def still_open(yes: Collection[str], cleared: Collection[str]) -> tuple[Group, ...]:
    """The groups to be asked about before a session: from the first that speaks against one on, for there
    the asking ended, so that nothing is known of those behind it."""
    refused = against(yes, cleared)
    return GROUPS[GROUPS.index(refused[0]) :] if refused else ()


def due(answered: date, today: date) -> bool:
    """Whether the questions are to be asked again; also where the clock says that they were answered later
    than today."""
    return not timedelta(0) <= today - answered < timedelta(days=ASKED_AGAIN_DAYS)


@dataclass(frozen=True)
class Feeling:
    """How one session felt: numbers from 0 (no pain) to 10 before and after, and whether pain came; None
    where nothing was said."""

    day: date
    before: int | None = None
    after: int | None = None
    pain: bool | None = None


def advice(felt: Sequence[Feeling]) -> str | None:
    """What to say after the last of these sessions, the oldest first; None where there is nothing."""
    told = _advice(felt)
    return None if told is None else tr(told)


def _advice(felt: Sequence[Feeling]) -> str | None:
    if not felt:
        return None
    last = felt[-1]
    if last.after is not None and last.after >= SEVERE:
        return SEVERE_AFTER
    if last.pain and sum(one.pain is True for one in felt[-_RECENT:]) >= _OFTEN:
        return OFTEN
    if last.before is not None and last.after is not None and last.after - last.before >= _WORSE:
        return GREW
    if _growing([one.before for one in felt if one.before is not None]):
        return GROWING
    if _lasting(felt):
        return LASTING
    return CAME if last.pain else None


def _growing(numbers: Sequence[int]) -> bool:
    """Higher with each of the last sessions, or clearly higher than in those before them."""
    recent, earlier = numbers[-_RECENT:], numbers[-2 * _RECENT : -_RECENT]
    if len(recent) < _RECENT or recent[-1] == 0:
        return False
    rising = all(b > a for a, b in pairwise(recent)) and recent[-1] - recent[0] >= _WORSE
    return rising or (len(earlier) == _RECENT and fmean(recent) - fmean(earlier) >= _WORSE)


def _lasting(felt: Sequence[Feeling]) -> bool:
    """Pain in every session of the last weeks."""
    last = felt[-1].day
    lately = [one for one in felt if one.day >= last - timedelta(days=_LASTS_DAYS)]
    earlier = [one for one in felt if one.day <= last - timedelta(days=_LASTS_DAYS)]
    numbers = [one.before for one in (*earlier[-1:], *lately) if one.before is not None]
    return bool(earlier) and len(numbers) >= _RECENT and min(numbers) >= _LASTS
