"""The sections one by one, where the page as a whole does not show enough."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from visage.reporting.ages import ages
from visage.reporting.blocks import Cards, Facts, Figure, Matrix, Section, Table
from visage.reporting.dataset import dataset
from visage.reporting.genders import genders
from visage.reporting.inputs import Inputs, read_inputs
from visage.reporting.slices import slices
from visage.reporting.summary import summary
from visage.reporting.training import training
from visage.schema import Task

MakeRun = Callable[..., Path]


def tables(section: Section | None) -> dict[str, Table]:
    assert section is not None
    return {block.title: block for block in section.blocks if isinstance(block, Table)}


def figure_titles(section: Section | None) -> list[str]:
    assert section is not None
    return [block.title for block in section.blocks if isinstance(block, Figure)]


def test_cards_show_the_headlines_of_both_tasks(inputs: Inputs) -> None:
    cards = next(block for block in summary(inputs).blocks if isinstance(block, Cards))
    names = [card.name for card in cards.cards]
    assert names == ["Harmonic score", "Age MAE", "Age RMSE", "Gender F1 (macro)"]


def test_summary_says_n_distinct_faces_part_resamples_and_seed(inputs: Inputs) -> None:
    changed = replace(inputs, details={**inputs.details, "n_groups": 55})
    section = summary(changed)
    assert "test part: 60 faces, 55 of them distinct" in section.lead
    assert "100 resamples, seed 17" in tables(section)["All figures"].note


def test_summary_says_what_the_trivial_predictor_says(inputs: Inputs) -> None:
    assert "33.4 years, male" in tables(summary(inputs))["All figures"].note


def test_age_bins_are_in_order_of_age_beyond_a_hundred(inputs: Inputs) -> None:
    by_age = {label: {"female": 1, "male": 2} for label in ("100-109", "00-09", "20-29")}
    split = {"parts": {"train": {"n": 9, "by_age": by_age}}}
    rows = tables(dataset(replace(inputs, split=split)))["Faces by part, age and gender"].rows
    assert [row[0].replace("\N{EN DASH}", "-") for row in rows] == ["0-9", "20-29", "100-109"]


def test_seeds_are_not_set_in_thousands(inputs: Inputs) -> None:
    section = dataset(replace(inputs, split={"seed": 20240131}))
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    assert {fact.name: fact.value for fact in facts.facts}["Split seed"] == "20240131"


def test_one_task_has_no_curves_of_the_other(make_run: MakeRun) -> None:
    make_run(tasks=(Task.AGE,))
    assert figure_titles(training(read_inputs())) == ["Loss", "Age error"]


def test_both_tasks_have_all_curves(inputs: Inputs) -> None:
    titles = ["Loss", "Loss by task", "Age error", "Scores"]
    assert figure_titles(training(inputs)) == titles


def test_the_last_weights_are_drawn_beside_their_average(inputs: Inputs) -> None:
    plain = training(inputs)
    averaged = inputs.history.assign(val_raw_harmonic=0.5, val_raw_loss=0.6)
    both = training(replace(inputs, history=averaged))
    assert plain is not None
    assert both is not None
    told = [sum("last weights" in block.alt for block in page.blocks) for page in (plain, both)]
    assert told == [0, 2]


def test_no_epochs_is_no_section(inputs: Inputs) -> None:
    assert training(replace(inputs, history=inputs.history.head(0))) is None


def test_ages_have_scatter_error_and_bias(inputs: Inputs) -> None:
    titles = ["Estimated against true age", "Error by age", "Bias by age"]
    assert figure_titles(ages(inputs)) == titles


def test_ages_say_how_many_their_interval_holds(inputs: Inputs) -> None:
    details = {**inputs.details, "interval": {"nominal": 0.9, "coverage": 0.874}}
    section = ages(replace(inputs, details=details))
    assert section is not None
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    values = {fact.name: fact.value for fact in facts.facts}
    assert values["Ages inside the 90 % interval"] == "87.4 %"


def test_confusion_is_shown_before_and_after_the_threshold(inputs: Inputs) -> None:
    section = genders(inputs)
    assert section is not None
    found = {b.title: b for b in section.blocks if isinstance(b, Matrix)}
    assert list(found) == ["Before: threshold 0.5", "After: threshold 0.430"]
    counts = [[cell.count for cell in row] for row in found["After: threshold 0.430"].rows]
    assert counts == [[str(n) for n in row] for row in inputs.details["gender_confusion"]]


def test_an_empty_row_of_a_confusion_matrix_is_unshaded(inputs: Inputs) -> None:
    details = {"gender_confusion": [[0, 0], [3, 1]]}
    section = genders(replace(inputs, details=details))
    assert section is not None
    matrix = next(block for block in section.blocks if isinstance(block, Matrix))
    assert [[cell.share for cell in row] for row in matrix.rows] == [[0, 0], [0.75, 0.25]]


def test_slices_of_one_task_lack_the_others_column(make_run: MakeRun) -> None:
    make_run(tasks=(Task.GENDER,))
    columns = tables(slices(read_inputs()))["Test faces by gender and age"].columns
    assert columns == ("Gender and age", "Faces", "Gender accuracy (%)")


def test_a_validation_part_is_not_said_to_be_unseen(inputs: Inputs) -> None:
    assert "None was used to train" in str(summary(inputs))
    shown = str(summary(replace(inputs, details=dict(inputs.details, part="validation"))))
    assert "Measured on the validation part" in shown
    assert "None was used" not in shown
    assert "choose among models" in shown
