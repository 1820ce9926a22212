import sys
from pathlib import Path

import pytest

from visage.registry import UnknownMemberError, members, no_such, resolve


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "zoo_of_a_test"
    folder.mkdir()
    for name in ("__init__", "_helper", "cat", "dog"):
        (folder / f"{name}.py").write_text(f"sound = 'sound of {name}'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return "zoo_of_a_test"


def test_every_public_file_is_a_member(package: str) -> None:
    assert members(package) == ["cat", "dog"]


def test_a_new_file_is_a_new_member(package: str, tmp_path: Path) -> None:
    (tmp_path / package / "axolotl.py").touch()
    assert members(package) == ["axolotl", "cat", "dog"]


def test_the_named_member_alone_is_imported(package: str) -> None:
    assert resolve(package, "cat", "sound", param="zoo.animal") == "sound of cat"
    assert f"{package}.dog" not in sys.modules


def test_unknown_member_is_refused_with_near_matches(package: str) -> None:
    with pytest.raises(UnknownMemberError, match=r"zoo.animal: there is no 'dgo'; did you .* dog"):
        resolve(package, "dgo", "sound", param="zoo.animal")


def test_private_file_is_no_member(package: str) -> None:
    with pytest.raises(UnknownMemberError):
        resolve(package, "_helper", "sound", param="zoo.animal")


def test_all_members_are_named_where_none_is_near() -> None:
    assert no_such("zzz", ["cat", "dog"]) == "there is no 'zzz'; known: cat, dog"


def test_a_long_list_is_cut() -> None:
    assert no_such("zzz", [f"model{number}" for number in range(99)]).endswith("model11, ...")
