"""The page of `dvc plots`, in a real browser that has no network."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from visage.files.pipeline import read_pipeline

pytestmark = pytest.mark.slow
DRAWN = "return document.querySelectorAll('canvas.marks, svg.marks').length"
REQUESTS = "return performance.getEntriesByType('resource').map(entry => entry.name)"


def test_every_plot_is_drawn_without_any_request(
    finished: Path, run_finished: Callable[..., CompletedProcess[str]], browser: Chrome
) -> None:
    done = run_finished("dvc", "plots", "diff", "HEAD", "-o", "dvc_plots")
    assert done.returncode == 0, done.stderr
    browser.get((finished / "dvc_plots/index.html").as_uri())
    pipeline = read_pipeline(finished / "dvc.yaml")
    of_stages = [stage.get("plots") or [] for stage in pipeline["stages"].values()]
    wanted = len(pipeline["plots"]) + sum(len(listed) for listed in of_stages)
    WebDriverWait(browser, 30).until(lambda page: page.execute_script(DRAWN) == wanted)
    assert browser.execute_script(REQUESTS) == []
