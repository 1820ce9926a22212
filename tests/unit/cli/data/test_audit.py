import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from visage.cli.main import app
from visage.files.tables import write_table
from visage.schema import INDEX, SPLITS

ROOT = Path(__file__).parents[4]
Commit = Callable[[str | None, Callable[[], None]], str]


def write_split(
    project: Path,
    hashes: dict[str, int],
    parts: dict[str, str],
    people: dict[str, str] | None = None,
    source: str = "made",
) -> None:
    rows = [
        {"id": name, "row": row, "sha256": name, "phash": f"{value:064x}", "group": row}
        for row, (name, value) in enumerate(hashes.items())
    ]
    index = pd.DataFrame(rows).reindex(columns=INDEX.names)
    index["source"], index["identity"] = source, index["id"].map(people or {})
    (project / "data").mkdir(parents=True)
    shutil.copy(ROOT / "params.yaml", project)
    write_table(project / "data/index.parquet", index, INDEX)
    splits = pd.DataFrame({"id": list(parts), "part": list(parts.values())})
    write_table(project / "data/splits.csv", splits, SPLITS)


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    write_split(tmp_path / "here", {"a": 0, "b": 2**200 - 1}, {"a": "test", "b": "train"})
    write_split(tmp_path / "there", {"c": 3, "d": 2**100 - 1}, {"c": "train", "d": "test"})
    return lambda *words: CliRunner().invoke(app, ["data", "audit", *words])


def test_a_clean_split_ends_with_0(audit: Callable[..., Result]) -> None:
    result = audit("here")
    assert result.exit_code == 0, result.output
    assert "0 of 1 test images stand in here's part train" in result.output


def test_a_leak_into_another_split_ends_with_1_and_is_listed(
    audit: Callable[..., Result], tmp_path: Path
) -> None:
    result = audit("here", "there", "--pairs", "pairs.csv")
    assert result.exit_code == 1
    assert "1 of 1 test images stand in there's part train" in result.output
    pairs = pd.read_csv(tmp_path / "pairs.csv")
    assert pairs[["id", "other_id", "bits"]].to_numpy().tolist() == [["a", "c", 2]]


def test_a_leak_within_one_split_is_found_whichever_image_comes_first(
    audit: Callable[..., Result], tmp_path: Path
) -> None:
    write_split(tmp_path / "leaky", {"a": 0, "b": 1, "c": 2}, {"a": "train", "b": "test"})
    result = audit("leaky")
    assert result.exit_code == 1
    assert "1 of 1 test images stand in leaky's part train" in result.output


def test_a_person_who_was_trained_on_is_a_leak(
    audit: Callable[..., Result], tmp_path: Path
) -> None:
    names = {"a": "ann", "b": "ann", "c": "bob"}
    hashes, parts = {"a": 0, "b": 2**200 - 1, "c": 2**99 - 1}, {"a": "test", "b": "train"}
    write_split(tmp_path / "leaky", hashes, {**parts, "c": "test"}, names)
    result = audit("leaky")
    assert result.exit_code == 1
    assert "1 of 2 people of the test part stand in leaky's part train" in result.output


def test_a_person_in_another_split_is_a_leak_too(
    audit: Callable[..., Result], tmp_path: Path
) -> None:
    write_split(tmp_path / "one", {"a": 0}, {"a": "test"}, {"a": "ann"}, "agedb")
    write_split(tmp_path / "two", {"b": 2**200 - 1}, {"b": "train"}, {"b": "ann"}, "agedb")
    result = audit("one", "two")
    assert result.exit_code == 1
    assert "1 of 1 people of the test part stand in two's part train" in result.output


def test_people_of_two_tables_are_not_compared_and_that_is_said(
    audit: Callable[..., Result], tmp_path: Path
) -> None:
    write_split(tmp_path / "one", {"a": 0}, {"a": "test"}, {"a": "1"}, "kaggle")
    write_split(tmp_path / "two", {"b": 2**200 - 1}, {"b": "train"}, {"b": "1"}, "kaggle")
    result = audit("one", "two")
    assert result.exit_code == 0
    assert "the people of kaggle are not compared" in result.output
    assert "the sources name no people of the test part" in result.output


def test_unknown_people_are_said_to_be_unknown(audit: Callable[..., Result]) -> None:
    assert "the sources name no people of the test part" in audit("here").output


def test_fewer_bits_find_fewer(audit: Callable[..., Result]) -> None:
    assert audit("here", "there", "--bits", "1").exit_code == 0


def test_bits_are_those_of_the_first_project(audit: Callable[..., Result], tmp_path: Path) -> None:
    params = tmp_path / "here/params.yaml"
    text = params.read_text(encoding="utf-8")
    assert "near_duplicate_bits: 20" in text
    params.write_text(text.replace("near_duplicate_bits: 20", "near_duplicate_bits: 1"))
    result = audit("here", "there")
    assert result.exit_code == 0
    assert "within 1 of 256 bits" in " ".join(result.output.split())
    assert audit("here", "there", "--bits", "2").exit_code == 1


def test_without_params_bits_are_those_that_go_without_a_project(
    audit: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "here/params.yaml").unlink()
    assert "within 20 of 256 bits" in " ".join(audit("here").output.split())


def test_pairs_under_another_suffix_are_refused_before_the_work(
    audit: Callable[..., Result], tmp_path: Path
) -> None:
    result = audit("here", "there", "--pairs", "pairs.txt")
    assert result.exit_code == 1
    assert "pairs.txt: the table is written as .csv; end the name so" in result.output
    assert "near-duplicate pairs" not in result.output
    assert not (tmp_path / "pairs.txt").exists()


def test_a_folder_without_a_split_is_refused(audit: Callable[..., Result]) -> None:
    result = audit("nowhere")
    assert result.exit_code == 1
    assert "nowhere/data/index.parquet is missing" in result.output


@pytest.fixture
def states(
    commit_written: Commit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Returns the command in a project with two commits and an experiment that leaks."""
    monkeypatch.chdir(tmp_path)

    def write(parts: dict[str, str]) -> Callable[[], None]:
        def written() -> None:
            (tmp_path / "dvc.yaml").write_text("stages: {}\n")
            shutil.rmtree(tmp_path / "data", ignore_errors=True)
            write_split(tmp_path, {"a": 0, "b": 1, "c": 2**200 - 1}, parts)

        return written

    clean = {"a": "test", "b": "test", "c": "train"}
    commit_written(None, write(clean))
    commit_written("leaky", write({**clean, "b": "train"}))
    return lambda *words: CliRunner().invoke(app, ["data", "audit", *words])


def test_an_experiment_is_audited_without_a_checkout(states: Callable[..., Result]) -> None:
    result = states("leaky")
    assert result.exit_code == 1
    assert "1 of 1 test images stand in leaky's part train" in result.output
    assert states(".").exit_code == 0


def test_a_revision_is_held_against_the_workspace(states: Callable[..., Result]) -> None:
    result = states(".", "leaky")
    assert result.exit_code == 1
    assert "2 of 2 test images stand in leaky's part train" in result.output
    assert states(".", "HEAD").exit_code == 0


def test_a_name_that_is_no_folder_and_no_state_is_refused(states: Callable[..., Result]) -> None:
    result = states("nowhere")
    assert result.exit_code == 1
    assert "nowhere: there is no such experiment, revision" in result.output
    assert "leaky" in result.output
