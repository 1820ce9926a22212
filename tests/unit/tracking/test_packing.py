import base64
import json
from importlib.metadata import version
from pathlib import Path

import pytest

from visage.photos.reading import read_photo
from visage.photos.rows import COLUMNS
from visage.tracking.packing import EXAMPLE, LOADER, requirements, signature, write_packing
from visage.tracking.scoring import default_crop


@pytest.mark.parametrize(("margin", "crop"), [("null", "none"), ("0.4", "face")])
def test_packed_model_names_its_loader_and_its_crop(tmp_path: Path, margin: str, crop: str) -> None:
    card = tmp_path / "model.json"
    card.write_text(f'{{"margin": {margin}}}')
    folder = tmp_path / "packed"
    folder.mkdir()
    files = write_packing(folder, card)
    examples = {"input_example.json", "serving_input_example.json"}
    others = {"MLmodel", "python_env.yaml", "requirements.txt"}
    assert {path.name for path in files} == examples | others
    text = (folder / "MLmodel").read_text()
    assert f"loader_module: {LOADER}" in text
    assert f'"default": "{crop}"' in text


def test_the_example_goes_in_where_the_signature_says(tmp_path: Path) -> None:
    from mlflow.models import Model
    from mlflow.models.utils import _enforce_schema

    card = tmp_path / "model.json"
    card.write_text('{"margin": null}')
    write_packing(tmp_path, card)
    model = Model.load(str(tmp_path / "MLmodel"))
    example = model.load_input_example(str(tmp_path))
    assert _enforce_schema(example, model.signature.inputs)["image"].tolist() == [EXAMPLE]
    request = json.loads((tmp_path / "serving_input_example.json").read_text())
    assert request == {"dataframe_split": {"columns": ["image"], "data": [[EXAMPLE]]}}


def test_requirements_are_exact_versions_and_never_the_bare_name_of_visage() -> None:
    comment, *lines = requirements({}).splitlines()
    pairs = dict(line.split("==") for line in lines)
    assert pairs["numpy"] == version("numpy")
    assert pairs["opencv-python-headless"] == version("opencv-python-headless")
    assert {"torch", "timm", "mlflow", "pandas"} <= pairs.keys()
    assert not pairs.keys() & {"visage", "pytest", "fastapi"}
    assert comment.startswith("# visage ")
    assert "pip install '.[train]'" in comment


def test_requirements_are_those_of_the_training_however_it_was_built() -> None:
    lines = requirements({"versions": {"torch": "2.9.0+cpu", "timm": "1.0.20"}}).splitlines()
    assert {"torch==2.9.0", "timm==1.0.20"} <= set(lines)
    assert len([line for line in lines if line.startswith("torch==")]) == 1


def test_the_example_is_a_picture() -> None:
    assert read_photo(base64.b64decode(EXAMPLE)).shape == (32, 32, 3)


def test_signature_has_the_columns_that_come_out() -> None:
    names = {*COLUMNS, "image"} - {"path"}
    assert {column.name for column in signature(None).outputs.inputs} == names


@pytest.mark.parametrize("margin", [None, 0.4])
def test_both_sides_agree_on_the_crop(margin: float | None) -> None:
    defaults = {param.name: param.default for param in signature(margin).params.params}
    assert defaults["crop"] == default_crop(margin)
