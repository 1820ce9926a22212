"""An intake in processes that is interrupted or killed: nothing half-written, nobody left over."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from visage.data.parallel import PROCESSES_FROM
from visage.files.faces import FaceStore

SCRIPT = """
from functools import partial
from pathlib import Path
from visage.data.images import Form
from visage.data.intake import Intake
from visage.data.labels import Labels
from visage.data.screening import Candidate
from visage.data.source import Record
from visage.files.faces import write_faces
from visage.preprocess.resize import letterbox

def main():
    records = [Record(id=str(row), row=row, path=f"{row}.jpg") for row in range(ROWS)]
    intake = Intake(Path("root"), Form(letterbox, size=16, jpeg_quality=95))
    rows = intake.faces([Candidate(record, Labels()) for record in records])
    write_faces(Path("data/faces"), rows, shard_rows=64)

if __name__ == "__main__":
    main()
"""

Jpeg = Callable[..., bytes]


@pytest.fixture
def project(tmp_path: Path, jpeg: Jpeg) -> Path:
    """Returns a folder with a script that takes as many images in as processes are for."""
    (tmp_path / "root").mkdir()
    first = tmp_path / "root/0.jpg"
    first.write_bytes(jpeg(1, width=64, height=64))
    for row in range(1, PROCESSES_FROM):
        (tmp_path / f"root/{row}.jpg").hardlink_to(first)
    (tmp_path / "take_in.py").write_text(SCRIPT.replace("ROWS", str(PROCESSES_FROM)))
    return tmp_path


def started(project: Path) -> "subprocess.Popen[bytes]":
    """Returns the script, in a session of its own, once it has written a shard."""
    run = subprocess.Popen(
        [sys.executable, "take_in.py"],
        cwd=project,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: bool(list(project.glob("data/.faces.part/*"))) or run.poll() is not None)
    assert run.poll() is None, "it must still be running"
    return run


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def left_over(session: int) -> list[int]:
    """Returns the processes of a session."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, number = entry.read_text().rpartition(")")[2].split()[:4]
        except OSError:  # ended meanwhile
            continue
        if int(number) == session and state != "Z":
            found.append(int(entry.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at Linux's processes")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stopped_intake_leaves_no_half_store_and_no_process(
    project: Path, how: signal.Signals
) -> None:
    run = started(project)
    if how is signal.SIGINT:
        os.killpg(run.pid, how)  # as a terminal does, to all of them
    else:
        run.kill()
    run.wait(60)
    assert not (project / "data/faces").exists()
    until(lambda: not left_over(run.pid))


@pytest.mark.slow
def test_run_after_a_kill_leaves_the_whole_store_alone(project: Path) -> None:
    run = started(project)
    run.kill()
    run.wait(60)
    subprocess.run([sys.executable, "take_in.py"], cwd=project, check=True, capture_output=True)
    assert [path.name for path in (project / "data").iterdir()] == ["faces"]
    assert len(FaceStore(project / "data/faces")) == PROCESSES_FROM
