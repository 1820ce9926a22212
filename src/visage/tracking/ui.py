"""The command that shows the store in a browser: MLflow's own server, small and local.

Without its job execution it is 2 processes and 0.5 GB in place of 10 and 1.6 GB. Only this machine
can reach it, because it asks nobody for a password.
"""

import os
import socket
import sys
from dataclasses import dataclass
from typing import Final

from visage.errors import VisageError
from visage.tracking.address import Address
from visage.tracking.store import ENVIRONMENT

HOST: Final = "127.0.0.1"


class PortError(VisageError):
    """The port can't be used."""


@dataclass(frozen=True)
class Command:
    """A program to start, its environment, and the address that a browser opens."""

    words: tuple[str, ...]
    environment: dict[str, str]
    url: str


def ui_command(address: Address, *, port: int) -> Command:
    """Returns the command that serves the store at `address`.

    Raises:
        PortError: something else listens on the port.
    """
    _refuse_taken(port)
    words = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", address.uri]
    words += ["--host", HOST, "--port", str(port), "--workers", "1", "--no-serve-artifacts"]
    environment = {**os.environ, **ENVIRONMENT, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    return Command(tuple(words), environment, url=f"http://{HOST}:{port}")


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortError(f"port {port}: {error.strerror}; take another with --port") from None
