"""Who writes a run, so that a run whose process died can be told from one that is alive.

The start time stands beside the process number because numbers are given again.
"""

import os
import socket

import psutil


def own_process() -> str:
    """Returns `host:number:start` of this process, a run's `process` tag."""
    return process_name(os.getpid())


def is_dead(process: str) -> bool:
    """Tells whether the process of a tag is gone; one of another host counts as alive."""
    host, _, rest = process.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdigit():
        return False
    try:
        return process_name(int(rest)) != process
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


def process_name(number: int) -> str:
    """Returns `host:number:start` of a running process."""
    started = psutil.Process(number).create_time()
    return f"{socket.gethostname()}:{number}:{started:.0f}"
