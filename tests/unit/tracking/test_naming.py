import pytest

from visage.tracking.naming import run_name, with_names

DIGEST = "0123456789abcdef"


def test_names_accumulate_each_once() -> None:
    assert with_names("repro, a", ["b", "a"]) == "repro, a, b"


@pytest.mark.parametrize(
    ("experiments", "expected"),
    [
        ("repro", "resnet18-01234567"),
        ("resnet18", "resnet18"),
        ("repro, lr-high", "lr-high (resnet18)"),
        ("a, resnet18-long", "a, resnet18-long"),
    ],
)
def test_run_name_tells_experiment_and_backbone(experiments: str, expected: str) -> None:
    assert run_name(experiments, backbone="resnet18", digest=DIGEST) == expected
