from collections.abc import Callable
from pathlib import Path

import pytest

from visage.params.load import ParamsError
from visage.sweep.recipe import load_recipe

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_recipe(text: str) -> Path:
        path = tmp_path / "study.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_recipe


def faults(path: Path) -> list[str]:
    with pytest.raises(ParamsError) as caught:
        load_recipe(path)
    return caught.value.faults


def test_a_purpose_and_overrides_are_enough(write: Write) -> None:
    recipe = load_recipe(write("purpose: Why\noverrides: {train.lr: 1e-4}\n"))
    assert recipe.overrides == {"train.lr": 1e-4}
    assert (recipe.grid, recipe.published, recipe.smoke) == ({}, (), None)


def test_an_unknown_key_is_refused_with_near_matches(write: Write) -> None:
    assert faults(write("purpose: Why\noverides: {}\n")) == [
        "overides: unknown key; did you mean overrides?"
    ]


def test_an_unknown_key_of_a_published_row_is_refused_with_near_matches(write: Write) -> None:
    row = "{nme: x, name: x, rmse: 1, mae: 1, gender_f1: 1, harmonic: 1}"
    assert faults(write(f"purpose: Why\npublished: [{row}]\n")) == [
        "published.0.nme: unknown key; did you mean name, mae?"
    ]


def test_an_unknown_key_of_the_smoke_run_is_refused_with_near_matches(write: Write) -> None:
    assert faults(write("purpose: Why\nsmoke: {overrides: {}, override: {}}\n")) == [
        "smoke.override: unknown key; did you mean overrides?"
    ]


def test_all_faults_are_reported_at_once(write: Write) -> None:
    found = faults(write("purpose: ''\ngrid: {backbone: []}\n"))
    assert [fault.split(":")[0] for fault in found] == ["purpose", "grid.backbone"]


def test_a_missing_recipe_is_said_with_those_that_there_are(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    (fault,) = faults(Path("recipes/sed.yaml"))
    assert fault.startswith("there is no such recipe; known: ")
    assert "recipes/seed.yaml" in fault


def test_a_recipe_says_what_it_changes_of_another(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "purpose: p\nneeds: {data.root: where}\noverrides: {seed: 1, age_max: 90}\n"
        "smoke: {overrides: {seed: 2}}\n"
    )
    (tmp_path / "own.yaml").write_text("extends: base.yaml\npurpose: q\noverrides: {age_max: 80}\n")
    found = load_recipe(tmp_path / "own.yaml")
    assert (found.purpose, found.needs) == ("q", {"data.root": "where"})
    assert found.overrides == {"seed": 1, "age_max": 80}
    assert found.smoke is not None
    assert found.smoke.overrides == {"seed": 2, "age_max": 80}


def test_an_extended_recipe_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("extends: base.yaml\npurpose: q\n")
    with pytest.raises(ParamsError, match=r"base.yaml: there is no such recipe"):
        load_recipe(tmp_path / "own.yaml")


def test_what_is_not_there_can_not_be_extended(write: Write) -> None:
    assert faults(write("extends:\npurpose: q\n")) == [
        "extends: must name a file beside this one, found None"
    ]


def test_an_empty_file_can_not_be_extended(write: Write, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").touch()
    with pytest.raises(ParamsError, match=r"base\.yaml: must be a mapping"):
        load_recipe(write("extends: base.yaml\npurpose: q\n"))


@pytest.mark.parametrize("own", [True, False])
def test_what_is_merged_is_a_mapping_or_left_out(write: Write, tmp_path: Path, own: bool) -> None:
    texts = ["purpose: p\n", "overrides:\nsmoke: {overrides: [1]}\n"]
    base, above = texts if own else texts[::-1]
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    assert [fault.partition(",")[0] for fault in faults(write(f"extends: base.yaml\n{above}"))] == [
        "overrides: must be a mapping",
        "smoke.overrides: must be a mapping",
    ]


def test_a_ring_of_recipes_is_named(write: Write, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n", encoding="utf-8")
    (fault,) = faults(write("extends: a.yaml\npurpose: q\n"))
    assert fault.startswith("extends: study.yaml -> a.yaml -> b.yaml -> a.yaml is a ring; let one")
