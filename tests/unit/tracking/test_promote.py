"""The registry of models, on a real store."""

from pathlib import Path

import pytest

from visage.tracking import tags
from visage.tracking.contents import read_contents
from visage.tracking.mirror import State, mirror
from visage.tracking.promote import PromotionError, promote
from visage.tracking.speaking import TrackingError
from visage.tracking.store import Run, Store

pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning")


@pytest.fixture
def run(store: Store, project: Path) -> Run:
    """The finished run of the project's state."""
    return tracked(store, project, key="1" * 64)


def tracked(store: Store, project: Path, *, key: str) -> Run:
    mirrored = mirror(read_contents(project), state=State(key=key), store=store)
    return store.run(mirrored.run_id)


def versions(store: Store) -> list[tuple[str, str]]:
    found = store.client.search_model_versions("name = 'faces'")
    return sorted((str(version.version), version.run_id) for version in found)


def test_a_run_becomes_a_version_with_the_alias(store: Store, run: Run) -> None:
    found = promote(store, run, name="faces", alias="champion")

    assert (found.version, found.is_new, found.before) == ("1", True, None)
    assert found.uri == "models:/faces@champion"
    version = store.client.get_model_version_by_alias("faces", "champion")
    assert (version.run_id, version.tags[tags.KEY]) == (run.id, "1" * 64)
    assert "RMSE 9.50 years" in version.description


def test_the_version_leads_to_the_runs_own_folder(store: Store, run: Run, project: Path) -> None:
    promote(store, run, name="faces", alias="champion")

    place = store.client.get_model_version_download_uri("faces", "1")
    folder = Path(place.removeprefix("file://"))
    assert folder == project / "mlflow/artifacts" / run.id / "artifacts/model"
    assert (folder / "model.safetensors").is_file()


def test_a_run_that_is_promoted_twice_is_one_version(store: Store, run: Run) -> None:
    promote(store, run, name="faces", alias="champion")
    again = promote(store, run, name="faces", alias="champion")

    assert (again.version, again.is_new, again.before) == ("1", False, "1")
    assert versions(store) == [("1", run.id)]


def test_the_alias_moves_to_another_run(store: Store, run: Run, project: Path) -> None:
    promote(store, run, name="faces", alias="champion")
    other = tracked(store, project, key="2" * 64)
    moved = promote(store, other, name="faces", alias="champion")

    assert (moved.version, moved.before) == ("2", "1")
    assert versions(store) == [("1", run.id), ("2", other.id)]
    back = promote(store, run, name="faces", alias="champion")
    assert (back.version, back.before, back.is_new) == ("1", "2", False)


def test_a_version_may_have_several_aliases(store: Store, run: Run) -> None:
    promote(store, run, name="faces", alias="champion")
    promote(store, run, name="faces", alias="candidate")

    assert set(store.client.get_registered_model("faces").aliases) == {"candidate", "champion"}


def test_a_training_alone_is_refused(store: Store) -> None:
    live = store.create("alone", {tags.STATUS: tags.Status.KILLED})

    with pytest.raises(PromotionError, match=r"'alone'.*no finished state \(status killed\)"):
        promote(store, live, name="faces", alias="champion")
    assert versions(store) == []


def test_a_run_without_its_model_is_refused(store: Store, project: Path) -> None:
    (project / "models/model.safetensors").unlink()
    run = tracked(store, project, key="1" * 64)

    with pytest.raises(PromotionError, match=r"has no model: model/ lacks MLmodel, model\.saf"):
        promote(store, run, name="faces", alias="champion")


def test_a_name_that_mlflow_refuses_is_one_error(store: Store, run: Run) -> None:
    with pytest.raises(TrackingError, match="MLflow at sqlite"):
        promote(store, run, name="faces/of:mine", alias="champion")
