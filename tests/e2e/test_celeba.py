"""`make celeba`, the CelebA study in small, with a small network in VGG-16's place."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
Run = Callable[..., CompletedProcess[str]]
SMALL = ("backbone=test_resnet", "demo.n_labelled=160", "demo.image_size=109")
COMMAND = ("visage", "run", "recipes/celeba-gender.yaml", "--smoke")
POINTS = [f"{layers}-lr{rate}" for layers in ("head_only", "last_block") for rate in (1e-3, 1e-4)]
MEMBERS = [f"celeba-gender-smoke-{point}" for point in POINTS]
WINNER = "celeba-gender-smoke-winner"


@pytest.fixture(scope="module")
def study(finished: Path, run_finished: Run) -> Iterator[CompletedProcess[str]]:
    """The study's run in the finished project, which is left without its page and experiments."""
    yield run_study(run_finished)
    for path in (finished / "metrics").glob("compare-celeba-gender-smoke.*"):
        path.unlink()  # and not the committed pages of other studies
    run_finished("dvc", "exp", "remove", *MEMBERS, WINNER)


def run_study(run: Run) -> CompletedProcess[str]:
    done = run(*COMMAND, *(word for text in SMALL for word in ("-S", text)))
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def page(project: Path) -> str:
    return (project / "metrics/compare-celeba-gender-smoke.md").read_text(encoding="utf-8")


def rows(project: Path) -> dict[str, dict[str, str]]:
    """Returns our rows of the page's table by name, each by heading."""
    lines = [line for line in page(project).splitlines() if line.startswith("| ")]
    headings, _, *cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    table = [dict(zip(headings, row, strict=True)) for row in cells]
    return {name: row for row in table if (name := row["run"].removeprefix("ours: ")) != row["run"]}


def test_four_models_are_trained_and_the_best_of_them_meets_the_test_part(
    study: CompletedProcess[str], finished: Path
) -> None:
    assert "SMOKE RUN: reduced" in study.stderr
    assert study.stdout.count("Running stage 'train'") == 4  # and not for the winner
    assert study.stdout.count("Running stage 'demo'") == 1
    found = rows(finished)
    assert list(found) == [*MEMBERS, WINNER]
    best = max(MEMBERS, key=lambda name: float(found[name]["gender accuracy"].split()[0]))
    assert found[WINNER]["note"] == found[best]["note"] != ""
    assert "the same model by its hash" in page(finished)


def test_a_row_says_what_its_choice_costs(study: CompletedProcess[str], finished: Path) -> None:
    found = rows(finished)
    learnt = [int(found[name]["learnt parameters"].replace(",", "")) for name in MEMBERS]
    assert learnt[0] == learnt[1] < learnt[2] == learnt[3]


def test_any_two_of_them_can_be_compared(study: CompletedProcess[str], run_finished: Run) -> None:
    done = run_finished("dvc", "metrics", "diff", MEMBERS[1], MEMBERS[2], "--all", "--json")
    assert "gender_accuracy" in json.dumps(json.loads(done.stdout)), done.stdout + done.stderr


def test_persons_are_kept_apart(study: CompletedProcess[str], run_finished: Run) -> None:
    refs = run_finished("git", "for-each-ref", "--format=%(refname)", "refs/exps").stdout.split()
    (ref,) = (ref for ref in refs if ref.endswith(f"/{WINNER}"))
    counts = json.loads(run_finished("git", "show", f"{ref}:metrics/split.json").stdout)
    assert counts["identities"] > 40
    assert counts["identities_across_parts"] == 0
