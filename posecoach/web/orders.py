"""What a page may ask for over its WebSocket, each with its bounds; anything else is refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from posecoach.core.errors import InputError
from posecoach.core.translation import marked, tr

NOT_UNDERSTOOD = marked("The page sent something that is not understood: reload the page.")

_Name = Annotated[str, Field(max_length=100)]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Order):
    """The first message of a connection; `client` stays the same when a page is reloaded."""

    type: Literal["hello"]
    client: Annotated[str, Field(min_length=8, max_length=64)]


class Start(_Order):
    """Begin a session. `new_today` and `before` answer the questions of every session."""

    type: Literal["start"]
    kind: Literal["routine", "calibration", "practise"] = "routine"
    routine: _Name = ""
    only: Annotated[tuple[_Name, ...], Field(max_length=50)] = ()
    skip: Annotated[tuple[_Name, ...], Field(max_length=50)] = ()
    gentle: bool = False
    new_today: bool | None = None
    before: Annotated[int, Field(ge=0, le=10)] | None = None


class Join(_Order):
    """Go on with the session that is under way; `over` takes it from another page."""

    type: Literal["join"]
    over: bool = False


class Pause(_Order):
    """Pause, or go on."""

    type: Literal["pause"]
    on: bool


class Next(_Order):
    """Leave the step under way."""

    type: Literal["next"]


class Stop(_Order):
    """End the session."""

    type: Literal["stop"]


class Said(_Order):
    """The page has said an utterance; it took so many seconds."""

    type: Literal["said"]
    id: int
    seconds: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]


class Felt(_Order):
    """How it felt after the session, which had this number in the history, if it is there."""

    type: Literal["felt"]
    session: Annotated[int, Field(ge=1)] | None = None
    after: Annotated[int, Field(ge=0, le=10)] | None = None
    pain: bool | None = None


Order = Hello | Start | Join | Pause | Next | Stop | Said | Felt

_ORDERS: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="type")])


def parsed(text: str) -> Order:
    """What a message asks for; raises InputError."""
    try:
        return _ORDERS.validate_json(text)
    except (ValidationError, RecursionError) as error:
        raise InputError(tr(NOT_UNDERSTOOD)) from error
