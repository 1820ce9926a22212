"""Starts a stage in several processes, and lets them end with one message.

`VISAGE_PROCESSES`: so many on this machine, by Accelerate. `VISAGE_LAUNCH`: a command of the user's
own, for several machines. The stages load this by name: it changes no result (docs/scaling.md).
"""

import logging
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, NoReturn

from visage.cores import own_cores
from visage.errors import VisageError
from visage.inference.environment import whole_number

TOGETHER: Final = ("train", "infer")  # the stages that several processes can share
LAUNCHED: Final = "WORLD_SIZE"  # set by Accelerate, torchrun and their like in what they start


class LaunchError(VisageError):
    """An environment variable asks for processes that can't be started."""


def launch(stage: str) -> None:
    """Runs the stage in several processes and ends with them, where the environment says so.

    Returns in each of these, and where there is to be only one.

    Raises:
        LaunchError: a variable has no meaning.
    """
    if stage not in TOGETHER or LAUNCHED in os.environ:
        return
    words = shlex.split(os.environ.get("VISAGE_LAUNCH", ""))
    processes = whole_number("VISAGE_PROCESSES", default=1, error=LaunchError, least=1)
    if words:
        _become([*words, f"stages.{stage}"])
    if processes > 1:
        _accelerate(stage, processes)


def _become(words: list[str]) -> NoReturn:
    """Turns this process into the user's command, so that signals reach it."""
    try:
        os.execvp(words[0], words)  # noqa: S606 (a shell would hear the signals in its place)
    except OSError as error:
        raise LaunchError(f"VISAGE_LAUNCH: {words[0]} can't be started: {error}") from error


def _accelerate(stage: str, processes: int) -> NoReturn:
    from accelerate.commands.launch import launch_command, launch_command_parser
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    logging.getLogger("torch.distributed").setLevel(logging.CRITICAL)  # the processes say it
    _end_with(os.getppid())
    try:
        launch_command(launch_command_parser().parse_args(options(stage, processes)))
    except ChildFailedError as error:
        sys.exit(_killed(*error.get_first_failure()) or 1)
    except SignalException as error:
        sys.exit(128 + error.sigval)
    sys.exit()


def _killed(rank: int, failure: Any) -> str | None:
    """Returns what to say of a process that could say nothing itself."""
    if failure.exitcode >= 0:
        return None
    name = signal.Signals(-failure.exitcode).name
    return f"\nERROR: process {rank} was ended by {name}; if nobody did that, memory ran out"


def options(stage: str, processes: int) -> list[str]:
    """Returns the arguments of `accelerate launch`."""
    threads = os.environ.get("OMP_NUM_THREADS") or max(1, own_cores() // processes)
    return [
        "--multi_gpu",  # without it Accelerate starts one process where there is no GPU
        *("--num_processes", str(processes)),
        *("--num_machines", "1"),
        *("--main_process_port", "0"),  # a free one
        *("--num_cpu_threads_per_process", str(threads)),
        *("--mixed_precision", "no"),  # train.amp says it
        *("--dynamo_backend", "no"),  # train.compile says it
        *("--module", f"stages.{stage}"),
    ]


def _end_with(parent: int) -> None:
    """Ends this process when its starter is gone: `dvc queue kill --force` would leave it there."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def one_message() -> Iterator[None]:
    """Lets the process that fails first say why; the others end without a word.

    Most often they fail alike, or because that one is gone. One that succeeds leaves the group.
    """
    try:
        yield
    except BaseException:
        if _is_first_to_fail():
            raise
        logging.shutdown()
        os._exit(1)  # a library may wait for the others at its end
    leave()


def leave() -> None:
    """Ends the threads that listen to other processes; the interpreter's end may abort on them."""
    if not _is_shared():
        return
    from torch import distributed as group

    if group.is_initialized():
        group.destroy_process_group()


def _is_shared() -> bool:
    return int(os.environ.get(LAUNCHED, "1")) > 1


def _is_first_to_fail() -> bool:
    if not _is_shared():
        return True
    from torch.distributed import TCPStore  # type: ignore[attr-defined]

    address, port = os.environ.get("MASTER_ADDR", ""), os.environ.get("MASTER_PORT", "0")
    try:
        store = TCPStore(address, int(port), is_master=False, timeout=timedelta(seconds=5))
        return int(store.add("visage/failed", 1)) == 1
    except (RuntimeError, ValueError):  # what kept the store is gone: say too much, not nothing
        return True
