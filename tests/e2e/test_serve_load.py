"""The server under load, under attack, and when it is stopped, over real connections."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from visage.files.jpeg import encode

pytestmark = pytest.mark.slow
Serve = Callable[..., Any]
PHOTO = encode(np.full((300, 400, 3), 128, np.uint8), jpeg_quality=90)
HEAD = b"POST /faces HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n"


def post(url: str, photo: bytes = PHOTO) -> int:
    request = urllib.request.Request(
        f"{url}/faces", data=photo, headers={"Content-Type": "image/jpeg"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            json.load(answer)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def figure(url: str, name: str) -> float:
    text = urllib.request.urlopen(f"{url}/metrics", timeout=60).read().decode()
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def opened(url: str, sent: bytes) -> socket.socket:
    address = urlsplit(url)
    connection = socket.create_connection((address.hostname or "", address.port or 0), timeout=60)
    with contextlib.suppress(OSError):  # the server may close before all is sent
        connection.sendall(sent)
    return connection


def status_of(connection: socket.socket) -> int | None:
    """The status of an answer, or None where the connection is closed without one."""
    try:
        line = connection.recv(4096).split(b"\r\n")[0]
    except ConnectionResetError:
        return None
    return int(line.split()[1]) if line else None


@pytest.fixture(scope="module")
def url(fake_server: Serve) -> str:
    """The address of a server with a little patience."""
    return str(fake_server(body_seconds=2, max_bytes=1_000_000).url)


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + bytes(0x10000) + b"\r\n"


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), {400}),  # TLS
        (b"nonsense\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\n\r\n", {400}),  # no host
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * 300_000 + b"\r\n\r\n", {400, 431}),
        (HEAD + b"Content-Length: -5\r\n\r\n", {400}),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", {400}),
        (HEAD + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", {400, 413}),
        (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400, 422}),
        (HEAD + b"Content-Length: 99999999999\r\n\r\n", {413}),
        (CHUNKED + CHUNK * 20, {413}),
        (CHUNKED + b"zz\r\n", {400}),
        (HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n", {422}),
        (b"TRACE /faces HTTP/1.1\r\nHost: x\r\n\r\n", {405}),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", {404}),
        (b"GET /static/%2e%2e/%2e%2e/app.py HTTP/1.1\r\nHost: x\r\n\r\n", {404}),
        (b"GET /%00%ff HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404}),
    ],
)
def test_hostile_bytes_get_a_client_error_and_the_next_client_is_answered(
    url: str, sent: bytes, statuses: set[int]
) -> None:
    with opened(url, sent) as connection:
        assert status_of(connection) in statuses
    assert post(url) == 200


def test_photo_that_comes_too_slowly_is_a_408(url: str) -> None:
    with opened(url, HEAD + b"Content-Length: 1000\r\n\r\nfew") as connection:
        assert post(url) == 200
        assert status_of(connection) == 408


def test_half_a_head_is_not_waited_for(url: str) -> None:
    started = time.monotonic()
    with opened(url, b"POST /faces HTTP/1.1\r\nHost:") as half, opened(url, b"") as nothing:
        assert status_of(half) is None
        assert status_of(nothing) is None
    assert time.monotonic() - started < 25


def test_thousand_slow_clients_keep_nobody_out(url: str) -> None:
    with contextlib.ExitStack() as stack:
        slow = HEAD + b"Content-Length: 900000\r\n\r\nfew"
        for _ in range(500):
            stack.enter_context(opened(url, slow))
            stack.enter_context(opened(url, b"POST"))
        assert [post(url) for _ in range(5)] == [200] * 5


def test_client_that_leaves_in_the_middle_holds_nothing(url: str) -> None:
    for _ in range(20):
        opened(url, HEAD + b"Content-Length: 900000\r\n\r\n" + bytes(500_000)).close()
    assert post(url) == 200
    for _ in range(100):
        if figure(url, "visage_held_bytes") == 0:
            break
        time.sleep(0.1)
    assert figure(url, "visage_held_bytes") == 0


def test_stopping_under_load_finishes_what_was_accepted(fake_server: Serve) -> None:
    served = fake_server(pause=1.0, batch=16, queue=64, seconds=120)
    clients = 40
    with ThreadPoolExecutor(clients) as pool:
        tasks = [pool.submit(post, served.url) for _ in range(clients)]
        for _ in range(300):
            answered = figure(served.url, 'visage_requests_total{route="/faces",status="200"}')
            if figure(served.url, "visage_held_bytes") / len(PHOTO) + answered >= clients:
                break
        assert figure(served.url, "visage_waiting_photos") > 0
        served.process.send_signal(signal.SIGTERM)
        statuses = [task.result() for task in tasks]
    assert statuses == [200] * clients
    assert served.process.wait(30) == 0
    with pytest.raises(OSError, match="refused"):
        opened(served.url, b"")


def test_load_gives_no_error_but_a_full_queue_and_no_growth(
    fake_server: Serve, tmp_path: Path, root: Path
) -> None:
    served = fake_server(pause=0.05, queue=32, batch=16)
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (600, 800, 3), dtype=np.uint8)
    (tmp_path / "noise.jpg").write_bytes(encode(noise, jpeg_quality=90))
    (tmp_path / "grey.jpg").write_bytes(PHOTO)
    (tmp_path / "broken.jpg").write_bytes(PHOTO[:-50])
    command = [sys.executable, root / "benchmarks/serve.py", "--url", served.url, "--clients", "64"]

    def load(seconds: int) -> Any:
        words = [*command, "--seconds", str(seconds), *sorted(tmp_path.glob("*.jpg"))]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    load(20)  # memory that is kept for the next batch comes once
    found = load(60)
    assert set(found["statuses"]) <= {"200", "422", "503"}
    assert found["statuses"]["200"] > 100
    assert found["statuses"]["422"] > 50
    assert found["growth_mib"] < 96
    assert served.process.poll() is None
    assert "traceback" not in served.log.read_text()
