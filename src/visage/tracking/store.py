"""The only module that speaks to MLflow: it finds runs and writes plain records to them.

MLflow is imported at first contact, not with this module: that takes two seconds, and telemetry
is switched off by the environment that it finds then. Everything that MLflow, its database or its
network raises becomes one named error.
"""

import getpass
import math
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from filelock import FileLock

from visage.errors import VisageError
from visage.records import Artifact, Metric, Param
from visage.tracking.address import Address, without_password
from visage.tracking.reach import look

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run as MlflowRun

LOCK_SECONDS: Final = 30.0  # creating a database took 4 s on two busy cores
ENVIRONMENT: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_DISABLE_AGENT_HINT": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",  # with MLflow's 7 a dead server costs minutes
}
# Without this tag the user interface asks what kind of experiment it shows.
EXPERIMENT_TAGS: Final = {"mlflow.experimentKind": "custom_model_development"}


class TrackingError(VisageError):
    """The store can't be reached, or refuses."""


@dataclass(frozen=True)
class Run:
    """What is known of a run; `status` is RUNNING, FINISHED, FAILED or KILLED."""

    id: str
    name: str
    status: str
    tags: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)


class Store:
    """One experiment of an MLflow store; every call raises TrackingError if the store fails."""

    def __init__(self, client: "MlflowClient", *, experiment_id: str, address: Address) -> None:
        self._client = client
        self.experiment_id = experiment_id
        self._address = address

    def runs(self, tags: Mapping[str, str], *, status: str | None = None) -> list[Run]:
        """Returns the runs that have these tags (and this status), the newest first."""
        terms = [f"tags.`{name}` = '{value}'" for name, value in tags.items()]
        terms += [f"attributes.status = '{status}'"] if status else []
        order = ["attributes.start_time DESC"]
        with speaking(self._address):
            found = self._client.search_runs(
                [self.experiment_id], filter_string=" and ".join(terms), order_by=order
            )
            return [_plain(run) for run in found]

    def run(self, run_id: str) -> Run:
        """Returns a run as it is now."""
        with speaking(self._address):
            return _plain(self._client.get_run(run_id))

    def create(self, name: str, tags: Mapping[str, str]) -> Run:
        """Creates a run, which is RUNNING."""
        known = {"mlflow.source.name": "visage", "mlflow.user": _user(), **tags}
        with speaking(self._address):
            return _plain(self._client.create_run(self.experiment_id, tags=known, run_name=name))

    def reopened(self, run_id: str) -> Run | None:
        """Returns a run that is RUNNING again; None where it is not there, or in the bin."""
        with speaking(self._address):
            found = self._client.search_runs(
                [self.experiment_id], filter_string=f"attributes.run_id = '{run_id}'"
            )
            if not found:
                return None
            self._client.update_run(run_id, status="RUNNING")
            return _plain(found[0])

    def tag(self, run: Run, tags: Mapping[str, str]) -> None:
        """Sets tags."""
        from mlflow.entities import RunTag

        with speaking(self._address):
            self._client.log_batch(run.id, tags=[RunTag(*item) for item in tags.items()])

    def rename(self, run: Run, name: str) -> None:
        """Gives a run another name."""
        with speaking(self._address):
            self._client.update_run(run.id, name=name)

    def log(self, run: Run, metrics: Iterable[Metric] = (), params: Iterable[Param] = ()) -> None:
        """Logs finite metrics, and params that the run lacks: MLflow lets none be changed."""
        from mlflow import entities

        now = time.time_ns() // 1_000_000
        finite = [metric for metric in metrics if math.isfinite(metric.value)]
        points = [entities.Metric(m.name, m.value, now, m.step) for m in finite]
        new = [entities.Param(p.name, p.value) for p in params if p.name not in run.params]
        with speaking(self._address):
            self._client.log_batch(run.id, metrics=points, params=new)

    def steps(self, run: Run, metric: str) -> set[int]:
        """Returns the steps at which a metric was logged."""
        with speaking(self._address):
            return {point.step for point in self._client.get_metric_history(run.id, metric)}

    def upload(self, run: Run, artifacts: Iterable[Artifact]) -> None:
        """Copies files to a run, over those of the same name."""
        with speaking(self._address):
            for artifact in artifacts:
                self._client.log_artifact(run.id, str(artifact.path), artifact.folder or None)

    def end(self, run: Run, status: str) -> None:
        """Closes a run as FINISHED, FAILED or KILLED."""
        with speaking(self._address):
            self._client.set_terminated(run.id, status=status)

    def delete(self, run: Run) -> None:
        """Moves a run to MLflow's bin, from which it can be restored."""
        with speaking(self._address):
            self._client.delete_run(run.id)

    def describe(self, tags: Mapping[str, str]) -> None:
        """Sets those tags of the experiment that it doesn't have."""
        with speaking(self._address):
            known = self._client.get_experiment(self.experiment_id).tags
            for name in tags.keys() - known.keys():
                self._client.set_experiment_tag(self.experiment_id, name, tags[name])

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other processes of this machine from deciding about the same runs meanwhile."""
        lock = FileLock(self._address.lock, timeout=LOCK_SECONDS)
        with speaking(self._address):
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


def connect(address: Address, *, seconds: int) -> Store:
    """Makes contact with a store and creates what it lacks, one process after the other.

    Args:
        address: where the store is.
        seconds: how long a server may be silent; MLFLOW_HTTP_REQUEST_TIMEOUT wins over it.

    Raises:
        TrackingError: with the address and the cause.
    """
    for name, value in {**ENVIRONMENT, "MLFLOW_HTTP_REQUEST_TIMEOUT": str(seconds)}.items():
        os.environ.setdefault(name, value)
    with speaking(address):
        address.lock.parent.mkdir(parents=True, exist_ok=True)
        look(address.uri)
        with FileLock(address.lock, timeout=LOCK_SECONDS):
            return _open(address)


def _open(address: Address) -> Store:
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=address.uri)
    found = client.get_experiment_by_name(address.experiment)
    if found is None:
        place = None if address.artifacts is None else address.artifacts.as_uri()
        id_ = client.create_experiment(address.experiment, place, tags=EXPERIMENT_TAGS)
        return Store(client, experiment_id=id_, address=address)
    if found.lifecycle_stage != "active":
        raise TrackingError(
            f"the MLflow experiment {address.experiment!r} is deleted; restore it in the user "
            "interface, or set MLFLOW_EXPERIMENT_NAME to another name"
        )
    return Store(client, experiment_id=found.experiment_id, address=address)


@contextmanager
def speaking(address: Address) -> Iterator[None]:
    """Turns whatever goes wrong between us and the store into a TrackingError."""
    try:
        yield
    except VisageError:
        raise
    except Exception as error:  # MlflowException, SQLAlchemyError, OSError, a missing driver, ...
        raise TrackingError(f"MLflow at {address.shown}: {_cause(error)}") from error


def _cause(error: BaseException) -> str:
    """Returns the network's or the disk's own words if they are at the root, else the error's."""
    root = error
    while (deeper := root.__cause__ or root.__context__) is not None:
        root = deeper
    words = str(root if isinstance(root, OSError) else error)
    return without_password(" ".join(words.split()))[:300] or type(error).__name__


def _plain(run: "MlflowRun") -> Run:
    info, data = run.info, run.data
    return Run(
        id=info.run_id,
        name=info.run_name,
        status=info.status,
        tags=dict(data.tags),
        params=dict(data.params),
        metrics=dict(data.metrics),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"
