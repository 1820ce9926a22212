"""The finished project given back after each test, and a headless Chromium without network."""

import contextlib
import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen

import axe_core_python
import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

KEY = "VISAGE_API_KEY"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--window-size=1800,900",
]


@pytest.fixture(autouse=True)
def restored(request: pytest.FixtureRequest) -> Iterator[None]:
    """Gives the finished project back as it was: DVC's experiments end with theirs in place."""
    yield
    if "run_finished" not in request.fixturenames:
        return
    run_finished = request.getfixturevalue("run_finished")
    if run_finished("git", "status", "--porcelain").stdout:
        run_finished("git", "checkout", "-q", "--", ".")
        run_finished("dvc", "checkout", "-q")


@pytest.fixture
def start() -> Callable[..., Popen[str]]:
    """Returns a function that starts a command in a folder, in a session of its own.

    A training that it starts saves its state several times a second.
    """
    calm = {"VISAGE_STATE_MINUTES": "0.005"}

    def started(folder: Path, *words: str, **changes: str) -> Popen[str]:
        return Popen(
            words,
            cwd=folder,
            env={**os.environ, **calm, **changes},
            start_new_session=True,
            stdout=PIPE,
            stderr=STDOUT,
            text=True,
        )

    return started


@pytest.fixture
def ended() -> Callable[[Popen[str]], str]:
    """Returns a function that waits for a command that has to end well, and gives what it said."""

    def told(process: Popen[str]) -> str:
        said = process.communicate()[0]
        assert process.returncode == 0, said
        return said

    return told


@pytest.fixture
def serious() -> Callable[[Chrome], list[str]]:
    """Returns a function that says what axe-core finds that keeps people from using a page."""
    script = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

    def found(browser: Chrome) -> list[str]:
        browser.execute_script(script)
        rules = browser.execute_async_script(
            "const done = arguments[0]; axe.run().then(found => done(found.violations))"
        )
        return [
            f"{rule['id']}: {rule['nodes'][0]['html']}"
            for rule in rules
            if rule["impact"] in ("serious", "critical")
        ]

    return found


@pytest.fixture
def browser(chrome: Chrome) -> Chrome:
    """Returns the browser without the window's size and the messages of the test before."""
    chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    chrome.get_log("browser")
    return chrome


@pytest.fixture(scope="session")
def find_chromium() -> Callable[[], tuple[str, str]]:
    """Returns a function that gives the paths of Chromium and its driver.

    Where there are none it skips the test; but in continuous integration, where nobody reads how
    many were skipped, it fails.
    """

    def found() -> tuple[str, str]:
        binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
        if binary is None or driver is None:
            missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            missing("no Chromium here: apt-get install chromium chromium-driver")
        return binary, driver

    return found


@pytest.fixture(scope="session")
def chrome(
    find_chromium: Callable[[], tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Chrome]:
    """Returns a browser that reaches this machine only and keeps the pages' log messages."""
    binary, driver = find_chromium()
    options = ChromeOptions()
    options.binary_location = binary
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"]:
        options.add_argument(flag)
    started = Chrome(options=options, service=ChromeService(driver))
    started.set_script_timeout(120)  # seconds; axe-core on a busy machine
    yield started
    started.quit()


@dataclass(frozen=True)
class Served:
    """A server that runs, and the file that its log goes to."""

    url: str
    process: Popen[bytes]
    log: Path


Serve = Callable[..., Served]


@pytest.fixture(scope="module")
def fake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Returns a function that starts the server around a fake reader; see fake_server.py."""
    started: list[Popen[bytes]] = []

    def serve(key: str | None = None, **asked: float) -> Served:
        log = tmp_path_factory.mktemp("served") / "log"
        environment = {name: value for name, value in os.environ.items() if name != KEY}
        with log.open("wb") as output:
            process = Popen(
                [sys.executable, str(Path(__file__).parent / "fake_server.py"), json.dumps(asked)],
                stdout=output,
                stderr=STDOUT,
                env={**environment, **({KEY: key} if key else {})},
            )
        started.append(process)
        return Served(_answering(log, process), process, log)

    yield serve
    for process in started:
        process.kill()
        process.wait()


def _answering(log: Path, process: Popen[bytes]) -> str:
    """Waits until the server answers; returns its address."""
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        lines = log.read_text().splitlines()
        with contextlib.suppress(OSError):
            if lines and urllib.request.urlopen(f"{lines[0]}/ready", timeout=5).status == 200:
                return lines[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())
