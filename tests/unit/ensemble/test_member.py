"""Members are read from a small repository whose outputs are in Git, which DVC reads alike."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from visage import schema
from visage.cli.main import app
from visage.ensemble.member import Member, read_member
from visage.files import paths
from visage.files.jsons import write_json
from visage.files.tables import write_table
from visage.sweep.experiment_files import ExperimentError
from visage.sweep.references import find

MakeMember = Callable[..., Member]
Commit = Callable[[str | None, Member], None]


def write(folder: Path, member: Member) -> None:
    """Writes the files that a member is read from."""
    for part, table in member.tables.items():
        write_table(folder / paths.PREDICTIONS / f"{part}.parquet", table, schema.PREDICTIONS)
    write_table(folder / paths.SPLITS, member.splits, schema.SPLITS)
    write_table(folder / paths.INDEX, member.index, schema.INDEX)
    write_table(folder / paths.QUALITY, member.quality, schema.QUALITY)
    write_table(folder / paths.REJECTED, member.rejected, schema.REJECTED)
    write_json(folder / paths.DECISION, member.decision.to_json())
    write_json(folder / paths.SUBMISSION_JSON, member.origin)
    (folder / "params.yaml").write_text(json.dumps(member.params), encoding="utf-8")


@pytest.fixture
def commit(tmp_path: Path, commit_written: Callable[..., str]) -> Commit:
    """Returns a function that commits a member, or makes it an experiment of the first commit."""

    def make(name: str | None, member: Member) -> None:
        commit_written(name, lambda: write(tmp_path, member))

    return make


def test_a_member_is_read_as_it_was_saved(
    member: MakeMember, commit: Commit, tmp_path: Path
) -> None:
    one, two = member("one"), member("two", seed=2)
    commit(None, one)
    commit("two", two)
    found = read_member(find("two", tmp_path), tmp_path)
    assert found.decision == two.decision
    assert (found.params, found.origin) == (two.params, two.origin)
    assert set(found.tables) == set(two.tables)
    for part, table in found.tables.items():
        assert table["id"].tolist() == two.tables[part]["id"].tolist()
        pd.testing.assert_series_equal(
            table["gender_probability"], two.tables[part]["gender_probability"]
        )


def test_an_output_that_is_not_at_hand_is_refused(
    member: MakeMember, commit: Commit, tmp_path: Path
) -> None:
    commit(None, member("one"))
    (tmp_path / paths.REJECTED).unlink()
    subprocess.run(["git", "-C", str(tmp_path), "rm", "-q", "--cached", paths.REJECTED], check=True)
    commit_now = ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "y"]
    subprocess.run(["git", "-C", str(tmp_path), *commit_now], check=True)
    with pytest.raises(ExperimentError, match="outputs with `dvc pull`"):
        read_member(find("HEAD", tmp_path), tmp_path)


@pytest.fixture
def visage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Returns a function that runs the command line in the repository."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_the_command_writes_the_ensemble_and_prints_its_page(
    member: MakeMember, commit: Commit, visage: Callable[..., Result], tmp_path: Path
) -> None:
    commit(None, member("one"))
    commit("two", member("two", seed=2))
    done = visage("ensemble", "HEAD", "two", "--weights", "2,1")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "ensembles/HEAD+two"
    assert (folder / "ensemble.md").read_text() in done.stdout
    assert len((folder / "submission.csv").read_text().splitlines()) == 13


def test_members_that_do_not_fit_leave_nothing(
    member: MakeMember, commit: Commit, visage: Callable[..., Result], tmp_path: Path
) -> None:
    two = member("two", seed=2)
    commit(None, member("one"))
    commit("two", replace(two, tables={**two.tables, "test": two.tables["validation"]}))
    done = visage("ensemble", "HEAD", "two")
    assert done.exit_code == 1
    assert done.stderr.startswith("ERROR: HEAD and two can't be averaged: 120 images of the part")
    assert not (tmp_path / "ensembles").exists()
