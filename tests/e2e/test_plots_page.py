"""The page of `dvc plots`, in a real browser that has no network."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.support.ui import WebDriverWait

from visage.files.pipeline import read_pipeline

pytestmark = pytest.mark.slow
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
DRAWN = "return document.querySelectorAll('canvas.marks, svg.marks').length"
REQUESTS = "return performance.getEntriesByType('resource').map(entry => entry.name)"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (binary and driver):
        pytest.skip("no Chromium here: apt-get install chromium chromium-driver")
    options = ChromeOptions()
    options.binary_location = binary
    for flag in [*FLAGS, f"--user-data-dir={tmp_path / 'chromium'}"]:
        options.add_argument(flag)
    chrome = Chrome(options=options, service=ChromeService(driver))
    yield chrome
    chrome.quit()


def test_every_plot_is_drawn_without_any_request(
    finished: Path, run_finished: Callable[..., CompletedProcess[str]], browser: Chrome
) -> None:
    done = run_finished("dvc", "plots", "diff", "HEAD", "-o", "dvc_plots")
    assert done.returncode == 0, done.stderr
    browser.get((finished / "dvc_plots/index.html").as_uri())
    wanted = len(read_pipeline(finished / "dvc.yaml")["plots"])
    WebDriverWait(browser, 30).until(lambda page: page.execute_script(DRAWN) == wanted)
    assert browser.execute_script(REQUESTS) == []
