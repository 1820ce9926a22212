"""What the machine does meanwhile: processor, memory and graphics cards, once an epoch.

MLflow's own monitors, under its own names, so that its user interface shows them as system
metrics; but without its thread, which would be alive when the loader forks its workers. The
processor's share is the mean since the last call.
"""

from contextlib import suppress
from typing import Any

from visage.records import Metric


class System:
    """Reads the machine's load."""

    def __init__(self) -> None:
        from mlflow.system_metrics.metrics.cpu_monitor import CPUMonitor
        from mlflow.system_metrics.metrics.gpu_monitor import GPUMonitor

        self._monitors: list[Any] = []  # MLflow's classes are untyped
        for kind in (CPUMonitor, GPUMonitor):
            with suppress(ImportError, RuntimeError):  # no NVIDIA card, or no driver
                self._monitors.append(kind())
        self.read(step=0)

    def read(self, *, step: int) -> list[Metric]:
        """Returns the load since the last call, as metrics of the epoch `step`."""
        found: list[Metric] = []
        for monitor in self._monitors:
            monitor.collect_metrics()
            values = monitor.aggregate_metrics()
            found += [Metric(f"system/{name}", value, step) for name, value in values.items()]
            monitor.clear_metrics()
        return found
