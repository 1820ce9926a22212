import socket
import sys
from pathlib import Path

import pytest

from visage.tracking.address import resolve
from visage.tracking.ui import PortError, ui_command

FREE = 0  # the system chooses


def test_server_listens_on_this_machine_only(project: Path) -> None:
    words = ui_command(resolve(project), port=FREE).words

    assert words[:4] == (sys.executable, "-m", "mlflow", "server")
    assert words[words.index("--host") + 1] == "127.0.0.1"


def test_server_starts_no_job_processes(project: Path) -> None:
    environment = ui_command(resolve(project), port=FREE).environment

    assert environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] == "false"
    assert environment["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_address_of_the_store_is_not_on_the_command_line(project: Path) -> None:
    command = ui_command(resolve(project), port=FREE)

    assert command.environment["MLFLOW_BACKEND_STORE_URI"] == resolve(project).uri
    assert not [word for word in command.words if "sqlite" in word]


def test_taken_port_is_named(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=rf"port {port}: .* --port"):
            ui_command(resolve(project), port=port)
