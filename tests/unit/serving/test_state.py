import threading
from collections.abc import Callable, Sequence

from fastapi.testclient import TestClient

from visage.files.jpeg import Image
from visage.photos.faces import Face

Client = Callable[..., TestClient]
JPEG = {"Content-Type": "image/jpeg"}


def figures(started: TestClient) -> dict[str, float]:
    lines = started.get("/metrics").text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_server_is_well_and_ready(client: Client) -> None:
    started = client()
    assert started.get("/health").json() == {"status": "ok"}
    assert started.get("/ready").json() == {"status": "ready"}


def test_server_whose_batch_takes_too_long_is_not_well(client: Client, photo: bytes) -> None:
    go_on = threading.Event()

    def find(photos: Sequence[Image]) -> list[list[Face]]:
        assert go_on.wait(20)
        return [[] for _ in photos]

    started = client(find, seconds=0.1, step_seconds=0.05)
    assert started.post("/faces", content=photo, headers=JPEG).status_code == 504
    assert started.get("/health").status_code == 503
    go_on.set()


def test_requests_faces_and_batches_are_counted(client: Client, photo: bytes) -> None:
    started = client()
    started.post("/faces", content=photo, headers=JPEG)
    started.post("/faces", content=b"no image", headers=JPEG)
    found = figures(started)
    assert found['visage_requests_total{route="/faces",status="200"}'] == 1
    assert found['visage_requests_total{route="/faces",status="422"}'] == 1
    assert found["visage_faces_total"] == 1
    assert found["visage_batch_photos_count"] == 1
    assert found["visage_held_bytes"] == 0


def test_client_cannot_make_labels(client: Client) -> None:
    started = client()
    started.get("/made/up/1")
    started.get("/made/up/2")
    found = figures(started)
    assert not [name for name in found if "made" in name]
    assert found['visage_requests_total{route="other",status="404"}'] == 2


def test_about_tells_the_model_and_the_limits(client: Client) -> None:
    found = client().get("/about").json()
    assert found["max_bytes"] == 100_000
    assert found["model"]["tasks"] == ["age", "gender"]
    assert found["model"]["age_coverage"] == 0.9
