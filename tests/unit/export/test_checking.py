"""A file that says something else than PyTorch is refused."""

from pathlib import Path

import numpy as np
import pytest

from visage.export.artefact import ExportError, Outputs, Run, read_artefact
from visage.export.checking import check
from visage.export.faces import MEASURED, LabelledFaces, read_labelled
from visage.export.formats.safetensors import run, write
from visage.inference.face_model import Images
from visage.inference.torch_model import TorchModel, load


@pytest.fixture
def reference(trained_folder: Path) -> TorchModel:
    return load(trained_folder, ["identity"])


@pytest.fixture
def faces(ingested: Path) -> LabelledFaces:
    return read_labelled(ingested, MEASURED)


@pytest.fixture
def exported(trained_folder: Path, tmp_path: Path) -> Run:
    path = tmp_path / "model.safetensors"
    write(read_artefact(trained_folder, view_names=["identity"]), path)
    return run(path)


def shifted(run_: Run, name: str, by: float) -> Run:
    def on(faces: Images) -> Outputs:
        outputs = dict(run_(faces))
        outputs[name] = outputs[name] + by
        return outputs

    return on


def test_what_was_trained_is_found_again(
    exported: Run, reference: TorchModel, faces: LabelledFaces
) -> None:
    found = check(exported, reference, faces)
    assert found.n == 12
    assert max(found.same_pixels.values()) < 1e-3


@pytest.mark.parametrize(
    ("name", "by"),
    [("age", 0.02), ("age_low", np.nan), ("posterior", 0.01), ("gender", 1), ("familiarity", 0.01)],
)
def test_another_output_is_refused(
    name: str, by: float, exported: Run, reference: TorchModel, faces: LabelledFaces
) -> None:
    with pytest.raises(ExportError, match=rf"on the same pixels: {name} by .* nothing was written"):
        check(shifted(exported, name, by), reference, faces)


def test_one_face_at_the_threshold_is_no_fault(
    exported: Run, reference: TorchModel, faces: LabelledFaces
) -> None:
    def flipped(n: int) -> Run:
        def on(images: Images) -> Outputs:
            outputs = dict(exported(images))
            gender = outputs["gender"].copy()
            gender[:n] = 1 - gender[:n]
            return {**outputs, "gender": gender}

        return on

    found = check(flipped(1), reference, faces)
    assert found.same_pixels["gender"] == pytest.approx(1 / 12)
    with pytest.raises(ExportError, match="gender by"):
        check(flipped(2), reference, faces)


def test_a_file_carries_the_known_faces(
    exported: Run, reference: TorchModel, faces: LabelledFaces
) -> None:
    pixels = faces.at(32)
    found, expected = exported(pixels), reference(pixels)
    assert expected.unfamiliar is not None
    assert 0 < expected.unfamiliar.sum() < len(faces)
    assert found["unfamiliar"].tolist() == expected.unfamiliar.tolist()


def test_another_resizing_is_refused(
    exported: Run, reference: TorchModel, faces: LabelledFaces
) -> None:
    def on(images: Images) -> Outputs:
        as_stored = images.shape[1] != 32
        return shifted(exported, "age", 3.0 if as_stored else 0.0)(images)

    with pytest.raises(ExportError, match="with its own resizing"):
        check(on, reference, faces)
