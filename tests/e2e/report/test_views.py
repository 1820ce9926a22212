"""The pages in a real browser: on a phone, in the dark, on paper, without a script."""

from collections.abc import Callable

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.slow
Show = Callable[..., None]
WIDTHS = {"phone": 390, "tablet": 820, "desktop": 1280}
PICTURES_DECODED = "return Array.from(document.images, image => image.naturalWidth > 0)"
OVERFLOW = "return document.documentElement.scrollWidth - window.innerWidth"
CUT = "return Array.from(document.querySelectorAll('.scroll'), e => e.scrollWidth - e.clientWidth)"
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


def test_reader_finds_figures_sections_and_faces(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    text = browser.find_element(By.TAG_NAME, "body").text
    for words in ("Harmonic score", "trivial predictor", "95 % interval", "Worst errors", "Limits"):
        assert words in text


def test_reader_finds_for_whom_it_errs_and_what_it_looks_at(
    show: Show, report: str, browser: Chrome
) -> None:
    show(browser, report)
    slices, looks = (browser.find_element(By.ID, key).text for key in ("slices", "looks"))
    for words in ("utkface", "race", "asian", "blur"):
        assert words in slices.lower()
    for words in ("What the model looks at", "Age, Grad-CAM", "Gender, occlusion", "Worst 2"):
        assert words in looks


def test_hostile_id_is_shown_as_text(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    codes = [element.text for element in browser.find_elements(By.CSS_SELECTOR, ".faces code")]
    assert "<script>alert(1)</script>\"'&amp;" in codes
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 1  # the page's own


def test_every_face_is_decoded(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    decoded = browser.execute_script(PICTURES_DECODED)
    # 24 worst, 12 least familiar, 2 near-duplicates, 25 odd ones, 6 explained with 4 maps each
    assert len(decoded) == 93
    assert all(decoded)


def test_browser_reports_no_error_and_requests_nothing(
    show: Show, page: str, browser: Chrome
) -> None:
    show(browser, page)
    assert browser.get_log("browser") == []
    outside = [name for name in browser.execute_script(REQUESTS) if not name.startswith("data:")]
    assert outside == []


def test_links_of_the_contents_lead_to_their_sections(
    show: Show, report: str, browser: Chrome
) -> None:
    show(browser, report)
    links = browser.find_elements(By.CSS_SELECTOR, "nav a")
    targets = [str(link.get_attribute("href")).rpartition("#")[2] for link in links]
    assert len(targets) == 12
    assert all(browser.find_elements(By.ID, target) for target in targets)


@pytest.mark.parametrize("window", WIDTHS)
def test_page_is_never_wider_than_the_window(
    show: Show, page: str, browser: Chrome, window: str
) -> None:
    show(browser, page, window=window)
    assert browser.execute_script("return window.innerWidth") == WIDTHS[window]
    assert browser.execute_script(OVERFLOW) <= 0


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(
    show: Show, page: str, browser: Chrome, colours: str
) -> None:
    show(browser, page, colours=colours)
    contrasts = browser.execute_script(CONTRASTS)
    assert len(contrasts) > 80
    assert min(contrasts) >= 4.5


def test_dark_readers_get_a_dark_page(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report, colours="dark")
    assert (
        browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")
        == "rgba(19, 22, 25, 1)"
    )


@pytest.mark.parametrize(
    ("window", "colours"), [("phone", "light"), ("phone", "dark"), ("desktop", "light")]
)
def test_axe_finds_nothing_serious(
    show: Show,
    page: str,
    browser: Chrome,
    window: str,
    colours: str,
    serious: Callable[[Chrome], list[str]],
) -> None:
    show(browser, page, window=window, colours=colours)
    assert serious(browser) == []


def test_paper_has_whole_tables_and_no_controls(show: Show, page: str, browser: Chrome) -> None:
    show(browser, page, window="paper", media="print")
    assert browser.execute_script(OVERFLOW) <= 0
    assert max(browser.execute_script(CUT), default=0) <= 0
    controls = browser.find_elements(By.CSS_SELECTOR, "nav, .controls, .tip")
    assert len(controls) > 1
    assert [one for one in controls if one.is_displayed()] == []


def test_paper_is_light_for_dark_readers(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report, window="paper", colours="dark", media="print")
    body = browser.find_element(By.TAG_NAME, "body")
    assert body.value_of_css_property("background-color") == "rgba(255, 255, 255, 1)"


def test_without_its_script_the_page_is_whole(show: Show, page: str, browser: Chrome) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, page)
        names = ("button", ".controls", "tbody tr", ".faces > li")
        found = {name: browser.find_elements(By.CSS_SELECTOR, name) for name in names}
        assert found["button"] == []
        assert [one for one in found[".controls"] if one.is_displayed()] == []
        assert all(one.is_displayed() for one in [*found["tbody tr"], *found[".faces > li"]])
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
