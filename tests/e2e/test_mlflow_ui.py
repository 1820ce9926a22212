"""Three backbones in MLflow's user interface, seen by a real browser."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from selenium.webdriver import Chrome
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
BACKBONES = ("convnext_tiny", "efficientnet_b0", "resnet18")
COLUMNS = ("harmonic", "mae", "rmse")


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
def url(project: Path) -> Iterator[str]:
    """The address that `visage ui` prints; it runs until the test ends."""
    printed = project / "ui.txt"
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


def texts(browser: Chrome, selector: str) -> list[str]:
    """What elements hold, read in one go, because the table redraws itself."""
    script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.trim())"
    return list(browser.execute_script(script, selector))
