"""The page as its users have it: a photo goes in, the faces come out, in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from visage.files.jpeg import encode

pytestmark = pytest.mark.slow
WINDOWS = {"phone": 390, "desktop": 1280}
KEY = "0123456789abcdef"
SECONDS = 120
OVERFLOW = "return document.documentElement.scrollWidth - window.innerWidth"
REQUESTS = "return performance.getEntriesByType('resource').map(entry => entry.name)"
PIXEL = """
const [x, y] = arguments;
const pen = document.getElementById('canvas').getContext('2d');
return Array.from(pen.getImageData(x, y, 1, 1).data);
"""


@pytest.fixture(scope="module")
def url(fake_server: Callable[..., Any]) -> str:
    """The address of a server that everyone may ask."""
    return str(fake_server(max_bytes=500_000).url)


@pytest.fixture
def white(tmp_path: Path) -> Path:
    path = tmp_path / "white.jpg"
    path.write_bytes(encode(np.full((300, 400, 3), 255, np.uint8), jpeg_quality=90))
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A grey photo of 400 x 300 pixels."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(encode(np.full((300, 400, 3), 128, np.uint8), jpeg_quality=90))
    return path


def show(browser: Chrome, url: str, *, window: str = "desktop", colours: str = "light") -> None:
    size = {"width": WINDOWS[window], "height": 900, "deviceScaleFactor": 1}
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {**size, "mobile": window == "phone"}
    )
    scheme = [{"name": "prefers-color-scheme", "value": colours}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    browser.get(url)
    wait_for_text(browser, "limits")


def wait_for_text(browser: Chrome, element: str) -> str:
    def text(_: Chrome) -> str:
        return str(browser.find_element(By.ID, element).text)

    return WebDriverWait(browser, SECONDS).until(text)


def upload(browser: Chrome, path: Path, *, by: str = "file") -> str:
    """Chooses a photo; returns what the page says when it is answered."""
    browser.find_element(By.ID, by).send_keys(str(path))

    def said(_: Chrome) -> str:
        status = browser.find_element(By.ID, "status").text
        return str(
            browser.find_element(By.ID, "error").text or status.rstrip("…") * ("…" not in status)
        )

    return WebDriverWait(browser, SECONDS).until(said)


@pytest.mark.parametrize("by", ["file", "camera"])
@pytest.mark.parametrize("window", WINDOWS)
def test_photo_gives_a_row_with_age_interval_and_gender(
    url: str, browser: Chrome, photo: Path, window: str, by: str
) -> None:
    show(browser, url, window=window)
    assert upload(browser, photo, by=by) == "1 face."
    cells = browser.find_elements(By.CSS_SELECTOR, "#rows td")
    assert [cell.text for cell in cells] == ["1", "50", "45 to 55", "female, 75 %"]
    assert browser.execute_script(OVERFLOW) <= 0


def test_face_is_marked_on_the_photo(url: str, browser: Chrome, photo: Path) -> None:
    show(browser, url)
    upload(browser, photo)
    assert browser.execute_script(PIXEL, 5, 5)[:3] == [128, 128, 128]
    assert browser.execute_script(PIXEL, 100, 150)[:3] == [255, 213, 74]  # the box's left edge


def test_a_face_that_the_model_does_not_know_is_said_in_words(
    url: str, browser: Chrome, photo: Path, white: Path
) -> None:
    show(browser, url)
    upload(browser, white)
    assert "Face 1 does not look like the faces that the model learnt from" in wait_for_text(
        browser, "unfamiliar"
    )
    assert browser.find_element(By.CSS_SELECTOR, "#rows td").text == "1 ?"
    upload(browser, photo)
    assert not browser.find_element(By.ID, "unfamiliar").is_displayed()


SLOW_FIRST = """
const decode = window.createImageBitmap;
let first = true;
window.createImageBitmap = async (photo) => {
  const slow = first;
  first = false;
  const image = await decode(photo);
  if (slow) await new Promise((done) => { window.go = done; });
  return image;
};
"""


def test_result_of_a_photo_that_was_replaced_is_not_shown(
    url: str, browser: Chrome, photo: Path, white: Path
) -> None:
    show(browser, url)
    browser.execute_script(SLOW_FIRST)
    browser.find_element(By.ID, "file").send_keys(str(white))
    WebDriverWait(browser, SECONDS).until(lambda _: browser.execute_script("return !!window.go"))
    upload(browser, photo)
    browser.execute_async_script("window.go(); setTimeout(arguments[0], 200);")
    assert browser.find_elements(By.CSS_SELECTOR, "#rows td")[1].text == "50"
    assert browser.execute_script(PIXEL, 5, 5)[:3] == [128, 128, 128]


def test_photo_without_a_face_is_said(url: str, browser: Chrome, tmp_path: Path) -> None:
    black = tmp_path / "black.jpg"
    black.write_bytes(encode(np.zeros((50, 50, 3), np.uint8), jpeg_quality=90))
    show(browser, url)
    assert upload(browser, black) == "No face was found."


def test_what_is_no_photo_is_said_with_the_servers_reason(
    url: str, browser: Chrome, tmp_path: Path
) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("no photo")
    show(browser, url)
    assert "no image" in upload(browser, text)
    assert not browser.find_element(By.ID, "result").is_displayed()


def test_photo_that_is_too_large_is_not_sent(url: str, browser: Chrome, tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(600_000))
    show(browser, url)
    assert "too large" in upload(browser, large)


def test_browser_reports_no_error_and_asks_no_other_host(
    url: str, browser: Chrome, photo: Path
) -> None:
    show(browser, url)
    upload(browser, photo)
    assert browser.get_log("browser") == []
    requests = browser.execute_script(REQUESTS)
    assert len(requests) >= 3
    assert all(name.startswith((url, "blob:")) for name in requests)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_serious_before_and_after_a_photo(
    url: str,
    browser: Chrome,
    photo: Path,
    colours: str,
    serious: Callable[[Chrome], list[str]],
) -> None:
    show(browser, url, window="phone", colours=colours)
    assert serious(browser) == []
    upload(browser, photo)
    assert serious(browser) == []


def test_reader_is_told_the_limits_plainly(url: str, browser: Chrome) -> None:
    show(browser, url)
    text = browser.find_element(By.TAG_NAME, "main").text
    for words in ("must not decide", "never stored", "true age of 90 % of faces", "looks"):
        assert words in text


def test_key_is_asked_for_and_used(
    fake_server: Callable[..., Any], browser: Chrome, photo: Path
) -> None:
    show(browser, fake_server(key=KEY).url)
    assert "Enter the API key" in upload(browser, photo)
    field = browser.find_element(By.ID, "key")
    field.send_keys("wrong key, wrong key")
    assert "missing or wrong" in upload(browser, photo)
    field.clear()
    field.send_keys(KEY)
    assert upload(browser, photo) == "1 face."


def test_docs_page_shows_the_interface_without_another_host(url: str, browser: Chrome) -> None:
    browser.get(f"{url}/docs")
    WebDriverWait(browser, SECONDS).until(
        lambda _: "/faces" in browser.find_element(By.ID, "swagger-ui").text
    )
    requests = browser.execute_script(REQUESTS)
    assert all(name.startswith((url, "data:", "blob:")) for name in requests)
