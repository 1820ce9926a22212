import pytest

from visage.tracking import tags
from visage.tracking.naming import add_names, add_sweep, run_name, with_names
from visage.tracking.store import Store

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


def test_what_two_processes_add_at_once_stays(store: Store) -> None:
    read = store.create("x (resnet18)", {tags.EXPERIMENTS: "x", tags.KEY: DIGEST})
    for name in ("a", "b"):  # both have read the run before either wrote it
        add_names(store, read, [name])
        add_sweep(store, read, f"study-{name}")

    found = store.run(read.id)
    assert found.tags[tags.EXPERIMENTS] == "x, a, b"
    assert found.tags[tags.SWEEP] == "study-a, study-b"
