import pandas as pd
import pytest
import torch

from visage.codes import Task
from visage.inference.machine import MachineError, machine
from visage.inference.parts import parts_to_predict, prediction_table
from visage.inference.predictor import Predictor
from visage.inference.seeing import SizeError, refuse_sizes, views
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec
from visage.registry import UnknownMemberError


def network(*tasks: Task) -> Network:
    plain = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    return Network(
        NetworkSpec("test_resnet", {}, 0.0, tasks, "regression", 100, (8,), 0.0, 32, plain)
    )


@pytest.fixture
def images() -> torch.Tensor:
    return torch.randint(0, 256, (3, 3, 32, 32), dtype=torch.uint8)


def test_each_view_is_predicted_apart(images: torch.Tensor) -> None:
    predictor = Predictor(
        network(Task.AGE, Task.GENDER), views(["identity", "hflip"]), device=torch.device("cpu")
    )
    plain, mirrored = predictor([images]), predictor([images.flip(-1)])
    assert plain.posterior is not None
    assert mirrored.posterior is not None
    assert plain.posterior.shape == (3, 2, 101)
    assert plain.posterior[:, 0] == pytest.approx(mirrored.posterior[:, 1], abs=1e-5)


def test_batches_do_not_change_predictions(images: torch.Tensor) -> None:
    predictor = Predictor(network(Task.GENDER), views(["identity"]), device=torch.device("cpu"))
    whole, single = predictor([images]), predictor(list(images.split(1)))
    assert whole.posterior is None
    assert whole.gender_probability == pytest.approx(single.gender_probability, abs=1e-6)


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(UnknownMemberError, match="infer.views: .*did you mean hflip"):
        views(["identity", "hflp"])


def test_a_backbone_of_one_size_refuses_finer_views() -> None:
    plain = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    one = Network(
        NetworkSpec("test_vit", {}, 0.0, (Task.AGE,), "regression", 100, (8,), 0.0, 160, plain)
    )
    with pytest.raises(SizeError, match="finer sees faces of 180 pixels, and this backbone takes"):
        refuse_sizes(one, views(["identity", "finer"]))
    refuse_sizes(one, views(["identity", "hflip"]))


def test_a_table_has_one_row_an_image_and_view(images: torch.Tensor, labels: pd.DataFrame) -> None:
    names = ["identity", "hflip"]
    found = Predictor(network(Task.AGE), views(names), device=torch.device("cpu"))([images])
    table = prediction_table(labels.head(3), found, names)
    assert table["id"].tolist() == ["0", "0", "1", "1", "2", "2"]
    assert table["view"].tolist() == names * 3
    assert table["posterior"][3] == pytest.approx(found.posterior[1, 1])
    assert table["gender_probability"].isna().all()


def test_training_images_are_not_predicted(labels: pd.DataFrame) -> None:
    index = labels.assign(official_part=[None] * 20 + ["unlabelled"] * 4)
    parts = (["train"] * 8 + ["validation", "calibration", "test"] * 4)[:20]
    splits = pd.DataFrame({"id": index["id"][:20], "part": parts})
    found = {name: len(rows) for name, rows in parts_to_predict(index, splits)}
    assert found == {"validation": 4, "calibration": 4, "test": 4, "unlabelled": 4}


def test_no_process_reads_images_beside_torch_on_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISAGE_WORKERS")
    assert machine().workers == 0


def test_memory_for_decoded_images_is_given_in_mb(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine().decoded_bytes == 1_000_000_000
    monkeypatch.setenv("VISAGE_DECODED_MB", "3")
    assert machine().decoded_bytes == 3_000_000


@pytest.mark.parametrize(
    ("variable", "value"),
    [("VISAGE_DEVICE", "gpu"), ("VISAGE_WORKERS", "-1"), ("VISAGE_DECODED_MB", "1.5")],
)
def test_a_wrong_environment_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(MachineError, match=f"{variable}={value}: must be"):
        machine()
