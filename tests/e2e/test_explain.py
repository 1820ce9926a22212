"""The stage `explain`, off by default and switched on as a user would."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from ruamel.yaml import YAML

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def explained(finished: Path, tmp_path: Path, run_finished: Run) -> tuple[Path, str]:
    """Returns a copy of the finished project with two faces a group, and what `dvc repro` said."""
    folder = tmp_path / "project"
    shutil.copytree(finished, folder, symlinks=True)
    yaml = YAML()
    params = yaml.load(folder / "params.yaml")
    params["explain"].update({"faces": 2, "window": 0.5, "stride": 0.25})
    yaml.dump(params, folder / "params.yaml")
    done = run_finished("dvc", "--cd", str(folder), "repro", "report", VISAGE_TRACK="off")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_by_default_nothing_is_explained(finished: Path) -> None:
    found = finished / "metrics/explanations"
    assert [path.name for path in found.iterdir()] == ["index.json"]
    assert json.loads((found / "index.json").read_text())["faces"] == []
    assert 'id="looks"' not in (finished / "metrics/report.html").read_text(encoding="utf-8")


def test_asked_for_maps_are_drawn_and_reported_and_nothing_before_them_runs(
    explained: tuple[Path, str],
) -> None:
    folder, said = explained
    ran = [line for line in said.splitlines() if line.startswith("Running stage")]
    assert ran == ["Running stage 'explain':", "Running stage 'report':"]
    found = json.loads((folder / "metrics/explanations/index.json").read_text())
    assert [face["group"] for face in found["faces"]] == [
        group for group in ("worst", "best", "random") for _ in range(2)
    ]
    assert found["fields"] == [2, 2]
    kinds = {made["method"] for face in found["faces"] for made in face["maps"]}
    assert kinds == {"grad_cam", "occlusion"}
    page = (folder / "metrics/report.html").read_text(encoding="utf-8")
    assert "What the model looks at" in page
    for drawn in ("Grad-CAM of age", "Grad-CAM of gender", "occlusion of age"):
        assert page.count(f"{drawn} on face") == 6
