"""MLflow's user interface, seen by a real browser: made-up runs, and a study that really ran."""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pandas as pd
import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from visage.records import Metric, Param
from visage.tracking.address import resolve
from visage.tracking.contents import Contents
from visage.tracking.mirror import State, mirror
from visage.tracking.store import connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning"),  # MLflow's own
]
Run = Callable[..., subprocess.CompletedProcess[str]]
BACKBONES = ("convnext_tiny", "efficientnet_b0", "resnet18")
COLUMNS = ("harmonic", "mae", "rmse")
RECIPE = """\
purpose: Is every member of a study in MLflow?
grid:
  backbone: [test_resnet, test_efficientnet]
"""
MEMBERS = ("pair-test_resnet", "pair-test_efficientnet")  # the first equals HEAD
PATIENCE = 120  # seconds that a page may take on a busy machine
TEXTS = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.trim())"
LINKS = "return [...document.querySelectorAll('[role=gridcell] a')].map(a => [a.innerText, a.href])"
DRAWN = """
const plots = [...document.querySelectorAll('.js-plotly-plot')];
const drawn = plots.filter(plot => plot.querySelector('.scatterlayer .trace path'));
return drawn.map(plot => plot.data[0]).map(line => [line.name, [...line.x], [...line.y]]);
"""


@pytest.fixture
def project(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose store holds a run of each backbone, each mirrored twice."""
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "DVC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    shutil.copy(root / "params.yaml", tmp_path)
    store = connect(resolve(tmp_path), seconds=2)
    for _ in range(2):
        for number, backbone in enumerate(BACKBONES, start=1):
            state = State(key=str(number) * 64, experiments=(backbone,))
            mirror(contents(backbone, number), state=state, store=store)
    return tmp_path


def contents(backbone: str, number: int) -> Contents:
    values = {"harmonic": 0.7 + number / 100, "mae": 5.0 + number, "rmse": 8.0 + number}
    curve = [Metric("val_rmse", 20 / epoch + number, epoch) for epoch in range(1, 7)]
    return Contents(
        backbone=backbone,
        fingerprint=str(number) * 64,
        params=(Param("backbone", backbone), Param("train.epochs", "6")),
        curves=tuple(curve),
        figures=tuple(Metric(name, value) for name, value in values.items()),
        artifacts=(),
        note=f"**{backbone}**",
    )


@pytest.fixture
def url(project: Path, tmp_path: Path) -> Iterator[str]:
    with served(project, printed=tmp_path / "ui.txt") as address:
        yield address


@contextmanager
def served(project: Path, *, printed: Path) -> Iterator[str]:
    """Gives the address that `visage ui` prints; it runs until the block ends."""
    command = [Path(sys.executable).with_name("visage"), "ui", "--port", str(free_port())]
    with printed.open("w") as output:
        server = subprocess.Popen(command, cwd=project, stdout=output)
    try:
        yield answering(printed, server)
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answering(printed: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(240):
        assert server.poll() is None, "visage ui ended"
        addresses = re.findall(r"http://127[^ \n]+", printed.read_text())
        try:
            with urlopen(addresses[0], timeout=5):  # noqa: S310 - our own server
                return str(addresses[0])
        except (IndexError, OSError):
            time.sleep(0.5)
    raise AssertionError("visage ui does not answer")


def test_runs_table_shows_each_run_once_with_its_figures(
    url: str, browser: Chrome, tmp_path: Path
) -> None:
    browser.get(url)
    wait = WebDriverWait(browser, 120)
    wait.until(lambda _: "0.73" in texts(browser, "[role=gridcell]"), "the table did not appear")
    browser.save_screenshot(str(tmp_path / "runs.png"))

    assert sorted(texts(browser, "[role=gridcell] a")) == sorted(BACKBONES)
    assert set(COLUMNS) <= set(texts(browser, "[role=columnheader]"))


@pytest.fixture(scope="module")
def study_url(
    finished: Path, run_finished: Run, tmp_path_factory: pytest.TempPathFactory
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
def pages(study_url: str, browser: Chrome) -> dict[str, str]:
    """The address of each run's page, by the names that the table of runs links to it."""
    browser.get(study_url)
    until(browser, lambda: len(texts(browser, "[role=gridcell] a")) > 1)
    return {name.strip(): address for name, address in browser.execute_script(LINKS)}


def page_of(member: str, pages: dict[str, str]) -> str:
    """Returns the page of the one run that bears a name, beside other tests' names for it."""
    (address,) = (address for name, address in pages.items() if member in name.split(", "))
    return address


def test_each_member_of_a_study_is_once_in_the_table_by_its_name(
    pages: dict[str, str], browser: Chrome, tmp_path: Path
) -> None:
    browser.save_screenshot(str(tmp_path / "study.png"))
    names = [name for text in texts(browser, "[role=gridcell] a") for name in text.split(", ")]
    assert [names.count(member) for member in MEMBERS] == [1, 1]


def test_page_of_a_run_shows_params_and_final_figures(
    finished: Path, pages: dict[str, str], browser: Chrome, tmp_path: Path
) -> None:
    figures = json.loads((finished / "metrics/evaluate.json").read_text())
    browser.get(page_of(MEMBERS[0], pages))
    until(browser, lambda: ("backbone", "test_resnet") in rows(browser))
    browser.save_screenshot(str(tmp_path / "run.png"))
    wanted = {(name, str(value)) for name, value in figures.items()}
    assert len(wanted) > 8
    assert wanted <= set(rows(browser))


def test_page_of_a_run_draws_a_curve_of_the_epochs(
    finished: Path, pages: dict[str, str], browser: Chrome, tmp_path: Path
) -> None:
    history = pd.read_csv(finished / "metrics/history.csv")
    browser.get(f"{page_of(MEMBERS[0], pages)}/model-metrics")
    until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "[role=searchbox]"))
    browser.find_element(By.CSS_SELECTOR, "[role=searchbox]").send_keys("^val_mae$")
    until(browser, lambda: [MEMBERS[0] in name for name, _, _ in drawn(browser)] == [True])
    browser.save_screenshot(str(tmp_path / "curve.png"))
    ((_, epochs, errors),) = drawn(browser)
    assert epochs == history["epoch"].tolist()
    assert errors == pytest.approx(history["val_mae"].tolist())


def test_page_of_a_run_shows_its_report_and_plots(
    pages: dict[str, str], browser: Chrome, tmp_path: Path
) -> None:
    browser.get(f"{page_of(MEMBERS[1], pages)}/artifacts/plots")
    until(browser, lambda: "history.csv" in words(browser))
    assert {"model", "report.html", "params.yaml"} <= set(words(browser))
    browser.find_element(By.XPATH, "//*[text()[normalize-space()='report.html']]").click()
    until(browser, lambda: browser.find_elements(By.TAG_NAME, "iframe"))
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    until(browser, lambda: "Harmonic score" in " ".join(words(browser)))
    browser.switch_to.default_content()
    browser.save_screenshot(str(tmp_path / "artifacts.png"))


def test_two_runs_are_compared_side_by_side(
    study_url: str, pages: dict[str, str], browser: Chrome, tmp_path: Path
) -> None:
    addresses = [page_of(member, pages) for member in MEMBERS]
    ids = json.dumps([address.rpartition("/")[2] for address in addresses])
    experiment = json.dumps([addresses[0].split("/")[-3]])
    server = study_url.partition("/#")[0]
    browser.get(f"{server}/#/compare-runs?runs={quote(ids)}&experiments={quote(experiment)}")
    until(browser, lambda: "backbone" in texts(browser, "th, td"))
    browser.save_screenshot(str(tmp_path / "compared.png"))
    cells = [name for cell in texts(browser, "th, td") for name in cell.split(", ")]
    assert "Comparing 2 Runs from 1 Experiment" in words(browser)
    assert {*MEMBERS, "test_resnet", "test_efficientnet"} <= set(cells)


def until(browser: Chrome, seen: Callable[[], Any]) -> None:
    try:
        WebDriverWait(browser, PATIENCE).until(lambda _: seen())
    except TimeoutException:
        pytest.fail(f"not on the page, which shows: {words(browser)}")


def words(browser: Chrome) -> list[str]:
    """The lines that a reader sees."""
    return [line.strip() for text in texts(browser, "body") for line in text.split("\n")]


def rows(browser: Chrome) -> list[tuple[str, str]]:
    """The pairs of neighbouring lines: what stands in a table of names and values."""
    return list(pairwise(filter(None, words(browser))))


def drawn(browser: Chrome) -> list[tuple[str, list[float], list[float]]]:
    """Name, steps and values of each line that a chart shows."""
    return [(name, x, y) for name, x, y in browser.execute_script(DRAWN)]


def texts(browser: Chrome, selector: str) -> list[str]:
    """What elements hold, read in one go, because the table redraws itself."""
    return list(browser.execute_script(TEXTS, selector))
