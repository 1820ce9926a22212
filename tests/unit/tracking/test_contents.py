import json
import shutil
from pathlib import Path

import pandas as pd

from visage.records import Metric, Param
from visage.tracking.contents import FOLDERS, Contents, details_figures, metrics, read_contents
from visage.tracking.headline import headline


def figures(contents: Contents) -> dict[str, float]:
    return {metric.name: metric.value for metric in contents.figures}


def test_params_have_dotted_names(project: Path) -> None:
    assert Param("train.lr_by_backbone.resnet18", "0.0002") in read_contents(project).params


def test_only_finite_numbers_are_metrics() -> None:
    values = {"a": 1, "b": 0.5, "c": None, "d": "x", "e": float("nan"), "f": {"g": 1}}

    assert metrics(values) == [Metric("a", 1.0), Metric("b", 0.5)]


def test_curves_have_the_epoch_as_step(project: Path) -> None:
    curves = read_contents(project).curves

    assert [m for m in curves if m.name == "val_rmse"] == [
        Metric("val_rmse", 12.0, 1),
        Metric("val_rmse", 10.0, 2),
    ]


def test_empty_cells_of_the_history_are_left_out(project: Path) -> None:
    curves = read_contents(project).curves

    assert [m for m in curves if m.name == "val_harmonic"] == [Metric("val_harmonic", 0.75, 2)]


def test_figures_have_intervals_and_the_trivial_predictor_beside_them(project: Path) -> None:
    found = figures(read_contents(project))

    assert (found["rmse_low"], found["rmse"], found["rmse_high"]) == (9.0, 9.5, 10.0)
    assert (found["balanced_mae"], found["baseline/rmse"], found["data/n_labelled"]) == (
        8.5,
        20,
        200,
    )


def test_speed_of_another_training_is_ignored(project: Path) -> None:
    path = project / "metrics/train.json"
    path.write_text(json.dumps({"fingerprint": "f" * 64, "images_per_second": 9.0, "lr": 0.1}))
    own = figures(read_contents(project))
    path.write_text(json.dumps({"fingerprint": "0" * 64, "images_per_second": 9.0}))
    other = figures(read_contents(project))

    assert (own["images_per_second"], own["lr_peak"]) == (9.0, 0.1)
    assert "images_per_second" not in other


def test_columns_that_came_later_are_no_fault_of_a_past_state(project: Path) -> None:
    path = project / "metrics/history.csv"
    pd.read_csv(path)[["epoch", "val_rmse"]].to_csv(path, index=False)

    assert {metric.name for metric in read_contents(project).curves} == {"val_rmse"}


def test_what_is_not_there_is_left_out(project: Path) -> None:
    for name in ("metrics/details.json", "models/fingerprint.json", "models/decision.json"):
        (project / name).unlink()
    found = read_contents(project, missing=[Path("models/decision.json")])

    assert (found.fingerprint, found.card, found.data) == ("", None, None)
    assert found.figures
    assert "Not in DVC's cache when this was written: `models/decision.json`" in found.note


def test_what_is_uploaded_is_all_that_is_read(project: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    for path in FOLDERS:
        (again / path).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (project / path).is_dir() else shutil.copy
        copy(project / path, again / path)

    assert figures(read_contents(again)) == figures(read_contents(project))


def test_the_models_own_facts_stand_in_for_the_trainings(project: Path) -> None:
    (project / "models/model.json").write_text(json.dumps({"best_epoch": 3, "lr": 0.2}))
    found = figures(read_contents(project))

    assert (found["best_epoch"], found["lr_peak"]) == (3, 0.2)


def test_every_artifact_is_there(project: Path) -> None:
    paths = [artifact.path for artifact in read_contents(project).artifacts]

    assert paths
    assert [path for path in paths if not path.is_file()] == []


def test_drawings_lie_beside_the_tables_of_the_plots(project: Path) -> None:
    found = read_contents(project).artifacts
    plots = {artifact.path.name for artifact in found if artifact.folder == "plots"}

    assert {"training-loss.svg", "history.csv"} <= plots


def test_a_figure_whose_interval_is_null_is_logged_alone() -> None:
    details = {"intervals": {"rmse": None, "mae": [5.0, 6.0]}}
    found = details_figures(details)
    assert [name for name in found if name.endswith(("_low", "_high"))] == ["mae_low", "mae_high"]
    note = headline("resnet18", figures={"rmse": 9.5, "n": 40}, details=details)
    assert note.startswith("**resnet18**: RMSE 9.50 years\n")


def test_explanations_are_logged_where_there_are_any(project: Path) -> None:
    def logged() -> list[str]:
        found = read_contents(project).artifacts
        return [artifact.path.name for artifact in found if artifact.folder == "explanations"]

    assert logged() == ["000.jpg", "index.json"]
    (project / "metrics/explanations/000.jpg").unlink()
    assert logged() == []


def test_description_says_figures_intervals_n_part_seed_and_data(project: Path) -> None:
    note = read_contents(project).note

    assert "RMSE 9.50 years (9.00 to 10.00)" in note
    assert "40 faces of the test part, data abababababab, bootstrap seed 17" in note


def test_description_says_that_nothing_was_measured() -> None:
    details = {"part": "test", "n": 0, "unmeasured": "nothing was measured"}
    note = headline("resnet18", figures={"n": 0}, details=details)
    assert note == "**resnet18**: nothing was measured; page: artifact `report.html`"
