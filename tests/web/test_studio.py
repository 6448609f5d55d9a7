"""Who gets the session when several pages ask at once."""

import asyncio
from dataclasses import dataclass

import pytest

from posecoach.core.errors import InputError
from posecoach.web.orders import Start
from tests.support.browser import Server, answered


@dataclass
class Holder:
    """A page's connection."""

    client: str

    async def displaced(self) -> None: ...


@pytest.mark.parametrize("client", ["another page", "a page of its own"])
def test_of_two_that_begin_at_once_one_gets_the_session(client: str) -> None:
    answered()
    server = Server()
    order = Start(type="start", routine="demo", new_today=False)

    async def run() -> list[object]:
        begun = [server.studio.begin(order, Holder(one)) for one in ("a page of its own", client)]
        came = await asyncio.gather(*begun, return_exceptions=True)
        await server.studio.close()
        return list(came)

    first, second = asyncio.run(run())
    assert isinstance(first, dict)
    assert isinstance(second, InputError)
    assert [eyes.closed for eyes in server.opened] == [True]
