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
SERVER: Final = {
    **ENVIRONMENT,
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "PYTHONWARNINGS": "ignore",  # MLflow's own deprecations, which its users can't mend
}


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
    words = [sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port)]
    words += ["--workers", "1", "--no-serve-artifacts"]
    words += ["--uvicorn-opts", "--log-level warning"]  # else a line for every request
    # The store's address may hold a password, which a command line would show to everyone.
    environment = {**os.environ, **SERVER, "MLFLOW_BACKEND_STORE_URI": address.uri}
    return Command(tuple(words), environment, url=f"http://{HOST}:{port}")


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortError(f"port {port}: {error.strerror}; take another with --port") from None
