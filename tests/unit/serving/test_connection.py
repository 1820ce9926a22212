"""Clients that say nothing, take nothing, or ask again before they are answered."""

import asyncio
import contextlib
import gc
import socket
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from visage.serving import connection
from visage.serving.connection import PatientProtocol

SECONDS = 20
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
Client = Callable[[], Awaitable[socket.socket]]


class Server:
    """Answers after `pause` seconds with `pieces` of `size` bytes; remembers its connections."""

    def __init__(self) -> None:
        self.pause, self.size, self.pieces = 0.0, 2, 1
        self.state = ServerState()
        self.config = Config(self.answer, interface="asgi3", ws="none", log_config=None)
        self.made: weakref.WeakSet[PatientProtocol] = weakref.WeakSet()

    def protocol(self) -> PatientProtocol:
        made = PatientProtocol(self.config, self.state, {})
        self.made.add(made)
        return made

    async def answer(self, _scope: object, _receive: object, send: Callable[..., object]) -> None:
        await asyncio.sleep(self.pause)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for left in reversed(range(self.pieces)):
            piece = {"body": bytes(self.size), "more_body": left > 0}
            await send({"type": "http.response.body", **piece})


@contextlib.asynccontextmanager
async def connected(server: Server) -> AsyncIterator[socket.socket]:
    """Yields a client's socket."""
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(server.protocol, "127.0.0.1", 0)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        await loop.sock_connect(client, listening.sockets[0].getsockname())
        yield client
    listening.close()


async def received(client: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    loop, found = asyncio.get_running_loop(), b""
    async with asyncio.timeout(SECONDS):
        with contextlib.suppress(ConnectionResetError):
            while chunk := await loop.sock_recv(client, 65536):
                found += chunk
    return found


async def is_soon(happened: Callable[[], bool]) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SECONDS):
            while not happened():
                await asyncio.sleep(0.005)
    return happened()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(connection, "TAKE_SECONDS", 0.1)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost:", GET + b"GET /"])
def test_client_that_does_not_go_on_is_left(sent: bytes) -> None:
    async def run() -> None:
        async with connected(Server()) as client:
            await asyncio.get_running_loop().sock_sendall(client, sent)
            assert (await received(client)).count(b"200 OK") == sent.count(GET)

    asyncio.run(run())


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize("request_", [GET, LAST])
def test_client_that_does_not_take_its_answer_is_dropped(pieces: int, request_: bytes) -> None:
    async def run() -> None:
        server = Server()
        server.size, server.pieces = 50_000_000, pieces
        async with connected(server) as client:
            await asyncio.get_running_loop().sock_sendall(client, request_)
            assert await is_soon(lambda: bool(server.state.connections))
            assert await is_soon(lambda: not server.state.connections)

    asyncio.run(run())


@pytest.mark.usefixtures("hasty")
def test_request_that_was_sent_ahead_is_answered_however_long_it_takes() -> None:
    async def run() -> None:
        server = Server()
        server.pause = 0.25
        async with connected(server) as client:
            await asyncio.get_running_loop().sock_sendall(client, GET + LAST)
            assert (await received(client)).count(b"200 OK") == 2

    asyncio.run(run())


def test_connection_that_is_gone_is_kept_by_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 600)

    async def run() -> None:
        server = Server()
        async with connected(server) as client:
            await asyncio.get_running_loop().sock_sendall(client, LAST)
            assert await received(client)
        assert await is_soon(lambda: gc.collect() >= 0 and not server.made)

    asyncio.run(run())
