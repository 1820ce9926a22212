"""The stage's work on a tiny trained folder, and that it is free where nothing is asked."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from visage.codes import Task
from visage.explain.explain import explain
from visage.explain.looking import look
from visage.explain.records import Chosen, Explanations, Group, Method
from visage.files.faces import FaceStore
from visage.inference.predictor import Predictor
from visage.inference.seeing import views
from visage.models.network import Network
from visage.preprocess.resize import to_model_size

CHOSEN = tuple(Chosen(id_, Group.RANDOM, 30.0, 31.0, 1, 1) for id_ in ("3", "7"))
CPU = torch.device("cpu")


def looked(store: FaceStore, made: Network) -> Explanations:
    return look(CHOSEN, made, store=store, part="test", window=0.5, stride=0.25, device=CPU)


def test_each_task_has_both_maps_of_each_face(store: FaceStore, network: Any) -> None:
    found = looked(store, network())
    expected = [(task, method) for task in Task for method in Method]
    assert [face.face.id for face in found.faces] == ["3", "7"]
    for face in found.faces:
        assert [(made.task, made.method) for made in face.maps] == expected
        assert set(face.agreement) == set(Task)
    assert (found.fields, found.note) == ((3, 3), "")


def test_what_is_explained_is_what_the_predictor_says(store: FaceStore, network: Any) -> None:
    found = looked(store, network()).faces[0].seen
    predictor = Predictor(network(), views(["identity"]), device=CPU)
    pixels = torch.from_numpy(to_model_size(store.image("3"), size=96)).permute(2, 0, 1)[None]
    said = predictor([pixels])
    assert said.posterior is not None
    assert said.gender_probability is not None
    assert found[Task.AGE] == pytest.approx(said.posterior[0, 0] @ np.arange(101), abs=0.01)
    logit = torch.tensor(said.gender_probability[0, 0]).logit()
    assert found[Task.GENDER] == pytest.approx(float(logit), abs=0.01)


def test_the_same_bytes_come_each_time(store: FaceStore, network: Any) -> None:
    assert looked(store, network()) == looked(store, network())


def test_a_backbone_without_a_map_has_occlusion_alone_and_says_so(
    store: FaceStore, network: Any
) -> None:
    found = looked(store, network("test_vit"))
    assert {made.method for face in found.faces for made in face.maps} == {Method.OCCLUSION}
    assert found.fields is None
    assert found.note.startswith("Grad-CAM is not for test_vit: its last features are no map")


def test_one_task_is_explained_alone(store: FaceStore, network: Any) -> None:
    found = looked(store, network(tasks=(Task.GENDER,)))
    assert {made.task for face in found.faces for made in face.maps} == {Task.GENDER}


def test_a_folder_of_the_pipeline_is_explained(trained_folder: Path, store: FaceStore) -> None:
    found = explain(
        CHOSEN[:1],
        weights=trained_folder / "model.safetensors",
        card=trained_folder / "model.json",
        faces=store.folder,
        part="test",
        window=0.5,
        stride=0.5,
    )
    assert len(found.faces) == 1
    assert "one field at this image size" in found.note


def test_nothing_to_explain_loads_no_torch(tmp_path: Path) -> None:
    work = (
        "import sys; from pathlib import Path; import stages.explain; "
        "from visage.explain.explain import explain; nowhere = Path('nowhere'); "
        "explain((), weights=nowhere, card=nowhere, faces=nowhere, part='test', window=0.2, "
        "stride=0.1); print({'torch', 'captum', 'timm'} & set(sys.modules))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", work], capture_output=True, text=True, check=False, cwd=root
    )
    assert done.stdout == "set()\n", done.stderr
