"""The report as a reader has it: written by the stage, opened in a real browser."""

import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.slow
WINDOWS = {"phone": 390, "tablet": 820, "desktop": 1280}
PICTURES_DECODED = "return Array.from(document.images, image => image.naturalWidth > 0)"
OVERFLOW = "return document.documentElement.scrollWidth - window.innerWidth"
REQUESTS = "return performance.getEntriesByType('resource').map(entry => entry.name)"
# The contrast (WCAG 2.1) of each text on a ground of its own, computed by the browser's own styles.
CONTRASTS = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const light = colours => {
  canvas.clearRect(0, 0, 1, 1);
  for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
  const [r, g, b] = Array.from(canvas.getImageData(0, 0, 1, 1).data, value => value / 255).map(
    value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const grounds = element =>
  element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];
const texts = Array.from(document.querySelectorAll('body *')).filter(
  element => Array.from(element.childNodes).some(node => node.nodeType === 3 && node.data.trim()));
return texts.map(element => {
  const style = getComputedStyle(element), ground = grounds(element);
  const ink = element instanceof SVGElement ? style.fill : style.color;
  const pair = [light(ground), light([...ground, ink])];
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
});
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, root: Path) -> str:
    """The address of a report that the stage wrote."""
    folder = tmp_path_factory.mktemp("project")
    write_run(folder, root)
    shutil.copy(root / "params.yaml", folder)
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "stages.report"]
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return (folder / "metrics/report.html").as_uri()


def write_run(folder: Path, root: Path) -> None:
    # The same generated run as the unit tests': pytest shares no fixture between two folders.
    path = root / "tests/unit/reporting/conftest.py"
    spec = spec_from_file_location("generated_run", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write_run(folder, n=300)


def show(browser: Chrome, page: str, *, window: str = "desktop", colours: str = "light") -> None:
    size = {"width": WINDOWS[window], "height": 900, "deviceScaleFactor": 1}
    mobile = window == "phone"
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**size, "mobile": mobile})
    scheme = [{"name": "prefers-color-scheme", "value": colours}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    browser.get(page)


def test_reader_finds_figures_sections_and_faces(page: str, browser: Chrome) -> None:
    show(browser, page)
    text = browser.find_element(By.TAG_NAME, "body").text
    for words in ("Harmonic score", "trivial predictor", "95 % interval", "Worst errors", "Limits"):
        assert words in text


def test_hostile_id_is_shown_as_text(page: str, browser: Chrome) -> None:
    show(browser, page)
    codes = [element.text for element in browser.find_elements(By.CSS_SELECTOR, ".faces code")]
    assert "<script>alert(1)</script>\"'&amp;" in codes
    assert browser.find_elements(By.TAG_NAME, "script") == []


def test_every_face_is_decoded(page: str, browser: Chrome) -> None:
    show(browser, page)
    decoded = browser.execute_script(PICTURES_DECODED)
    assert len(decoded) == 26  # 24 worst errors, 2 near-duplicates
    assert all(decoded)


def test_browser_reports_no_error_and_requests_nothing(page: str, browser: Chrome) -> None:
    show(browser, page)
    assert browser.get_log("browser") == []
    outside = [name for name in browser.execute_script(REQUESTS) if not name.startswith("data:")]
    assert outside == []


def test_links_of_the_contents_lead_to_their_sections(page: str, browser: Chrome) -> None:
    show(browser, page)
    links = browser.find_elements(By.CSS_SELECTOR, "nav a")
    targets = [str(link.get_attribute("href")).rpartition("#")[2] for link in links]
    assert len(targets) == 10
    assert all(browser.find_elements(By.ID, target) for target in targets)


@pytest.mark.parametrize("window", WINDOWS)
def test_page_is_never_wider_than_the_window(page: str, browser: Chrome, window: str) -> None:
    show(browser, page, window=window)
    assert browser.execute_script("return window.innerWidth") == WINDOWS[window]
    assert browser.execute_script(OVERFLOW) <= 0


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(page: str, browser: Chrome, colours: str) -> None:
    show(browser, page, colours=colours)
    contrasts = browser.execute_script(CONTRASTS)
    assert len(contrasts) > 200
    assert min(contrasts) >= 4.5


def test_dark_readers_get_a_dark_page(page: str, browser: Chrome) -> None:
    show(browser, page, colours="dark")
    assert (
        browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
        == "rgba(19, 22, 25, 1)"
    )
