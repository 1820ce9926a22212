from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from visage.serving.key import KeyFaultError, key_from_environment

Client = Callable[..., TestClient]
KEY = "0123456789abcdef"
JPEG = {"Content-Type": "image/jpeg"}


@pytest.mark.parametrize("given", [None, "Bearer wrong", f"Bearer {KEY}x", f"Basic {KEY}", KEY, ""])
def test_who_has_not_the_key_is_refused(client: Client, photo: bytes, given: str | None) -> None:
    headers = JPEG if given is None else {**JPEG, "Authorization": given}
    answer = client(key=KEY).post("/faces", content=photo, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_who_has_the_key_is_answered(client: Client, photo: bytes) -> None:
    headers = {**JPEG, "Authorization": f"Bearer {KEY}"}
    assert client(key=KEY).post("/faces", content=photo, headers=headers).status_code == 200


def test_key_guards_the_figures_too_but_not_whether_the_server_is_well(client: Client) -> None:
    started = client(key=KEY)
    statuses = {path: started.get(path).status_code for path in ("/metrics", "/health", "/ready")}
    assert statuses == {"/metrics": 401, "/health": 200, "/ready": 200}


def test_clients_are_told_whether_they_need_a_key(client: Client) -> None:
    assert client(key=KEY).get("/about").json()["needs_key"] is True
    assert client().get("/about").json()["needs_key"] is False


@pytest.mark.parametrize(
    "key", ["", "short", "no ascii: äöüäöüäöü", "line\nbreak0123456789", f" {KEY}", f"{KEY} "]
)
def test_key_that_keeps_nobody_out_is_refused(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAGE_API_KEY", key)
    with pytest.raises(KeyFaultError):
        key_from_environment()


def test_without_the_variable_there_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISAGE_API_KEY", raising=False)
    assert key_from_environment() is None
