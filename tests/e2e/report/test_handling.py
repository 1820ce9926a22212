"""What a reader does with the report: sort, filter, put in order, point at a drawing."""

import re
from collections.abc import Callable

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

pytestmark = pytest.mark.slow
OVERFLOW = "return document.documentElement.scrollWidth - window.innerWidth"
Show = Callable[..., None]


def table(browser: Chrome, title: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, f'[aria-label="{title}"] table')


def rows(box: WebElement) -> list[list[str]]:
    """The texts of the rows that are shown."""
    found = [row for row in box.find_elements(By.CSS_SELECTOR, "tbody tr") if row.is_displayed()]
    return [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")] for row in found]


def plain(text: str) -> float:
    """The number of a cell, which an interval may follow."""
    return float(text.partition(" (")[0].replace("\N{MINUS SIGN}", "-").replace(",", ""))


def test_header_sorts_up_then_down_then_as_it_was(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    ages = table(browser, "Error and bias by age")
    before = rows(ages)
    for column in (2, 3):  # the second has negative numbers, and may come in order by chance
        button, seen = ages.find_elements(By.CSS_SELECTOR, "th button")[column], []
        for _ in range(3):
            button.click()
            seen.append([plain(row[column]) for row in rows(ages)])
        values = [plain(row[column]) for row in before]
        assert seen == [sorted(values), sorted(values, reverse=True), values]
    errors = [plain(row[2]) for row in before]
    assert errors not in (sorted(errors), sorted(errors, reverse=True))


def test_ranges_are_sorted_in_their_own_order(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    cut = table(browser, "Test faces by brightness")
    before = [row[0] for row in rows(cut)]
    assert before[0].startswith("below ")
    button, seen = cut.find_elements(By.CSS_SELECTOR, "th button")[0], []
    for _ in range(2):
        button.click()
        seen.append([row[0] for row in rows(cut)])
    assert seen == [before, before[::-1]]


def test_sorted_column_is_told_to_screen_readers_and_by_keyboard(
    show: Show, report: str, browser: Chrome
) -> None:
    show(browser, report)
    ages = table(browser, "Error and bias by age")
    heads = ages.find_elements(By.CSS_SELECTOR, "thead th")
    for at, key in ((1, Keys.ENTER), (2, Keys.SPACE), (2, Keys.ENTER)):
        heads[at].find_element(By.TAG_NAME, "button").send_keys(key)
    assert [head.get_attribute("aria-sort") for head in heads] == [None, None, "descending", None]


def test_rows_are_filtered_by_words_and_by_number(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    box = browser.find_element(By.CSS_SELECTOR, ".panel.filtered")
    every = rows(box)
    count = int(box.find_element(By.CLASS_NAME, "controls").get_attribute("data-counted") or 0)
    words, least = (box.find_element(By.NAME, name) for name in ("words", "least"))
    words.send_keys("Male")
    of_men = [row for row in every if re.search(r"\bmale", " ".join(row))]
    assert rows(box) == of_men
    least.send_keys("12")
    assert rows(box) == [row for row in of_men if plain(row[count]) >= 12]
    assert box.find_element(By.TAG_NAME, "output").text == f"{len(rows(box))} of {len(every)}"
    assert 0 < len(rows(box)) < len(of_men) < len(every)


def gallery(browser: Chrome) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, "#worst .filtered")


def shown_faces(box: WebElement) -> list[list[str]]:
    """The lines under the faces that are shown: error, age, gender, id."""
    found = box.find_elements(By.CSS_SELECTOR, ".faces > li")
    return [face.text.splitlines() for face in found if face.is_displayed()]


def label_age(lines: list[str]) -> int:
    return int(lines[1].partition(" ")[0])


def test_faces_are_filtered_by_age_and_gender(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    box = gallery(browser)
    every = shown_faces(box)
    box.find_element(By.NAME, "from").send_keys("40")
    old = [face for face in every if label_age(face) >= 40]
    assert shown_faces(box) == old
    Select(box.find_element(By.NAME, "gender")).select_by_visible_text("male")
    assert shown_faces(box) == [face for face in old if face[2].startswith("male")]
    assert 0 < len(shown_faces(box)) < len(old) < len(every)


def test_faces_are_put_in_another_order_and_back(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    box = gallery(browser)
    every = shown_faces(box)
    order = Select(box.find_element(By.NAME, "order"))
    order.select_by_visible_text("Youngest label first")
    assert [label_age(face) for face in shown_faces(box)] == sorted(map(label_age, every))
    order.select_by_visible_text("as found")
    assert shown_faces(box) == every


def point_at(browser: Chrome, selector: str) -> str:
    """Moves the pointer to an element and returns what is said there, "" where nothing is."""
    element = browser.find_element(By.CSS_SELECTOR, selector)
    browser.execute_async_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});"
        "requestAnimationFrame(() => requestAnimationFrame(arguments[1]))",
        element,
    )
    ActionChains(browser).move_to_element(element).perform()
    return browser.find_element(By.CLASS_NAME, "tip").text


@pytest.mark.parametrize("window", ["phone", "desktop"])
def test_drawings_say_their_values_under_the_pointer(
    show: Show, report: str, browser: Chrome, window: str
) -> None:
    show(browser, report, window=window)
    said = point_at(browser, "#training .spots rect:nth-child(2)")
    assert said.splitlines()[0] == "epoch 2"
    assert len(said.splitlines()) == 3
    assert browser.execute_script(OVERFLOW) <= 0
    assert point_at(browser, "#age h2") == ""


def test_every_drawing_says_values(show: Show, report: str, browser: Chrome) -> None:
    show(browser, report)
    drawings = browser.find_elements(By.CSS_SELECTOR, "figure svg")
    spots = [len(one.find_elements(By.CSS_SELECTOR, ".spots rect")) for one in drawings]
    assert len(spots) == 12
    assert min(spots) > 0
