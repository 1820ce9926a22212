from collections.abc import Callable, Mapping
from typing import Any

import pytest

from visage.submission.lock import RouteError, Stage, made, pinned, read_lock, route

CSV = "data/predictions/submission.csv"


def stage(name: str, deps: tuple[str, ...], *outs: str) -> Stage:
    command = f"python -m stages.{name}"
    return Stage(name, command, dict.fromkeys(deps, "0"), dict.fromkeys(outs, "1"))


STAGES = {
    found.name: found
    for found in (
        stage("predict", ("models/decision.json", "data/predictions/test.parquet"), CSV),
        stage("calibrate", ("data/predictions/test.parquet",), "models/decision.json"),
        stage("evaluate", ("data/predictions/test.parquet",), "metrics/evaluate.json"),
        stage("infer", ("models/model.json", "data/faces"), "data/predictions/test.parquet"),
        stage("train", ("data/faces", "src/a.py"), "models/model.json"),
        stage("ingest", ("/my/faces",), "data/faces"),
    )
}


def test_a_route_holds_what_comes_from_its_start_in_an_order_that_can_run() -> None:
    names = [stage.name for stage in route(STAGES, start="train")]
    assert names == ["train", "infer", "calibrate", "predict"]


def test_a_route_may_be_the_last_stage_alone() -> None:
    assert [stage.name for stage in route(STAGES, start="predict")] == ["predict"]


def test_a_route_of_all_needs_nothing_that_a_stage_makes() -> None:
    stages = route(STAGES)
    assert [stage.name for stage in stages] == ["ingest", "train", "infer", "calibrate", "predict"]
    assert pinned(stages) == ["/my/faces", "src/a.py"]


@pytest.mark.parametrize("start", ["evaluate", "trian"])
def test_a_start_that_leads_nowhere_is_refused_with_those_that_do(start: str) -> None:
    with pytest.raises(RouteError, match="one of ingest, train, infer, calibrate, predict, or all"):
        route(STAGES, start=start)


def test_pinned_is_what_is_read_and_not_made() -> None:
    assert pinned(route(STAGES, start="infer")) == ["data/faces", "models/model.json"]
    assert pinned(route(STAGES, start="train")) == ["data/faces", "src/a.py"]


def test_what_lies_in_a_folder_that_is_made_is_made() -> None:
    reader = stage("infer", ("data/faces/a.arrow",), "x")
    assert pinned([STAGES["ingest"], reader]) == ["/my/faces"]


def test_a_lock_is_read(lock: Callable[[Mapping[str, Any]], str]) -> None:
    entries = {
        "predict": {
            "cmd": "python -m stages.predict",
            "deps": [{"path": "a", "md5": "1"}],
            "outs": [{"path": CSV, "md5": "2"}],
        }
    }
    stages = read_lock(lock(entries))
    assert stages == {
        "predict": Stage("predict", "python -m stages.predict", {"a": "1"}, {CSV: "2"})
    }
    assert made(stages) == "2"
    assert made({}) is None
