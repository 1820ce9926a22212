"""The card: read by Hugging Face's own loader, with the page's numbers and none of its people."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import EvalResult, ModelCard

from visage.codes import Task
from visage.files.faces import FaceStore
from visage.reporting.blocks import Section
from visage.reporting.card import model_card
from visage.reporting.inputs import Inputs, read_inputs
from visage.reporting.page import sections

MakeRun = Callable[..., Path]
HEADINGS = [
    "Intended use",
    "Limits",
    "How to load it",
    "Licence",
    "Summary",
    "What was run",
    "Data",
    "Age",
    "Gender",
    "Groups of faces",
    "Unfamiliar faces",
]


def written(inputs: Inputs, faces: FaceStore) -> str:
    return model_card(inputs, sections(inputs, faces=faces, worst=6))


@pytest.fixture(scope="module")
def text(inputs: Inputs, faces: FaceStore) -> str:
    return written(inputs, faces)


@pytest.fixture
def card(text: str, tmp_path: Path) -> ModelCard:
    """The card as Hugging Face reads it from a file."""
    path = tmp_path / "README.md"
    path.write_text(text, encoding="utf-8")
    return ModelCard.load(path)


def headings(text: str) -> list[str]:
    return [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]


def by_metric(card: ModelCard) -> dict[str, EvalResult]:
    return {result.metric_name: result for result in card.data.eval_results}


def test_all_parts_are_there_in_reading_order(card: ModelCard) -> None:
    assert headings(card.text) == HEADINGS


def test_the_metadata_name_library_tasks_data_and_metrics(card: ModelCard) -> None:
    assert card.data.library_name == "timm"
    assert {"age-estimation", "gender-classification", "resnet18"} <= set(card.data.tags)
    assert card.data.datasets == ["kaggle"]
    assert card.data.metrics == ["harmonic", "mae", "rmse", "r_squared", "f1", "accuracy"]
    assert card.data.license is None


def test_the_results_are_the_metric_files_with_their_intervals(
    card: ModelCard, inputs: Inputs
) -> None:
    found = by_metric(card)["Age MAE"]
    assert found.metric_value == inputs.scores["mae"]
    assert found.metric_args == {"interval": inputs.details["intervals"]["mae"], "level": 0.95}
    assert (found.task_type, found.dataset_split) == ("image-regression", "test")
    assert found.dataset_args["data_sha256"] == inputs.details["data_sha256"]


def test_each_task_has_its_own_results(card: ModelCard) -> None:
    tasks = {result.task_name for result in card.data.eval_results}
    assert tasks == {"Age estimation", "Gender classification", "Age and gender"}


def test_the_tables_have_the_pages_numbers(text: str, html: str, inputs: Inputs) -> None:
    low, high = inputs.details["intervals"]["rmse"]
    interval = f"{low:.2f} to {high:.2f}"
    assert interval in html
    row, _ = [line for line in text.splitlines() if line.startswith("| Age RMSE (years)")]
    assert interval in row  # the second one is the gain of test-time augmentation
    assert f"{inputs.scores['rmse']:.2f}" in row


@pytest.mark.parametrize(
    "title", ["Intervals", "What calibration changed", "Error and bias by age", "By gender"]
)
def test_calibration_and_groups_are_told(text: str, title: str) -> None:
    assert f"### {title}\n" in text


def test_hashes_of_model_and_inputs_are_told(text: str, inputs: Inputs) -> None:
    for digest in (inputs.model_sha256, inputs.model["fingerprint"], inputs.details["data_sha256"]):
        assert f"`{digest}`" in text


def test_no_image_is_named_and_no_picture_is_in_it(text: str, hostile_id: str) -> None:
    assert hostile_id not in text
    assert "face_0" not in text
    assert "data:image" not in text
    assert "shows faces" not in text  # which is true of the page
    assert "<svg" not in text


def test_equal_runs_give_equal_bytes(inputs: Inputs, faces: FaceStore, text: str) -> None:
    assert written(inputs, faces) == text


def test_a_run_without_figures_has_a_card_without_results(inputs: Inputs, faces: FaceStore) -> None:
    details = {"part": "test", "n": 0, "unmeasured": "no labelled image in the test part"}
    card = ModelCard(written(replace(inputs, scores={"n": 0}, details=details), faces))
    assert card.data.eval_results is None
    assert "There is no labelled image in the test part." in card.text


def test_one_task_tells_nothing_of_the_other(make_run: MakeRun, faces: FaceStore) -> None:
    make_run(tasks=(Task.GENDER,))
    card = ModelCard(written(read_inputs(), faces))
    assert {result.task_name for result in card.data.eval_results} == {"Gender classification"}
    assert "Age" not in headings(card.text)
    assert card.text.lstrip().startswith("# Gender from faces: resnet18")


def test_names_of_a_user_stay_text(inputs: Inputs, faces: FaceStore) -> None:
    init = {**inputs.model["init"], "origin": "<b>|x`y`"}
    told = written(replace(inputs, model={**inputs.model, "init": init}), faces)
    assert r"\<b\>\|x\`y\`" in told
    assert "<b>" not in told


def test_maps_on_faces_stay_out(inputs: Inputs, faces: FaceStore, text: str) -> None:
    section = Section(key="looks", title="What the model looks at", lead="", blocks=())
    assert model_card(inputs, (*sections(inputs, faces=faces, worst=6), section)) == text
