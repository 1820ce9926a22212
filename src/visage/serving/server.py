"""The application behind a port, until it is told to stop.

At SIGTERM or Ctrl-C no connection is taken any more; requests whose head has come are answered,
then the process ends. Address and port are tried here first, so that a taken one is one message.
"""

import signal
import socket
from typing import Any

import uvicorn
from fastapi import FastAPI

from visage.errors import VisageError
from visage.serving.connection import PatientProtocol
from visage.serving.limits import Limits


class AddressError(VisageError):
    """The address can't be listened at."""


def bind(host: str, port: int) -> socket.socket:
    """Returns a socket that listens at the address; port 0 takes a free one.

    Who connects before `serve` waits for it; only listening keeps a second server off the port.

    Raises:
        AddressError: it is taken, not this machine's, or needs rights.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen()
    except OSError as error:
        bound.close()
        raise AddressError(
            f"{host}, port {port}: {error.strerror}; take another with --host or --port"
        ) from None
    return bound


def url_of(bound: socket.socket) -> str:
    """Returns the address that a browser on this machine opens."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: FastAPI, bound: socket.socket, limits: Limits) -> None:
    """Answers requests until a signal; returns when what was accepted is answered."""
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(limits.body_seconds + limits.seconds) + 5,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _done)  # uvicorn repeats the signal when it has ended
    uvicorn.Server(config).run(sockets=[bound])


def _done(*_: Any) -> None:
    """The signal was heard and obeyed."""
