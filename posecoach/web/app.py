"""The routes of the server: the page, what it asks for, and its WebSocket."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import FastAPI, Query, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field

from posecoach.coaching.plan import MOST_REPS, MOST_STEPS
from posecoach.core import language, translation
from posecoach.core.choices import (
    LONGEST_HOLD_S,
    SPEECH_RATES,
    VOLUMES,
    OneSide,
    RotationChoice,
    SoundChoice,
    WordsChoice,
)
from posecoach.core.errors import PosecoachError
from posecoach.core.language import LanguageChoice
from posecoach.core.messages import sentence
from posecoach.core.types import Side
from posecoach.records import history
from posecoach.web import kept, orders, pages, routines, sentences, wire
from posecoach.web.access import CLIPS, LARGEST_CLIP
from posecoach.web.clips import Asked, Clips
from posecoach.web.line import Lines
from posecoach.web.sentences import STATIC
from posecoach.web.studio import Studio
from posecoach.web.wire import Json

_Name = Annotated[str, Field(max_length=100)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Answers(_Body):
    asked: tuple[_Name, ...]
    yes: tuple[_Name, ...] = ()
    cleared: tuple[_Name, ...] = ()


class _Choices(_Body):
    language: LanguageChoice | None = None
    sound: SoundChoice | None = None
    volume: Annotated[int, Field(ge=VOLUMES[0], le=VOLUMES[1])] | None = None
    rate: Annotated[int, Field(ge=SPEECH_RATES[0], le=SPEECH_RATES[1])] | None = None
    mirror: bool | None = None
    words: WordsChoice | None = None


class _Step(_Body):
    exercise: _Name
    side: Literal["left", "right", "each", "both"] | None = None
    hold_s: Annotated[float, Field(ge=0, le=LONGEST_HOLD_S)] | None = None
    reps: Annotated[int, Field(ge=1, le=MOST_REPS)] | None = None


class _Routine(_Body):
    title: _Name
    steps: Annotated[tuple[_Step, ...], Field(min_length=1, max_length=MOST_STEPS)]


class _Sent(_Body):
    """A routine that somebody sent: a file with its name, or a link."""

    name: _Name = ""
    content: Annotated[str, Field(max_length=routines.LARGEST)] = ""
    link: Annotated[str, Field(max_length=routines.LARGEST)] = ""


class _TakenUp(_Body):
    name: _Name
    content: Annotated[str, Field(max_length=routines.LARGEST)]
    replace: bool = False


class _Forget(_Body):
    sessions: Annotated[tuple[int, ...], Field(max_length=1000)] = ()
    everything: bool = False


def create(studio: Studio, clips: Clips, phone: Callable[[], Json | None] = lambda: None) -> FastAPI:
    """The application; `phone` gives the address for a phone, with its QR code, or None."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        clips.close()
        await studio.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.add_exception_handler(PosecoachError, _told)
    app.add_exception_handler(RequestValidationError, _not_understood)
    _page(app)
    _person(app, studio, phone)
    _exercises(app)
    _routines(app)
    _records(app)
    _clips(app, clips)
    lines = Lines(studio)

    @app.websocket("/line")
    async def line(socket: WebSocket) -> None:
        await lines.serve(socket)

    @app.get("/api/session")
    def under_way() -> Json | None:
        return studio.status("")

    @app.get("/api/words/{number}")
    async def words(number: int) -> Response:
        return await pages.words(studio, number)

    @app.get("/api/words")
    async def own_words(text: Annotated[str, Query(max_length=300)]) -> Response:
        return await pages.own_words(text)

    return app


async def _told(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"problem": sentence(error)}, 422)


async def _not_understood(_: Request, __: Exception) -> JSONResponse:
    # Without what was sent: not all of it can be written as JSON again, such as NaN or half a character.
    return JSONResponse({"problem": translation.tr(orders.NOT_UNDERSTOOD)}, 422)


def _page(app: FastAPI) -> None:
    """The page itself and its files."""

    @app.get("/")
    def index() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    @app.get("/favicon.ico")
    def icon() -> FileResponse:
        """Browsers ask for it where a page, such as a refusal, names no icon of its own."""
        return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")

    @app.get("/worker.js")
    def worker() -> FileResponse:
        return FileResponse(STATIC / "worker.js", headers={"Service-Worker-Allowed": "/"})

    app.mount("/static", StaticFiles(directory=STATIC))


def _person(app: FastAPI, studio: Studio, phone: Callable[[], Json | None]) -> None:
    """Choices and safety."""

    @app.get("/api/state")
    def state(request: Request) -> Json:
        if studio.status("") is None:  # the language stays the same through a session
            names = request.headers.get("accept-language", "").split(",")
            studio.browser = language.first_known(name.partition(";")[0] for name in names) or ""
            kept.speak(studio.browser)
        return {
            "language": translation.language(),
            "languages": list(language.OWN_NAMES.items()),
            "sentences": sentences.translated(),
            "settings": kept.chosen().model_dump(
                include={"language", "sound", "volume", "rate", "mirror", "words", "routine"}
            ),
            "safety": kept.questions(),
            "tones": wire.notes_of_tones(),
            "limits": wire.limits() | {"clip": LARGEST_CLIP, "routine": routines.LARGEST},
            "new": history.is_new(),
            "phone": phone(),
        }

    @app.post("/api/settings")
    def choose(request: Request, given: _Choices) -> Json:
        kept.choose(given.model_dump(exclude_none=True))
        return state(request)

    @app.post("/api/answers")
    def answers(given: _Answers) -> Json:
        return kept.answer(given.asked, given.yes, given.cleared)


def _exercises(app: FastAPI) -> None:
    """What the page shows of the exercises."""

    @app.get("/api/figure/{exercise}.svg")
    def figure(
        exercise: str, side: Side = "both", moving: bool = False, head_left: bool | None = None
    ) -> Response:
        return pages.figure(exercise, side, moving, head_left)

    @app.get("/api/silhouettes")
    def silhouettes() -> Json:
        return wire.silhouettes()

    @app.get("/api/exercises")
    def exercises() -> list[Json]:
        return wire.exercises()


def _routines(app: FastAPI) -> None:
    """Routines: built, handed over, taken up, removed."""

    @app.get("/api/routines")
    def known() -> list[Json]:
        return routines.known()

    @app.post("/api/routines")
    def build(given: _Routine) -> Json:
        return routines.build(given.title, [step.model_dump(exclude_none=True) for step in given.steps])

    @app.delete("/api/routines/{name}")
    def remove(name: str) -> Json:
        routines.remove(name)
        return {}

    @app.get("/api/routines/{name}.toml")
    def file_of(name: str) -> Response:
        content = routines.text(name)
        # Headers are Latin-1, and names of any script.
        headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}.toml"}
        return Response(content, media_type="application/toml", headers=headers)

    @app.get("/api/routines/{name}/link")
    def link_of(name: str) -> Json:
        return {"part": routines.packed(name)}

    @app.post("/api/offered")
    def offered(given: _Sent) -> Json:
        name, content = routines.unpacked(given.link) if given.link else (given.name, given.content)
        return {"name": name, "content": content, "routine": routines.offered(name, content)}

    @app.post("/api/offered/kept")
    def take_up(given: _TakenUp) -> Json:
        return routines.take_up(given.name, given.content, given.replace)


def _clips(app: FastAPI, clips: Clips) -> None:
    """Recorded clips, and what a therapist is shown."""

    @app.post(CLIPS)
    async def take(
        request: Request,
        exercise: str = "",
        side: OneSide | None = None,
        rotate: RotationChoice = "auto",
        name: str = "clip",
    ) -> Json:
        await clips.take(request.stream(), Asked(exercise or None, side, rotate), name)
        return {}

    @app.get(CLIPS)
    def found() -> Json:
        return clips.state

    @app.get("/accuracy")
    def accuracy() -> Response:
        return pages.accuracy()


def _records(app: FastAPI) -> None:
    """What was done, and forgetting it."""

    @app.get("/api/sessions")
    def sessions() -> Json:
        return kept.sessions()

    @app.post("/api/forget")
    def forget(given: _Forget) -> Json:
        if given.everything:
            kept.forget_all()
        elif given.sessions:
            kept.forget(given.sessions)
        return {}

    @app.get("/report/{number}")
    def report(number: int) -> Response:
        return pages.report(number)

    @app.get("/api/limits")
    def limits() -> list[Json]:
        return kept.ranges()

    @app.delete("/api/limits")
    def forget_limits() -> Json:
        kept.forget_ranges()
        return {}
