import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Message

from visage.files.jpeg import Image
from visage.finding.box import Box
from visage.photos.faces import Face

Client = Callable[..., TestClient]
JPEG = {"Content-Type": "image/jpeg"}


def png(height: int, width: int) -> bytes:
    return cv2.imencode(".png", np.zeros((height, width, 3), np.uint8))[1].tobytes()


def test_photo_as_the_body_gives_its_faces(client: Client, photo: bytes) -> None:
    answer = client().post("/faces", content=photo, headers=JPEG)
    assert answer.status_code == 200
    found = answer.json()
    assert (found["width"], found["height"]) == (80, 60)
    assert len(found["faces"]) == 1
    face = found["faces"][0]
    assert (face["x0"], face["y0"], face["x1"], face["y1"]) == (20, 15, 60, 45)
    assert face["age"] == pytest.approx(50.2, abs=0.1)
    assert (face["gender"], face["gender_probability"]) == (1, 0.75)


def test_photo_in_a_form_gives_the_same(client: Client, photo: bytes) -> None:
    started = client()
    body = started.post("/faces", content=photo, headers=JPEG).json()
    form = started.post("/faces", files={"photo": ("secret-name.jpg", photo, "image/jpeg")}).json()
    assert form == body


def test_what_the_bytes_hold_decides_not_the_type(client: Client) -> None:
    assert client().post("/faces", content=png(10, 20), headers=JPEG).json()["width"] == 20


def test_photo_without_faces_has_an_empty_list(client: Client, photo: bytes) -> None:
    answer = client(lambda photos: [[] for _ in photos]).post("/faces", content=photo, headers=JPEG)
    assert answer.json()["faces"] == []


def test_task_that_the_model_lacks_is_null(client: Client, photo: bytes) -> None:
    def find(photos: Sequence[Image]) -> list[list[Face]]:
        return [[Face(Box(0, 0, 1, 1), 30.0, 25.0, 35.0, None, None)] for _ in photos]

    face = client(find).post("/faces", content=photo, headers=JPEG).json()["faces"][0]
    assert face["gender"] is None
    assert face["gender_probability"] is None


@pytest.mark.parametrize("told", [True, False, None])
def test_an_unfamiliar_face_is_said_and_counted(
    client: Client, photo: bytes, told: bool | None
) -> None:
    def find(photos: Sequence[Image]) -> list[list[Face]]:
        return [[Face(Box(0, 0, 1, 1), 30.0, unfamiliar=told)] for _ in photos]

    started = client(find)
    face = started.post("/faces", content=photo, headers=JPEG).json()["faces"][0]
    assert face["unfamiliar"] is told
    assert face["age"] == 30
    figures = started.get("/metrics").text
    assert f"visage_unfamiliar_faces_total {float(bool(told))}" in figures


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", JPEG, 422),
        (b"no image", JPEG, 422),
        (b"\xff\xd8\xff\xe0" + bytes(500), JPEG, 422),
        (b"GIF89a" + bytes(50), {"Content-Type": "image/gif"}, 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {"Content-Type": "image/svg+xml"}, 422),
        (b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", {"Content-Type": "application/json"}, 415),
        (b"x", {"Content-Type": "multipart/form-data"}, 400),
        (b"x", {"Content-Type": "multipart/form-data; boundary=b"}, 400),
        (b"--b\r\n\r\nx\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}, 400),
        (bytes(100_001), JPEG, 413),
    ],
)
def test_what_is_no_photo_gets_a_client_error_with_a_reason(
    client: Client, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client().post("/faces", content=content, headers=headers)
    assert answer.status_code == status
    assert len(answer.json()["detail"]) > 10


def test_what_cannot_be_read_is_told_what_can(client: Client) -> None:
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(500)
    answer = client().post("/faces", content=heic, headers={"Content-Type": "image/heic"})
    assert answer.status_code == 422
    assert "send a whole JPEG, PNG or WebP" in answer.json()["detail"]


def test_truncated_photo_is_refused(client: Client, photo: bytes) -> None:
    assert client().post("/faces", content=photo[:-100], headers=JPEG).status_code == 422


def test_small_file_of_too_many_pixels_is_refused(client: Client) -> None:
    answer = client().post("/faces", content=png(1000, 1000), headers=JPEG)
    assert answer.status_code == 422
    assert "1000 x 1000" in answer.json()["detail"]


def test_long_body_without_a_length_is_refused(client: Client) -> None:
    chunks = (bytes(10_000) for _ in range(20))
    assert client().post("/faces", content=chunks, headers=JPEG).status_code == 413


def test_full_queue_is_a_503_that_says_when_to_come_again(client: Client, photo: bytes) -> None:
    go_on = threading.Event()

    def find(photos: Sequence[Image]) -> list[list[Face]]:
        go_on.wait(20)
        return [[] for _ in photos]

    started = client(find, queue=1, batch=1)
    with ThreadPoolExecutor(8) as pool:
        tasks = [pool.submit(started.post, "/faces", content=photo, headers=JPEG) for _ in range(8)]
        while sum(task.done() for task in tasks) < 6:  # one is computed, one waits
            pass
        assert started.get("/ready").status_code == 503
        assert started.get("/health").status_code == 200
        go_on.set()
        answers = [task.result() for task in tasks]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) == 6
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    assert started.get("/ready").status_code == 200


def test_bodies_that_are_too_large_together_are_a_503(client: Client, photo: bytes) -> None:
    answer = client(held_bytes=len(photo) - 1).post("/faces", content=photo, headers=JPEG)
    assert answer.status_code == 503


def test_slow_model_is_a_504_and_the_server_goes_on(client: Client, photo: bytes) -> None:
    go_on = threading.Event()

    def find(photos: Sequence[Image]) -> list[list[Face]]:
        go_on.wait(20)
        return [[] for _ in photos]

    started = client(find, seconds=0.2)
    assert started.post("/faces", content=photo, headers=JPEG).status_code == 504
    go_on.set()
    assert started.post("/faces", content=photo, headers=JPEG).status_code == 200


def test_photo_of_a_client_that_left_is_not_computed(client: Client, photo: bytes) -> None:
    go_on, entered = threading.Event(), threading.Event()
    sizes: list[int] = []

    def find(photos: Sequence[Image]) -> list[list[Face]]:
        sizes.append(len(photos))
        entered.set()
        assert go_on.wait(20)
        return [[] for _ in photos]

    started = client(find)
    desk = started.app.state.service.desk
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(started.post, "/faces", content=photo, headers=JPEG)
        assert entered.wait(20)
        assert asyncio.run(status_of_leaving(started.app, photo)) == 400
        assert desk.waiting == 0
        go_on.set()
        assert first.result().status_code == 200
    assert sizes == [1]


async def status_of_leaving(app: ASGIApp, photo: bytes) -> int:
    """Sends a photo, and leaves; returns what nobody reads any more."""
    messages = [{"type": "http.request", "body": photo}, {"type": "http.disconnect"}]
    sent = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/faces", "query_string": b""}
    await app({**scope, "headers": [(b"content-type", b"image/jpeg")]}, receive, send)
    return int(sent[0]["status"])


def test_error_of_the_reader_is_a_500_without_its_words(client: Client, photo: bytes) -> None:
    def find(_: Sequence[Image]) -> list[list[Face]]:
        raise ValueError("words that nobody outside should read")

    answer = client(find).post("/faces", content=photo, headers=JPEG)
    assert answer.status_code == 500
    assert answer.json() == {"detail": "the server made an error"}


def test_nothing_is_written_to_the_disk(
    client: Client, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("SpooledTemporaryFile", "NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    large = photo + bytes(3_000_000)  # Starlette's own form parser would roll it over to a file
    answer = client(max_bytes=4_000_000).post("/faces", files={"photo": ("a.jpg", large)})
    assert answer.status_code == 200
