"""The kind of machine that rebuilds, and whether its libraries are those of the commit.

Outputs name no host, so the machine that made a submission is known by its results alone: equal
bytes say that it was of the same kind (docs/decisions/0006-determinism.md).
"""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import torch

from visage.inference.machine import machine


def told_machine() -> str:
    """Returns what of this machine may change a sum's last digits, in words."""
    on = machine()
    device = torch.cuda.get_device_name() if on.device.type == "cuda" else on.device.type
    return (
        f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}, device {device}, "
        f"{torch.get_num_threads()} threads, torch {torch.__version__}"
    )


def other_versions(constraints: str) -> list[str]:
    """Returns each package that is here in another version than a constraints.txt's, told.

    A local part (+cpu) says how a package was built and is not compared unless it is asked for.
    """
    return [
        f"{name} {found} (constraints.txt: {wanted})"
        for name, wanted in _wanted(constraints)
        if (found := _installed(name)) and wanted not in (found, found.partition("+")[0])
    ]


def _wanted(constraints: str) -> Iterator[tuple[str, str]]:
    for line in constraints.splitlines():
        name, _, rest = line.partition("#")[0].partition(";")[0].partition("==")
        if rest:
            yield name.strip(), rest.strip()


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:  # it is not needed here
        return None
