from collections.abc import Callable

from fastapi.testclient import TestClient

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
