"""The stages' scripts, `python -m stages.<name>`, and what runs before and around each of them.

This folder's own checkout comes first on the path: a queued experiment runs a snapshot in a
temporary folder, where an editable install would import the original checkout's code.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

ACCELERATE = [sys.executable, "-m", "accelerate.commands.launch"]
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))


TOGETHER = ("train", "infer")  # the stages that several processes can share


def launched(name: str, processes: str) -> list[str]:
    """Returns the command that starts a stage in several processes, by Accelerate."""
    options = {
        "--num_processes": processes,
        "--num_machines": "1",
        "--mixed_precision": "no",  # train.amp says it
        "--dynamo_backend": "no",
    }
    where = ["--cpu"] if os.environ.get("VISAGE_DEVICE") == "cpu" else []
    words = [word for option in options.items() for word in option]
    return [*ACCELERATE, *words, *where, "--module", f"stages.{name}"]


def run(stage: Callable[[], None]) -> None:
    """Checks the whole of params.yaml, runs a stage, and turns a user's error into one message.

    The check is loaded by name: it can only refuse, never change a result, and so it is none of
    the modules on which a stage depends.
    """
    from visage.errors import VisageError

    name = Path(sys.argv[0]).stem
    processes = os.environ.get("VISAGE_PROCESSES") or "1"
    if name in TOGETHER and processes != "1" and "WORLD_SIZE" not in os.environ:
        done = subprocess.run(launched(name, processes), check=False)  # noqa: S603 (our own words)
        sys.exit(done.returncode)
    try:
        import_module("visage.cli.guard").guard()
        stage()
    except VisageError as error:
        sys.exit(f"\nERROR: {error}")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; `dvc repro` goes on from here")
