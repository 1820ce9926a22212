"""A study that really ran, in MLflow's user interface: table, pages of its runs, comparison."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pandas as pd
import pytest
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.slow
Run = Callable[..., CompletedProcess[str]]
Reader = Any  # of conftest.py, which no test can import
Serve = Callable[..., AbstractContextManager[str]]
RECIPE = """\
purpose: Is every member of a study in MLflow?
grid:
  backbone: [test_resnet, test_efficientnet]
"""
MEMBERS = ("pair-test_resnet", "pair-test_efficientnet")  # the first equals HEAD
LINKS = "return [...document.querySelectorAll('[role=gridcell] a')].map(a => [a.innerText, a.href])"
PICTURES = """
const pictures = [...document.images].filter(picture => picture.src.startsWith('blob:'));
return pictures.map(picture => picture.naturalWidth).filter(width => width > 0);
"""


@pytest.fixture(scope="module")
def study_url(
    finished: Path, run_finished: Run, served: Serve, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of `visage ui` after `visage run` of two tracked members."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "pair.yaml").write_text(RECIPE, encoding="utf-8")
    done = run_finished("visage", "run", str(folder / "pair.yaml"), VISAGE_TRACK="on")
    for page in (finished / "metrics").glob("compare-pair.*"):
        page.unlink()
    assert done.returncode == 0, done.stdout + done.stderr
    with served(finished, printed=folder / "ui.txt") as address:
        yield address


@pytest.fixture
def pages(study_url: str, reader: Reader) -> dict[str, str]:
    """The address of each run's page, by the names that the table of runs links to it."""
    reader.open(study_url)
    reader.until(lambda: len(reader.texts("[role=gridcell] a")) > 1)
    return {name.strip(): address for name, address in reader.browser.execute_script(LINKS)}


def page_of(member: str, pages: dict[str, str]) -> str:
    """Returns the page of the one run that bears a name, beside other tests' names for it."""
    (address,) = (address for name, address in pages.items() if member in name.split(", "))
    return address


def test_each_member_of_a_study_is_once_in_the_table_by_its_name(
    pages: dict[str, str], reader: Reader, tmp_path: Path
) -> None:
    reader.browser.save_screenshot(str(tmp_path / "study.png"))
    names = [name for text in reader.texts("[role=gridcell] a") for name in text.split(", ")]
    assert [names.count(member) for member in MEMBERS] == [1, 1]


def test_page_of_a_run_shows_params_and_final_figures(
    finished: Path, pages: dict[str, str], reader: Reader, tmp_path: Path
) -> None:
    figures = json.loads((finished / "metrics/evaluate.json").read_text())
    reader.open(page_of(MEMBERS[0], pages))
    reader.until(lambda: ("backbone", "test_resnet") in reader.rows())
    reader.browser.save_screenshot(str(tmp_path / "run.png"))
    wanted = {(name, str(value)) for name, value in figures.items()}
    assert len(wanted) > 8
    assert wanted <= set(reader.rows())


def test_page_of_a_run_draws_a_curve_of_the_epochs(
    finished: Path, pages: dict[str, str], reader: Reader, tmp_path: Path
) -> None:
    history = pd.read_csv(finished / "metrics/history.csv")
    reader.open(f"{page_of(MEMBERS[0], pages)}/model-metrics")
    reader.until(lambda: reader.browser.find_elements(By.CSS_SELECTOR, "[role=searchbox]"))
    reader.browser.find_element(By.CSS_SELECTOR, "[role=searchbox]").send_keys("^val_mae$")
    reader.until(lambda: [MEMBERS[0] in name for name, _, _ in reader.drawn()] == [True])
    reader.browser.save_screenshot(str(tmp_path / "curve.png"))
    ((_, epochs, errors),) = reader.drawn()
    assert epochs == history["epoch"].tolist()
    assert errors == pytest.approx(history["val_mae"].tolist())


def test_page_of_a_run_draws_the_load_of_the_machine(
    pages: dict[str, str], reader: Reader, tmp_path: Path
) -> None:
    reader.open(f"{page_of(MEMBERS[1], pages)}/system-metrics")
    reader.until(lambda: reader.drawn())
    reader.browser.save_screenshot(str(tmp_path / "system.png"))
    assert "cpu_utilization_percentage" in reader.words()


def test_page_of_a_run_shows_the_drawings_of_its_report(
    pages: dict[str, str], reader: Reader, tmp_path: Path
) -> None:
    reader.open(f"{page_of(MEMBERS[1], pages)}/artifacts/plots/training-loss.svg")
    reader.until(lambda: reader.browser.execute_script(PICTURES))
    reader.browser.save_screenshot(str(tmp_path / "drawing.png"))
    assert "plots/training-loss.svg" in reader.words()


def test_page_of_a_run_shows_its_report_and_plots(
    pages: dict[str, str], reader: Reader, tmp_path: Path
) -> None:
    reader.open(f"{page_of(MEMBERS[1], pages)}/artifacts/plots")
    reader.until(lambda: "history.csv" in reader.words())
    assert {"model", "report.html", "params.yaml"} <= set(reader.words())
    reader.press("report.html")
    reader.until(lambda: reader.browser.find_elements(By.TAG_NAME, "iframe"))
    reader.browser.switch_to.frame(reader.browser.find_element(By.TAG_NAME, "iframe"))
    reader.until(lambda: "Harmonic score" in " ".join(reader.words()))
    reader.browser.switch_to.default_content()
    reader.browser.save_screenshot(str(tmp_path / "artifacts.png"))


def test_two_runs_are_compared_side_by_side(
    study_url: str,
    pages: dict[str, str],
    reader: Reader,
    comparison: Callable[..., str],
    tmp_path: Path,
) -> None:
    addresses = [page_of(member, pages) for member in MEMBERS]
    runs = [address.rpartition("/")[2] for address in addresses]
    reader.open(comparison(study_url, runs, addresses[0].split("/")[-3]))
    reader.until(lambda: "backbone" in reader.texts("th, td"))
    reader.browser.save_screenshot(str(tmp_path / "compared.png"))
    cells = [name for cell in reader.texts("th, td") for name in cell.split(", ")]
    assert "Comparing 2 Runs from 1 Experiment" in reader.words()
    assert {*MEMBERS, "test_resnet", "test_efficientnet"} <= set(cells)
