"""Nothing but its own file, and the texts for users, names a method of splitting."""

import re
from pathlib import Path

from visage.registry import members

PACKAGE = "visage.data.splits"
BRANCH = re.compile(r"(split|params)\.method\s*(==|!=|in\b)|match .*\.method\b")


def branches(root: Path) -> list[str]:
    """Returns the modules that compare with a method's name, or read it in a condition."""
    files = [*(root / "src").rglob("*.py"), *(root / "stages").glob("*.py")]
    assert len(files) > 50
    found = [path for path in files if BRANCH.search(path.read_text(encoding="utf-8"))]
    return [path.relative_to(root).as_posix() for path in sorted(found)]


def test_params_yaml_lists_every_method(root: Path) -> None:
    text = (root / "params.yaml").read_text(encoding="utf-8")
    (listed,) = re.findall(r"# of src/visage/data/splits: (.*) \(docs/splits.md\)", text)
    assert sorted(listed.split(", ")) == members(PACKAGE)


def test_the_docs_explain_every_method(root: Path) -> None:
    text = (root / "docs/splits.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\*\*`(\w+)`\*\*", text, flags=re.MULTILINE)) == members(PACKAGE)


def test_no_code_asks_which_method_it_is(root: Path) -> None:
    assert branches(root) == []


def test_seen_to_fail(copy: Path) -> None:
    path = copy / "stages/split.py"
    path.write_text(path.read_text(encoding="utf-8") + '# if params.method == "kfold":\n')
    assert branches(copy) == ["stages/split.py"]
