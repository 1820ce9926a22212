"""How many cores this process may use, which in a container are fewer than the machine has."""

import os
from math import ceil
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # Linux, cgroup v2: microseconds of CPU, and in how many


def own_cores() -> int:
    """Returns the number that the system lets this process run on, and pays for; at least 1."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(own or 1, _quota() or own or 1)


def _quota() -> int | None:
    """Returns the cores that the container's quota is worth, rounded up; None: it has none."""
    try:
        allowed, period = QUOTA.read_text(encoding="ascii").split()
        return ceil(int(allowed) / int(period))
    except (OSError, ValueError, ZeroDivisionError):  # no such system, or "max"
        return None
