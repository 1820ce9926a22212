"""The page as text: what is on it, and what must not be."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import matplotlib
import pytest

from visage import schema
from visage.codes import Task
from visage.errors import VisageError
from visage.files import paths
from visage.files.faces import FaceStore
from visage.files.jsons import write_json
from visage.files.paths import DETAILS, FACES, INGEST_METRICS, MODEL_JSON, SPLIT_METRICS
from visage.files.tables import read_table, write_table
from visage.metrics.results import unmeasured
from visage.params.report import Published
from visage.reporting.inputs import Inputs, read_inputs
from visage.reporting.page import page, sections

MakeRun = Callable[..., Path]
ABSENT = ("slices", "unfamiliar", "worst")  # where the files that they are made of are empty
SECTIONS = [
    "summary",
    "run",
    "data",
    "images",
    "training",
    "age",
    "gender",
    "slices",
    "unfamiliar",
    "worst",
    "limits",
]


class Elements(HTMLParser):
    """Collects tags with their attributes, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.tags if "id" in attrs]

    def sections(self) -> list[str]:
        return [attrs["id"] or "" for tag, attrs in self.tags if tag == "section"]


def fresh(*, worst: int = 6) -> str:
    """The page of the run in the working directory."""
    inputs = read_inputs()
    return page(inputs, sections(inputs, faces=FaceStore(FACES), worst=worst))


def parsed(text: str) -> Elements:
    elements = Elements()
    elements.feed(text)
    return elements


def drop_test_part(folder: Path) -> None:
    """Leaves what the run would have without a test part."""
    found, path = unmeasured("test"), folder / paths.PREDICTIONS / "test.parquet"
    write_table(path, read_table(path, schema.PREDICTIONS).head(0), schema.PREDICTIONS)
    write_json(folder / paths.EVALUATE_METRICS, found.figures)
    write_json(folder / paths.DETAILS, found.details)


def test_without_a_test_part_the_page_says_so_and_shows_no_figure(make_run: MakeRun) -> None:
    drop_test_part(make_run())
    shown = parsed(fresh())
    assert shown.sections() == ["summary", "run", "data", "images", "training", "limits"]
    assert "nothing was measured" in shown.text
    assert "Trivial predictor" not in shown.text


def forget(folder: Path, label: str, *, all_but: int) -> None:
    """Leaves what the run would have where so many test faces alone had the label."""
    path = folder / paths.PREDICTIONS / "test.parquet"
    predictions = read_table(path, schema.PREDICTIONS)
    kept = predictions["id"].unique()[:all_but]
    for file, columns in ((path, schema.PREDICTIONS), (folder / paths.INDEX, schema.INDEX)):
        table = read_table(file, columns)
        names = [label, "age_low", "age_high"] if label == "age" else [label]
        names = [name for name in names if name in table]
        table[names] = table[names].where(table["id"].isin(kept))
        write_table(file, table, columns)


@pytest.mark.parametrize("label", ["age", "gender"])
@pytest.mark.parametrize("all_but", [0, 2])
def test_the_page_shows_what_there_is_where_labels_are_few(
    make_run: MakeRun, measure: Callable[[Path], None], label: str, all_but: int
) -> None:
    folder = make_run()
    forget(folder, label, all_but=all_but)
    measure(folder)
    text = parsed(fresh()).text
    other = {"age": "Gender F1 (macro)", "gender": "Age MAE"}[label]
    assert other in text
    assert "nan" not in text.lower().split()
    assert all_but == 0 or "Too few: fewer than two distinct faces" in text


def row_orders(html: str) -> dict[str, str | None]:
    """Returns by which key the script sorts the rows of each name."""
    found = re.findall(r'<th scope="row"(?: data-order="(\d+)")?>(.*?)</th>', html)
    return {name: order or None for order, name in found}


def test_ranges_are_sorted_in_their_own_order_not_by_the_alphabet(
    inputs: Inputs, faces: FaceStore
) -> None:
    edges = [None, 9.5, 80.0, None]
    cut = [{"low": low, "high": high, "n": 20, "mae": 5.0} for low, high in pairwise(edges)]
    factors = [{"factor": "sharpness", "slices": cut}]
    few = replace(inputs, details={**inputs.details, "factors": factors})
    orders = row_orders(page(few, sections(few, faces=faces, worst=0)))
    names = ["below 9.5", "9.5 to below 80", "80 or more"]
    assert [orders[name] for name in names] == ["0", "1", "2"]
    assert orders["Tiny"] is None  # findings come as they were looked for


def test_all_sections_come_in_reading_order(html: str) -> None:
    assert parsed(html).sections() == SECTIONS


@pytest.mark.parametrize(("task", "absent"), [(Task.AGE, "gender"), (Task.GENDER, "age")])
def test_a_task_that_was_not_trained_has_no_section(
    make_run: MakeRun, task: Task, absent: str
) -> None:
    make_run(tasks=(task,))
    assert parsed(fresh()).sections() == [key for key in SECTIONS if key != absent]


def test_same_inputs_give_the_same_bytes_whatever_the_users_matplotlibrc(
    html: str, make_run: MakeRun
) -> None:
    make_run()
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.hashsalt": "x"}):
        assert fresh() == html


def test_ids_of_the_users_table_are_escaped(html: str, hostile_id: str) -> None:
    elements = parsed(html)
    assert hostile_id in elements.text
    assert html.count("<script") == 1  # the page's own
    assert f"Face {hostile_id}, \N{MINUS SIGN}84.9 years" in [
        attrs.get("alt") for _, attrs in elements.tags
    ]


def test_nothing_is_requested_from_anywhere(html: str) -> None:
    addresses = [
        value or ""
        for _, attrs in parsed(html).tags
        for name, value in attrs.items()
        if name in ("src", "href", "xlink:href", "srcset", "action", "data", "poster")
    ]
    assert len(addresses) > 20
    assert [address for address in addresses if not re.match("#|data:", address)] == []
    assert "@import" not in html
    assert set(re.findall(r"url\((.)", html)) == {"#"}


def test_the_pages_own_policy_forbids_requests_and_all_scripts_but_its_own(html: str) -> None:
    (policy,) = (a["content"] or "" for _, a in parsed(html).tags if a.get("http-equiv"))
    (script,) = re.findall("<script>(.*?)</script>", html, flags=re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "img-src data:",
        "style-src 'unsafe-inline'",
        f"script-src 'sha256-{digest}'",
    ]


def test_the_script_is_short_and_builds_no_markup_from_text(html: str) -> None:
    (script,) = re.findall("<script>(.*?)</script>", html, flags=re.DOTALL)
    assert script.count("\n") < 120
    assert re.findall("innerHTML|insertAdjacent|document.write|eval|fetch|import", script) == []


def test_what_needs_the_script_is_hidden_without_it(inputs: Inputs, faces: FaceStore) -> None:
    html = page(inputs, sections(inputs, faces=faces, worst=20))
    groups = [attrs for _, attrs in parsed(html).tags if attrs.get("class") == "controls"]
    assert groups
    assert all("hidden" in attrs for attrs in groups)
    assert "<button" not in html


def test_no_two_elements_share_an_id(html: str) -> None:
    ids = parsed(html).ids()
    assert len(ids) > 20
    assert len(ids) == len(set(ids))


def test_headings_skip_no_level(html: str) -> None:
    levels = [int(tag[1]) for tag, _ in parsed(html).tags if re.fullmatch("h[1-6]", tag)]
    steps = [after - before for before, after in pairwise(levels)]
    assert levels[0] == 1
    assert max(steps) == 1


def test_every_table_header_has_a_scope_and_every_picture_a_text(html: str) -> None:
    tags = parsed(html).tags
    headers = [attrs for tag, attrs in tags if tag == "th"]
    pictures = [attrs["alt"] for tag, attrs in tags if tag == "img"]
    drawings = [attrs["aria-label"] for _, attrs in tags if attrs.get("role") == "img"]
    assert len(headers) > 20
    assert all(attrs.get("scope") for attrs in headers)
    # six of the worst, the least familiar three, two near-duplicates, 13 odd ones
    assert len(pictures) == 24
    assert len(drawings) == 12
    assert all([*pictures, *drawings])


def test_missing_optional_values_leave_their_place_empty(make_run: MakeRun) -> None:
    folder = make_run()
    for path in (DETAILS, INGEST_METRICS, SPLIT_METRICS):
        (folder / path).write_text("{}")
    (folder / MODEL_JSON).write_text(json.dumps({"tasks": ["age", "gender"]}))
    elements = parsed(fresh(worst=0))
    assert elements.sections() == [key for key in SECTIONS if key not in ABSENT]
    assert "None" not in elements.text.replace("None was used", "")


def test_figures_stand_beside_interval_trivial_predictor_and_no_tta(
    html: str, inputs: Inputs
) -> None:
    details, text = inputs.details, parsed(html).text
    row = text[text.index("Age MAE (years)") :].split()[3:9]
    low, high = details["intervals"]["mae"]
    assert row[1:] == [
        f"{low:.2f}",
        "to",
        f"{high:.2f}",
        f"{details['without_tta']['mae']:.2f}",
        f"{details['baseline']['mae']:.2f}",
    ]


def test_published_figures_stand_beside_ours(inputs: Inputs, faces: FaceStore) -> None:
    rows = (Published(name="resnet18", figures={"mae": 7.12}, note="another test set"),)
    beside = replace(inputs, published=rows)
    text = parsed(page(beside, sections(beside, faces=faces, worst=0))).text
    assert "Published: resnet18" in text
    assert text.count("7.12") == 2  # in the card and in the table
    assert "resnet18: another test set" in text


def test_a_missing_file_is_named(make_run: MakeRun) -> None:
    (make_run() / DETAILS).unlink()
    with pytest.raises(VisageError, match=r"metrics/details\.json is missing; run `dvc repro`"):
        fresh()


def test_page_with_sixty_faces_stays_below_a_megabyte(inputs: Inputs, faces: FaceStore) -> None:
    assert len(page(inputs, sections(inputs, faces=faces, worst=60)).encode()) < 1_000_000
