"""MLflow's user interface, served by `visage ui` and seen by a real browser."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import pytest
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 300  # seconds that a page may take on a busy machine
TEXTS = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.trim())"
REQUESTS = "return performance.getEntriesByType('resource').map(entry => entry.name)"
CENTRE = "arguments[0].scrollIntoView({block: 'center'})"
DRAWN = """
const plots = [...document.querySelectorAll('.js-plotly-plot')];
const drawn = plots.filter(plot => plot.querySelector('.scatterlayer .trace path'));
return drawn.map(plot => plot.data[0]).map(line => [line.name, [...line.x], [...line.y]]);
"""


@dataclass(frozen=True)
class Reader:
    """What is on the page that is open, in the terms of who reads it."""

    browser: Chrome
    serious: Callable[[Chrome], list[str]]

    def open(self, address: str) -> None:
        """Opens a page as a new one: another fragment alone would load nothing again."""
        self.browser.get("about:blank")
        self.browser.get_log("browser")
        self.browser.get(address)

    def until(self, seen: Callable[[], Any]) -> None:
        """Waits until something is seen, or says what is on the page in its place."""
        try:
            WebDriverWait(self.browser, PATIENCE).until(lambda _: seen())
        except TimeoutException:
            pytest.fail(f"not on the page, which shows: {self.words()}")

    def press(self, text: str) -> None:
        """Clicks what holds a text once it lies free: a page that still loads moves its parts."""
        self.until(lambda: self._pressed(text))

    def _pressed(self, text: str) -> bool:
        found = self.browser.find_elements(By.XPATH, f"//*[text()[normalize-space()='{text}']]")
        try:
            for element in found[:1]:
                self.browser.execute_script(CENTRE, element)
                element.click()
        except (ElementClickInterceptedException, StaleElementReferenceException):
            return False
        return bool(found)

    def texts(self, selector: str) -> list[str]:
        """What elements hold, read in one go, because the table redraws itself."""
        return list(self.browser.execute_script(TEXTS, selector))

    def words(self) -> list[str]:
        """The lines that a reader sees."""
        return [line.strip() for text in self.texts("body") for line in text.split("\n")]

    def rows(self) -> list[tuple[str, str]]:
        """The pairs of neighbouring lines: what stands in a table of names and values."""
        return list(pairwise(filter(None, self.words())))

    def drawn(self) -> list[tuple[str, list[float], list[float]]]:
        """Name, steps and values of each line that a chart shows."""
        return [(name, x, y) for name, x, y in self.browser.execute_script(DRAWN)]

    def flaws(self, url: str) -> set[str]:
        """Errors on the console, requests to others than the server, serious findings of axe."""
        severe = [e for e in self.browser.get_log("browser") if e["level"] == "SEVERE"]
        found = {re.sub(r"http://127[^/]+", "", entry["message"]) for entry in severe}
        asked = self.browser.execute_script(REQUESTS)
        assert asked
        found |= {name for name in asked if not name.startswith(f"{url.partition('/#')[0]}/")}
        return found | {f"axe: {rule.partition(':')[0]}" for rule in self.serious(self.browser)}


@pytest.fixture
def reader(browser: Chrome, serious: Callable[[Chrome], list[str]]) -> Reader:
    """Returns what reads the browser's page."""
    return Reader(browser, serious)


@pytest.fixture(scope="session")
def served() -> Callable[..., Any]:
    """Returns the context manager that serves a project."""
    return _served


@pytest.fixture(scope="session")
def comparison() -> Callable[..., str]:
    """Returns the function that gives the address of a comparison."""
    return _comparison


def _comparison(url: str, runs: list[str], experiment: str) -> str:
    """The address of the page that compares runs of one experiment."""
    asked = {"runs": json.dumps(runs), "experiments": json.dumps([experiment])}
    return f"{url.partition('/#')[0]}/#/compare-runs?{urlencode(asked, quote_via=quote)}"


@contextmanager
def _served(project: Path, *, printed: Path) -> Iterator[str]:
    """Gives the address that `visage ui` prints; it runs until the block ends."""
    command = [Path(sys.executable).with_name("visage"), "ui", "--port", str(_free_port())]
    with printed.open("w") as output:
        server = subprocess.Popen(command, cwd=project, stdout=output)
    try:
        yield _answering(printed, server)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(printed: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(2 * PATIENCE):
        assert server.poll() is None, "visage ui ended"
        addresses = re.findall(r"http://127[^ \n]+", printed.read_text())
        try:
            with urlopen(addresses[0], timeout=5):
                return str(addresses[0])
        except (IndexError, OSError):
            time.sleep(0.5)
    raise AssertionError("visage ui does not answer")
