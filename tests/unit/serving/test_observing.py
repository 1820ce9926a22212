import json
import logging
from collections.abc import Callable, Sequence

import pytest
from fastapi.testclient import TestClient

from visage.files.jpeg import Image
from visage.photos.faces import Face
from visage.serving.logs import JsonFormatter

Client = Callable[..., TestClient]
JPEG = {"Content-Type": "image/jpeg"}


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    records = [record for record in caplog.records if record.name.startswith("visage")]
    return [JsonFormatter().format(record) for record in records]


def test_request_is_one_line_without_the_photo_or_its_name(
    client: Client, photo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    answer = client().post("/faces?who=anna", files={"photo": ("anna.jpg", photo)})
    (line,) = lines(caplog)
    told = json.loads(line)
    assert told["id"] == answer.headers["X-Request-ID"]
    assert (told["route"], told["status"], told["faces"]) == ("/faces", 200, 1)
    assert told["bytes"] == len(photo)
    assert "anna" not in line


def test_error_is_logged_with_its_traceback_on_one_line(
    client: Client, photo: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    def find(_: Sequence[Image]) -> list[list[Face]]:
        raise ValueError("broken reader")

    client(find).post("/faces", content=photo, headers=JPEG)
    found = [line for line in lines(caplog) if "traceback" in line]
    assert len(found) == 1
    assert "\n" not in found[0]
    told = json.loads(found[0])["traceback"]
    assert "broken reader" in told
    assert "in find" in told


@pytest.mark.parametrize("path", ["/", "/docs", "/faces", "/about", "/nowhere", "/static/page.js"])
def test_every_answer_forbids_what_a_page_must_not_do(client: Client, path: str) -> None:
    headers = client().get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
