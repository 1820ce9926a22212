"""The sections one by one, where the page as a whole does not show enough."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from visage.codes import Task
from visage.files.faces import FaceStore
from visage.params.report import Published
from visage.reporting.ages import ages
from visage.reporting.blocks import Cards, Facts, Figure, Matrix, Section, Sheet, Table
from visage.reporting.dataset import dataset
from visage.reporting.genders import genders
from visage.reporting.images import images
from visage.reporting.inputs import Inputs, read_inputs
from visage.reporting.slices import slices
from visage.reporting.summary import summary
from visage.reporting.training import training

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


def test_a_figure_without_an_interval_says_so_and_why(inputs: Inputs) -> None:
    intervals = {**inputs.details["intervals"], "mae": None}
    few = {**inputs.details, "intervals": intervals, "undefined_resamples": {"mae": 31}}
    section = summary(replace(inputs, details=few))
    table = tables(section)["All figures"]
    rows = {row[0]: row for row in table.rows}
    assert rows["Age MAE (years)"][2] == "too few"
    assert "left out: 31 for Age MAE. Too few: fewer than two distinct faces" in table.note
    cards = next(block for block in section.blocks if isinstance(block, Cards)).cards
    assert ("95 % interval", "too few") in cards[1].notes


def test_where_all_have_intervals_nothing_is_said_of_too_few(inputs: Inputs) -> None:
    intervals = {key: [0.1, 0.2] for key in inputs.details["intervals"]}
    details = {**inputs.details, "intervals": intervals, "undefined_resamples": {}}
    note = tables(summary(replace(inputs, details=details)))["All figures"].note
    assert "left out" not in note
    assert "Too few" not in note


def test_a_slices_figure_without_an_interval_says_so(inputs: Inputs) -> None:
    (row,) = inputs.details["slices"][:1]
    few = [{**row, "intervals": {**row["intervals"], "mae": None, "gender_accuracy": None}}]
    table = tables(slices(replace(inputs, details={**inputs.details, "slices": few})))
    (cells,) = table["Test faces by gender and age"].rows
    assert [cell.endswith("(too few)") for cell in cells] == [False, False, True, False, True]


def test_errors_by_age_without_intervals_are_drawn(inputs: Inputs) -> None:
    (row, *others) = inputs.details["age_bins"]
    few = [{**row, "intervals": dict.fromkeys(row["intervals"])}, *others]
    section = ages(replace(inputs, details={**inputs.details, "age_bins": few}))
    assert "Error by age" in figure_titles(section)
    assert tables(section)["Error and bias by age"].rows[0][2].endswith("(too few)")


def test_where_people_are_known_the_unit_that_was_resampled_is_said(inputs: Inputs) -> None:
    known = replace(inputs, split={**inputs.split, "identities": 40})
    notes = [tables(summary(one))["All figures"].note for one in (inputs, known)]
    assert ["people were not resampled" in note for note in notes] == [False, True]
    assert all("bootstrap over groups of near-duplicates" in note for note in notes)


def test_summary_says_what_the_trivial_predictor_says(inputs: Inputs) -> None:
    assert "33.4 years, male" in tables(summary(inputs))["All figures"].note


def test_only_the_published_row_of_the_backbone_is_shown_where_there_is_one(
    inputs: Inputs,
) -> None:
    names = ("resnet18", "other")
    rows = tuple(Published(name=name, figures={"mae": 6.0}, note="") for name in names)
    both = tables(summary(replace(inputs, published=rows)))["All figures"].columns
    other = tables(summary(replace(inputs, published=rows[1:])))["All figures"].columns
    assert both[5:] == ("Published: resnet18",)
    assert other[5:] == ("Published: other",)


def test_rows_of_different_units_are_not_sorted(inputs: Inputs) -> None:
    assert not tables(summary(inputs))["All figures"].sortable
    assert not tables(genders(inputs))["What calibration changed"].sortable
    assert tables(ages(inputs))["Error and bias by age"].sortable


def test_what_the_views_are_worth_has_its_own_interval(inputs: Inputs) -> None:
    found = {"difference": -0.0504, "low": -0.081, "high": -0.0204}
    changed = replace(inputs, details={**inputs.details, "tta_difference": {"mae": found}})
    table = tables(summary(changed))["Test-time augmentation"]
    (row,) = table.rows
    minus = "\N{MINUS SIGN}"
    assert row[0] == "Age MAE (years)"
    assert row[3:] == (f"{minus}0.050", f"{minus}0.081 to {minus}0.020")
    assert "identity, hflip, 2 forward passes an image" in table.note


def test_one_view_has_no_table_of_its_worth(inputs: Inputs) -> None:
    details = {key: value for key, value in inputs.details.items() if key != "tta_difference"}
    assert "Test-time augmentation" not in tables(summary(replace(inputs, details=details)))


def test_age_bins_are_in_order_of_age_beyond_a_hundred(inputs: Inputs) -> None:
    by_age = {label: {"female": 1, "male": 2} for label in ("100-109", "00-09", "20-29")}
    changed = replace(inputs, split={"parts": {"train": {"n": 9}}}, split_counts={"train": by_age})
    rows = tables(dataset(changed))["Faces by part, age and gender"].rows
    assert [row[0].replace("\N{EN DASH}", "-") for row in rows] == ["0-9", "20-29", "100-109"]


def parts_table(inputs: Inputs, by_age: dict[str, dict[str, int]]) -> Table:
    split = {"parts": {"train": {"n": 9}}}
    changed = replace(inputs, split=split, split_counts={"train": by_age})
    return tables(dataset(changed))["Faces by part, age and gender"]


def test_faces_without_an_age_have_a_row_and_without_a_gender_a_column(inputs: Inputs) -> None:
    table = parts_table(
        inputs,
        {"20-29": {"female": 1, "male": 2, "unknown": 3}, "unknown": {"female": 4, "male": 0}},
    )
    assert table.columns == ("Age", "female", "male", "unknown")
    assert table.rows[-1] == ("unknown", "4", "0", "0")


def test_faces_that_have_a_gender_only_are_counted(inputs: Inputs) -> None:
    table = parts_table(inputs, {"unknown": {"female": 4, "male": 5}})
    assert (table.columns, table.rows) == (("Age", "female", "male"), (("unknown", "4", "5"),))


def test_faces_that_have_an_age_only_are_counted(inputs: Inputs) -> None:
    table = parts_table(inputs, {"20-29": {"female": 0, "male": 0, "unknown": 7}})
    assert (table.columns, table.rows[0][1:]) == (("Age", "unknown"), ("7",))


def test_odd_images_are_counted_and_shown(
    inputs: Inputs, faces: FaceStore, hostile_id: str
) -> None:
    section = images(inputs, faces=faces)
    found = {row[0]: row[1] for row in tables(section)["Images to look at"].rows}
    assert found == {
        "Tiny": "0",
        "Without colour": "1",
        "Hardly any contrast": "0",
        "Unlike the other faces": "30",
    }
    sheets = {block.title: block for block in section.blocks if isinstance(block, Sheet)}
    (grey,) = sheets["Without colour: 1 of 1, the most marked first"].faces
    assert (grey.id, grey.error) == (hostile_id, "colour 2.0")
    assert len(sheets["Unlike the other faces: 12 of 30, the most marked first"].faces) == 12


def test_images_smaller_than_the_models_are_tiny(inputs: Inputs, faces: FaceStore) -> None:
    larger = replace(inputs, model={**inputs.model, "image_size": 97})
    rows = tables(images(larger, faces=faces))["Images to look at"].rows
    assert rows[0][:2] == ("Tiny", "60")


def test_too_few_faces_are_not_said_to_be_like_each_other(inputs: Inputs, faces: FaceStore) -> None:
    few = replace(inputs, quality=inputs.quality.assign(face=float("nan")))
    rows = tables(images(few, faces=faces))["Images to look at"].rows
    assert rows[-1] == ("Unlike the other faces", "not measured", "not measured")


def test_seeds_are_not_set_in_thousands(inputs: Inputs) -> None:
    section = dataset(replace(inputs, split={"split_seed": 20240131}))
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    assert {fact.name: fact.value for fact in facts.facts}["Split seed"] == "20240131"


def test_the_submissions_exceptions_are_counted(inputs: Inputs) -> None:
    found = {block.title: block for block in dataset(inputs).blocks if isinstance(block, Facts)}
    counts = {fact.name: fact.value for fact in found["Submission"].facts}
    assert counts["Estimated ages cut to the range that is allowed"] == "3"
    assert list(counts.values()) == ["300", "2", "3", "4"]


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
    titles = [
        "Estimated against true age",
        "Error by age",
        "Bias by age",
        "Ages inside their interval, by predicted age",
    ]
    assert figure_titles(ages(inputs)) == titles


def test_ages_say_how_many_their_interval_holds(inputs: Inputs) -> None:
    details = {**inputs.details, "interval": {"nominal": 0.9, "coverage": 0.874}}
    section = ages(replace(inputs, details=details))
    assert section is not None
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    values = {fact.name: fact.value for fact in facts.facts}
    assert values["Ages inside the 90 % interval"] == "87.4 %"


def test_every_interval_level_stands_beside_one_width_for_all(inputs: Inputs) -> None:
    rows = tables(ages(inputs))["Intervals"].rows
    held = [level["coverage"] for level in inputs.details["interval_levels"]]
    assert [row[:2] for row in rows] == [("90 %", f"{100 * held[0]:.1f} %")]


def test_a_level_near_one_is_not_called_a_hundred_percent(inputs: Inputs) -> None:
    levels = [{**level, "nominal": 0.999} for level in inputs.details["interval_levels"]]
    interval = {**inputs.details["interval"], "nominal": 0.999}
    near = {**inputs.details, "interval": interval, "interval_levels": levels, "level": 0.995}
    section = ages(replace(inputs, details=near))
    assert "The 99.9 % interval by predicted age" in tables(section)
    assert tables(section)["Intervals"].rows[0][0] == "99.9 %"
    assert "In brackets the 99.5 % interval" in tables(section)["Error and bias by age"].note
    assert "100 %" not in str(section)


def test_without_shown_bins_the_levels_stand_alone(inputs: Inputs) -> None:
    levels = [{**level, "by_predicted_age": []} for level in inputs.details["interval_levels"]]
    section = ages(replace(inputs, details={**inputs.details, "interval_levels": levels}))
    assert "Intervals" in tables(section)
    assert not any("inside" in title for title in figure_titles(section))


def test_the_thresholds_gain_is_said_under_its_curve(inputs: Inputs) -> None:
    effect = {"fitted": {"gain": 0.0123, "low": -0.001, "high": 0.02}}
    section = genders(replace(inputs, details={**inputs.details, "threshold_effect": effect}))
    assert section is not None
    figure = next(block for block in section.blocks if isinstance(block, Figure))
    assert "+0.0123 (\N{MINUS SIGN}0.0010 to 0.0200)" in figure.caption


def test_without_a_curve_there_is_no_drawing_of_it(inputs: Inputs) -> None:
    section = genders(replace(inputs, threshold_curve=inputs.threshold_curve.head(0)))
    assert figure_titles(section) == ["What a probability is worth"]


def test_reliability_is_drawn_beside_its_table(inputs: Inputs) -> None:
    rows = tables(genders(inputs))["Probability of male and share of men"].rows
    after = inputs.details["gender_reliability"]["after"]
    assert [row[1] for row in rows] == [str(row["n"]) for row in after]


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


def test_each_factor_has_a_table_that_states_its_edges(inputs: Inputs) -> None:
    row = {"low": None, "high": 96.4, "n": 40, "mae": 5.0, "mean_error": -1.0}
    row |= {"gender_accuracy": 0.9, "intervals": {"mae": [4.0, 6.5], "gender_accuracy": [0.8, 1]}}
    upper = dict(row, low=96.4, high=None, intervals={})
    factors = [{"factor": "sharpness", "slices": [row, upper]}]
    table = tables(slices(replace(inputs, details=dict(inputs.details, factors=factors))))[
        "Test faces by sharpness"
    ]
    minus = "\N{MINUS SIGN}"
    assert table.rows == (
        ("below 96.4", "40", "5.00 (4.00 to 6.50)", f"{minus}1.00", "90.0 (80.0 to 100.0)"),
        ("96.4 or more", "40", "5.00", f"{minus}1.00", "90.0"),
    )
    assert "terciles of the test faces" in table.note


def test_the_largest_gaps_come_first(inputs: Inputs) -> None:
    gap = {"factor": "race", "name": "equalized_odds_difference", "figure": "male_recall"}
    ends = {"larger": {"value": "white"}, "smaller": {"value": "black"}}
    numbers = {"value": 0.125, "low": -0.01, "high": 0.26}
    details = dict(inputs.details, gaps=[{**gap, **ends, **numbers}])
    (title, table), *_ = tables(slices(replace(inputs, details=details))).items()
    assert title == "Largest gaps between groups"
    assert table.columns[3] == "95 % interval"
    assert table.rows == (
        (
            "Race",
            "Equalized odds (points), men",
            "12.5",
            "\N{MINUS SIGN}1.0 to 26.0",
            "white",
            "black",
        ),
    )


def test_the_least_size_of_a_group_is_stated(inputs: Inputs) -> None:
    section = slices(inputs)
    assert section is not None
    assert "fewer than 3 faces" in section.lead


def test_without_slices_there_is_no_section(inputs: Inputs) -> None:
    assert slices(replace(inputs, details={"level": 0.95})) is None


def test_a_validation_part_is_not_said_to_be_unseen(inputs: Inputs) -> None:
    assert "None was used to train" in str(summary(inputs))
    shown = str(summary(replace(inputs, details=dict(inputs.details, part="validation"))))
    assert "Measured on the validation part" in shown
    assert "None was used" not in shown
    assert "choose among models" in shown


def test_errors_by_age_have_their_intervals_and_say_what_was_left_out(inputs: Inputs) -> None:
    few = {**inputs.details, "left_out": {"age": 2}, "min_slice": 20}
    table = tables(ages(replace(inputs, details=few)))["Error and bias by age"]
    low, high = inputs.details["age_bins"][0]["intervals"]["mae"]
    assert table.rows[0][2].endswith(f"({low:.2f} to {high:.2f})")
    assert table.note.endswith("Left out: 2 groups of fewer than 20 faces.")


def test_a_table_of_slices_says_what_was_left_out(inputs: Inputs) -> None:
    few = {**inputs.details, "left_out": {"gender_age": 1}, "min_slice": 20}
    table = tables(slices(replace(inputs, details=few)))["Test faces by gender and age"]
    assert table.note == "Left out: 1 group of fewer than 20 faces."
