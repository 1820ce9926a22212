"""One word, five places; a stage is wiring; what is cached, what is committed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from visage.files.pipeline import read_pipeline
from visage.params.all import SECTIONS

Break = Callable[[str, str, str], None]
SHARED = {"backbone", "tasks", "seed", "age_max", "data", "model"}  # declared by several stages
WITHOUT_SECTION = {"predict", "track"}  # nothing of theirs is a choice
MAX_LINES = 45
NO_METRICS = {"details", "split_counts"}  # many columns, which DVC's tables would show
CURVES = {
    "age_bins",
    "age_coverage",
    "age_histogram",
    "age_scatter",
    "gender_confusion",
    "history",
    "threshold_curve",
}


def scripts(root: Path) -> list[Path]:
    return sorted((root / "stages").glob("[a-z]*.py"))


def name_faults(root: Path) -> set[str]:
    """Names that are not at once a stage, a script, and a section or known to have none."""
    stages = set(read_pipeline(root / "dvc.yaml")["stages"])
    sections = {section.key for section in SECTIONS} - SHARED
    return (stages ^ {path.stem for path in scripts(root)}) | (
        stages ^ (sections | WITHOUT_SECTION)
    )


def wiring_faults(root: Path) -> list[str]:
    """Scripts that are more than wiring, or are not run as dvc.yaml's stages are."""
    found = []
    for path in scripts(root):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > MAX_LINES:
            found.append(f"{path.name}: {text.count(chr(10))} lines")
        if not text.endswith('\n\nif __name__ == "__main__":\n    run(main)\n'):
            found.append(f"{path.name}: does not end in run(main)")
    return found


def definition_faults(root: Path) -> list[str]:
    found = []
    for name, stage in read_pipeline(root / "dvc.yaml")["stages"].items():
        if not stage.get("desc"):
            found.append(f"{name}: no desc")
        if stage["cmd"] != f"python -m stages.{name}":
            found.append(f"{name}: cmd")
        found += [f"{name}: {key}" for key in ("always_changed", "frozen") if key in stage]
        found += [f"{name}: {path}" for path, flags in outs(stage) if not rightly_kept(path, flags)]
    return found


def outs(stage: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Returns the outputs of every kind with their flags."""
    listed = [out for kind in ("outs", "metrics", "plots") for out in stage.get(kind) or []]
    pairs = [out if isinstance(out, dict) else {out: {}} for out in listed]
    return [(path, flags) for pair in pairs for path, flags in pair.items()]


def rightly_kept(path: str, flags: dict[str, Any]) -> bool:
    """Metrics and curves are committed; all else is in the cache, and no output persists."""
    name = Path(path)
    committed = name.parent == Path("metrics") and (
        name.stem in CURVES or (name.suffix == ".json" and name.stem not in NO_METRICS)
    )
    drawing = {"x", "y", "title", "template"}
    kept = {key: value for key, value in flags.items() if key not in drawing}
    return kept == ({"cache": False} if committed else {})


def outside_of_run_cache(stage: dict[str, Any]) -> list[str]:
    """Outputs in Git that are neither metric nor plot: DVC then never restores the stage."""
    listed = [out for out in stage.get("outs") or [] if isinstance(out, dict)]
    return [path for out in listed for path, flags in out.items() if flags.get("cache") is False]


def filled_inits(root: Path) -> list[str]:
    """Packages that do something when imported; visage has its version, stages the path."""
    paths = [path for path in (root / "src/visage").rglob("__init__.py") if path.stat().st_size]
    names = sorted(path.relative_to(root).as_posix() for path in paths)
    return [name for name in names if name != "src/visage/__init__.py"]


def test_stage_script_and_section_share_their_name(root: Path) -> None:
    assert name_faults(root) == set()


def test_scripts_are_wiring(root: Path) -> None:
    assert wiring_faults(root) == []


def test_stages_are_described_and_their_results_kept_in_the_right_place(root: Path) -> None:
    assert definition_faults(root) == []


def test_a_training_is_restored_from_the_run_cache(root: Path) -> None:
    stages = read_pipeline(root / "dvc.yaml")["stages"]
    slow = ("ingest", "init", "train", "infer", "calibrate", "predict", "report")
    assert {name: outside_of_run_cache(stages[name]) for name in slow} == {
        name: [] for name in slow
    }
    assert outside_of_run_cache(stages["evaluate"])  # seconds; so the check is seen to find some


def test_packages_are_empty(root: Path) -> None:
    assert filled_inits(root) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("dvc.yaml", "    desc: The Kaggle submission\n", "", "predict: no desc"),
        ("dvc.yaml", "cmd: python -m stages.split", "cmd: python stages/split.py", "split: cmd"),
        ("dvc.yaml", "  split:\n", "  split:\n    always_changed: true\n", "split: always_changed"),
        (
            "dvc.yaml",
            "    - metrics/history.csv:\n        cache: false\n",
            "    - metrics/history.csv:\n",
            "train: metrics/history.csv",
        ),
        (
            "dvc.yaml",
            "    - models/model.json\n    - models/model.saf",
            "    - models/model.json:\n        persist: true\n    - models/model.saf",
            "train: models/model.json",
        ),
    ],
)
def test_definitions_seen_to_fail(
    copy: Path, broken: Break, name: str, old: str, new: str, fault: str
) -> None:
    broken(name, old, new)
    assert definition_faults(copy) == [fault]


def test_names_seen_to_fail(copy: Path) -> None:
    (copy / "stages/split.py").rename(copy / "stages/divide.py")
    assert name_faults(copy) == {"split", "divide"}


def test_names_seen_to_fail_for_a_stage_without_a_section(copy: Path, broken: Break) -> None:
    (copy / "stages/polish.py").touch()
    broken("dvc.yaml", "stages:\n", "stages:\n  polish:\n    cmd: python -m stages.polish\n")
    assert name_faults(copy) == {"polish"}


def test_wiring_seen_to_fail(copy: Path, broken: Break) -> None:
    broken("stages/split.py", "\n\n\ndef main", "\n" * 60 + "def main")
    broken("stages/weights.py", "    run(main)", "    main()")
    assert [fault.split(":")[0] for fault in wiring_faults(copy)] == ["split.py", "weights.py"]


def test_packages_seen_to_fail(copy: Path, broken: Break) -> None:
    broken("src/visage/data/__init__.py", "", "import visage.schema\n")
    assert filled_inits(copy) == ["src/visage/data/__init__.py"]
