from dataclasses import replace
from pathlib import Path

import pytest

from visage.records import Metric, Param
from visage.tracking import tags
from visage.tracking.contents import Contents, read_contents
from visage.tracking.mirror import State, mirror
from visage.tracking.store import Run, Store

STATE = State(key="1" * 64, baseline="c" * 40, dirty=True)


@pytest.fixture
def contents(project: Path) -> Contents:
    return read_contents(project)


def live_run(store: Store, *, experiment: str = "repro", end: str = "FINISHED", **more: str) -> Run:
    known = {
        tags.FINGERPRINT: "f" * 64,
        tags.EXPERIMENTS: experiment,
        tags.TRAIN: tags.Trained.LIVE,
        tags.STATUS: tags.Status.TRAINED,
        **more,
    }
    run = store.create("resnet18-ffffffff", known)
    if end != "RUNNING":
        store.end(run, end)
    return run


def test_run_is_written_from_the_files(store: Store, contents: Contents, project: Path) -> None:
    mirrored = mirror(contents, state=STATE, store=store)

    run = store.run(mirrored.run_id)
    assert (run.name, run.status) == ("resnet18-11111111", "FINISHED")
    assert run.params["train.lr_by_backbone.resnet18"] == "0.0002"
    assert (run.metrics["rmse"], store.steps(run, "val_rmse")) == (9.5, {1, 2})
    assert run.tags[tags.TRAIN] == tags.Trained.RESTORED
    assert (run.tags[tags.BASELINE], run.tags[tags.DIRTY]) == ("c" * 40, "true")
    artifacts = project / "mlflow/artifacts" / run.id / "artifacts"
    assert (artifacts / "report.html").is_file()
    assert (artifacts / "plots/history.csv").is_file()
    assert (artifacts / "model/model.safetensors").is_file()


def test_data_set_is_an_input_of_the_run(store: Store, contents: Contents) -> None:
    mirrored = mirror(contents, state=STATE, store=store)

    (taken,) = store.client.get_run(mirrored.run_id).inputs.dataset_inputs
    assert (taken.dataset.name, taken.dataset.digest) == ("kaggle", "d" * 32)
    assert [(tag.key, tag.value) for tag in taken.tags] == [("mlflow.data.context", "training")]


def test_run_of_the_past_stands_where_it_came_about(store: Store, contents: Contents) -> None:
    mirrored = mirror(contents, state=replace(STATE, at_ms=1_700_000_000_000), store=store)

    info = store.client.get_run(mirrored.run_id).info
    assert (info.start_time, info.end_time) == (1_700_000_000_000, 1_700_000_000_000)


def test_run_that_lacks_files_says_so_until_they_are_there(
    store: Store, contents: Contents, project: Path
) -> None:
    (project / "models/model.safetensors").rename(project / "kept")
    lacking = read_contents(project, missing=[Path("models/model.safetensors")])
    first = store.run(mirror(lacking, state=STATE, store=store).run_id)
    (project / "kept").rename(project / "models/model.safetensors")
    after = store.run(mirror(contents, state=STATE, store=store).run_id)

    assert (first.tags[tags.STATUS], after.tags[tags.STATUS]) == ("partial", "complete")
    assert "`models/model.safetensors`" in first.tags[tags.NOTE]
    assert "model.safetensors" not in after.tags[tags.NOTE]
    assert after.id == first.id
    assert (project / "mlflow/artifacts" / after.id / "artifacts/model/MLmodel").is_file()


def test_same_state_twice_is_one_run(store: Store, contents: Contents) -> None:
    first = mirror(contents, state=STATE, store=store)
    second = mirror(contents, state=STATE, store=store)

    assert (first.is_new, second.is_new) == (True, False)
    assert [run.id for run in store.runs({})] == [first.run_id]


def test_names_of_experiments_accumulate(store: Store, contents: Contents) -> None:
    mirror(contents, state=STATE, store=store)
    mirror(contents, state=STATE.also(["resnet18"]), store=store)
    last = mirror(contents, state=STATE.also(["again"]), store=store)

    run = store.run(last.run_id)
    assert run.tags[tags.EXPERIMENTS] == "repro, resnet18, again"
    assert run.name == last.name == "resnet18, again"


def test_name_given_by_a_user_stays(store: Store, contents: Contents) -> None:
    first = mirror(contents, state=STATE, store=store)
    store.rename(store.run(first.run_id), "the good one")

    assert mirror(contents, state=STATE.also(["b"]), store=store).name == "the good one"


def test_live_run_is_completed(store: Store, contents: Contents) -> None:
    live = live_run(store)
    store.log(live, metrics=[Metric("val_rmse", 12.0, 1)])

    mirrored = mirror(contents, state=STATE, store=store)

    run = store.run(mirrored.run_id)
    assert run.id == live.id
    assert (run.tags[tags.TRAIN], run.tags[tags.STATUS]) == ("live", "complete")
    assert (store.steps(run, "val_rmse"), run.metrics["rmse"]) == ({1, 2}, 9.5)
    assert run.name == "resnet18-11111111"


def test_param_that_was_logged_live_stays(store: Store, contents: Contents) -> None:
    live = live_run(store)
    store.log(live, params=[Param("train.weight_decay", "0.00005")])

    run = store.run(mirror(contents, state=STATE, store=store).run_id)

    assert run.params["train.weight_decay"] == "0.00005"


def test_live_run_of_the_own_experiment_is_completed(store: Store, contents: Contents) -> None:
    own = live_run(store, experiment="mine")
    live_run(store, experiment="other")

    assert mirror(contents, state=STATE.also(["mine"]), store=store).run_id == own.id


def test_second_state_of_a_training_is_a_run_restored_from_it(
    store: Store, contents: Contents
) -> None:
    live = live_run(store)
    mirror(contents, state=STATE, store=store)

    second = mirror(contents, state=replace(STATE, key="2" * 64), store=store)

    run = store.run(second.run_id)
    assert (run.tags[tags.TRAIN], run.tags[tags.RESTORED_FROM]) == ("restored", live.id)


def test_interrupted_run_is_continued(
    store: Store, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "upload", interrupted)
        with pytest.raises(KeyboardInterrupt):
            mirror(contents, state=STATE, store=store)
    mirrored = mirror(contents, state=STATE, store=store)

    assert [(run.id, run.status) for run in store.runs({})] == [(mirrored.run_id, "FINISHED")]


def test_training_repeated_with_the_same_result_is_shown_once(
    store: Store, contents: Contents
) -> None:
    first = mirror(contents, state=STATE, store=store)
    live_run(store)

    mirror(contents, state=STATE, store=store)

    assert [run.id for run in store.runs({})] == [first.run_id]


def test_live_run_of_another_experiment_is_left_to_it(store: Store, contents: Contents) -> None:
    first = mirror(contents, state=STATE, store=store)
    waiting = live_run(store, experiment="other")

    mirror(contents, state=STATE, store=store)

    assert {run.id for run in store.runs({})} == {first.run_id, waiting.id}


def test_run_of_a_dead_process_is_marked_killed(
    store: Store, contents: Contents, dead_process: str
) -> None:
    left = live_run(store, end="RUNNING", **{tags.PROCESS: dead_process})

    mirror(contents, state=STATE, store=store)

    assert (store.run(left.id).status, store.run(left.id).tags[tags.STATUS]) == ("KILLED", "killed")


def test_run_of_another_host_is_left_running(store: Store, contents: Contents) -> None:
    left = live_run(store, end="RUNNING", **{tags.PROCESS: "elsewhere:1:1"})

    mirror(contents, state=STATE, store=store)

    assert store.run(left.id).status == "RUNNING"
