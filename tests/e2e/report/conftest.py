"""The report and the pages on data as their readers have them, written by the commands."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from selenium.webdriver import Chrome

from visage.codes import Task
from visage.explain.records import (
    Chosen,
    Explained,
    Explanations,
    Group,
    Map,
    Method,
    write_explanations,
)
from visage.files import paths
from visage.files.jpeg import encode
from visage.files.tables import read_table, write_table
from visage.metrics.traits import Traits, traits
from visage.schema import INDEX, PREDICTIONS

WIDTHS = {"phone": 390, "paper": 688, "tablet": 820, "desktop": 1280}  # paper: A4 less its margins


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, str]:
    """The addresses of the report that the stage wrote, and of the pages on data.

    The run has all that one may have: races, two sources, qualities, explained faces.
    """
    folder = tmp_path_factory.mktemp("project")
    write_run(folder, root)
    shutil.copy(root / "params.yaml", folder)
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
    visage = str(Path(sys.executable).parent / "visage")
    for command in (
        [sys.executable, "-m", "stages.report"],
        [visage, "data", "check", str(photos(folder)), "--source", "utkface"],
        [visage, "data", "suspects"],
    ):
        subprocess.run(command, cwd=folder, env=environment, check=True)
    names = {"report": "metrics/report.html", "check": "data-check.html"}
    names |= {"suspects": "suspects.html"}
    return {name: (folder / path).as_uri() for name, path in names.items()}


@pytest.fixture
def report(pages: dict[str, str]) -> str:
    """The address of the report."""
    return pages["report"]


@pytest.fixture(params=["report", "check", "suspects"])
def page(request: pytest.FixtureRequest, pages: dict[str, str]) -> str:
    """The address of each page."""
    return pages[request.param]


def write_run(folder: Path, root: Path) -> None:
    # The same generated run as the unit tests': pytest shares no fixture between two folders.
    path = root / "tests/unit/reporting/conftest.py"
    spec = spec_from_file_location("generated_run", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write_run(folder, n=300)
    write_index_of_two_sources(folder)
    module.write_figures(folder, known=known(folder))
    write_explanations(folder / paths.EXPLANATIONS, explanations(folder))
    parts = folder / "data/predictions"
    none = read_table(parts / "test.parquet", PREDICTIONS).head(0)
    for part in ("validation", "calibration"):
        write_table(parts / f"{part}.parquet", none, PREDICTIONS)


def write_index_of_two_sources(folder: Path) -> None:
    """Makes every other face one of UTKFace's, which has races; the widths differ."""
    index = read_table(folder / paths.INDEX, INDEX)
    of_utkface = index["row"] % 2 == 1
    races = index["row"].map(lambda row: ("white", "black", "asian")[row // 2 % 3])
    index = index.assign(race=races.where(of_utkface), width=60 + index["row"] % 90)
    index.loc[of_utkface, "source"] = "utkface"
    write_table(folder / paths.INDEX, index, INDEX)


def known(folder: Path) -> Traits:
    """What evaluate knows of the faces beside their labels; their qualities are drawn by lot."""
    index = read_table(folder / paths.INDEX, INDEX)
    drawn = np.random.default_rng(5).normal((120, 300), (20, 60), (len(index), 2))
    quality = pd.DataFrame(drawn, columns=["brightness", "sharpness"]).assign(id=index["id"])
    return traits(index["id"].to_numpy(object), index=index, quality=quality)


def explanations(folder: Path) -> Explanations:
    """Two faces of each group, the hostile id among them; all maps are one picture."""
    ids = read_table(folder / paths.INDEX, INDEX)["id"]
    grey = encode(np.full((128, 128, 3), 90, np.uint8), jpeg_quality=85)
    maps = tuple(Map(task, method, 3.21, "upper left", grey) for task in Task for method in Method)
    faces = [
        Explained(
            face=Chosen(id_, group, 30.0, 41.52, 0, 1),
            seen={Task.AGE: 40.08, Task.GENDER: 0.3},
            maps=maps,
            agreement={Task.AGE: 0.61, Task.GENDER: None},
            picture=grey,
        )
        for id_, group in zip(ids, sorted((*Group, *Group)), strict=False)
    ]
    return Explanations("test", tuple(faces), (2, 2))


def photos(folder: Path) -> Path:
    """A UTKFace folder with a broken file, and grey, tiny and equal images among twenty."""
    place = folder / "photos"
    place.mkdir()
    rng = np.random.default_rng(1)
    for number in range(20):
        side = 30 if number % 2 else 90
        image = rng.integers(0, 256, (side, side, 1)).astype(np.uint8).repeat(3, axis=2)
        (place / f"{number + 1}_{number % 3 % 2}_0_{number}.jpg").write_bytes(
            encode(image, jpeg_quality=90)
        )
    shutil.copy(place / "1_0_0_0.jpg", place / "60_1_0_99.jpg")
    (place / "30_1_0_9.jpg").write_bytes(b"no picture")
    return place


def _show(
    browser: Chrome,
    page: str,
    *,
    window: str = "desktop",
    colours: str = "light",
    media: str = "screen",
) -> None:
    size = {"width": WIDTHS[window], "height": 900, "deviceScaleFactor": 1}
    mobile = window == "phone"
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**size, "mobile": mobile})
    scheme = [{"name": "prefers-color-scheme", "value": colours}]
    scheme += [{"name": "prefers-reduced-motion", "value": "reduce"}]  # a click waits for no scroll
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": scheme})
    browser.get(page)


@pytest.fixture
def show() -> Callable[..., None]:
    """Returns the function that opens a page in a window, with colours, on a screen or on paper."""
    return _show
