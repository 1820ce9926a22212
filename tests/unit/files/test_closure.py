from collections.abc import Callable
from pathlib import Path

import pytest

from visage.files.closure import ClosureError, stage_modules, stage_registries

Checkout = Callable[..., Path]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A function that makes a checkout of these sources; every package is empty."""

    def make(**sources: str) -> Path:
        for name, text in sources.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (tmp_path / "src/visage").mkdir(parents=True, exist_ok=True)
        for folder in {path.parent for path in tmp_path.rglob("*.py")} | {tmp_path / "src/visage"}:
            (folder / "__init__.py").touch()
        return tmp_path

    return make


def reached(stage: str, root: Path) -> list[str]:
    return [path.as_posix() for path in stage_modules(stage, root)]


def test_a_stage_reaches_itself_and_its_imports_imports(checkout: Checkout) -> None:
    root = checkout(
        stages__s="from visage.a import f\n",
        src__visage__a="import visage.b.c\n",
        src__visage__b__c="import numpy\n",
        src__visage__unused="",
    )
    assert reached("s", root) == ["src/visage/a.py", "src/visage/b/c.py", "stages/s.py"]


def test_a_module_may_be_imported_from_its_package(checkout: Checkout) -> None:
    root = checkout(stages__s="from visage.b import c, d\n", src__visage__b__c="x = 1\n")
    assert reached("s", root) == ["src/visage/b/c.py", "stages/s.py"]


def test_imports_inside_functions_count(checkout: Checkout) -> None:
    root = checkout(
        stages__s="def f() -> None:\n    from visage.a import x\n", src__visage__a="x = 1\n"
    )
    assert reached("s", root) == ["src/visage/a.py", "stages/s.py"]


def test_a_circle_of_imports_ends(checkout: Checkout) -> None:
    root = checkout(
        stages__s="import visage.a\n",
        src__visage__a="import visage.b\n",
        src__visage__b="import visage.a\n",
    )
    assert reached("s", root) == ["src/visage/a.py", "src/visage/b.py", "stages/s.py"]


def test_what_is_loaded_by_a_computed_name_is_not_reached(checkout: Checkout) -> None:
    root = checkout(
        stages__s="from importlib import import_module\nimport_module('visage.a').f()\n",
        src__visage__a="",
    )
    assert reached("s", root) == ["stages/s.py"]


def test_a_package_that_runs_code_is_reached(checkout: Checkout) -> None:
    root = checkout(stages__s="import visage.b.c\n", src__visage__b__c="")
    (root / "src/visage/b/__init__.py").write_text("x = 1\n", encoding="utf-8")
    assert reached("s", root) == ["src/visage/b/__init__.py", "src/visage/b/c.py", "stages/s.py"]


def test_the_version_is_not_reached(checkout: Checkout) -> None:
    root = checkout(stages__s="import visage\n")
    (root / "src/visage/__init__.py").write_text("__version__ = '1'\n", encoding="utf-8")
    assert reached("s", root) == ["stages/s.py"]


@pytest.fixture
def registry(checkout: Checkout) -> Path:
    return checkout(
        stages__s="from visage.a import f\n",
        src__visage__registry="",
        src__visage__a=(
            "from visage.registry import resolve\n"
            "package = 'visage.heads'\n"
            "def f(name: str) -> None:\n    resolve(package, name, 'Head', param='head')\n"
        ),
        src__visage__heads__one="from visage.shared import x\n",
        src__visage__heads__two="x = 1\n",
        src__visage__shared="x = 1\n",
    )


def test_a_registry_is_found_by_its_name_in_a_string(registry: Path) -> None:
    assert stage_registries("s", registry) == [Path("src/visage/heads")]


def test_the_imports_of_all_members_are_reached_but_not_the_members(registry: Path) -> None:
    assert reached("s", registry) == [
        "src/visage/a.py",
        "src/visage/registry.py",
        "src/visage/shared.py",
        "stages/s.py",
    ]


def test_a_member_that_another_member_imports_is_reached(registry: Path) -> None:
    (registry / "src/visage/heads/one.py").write_text("import visage.heads.two\n", encoding="utf-8")
    assert "src/visage/heads/two.py" in reached("s", registry)
    assert "src/visage/heads/one.py" not in reached("s", registry)


def test_a_new_import_is_seen_in_the_same_process(checkout: Checkout) -> None:
    root = checkout(stages__s="", src__visage__a="")
    assert reached("s", root) == ["stages/s.py"]
    (root / "stages/s.py").write_text("import visage.a\n", encoding="utf-8")
    assert reached("s", root) == ["src/visage/a.py", "stages/s.py"]


def test_a_stage_without_a_script_is_refused(checkout: Checkout) -> None:
    with pytest.raises(ClosureError, match=r"stages/nothing.py is missing"):
        stage_modules("nothing", checkout(stages__s=""))
