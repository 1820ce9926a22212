"""Where runs are found and written: MLflow takes plain records from here and from nowhere else.

MLflow is imported at first contact, not with this module: that takes two seconds, and telemetry
is switched off by the environment that it finds then.
"""

import getpass
import math
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from filelock import FileLock

from visage.records import Artifact, Metric, Param
from visage.tracking.address import Address
from visage.tracking.data_set import DataSet
from visage.tracking.packing import write_packing
from visage.tracking.reach import look
from visage.tracking.speaking import TrackingError, speaking

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run as MlflowRun

PAGE: Final = 1000  # runs an answer; MLflow gives no more unless it is asked on
LOCK_SECONDS: Final = 30.0  # creating a database took 4 s on two busy cores
ENVIRONMENT: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_DISABLE_AGENT_HINT": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",  # with MLflow's 7 a dead server costs minutes
}
# Without this tag the user interface asks what kind of experiment it shows.
EXPERIMENT_TAGS: Final = {"mlflow.experimentKind": "custom_model_development"}


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
        self.client = client
        self.experiment_id = experiment_id
        self.address = address

    def runs(self, tags: Mapping[str, str], *, status: str | None = None) -> list[Run]:
        """Returns the runs that have these tags (and this status), the newest first."""
        terms = [f"tags.`{name}` = '{value}'" for name, value in tags.items()]
        terms += [f"attributes.status = '{status}'"] if status else []
        order = ["attributes.start_time DESC"]
        runs: list[Run] = []
        token = None
        with speaking(self.address):
            while True:
                found = self.client.search_runs(
                    [self.experiment_id],
                    filter_string=" and ".join(terms),
                    max_results=PAGE,
                    order_by=order,
                    page_token=token,
                )
                runs += [_plain(run) for run in found]
                token = found.token
                if not token:
                    return runs

    def run(self, run_id: str) -> Run:
        """Returns a run as it is now."""
        with speaking(self.address):
            return _plain(self.client.get_run(run_id))

    def create(self, name: str, tags: Mapping[str, str], *, at_ms: int | None = None) -> Run:
        """Creates a run, which is RUNNING; it began now, or `at_ms` (Unix time)."""
        known = {"mlflow.source.name": "visage", "mlflow.user": _user(), **tags}
        with speaking(self.address):
            made = self.client.create_run(
                self.experiment_id, start_time=at_ms, tags=known, run_name=name
            )
            return _plain(made)

    def find(self, run_id: str) -> Run | None:
        """Returns a run; None where it is not there, or in the bin."""
        with speaking(self.address):
            found = self.client.search_runs(
                [self.experiment_id], filter_string=f"attributes.run_id = '{run_id}'"
            )
            return _plain(found[0]) if found else None

    def reopened(self, run_id: str) -> Run | None:
        """Returns a run that is RUNNING again; None where it is not there, or in the bin."""
        found = self.find(run_id)
        if found is not None:
            with speaking(self.address):
                self.client.update_run(run_id, status="RUNNING")
        return found

    def tag(self, run: Run, tags: Mapping[str, str]) -> None:
        """Sets tags."""
        from mlflow.entities import RunTag

        with speaking(self.address):
            self.client.log_batch(run.id, tags=[RunTag(*item) for item in tags.items()])

    def rename(self, run: Run, name: str) -> None:
        """Gives a run another name."""
        with speaking(self.address):
            self.client.update_run(run.id, name=name)

    def log(self, run: Run, metrics: Iterable[Metric] = (), params: Iterable[Param] = ()) -> None:
        """Logs finite metrics, and params that the run lacks: MLflow lets none be changed."""
        from mlflow import entities

        now = time.time_ns() // 1_000_000
        finite = [metric for metric in metrics if math.isfinite(metric.value)]
        points = [entities.Metric(m.name, m.value, now, m.step) for m in finite]
        new = [entities.Param(p.name, p.value) for p in params if p.name not in run.params]
        with speaking(self.address):
            self.client.log_batch(run.id, metrics=points, params=new)

    def steps(self, run: Run, metric: str) -> set[int]:
        """Returns the steps at which a metric was logged."""
        with speaking(self.address):
            return {point.step for point in self.client.get_metric_history(run.id, metric)}

    def upload(self, run: Run, artifacts: Iterable[Artifact]) -> None:
        """Copies files to a run, over those of the same name."""
        with speaking(self.address):
            for artifact in artifacts:
                self.client.log_artifact(run.id, str(artifact.path), artifact.folder or None)

    def pack(self, run: Run, card: Path) -> None:
        """Makes a run's folder `model` a model that MLflow can load; `card` is its model.json."""
        with speaking(self.address), TemporaryDirectory() as folder:
            for path in write_packing(Path(folder), card):
                self.client.log_artifact(run.id, str(path), "model")

    def take_in(self, run: Run, data: DataSet) -> None:
        """Names the data set that a run was trained on."""
        from mlflow import entities

        known = entities.Dataset(data.name, data.digest, "local", data.source, None, data.profile)
        context = entities.InputTag("mlflow.data.context", "training")
        with speaking(self.address):
            self.client.log_inputs(run.id, [entities.DatasetInput(known, [context])])

    def end(self, run: Run, status: str, *, at_ms: int | None = None) -> None:
        """Closes a run as FINISHED, FAILED or KILLED; it ended now, or `at_ms` (Unix time)."""
        with speaking(self.address):
            self.client.set_terminated(run.id, status=status, end_time=at_ms)

    def delete(self, run: Run) -> None:
        """Moves a run to MLflow's bin, from which it can be restored."""
        with speaking(self.address):
            self.client.delete_run(run.id)

    def experiment_tags(self) -> dict[str, str]:
        """Returns the tags of the experiment itself."""
        with speaking(self.address):
            return dict(self.client.get_experiment(self.experiment_id).tags)

    def describe(self, tags: Mapping[str, str]) -> None:
        """Sets tags of the experiment itself."""
        with speaking(self.address):
            for name, value in tags.items():
                self.client.set_experiment_tag(self.experiment_id, name, value)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other processes of this machine from deciding about the same runs meanwhile."""
        lock = FileLock(self.address.lock, timeout=LOCK_SECONDS)
        with speaking(self.address):
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
