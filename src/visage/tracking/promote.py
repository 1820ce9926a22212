"""Registers a run's model, and points an alias at it: what is in use is a name, not a run id.

A version is made of a run once, however often it is promoted; MLflow moves the alias. Nothing is
copied: the version points to the run's own folder `model`, so a run that is deleted takes it along.
"""

from dataclasses import dataclass
from typing import Any, Final

from visage.errors import VisageError
from visage.files.paths import DECISION, MODEL, MODEL_JSON
from visage.tracking import tags
from visage.tracking.speaking import speaking
from visage.tracking.store import Run, Store

FOLDER: Final = "model"
NEEDED: Final = ("MLmodel", MODEL.name, MODEL_JSON.name, DECISION.name)


class PromotionError(VisageError):
    """A run can't be promoted."""


@dataclass(frozen=True)
class Promoted:
    """A version of a registered model; `before` is the one that had the alias, None: none had."""

    name: str
    version: str
    alias: str
    before: str | None
    is_new: bool

    @property
    def uri(self) -> str:
        """The address under which MLflow loads it."""
        return f"models:/{self.name}@{self.alias}"


def promote(store: Store, run: Run, *, name: str, alias: str) -> Promoted:
    """Makes sure that a run is a version of the registered model, and that the alias is its.

    Raises:
        PromotionError: the run is no finished state, or has no model.
        TrackingError: the store can't be reached, or refuses the name or the alias.
    """
    _refuse_unfinished(run)
    with store.alone(), speaking(store.address):
        _refuse_without_model(store, run)
        _create_model(store, name)
        version, is_new = _version(store, run, name)
        before = _holder(store, name, alias)
        if before != version:
            store.client.set_registered_model_alias(name, alias, version)
    return Promoted(name, version, alias, before, is_new)


def _refuse_unfinished(run: Run) -> None:
    status = run.tags.get(tags.STATUS, run.status.lower())
    if status not in (tags.Status.COMPLETE, tags.Status.PARTIAL):
        raise PromotionError(
            f"the MLflow run {run.name!r} ({run.id}) shows no finished state (status {status}); "
            "`dvc repro` finishes one, `visage track` writes it"
        )


def _refuse_without_model(store: Store, run: Run) -> None:
    found = {file.path for file in store.client.list_artifacts(run.id, FOLDER)}
    missing = [name for name in NEEDED if f"{FOLDER}/{name}" not in found]
    if missing:
        raise PromotionError(
            f"the MLflow run {run.name!r} ({run.id}) has no model: {FOLDER}/ lacks "
            f"{', '.join(missing)}; `dvc pull`, then `visage track --rebuild` adds it"
        )


def _create_model(store: Store, name: str) -> None:
    if not store.client.search_registered_models(f"name = '{name}'"):
        store.client.create_registered_model(name)


def _holder(store: Store, name: str, alias: str) -> str | None:
    found = store.client.get_registered_model(name).aliases.get(alias)
    return None if found is None else str(found)  # a number from a database, text from a server


def _version(store: Store, run: Run, name: str) -> tuple[str, bool]:
    """Returns the version that the run is, and whether it was made now."""
    known = store.client.search_model_versions(f"name = '{name}' and run_id = '{run.id}'")
    if known:
        return str(max(int(version.version) for version in known)), False
    source = f"{store.client.get_run(run.id).info.artifact_uri}/{FOLDER}"
    made: Any = store.client.create_model_version(
        name,
        source,
        run.id,
        tags={key: run.tags[key] for key in (tags.KEY, tags.FINGERPRINT) if key in run.tags},
        description=run.tags.get(tags.NOTE),
    )
    return str(made.version), True
