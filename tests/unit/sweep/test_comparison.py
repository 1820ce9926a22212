from dataclasses import replace

import pytest

from visage.sweep.comparison import comparison
from visage.sweep.recipe import Published, Recipe
from visage.sweep.result import Result

PUBLISHED = Published(name="net", rmse=8.12, mae=5.66, gender_f1=0.94, harmonic=0.821, note="yes")
DETAILS = {
    "part": "test",
    "level": 0.95,
    "data_sha256": "0123456789abcdef",
    "intervals": {"rmse": [9.0, 11.0]},
    "baseline": {"rmse": 20.0, "mae": 17.0, "n": 32},
}
OURS = Result("study-net", {"rmse": 10.0, "mae": 7.0, "n": 32}, DETAILS)


def rows(*results: Result, smoke: bool = False) -> dict[str, list[str]]:
    recipe = Recipe(purpose="Why", published=(PUBLISHED,))
    page = comparison(recipe, results, seed=42, smoke=smoke)
    table = [line for line in page.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]
    return {first: rest for first, *rest in cells}


def test_published_rows_stand_above_ours() -> None:
    assert list(rows(OURS)) == ["published: net", "trivial predictor", "ours: study-net"]


def test_a_published_row_has_its_figures_and_its_note() -> None:
    assert rows()["published: net"] == ["8.12", "5.66", "0.940", "0.821", "", "", "yes"]


def test_a_figure_of_ours_has_its_interval_where_there_is_one() -> None:
    assert rows(OURS)["ours: study-net"][:3] == ["10.00 [9.00, 11.00]", "7.00", ""]


def test_a_figure_whose_interval_is_null_stands_alone() -> None:
    few = replace(OURS, details={**DETAILS, "intervals": {"rmse": None}})
    assert rows(few)["ours: study-net"][0] == "10.00"


def test_our_rows_say_n_the_part_and_the_data() -> None:
    assert rows(OURS)["ours: study-net"][4:6] == ["32", "test 0123456789ab"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["test", "test"], "Ours: the test part, training seed 42"),
        (["validation", "validation"], "Ours: the validation part, training seed 42"),
        (["validation", "test"], "Ours: the part that each row names, training seed 42"),
    ],
)
def test_the_page_says_the_part_that_was_measured(parts: list[str], said: str) -> None:
    ours = [replace(OURS, details={**DETAILS, "part": part}) for part in parts]
    assert said in comparison(Recipe(purpose="Why"), ours, seed=42, smoke=False)


def test_a_failed_member_is_a_row_that_says_so() -> None:
    assert rows(Result("study-net"))["ours: study-net"] == [*[""] * 6, "failed"]


def test_figures_without_details_are_still_a_row() -> None:
    assert rows(Result("a", {"rmse": 10.0, "n": 3}))["ours: a"][0] == "10.00"


def test_a_smoke_run_is_said_to_be_reduced() -> None:
    recipe = Recipe(purpose="Why")
    assert "**Smoke run: reduced" in comparison(recipe, [OURS], seed=42, smoke=True)
    assert "Smoke" not in comparison(recipe, [OURS], seed=42, smoke=False)


def test_the_page_says_part_seed_and_level() -> None:
    page = comparison(Recipe(purpose="Why"), [OURS], seed=42, smoke=False)
    assert "the test part, training seed 42, 95 % bootstrap intervals" in page


def test_a_run_without_a_test_part_is_a_row_that_says_so() -> None:
    refit = Result("refit", {"n": 0}, {"unmeasured": "nothing was measured"})
    assert list(rows(refit)) == ["published: net", "ours: refit"]
    assert rows(refit)["ours: refit"] == ["", "", "", "", "0", "", "nothing was measured"]


def test_repeats_end_with_their_mean_and_spread() -> None:
    folds = [Result(f"fold{n}", {"rmse": rmse, "n": 10}) for n, rmse in enumerate((8.0, 9.0, 10.0))]
    page = comparison(
        Recipe(purpose="Why", mean=True), [*folds, Result("failed")], seed=4, smoke=False
    )
    (row,) = [line for line in page.splitlines() if line.startswith("| ours: mean")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1:] == ["9.00 ± 1.00", "30", "", "mean ± standard deviation of 3 runs"]
    assert "ours: mean" not in rows(OURS)


GENDER = Result("g", {"gender_accuracy": 0.91, "gender_f1": 0.909, "n": 8}, model="abc")


def headings(page: str) -> list[str]:
    line = next(line for line in page.splitlines() if line.startswith("| run"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_columns_are_the_figures_that_there_are() -> None:
    page = comparison(Recipe(purpose="Why"), [GENDER], seed=1, smoke=False)
    assert headings(page) == ["run", "gender accuracy", "gender F1", "n", "data", "note"]
    assert "accuracy" not in headings(
        comparison(Recipe(purpose="Why"), [OURS], seed=1, smoke=False)
    )
    recipe = Recipe(purpose="Why", published=(PUBLISHED,))
    both = comparison(recipe, [GENDER], seed=1, smoke=False)
    assert headings(both)[1:5] == ["RMSE", "MAE", "gender F1", "harmonic"]


RANKED = Recipe(purpose="Why", rank_by="gender_accuracy")
WINNER = Result("study-winner", {"gender_accuracy": 0.88, "n": 9}, model="abc")


def test_the_winner_is_a_row_of_its_own_and_the_page_says_how_it_was_chosen() -> None:
    page = comparison(RANKED, [GENDER], seed=1, smoke=False, winner=WINNER)
    assert [line.split("|")[1].strip() for line in page.splitlines() if "model abc" in line] == [
        "ours: g",
        "ours: study-winner",
    ]
    assert "Ours: the validation part" in page
    assert "Ranked by gender accuracy there; the winner alone was measured on the test part" in page


@pytest.mark.parametrize(
    ("winner", "said"),
    [
        (WINNER, "the winner alone was measured on the test part, the same model by its hash."),
        (replace(WINNER, model=""), "whether it is the same model is not known, because a hash"),
        (replace(WINNER, model="xyz"), "NOT of the model that won: xyz instead of abc"),
        (Result("study-winner"), "nothing was measured on the test part."),
        (Result("study-winner", {"n": 0}, model="abc"), "nothing was measured on the test part."),
        (None, "nothing was measured on the test part."),
    ],
)
def test_the_page_says_whether_the_winner_is_the_model_that_won(
    winner: Result | None, said: str
) -> None:
    page = comparison(RANKED, [GENDER], seed=1, smoke=False, winner=winner)
    assert said in page
    assert ("the same model by its hash" in page) == (winner is WINNER)


def test_a_row_says_what_its_training_cost_where_that_is_known() -> None:
    runs = [
        replace(GENDER, name="head", fingerprint="f1", n_learnt=4097),
        replace(GENDER, name="full", fingerprint="f2", n_learnt=134_264_641),
        Result("failed"),
    ]
    page = comparison(RANKED, runs, seed=1, smoke=False, winner=WINNER, seconds={"f2": 61.5})
    assert headings(page)[-3:] == ["learnt parameters", "training (s)", "note"]
    cells = [[cell.strip() for cell in line.split("|")] for line in page.splitlines()]
    assert {row[1]: row[-4:-2] for row in cells if row[1:] and "ours" in row[1]} == {
        "ours: head": ["4,097", ""],
        "ours: full": ["134,264,641", "62"],
        "ours: failed": ["", ""],
        "ours: study-winner": ["", ""],
    }


def test_the_picture_of_the_epochs_is_shown() -> None:
    page = comparison(Recipe(purpose="Why"), [OURS], seed=1, smoke=False, curves="compare-x.svg")
    assert "![Curves](compare-x.svg)" in page
