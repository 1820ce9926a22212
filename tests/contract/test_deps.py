"""dvc.yaml names the files that each stage reaches: editing a plot must not retrain a model."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import grimp
import pytest

from visage.files.closure import stage_modules, stage_registries
from visage.files.pipeline import read_pipeline, with_module_deps

Break = Callable[[str, str, str], None]


def stale_lists(root: Path) -> bool:
    text = (root / "dvc.yaml").read_text(encoding="utf-8")
    return with_module_deps(text, partial(stage_modules, root=root)) != text


def unnamed_registries(root: Path) -> list[str]:
    """Registries of a stage for which dvc.yaml names neither the folder nor a `${...}` file."""
    found = []
    for stage, definition in read_pipeline(root / "dvc.yaml")["stages"].items():
        named = {dep.rpartition("/")[0] if "${" in dep else dep for dep in definition["deps"]}
        registries = stage_registries(stage, root)
        found += [f"{stage}: {path}" for path in registries if path.as_posix() not in named]
    return found


def unnamed_data(root: Path) -> list[str]:
    """Folders of files that are no Python beside the modules of a stage, which no import shows."""
    found = []
    for stage, definition in read_pipeline(root / "dvc.yaml")["stages"].items():
        for folder in sorted({path.parent for path in stage_modules(stage, root)}):
            places = (place for place in (root / folder).iterdir() if place.is_dir())
            for place in places:
                name = place.relative_to(root).as_posix()
                data = [file for file in place.iterdir() if file.suffix not in ("", ".py")]
                if data and not _named(name, definition["deps"]):
                    found.append(f"{stage}: {name}")
    return found


def _named(folder: str, deps: list[str]) -> bool:
    return any(folder == dep or folder.startswith(f"{dep}/") for dep in deps)


def test_the_lists_are_those_of_the_imports(root: Path) -> None:
    assert not stale_lists(root), "run `make deps`"


def test_every_registry_of_a_stage_is_named(root: Path) -> None:
    assert unnamed_registries(root) == []


def test_templates_are_named(root: Path) -> None:
    assert unnamed_data(root) == []


def test_what_computes_depends_on_the_exact_versions(pipeline: dict[str, Any]) -> None:
    having = {name for name, s in pipeline["stages"].items() if "constraints.txt" in s["deps"]}
    assert having == {"init", "train", "infer", "explain"}


def test_the_closure_is_that_of_grimp(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(root)
    graph = grimp.build_graph("visage", "stages", cache_dir=None)
    compared = 0
    for script in sorted((root / "stages").glob("[a-z]*.py")):
        if stage_registries(script.stem, root):
            continue  # their members' imports are more than grimp sees
        modules = graph.find_upstream_modules(f"stages.{script.stem}") - {"visage", "stages"}
        files = {Path("src", *name.split(".")).with_suffix(".py") for name in modules}
        expected = {path for path in files if (root / path).is_file()}
        assert set(stage_modules(script.stem, root)) - {Path(f"stages/{script.name}")} == expected
        compared += 1
    assert compared > 3


def test_a_plot_does_not_retrain(root: Path) -> None:
    reached = {path.parts[2] for path in stage_modules("train", root) if path.parts[0] == "src"}
    assert reached.isdisjoint({"reporting", "tracking", "posterior", "cli", "sweep"})


def upstream(stage: str, stages: dict[str, Any]) -> set[str]:
    """Returns the stages that must run before one, itself included."""
    made_by = {path: name for name, found in stages.items() for path in outputs(found)}
    before = {made_by[path] for path in stages[stage]["deps"] if path in made_by}
    return {stage}.union(*(upstream(name, stages) for name in before))


def outputs(stage: dict[str, Any]) -> list[str]:
    """Returns the paths that a stage writes; one with options is a mapping."""
    listed = [*stage.get("outs", []), *stage.get("metrics", []), *stage.get("plots", [])]
    return [path for entry in listed for path in ([entry] if isinstance(entry, str) else entry)]


def test_another_part_to_be_measured_trains_nothing(pipeline: dict[str, Any]) -> None:
    stages = pipeline["stages"]
    reruns = {
        name
        for name, found in stages.items()
        for given in found.get("params") or []
        if given.partition(".")[0] == "evaluate"
    }
    assert "evaluate" in reruns
    before = upstream("train", stages)
    assert before >= {"ingest", "split", "weights", "init", "train"}
    assert not before & reruns


def test_live_tracking_is_outside_of_training(root: Path) -> None:
    assert "visage.tracking.observers" in (root / "stages/train.py").read_text(encoding="utf-8")
    assert Path("src/visage/tracking/observers.py") not in stage_modules("train", root)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("dvc.yaml", "    - src/visage/data/split.py\n", ""),
        (
            "dvc.yaml",
            "    - stages/split.py\n",
            "    - src/visage/unused.py\n    - stages/split.py\n",
        ),
        ("src/visage/data/split.py", "", "import visage.posterior.interval\n"),
        ("src/visage/models/heads/regression.py", "", "import visage.posterior.interval\n"),
    ],
)
def test_seen_to_fail_when_list_and_imports_differ(
    copy: Path, broken: Break, name: str, old: str, new: str
) -> None:
    assert not stale_lists(copy)
    broken(name, old, new)
    assert stale_lists(copy)


def test_seen_to_fail_when_a_registry_is_not_named(copy: Path, broken: Break) -> None:
    broken("dvc.yaml", "    - src/visage/inference/views\n", "")
    assert "infer: src/visage/inference/views" in unnamed_registries(copy)


def test_seen_to_fail_when_templates_are_not_named(copy: Path, broken: Break) -> None:
    broken("dvc.yaml", "    - src/visage/reporting\n", "")
    assert "report: src/visage/reporting/templates" in unnamed_data(copy)
