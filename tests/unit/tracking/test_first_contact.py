import subprocess
import sys
from pathlib import Path

CODE = (
    "import pathlib, sys; from visage.tracking.address import resolve; "
    "from visage.tracking.store import connect; "
    "connect(resolve(pathlib.Path(sys.argv[1])), seconds=2).create('run', {})"
)


def test_two_processes_make_first_contact_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE, str(tmp_path)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [process.communicate()[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], errors
