"""The finished project given back after each test, and a headless Chromium without network."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

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
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    calm = {"VISAGE_STATE_MINUTES": "0.005", "PATH": path}

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
def browser(chrome: Chrome) -> Chrome:
    """Returns the browser without the window's size and the messages of the test before."""
    chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    chrome.get_log("browser")
    return chrome


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Returns a browser that reaches this machine only and keeps the pages' log messages."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("no Chromium here: apt-get install chromium chromium-driver")
    options = ChromeOptions()
    options.binary_location = binary
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"]:
        options.add_argument(flag)
    started = Chrome(options=options, service=ChromeService(driver))
    yield started
    started.quit()
