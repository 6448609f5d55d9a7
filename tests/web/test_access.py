"""Who may talk to the server, and how little the others get."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from posecoach.web.access import LARGEST_BODY, new_code
from tests.support.browser import LINE, Clock, Server

CODE = "ABCDEFGH2345"


@pytest.fixture
def client() -> TestClient:
    return Server().client


@pytest.fixture
def paired() -> tuple[TestClient, Clock]:
    server = Server(code=CODE)
    server.client.base_url = server.client.base_url.copy_with(scheme="https")
    server.client.headers["origin"] = "https://localhost:8765"
    return server.client, server.clock


def test_the_page_is_served_with_a_strict_policy(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy  # nothing from elsewhere
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "192.168.0.7:8765", "", "[::1", "a b"])
def test_another_name_for_this_machine_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/api/state", headers={"host": host})
    assert answer.status_code == 403
    assert answer.text == "Forbidden"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:9", "https://localhost:8765"]
)
def test_a_page_of_another_site_is_refused(client: TestClient, origin: str) -> None:
    assert client.post("/api/settings", json={}, headers={"origin": origin}).status_code == 403
    assert client.get("/api/sessions", headers={"origin": origin}).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(LINE, headers={"origin": origin}):
        pass


def test_what_changes_something_has_to_say_where_it_comes_from() -> None:
    client = Server().client
    del client.headers["origin"]
    assert client.post("/api/forget", json={"everything": True}).status_code == 403
    assert client.get("/api/routines").status_code == 200


def test_a_page_of_another_site_may_not_embed_what_is_read(client: TestClient) -> None:
    del client.headers["origin"]
    assert client.get("/api/sessions", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_no_folder_is_listed_and_nothing_outside_is_served(client: TestClient) -> None:
    for path in (
        "/static/",
        "/static/js",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/docs",
        "/openapi.json",
    ):
        assert client.get(path).status_code == 404


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    assert client.post("/api/settings", content=b" " * (LARGEST_BODY + 1)).status_code == 413


def test_a_body_that_hides_its_size_is_cut_off(client: TestClient) -> None:
    def endless() -> object:
        for _ in range(200):
            yield b" " * 1000

    answer = client.post("/api/settings", content=endless())  # type: ignore[arg-type]
    assert answer.status_code >= 400


@pytest.mark.parametrize(
    "path", ["/", "/static/app.css", "/api/state", "/pair/", "/pair/WRONGWRONG22", "/nothing"]
)
def test_without_the_code_there_is_403_and_nothing_else(paired: tuple[TestClient, Clock], path: str) -> None:
    client, _ = paired
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (403, "Forbidden")
    assert "set-cookie" not in answer.headers


def test_without_the_code_there_is_no_websocket(paired: tuple[TestClient, Clock]) -> None:
    client, _ = paired
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("wss://localhost:8765/line"):
        pass


def test_with_the_code_a_cookie_opens_everything_that_no_script_can_read(
    paired: tuple[TestClient, Clock],
) -> None:
    client, _ = paired
    cookie = client.get(f"/pair/{CODE.lower()}").headers["set-cookie"].lower()
    for part in ("httponly", "secure", "samesite=strict"):
        assert part in cookie
    assert CODE.lower() not in cookie
    assert client.get("/api/state").status_code == 200


def test_a_made_up_cookie_opens_nothing(paired: tuple[TestClient, Clock]) -> None:
    client, _ = paired
    assert client.get("/", headers={"cookie": f"posecoach={CODE}"}).status_code == 403


def test_guessing_is_slowed_down(paired: tuple[TestClient, Clock]) -> None:
    client, clock = paired
    for _ in range(5):
        client.get("/pair/WRONGWRONG22")
        clock.s += 20
    client.get("/pair/WRONGWRONG22")
    assert client.get(f"/pair/{CODE}").status_code == 403  # right, but too soon
    clock.s += 60
    assert client.get(f"/pair/{CODE}").status_code == 200


def test_every_start_has_another_code() -> None:
    assert len({new_code() for _ in range(50)}) == 50
