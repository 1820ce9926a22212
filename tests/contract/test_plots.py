"""`dvc plots` draws columns that there are, on a page that asks nothing of the network."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dvc_render.vega_templates import TEMPLATES

from visage.files.pipeline import read_pipeline
from visage.schema import AGE_BINS, AGE_COVERAGE, AGE_HISTOGRAM, HISTORY, THRESHOLD_CURVE

Break = Callable[[str, str, str], None]
COLUMNS = {
    "metrics/history.csv": HISTORY.names,
    "metrics/age_histogram.csv": AGE_HISTOGRAM.names,
    "metrics/age_coverage.csv": AGE_COVERAGE.names,
    "metrics/threshold_curve.csv": THRESHOLD_CURVE.names,
    "metrics/age_bins.csv": AGE_BINS.names,
    "metrics/age_scatter.csv": ["id", "age", "predicted"],
    "metrics/gender_confusion.csv": ["actual", "predicted"],
}
LOADED = re.compile(r"""<(?:script|link|img|iframe)[^>]*\b(?:src|href)\s*=""")


def plots(root: Path) -> dict[str, dict[str, Any]]:
    listed = read_pipeline(root / "dvc.yaml")["plots"]
    return {name: plot for item in listed for name, plot in item.items()}


def faults(root: Path, dvc: Path) -> Iterator[str]:
    """Plots with a file, a column or a template that there is not."""
    templates = {template.DEFAULT_NAME for template in TEMPLATES}
    templates |= {path.stem for path in (dvc / "plots").glob("*.json")}
    for name, plot in plots(root).items():
        if plot.get("template", "linear") not in templates:
            yield f"{name}: template"
        for file, fields in plot["y"].items():
            wanted = [plot["x"], *([fields] if isinstance(fields, str) else fields)]
            if file not in COLUMNS or not set(wanted) <= set(COLUMNS[file]):
                yield f"{name}: {file}"


def loaded_by(page: str) -> list[str]:
    """Tags of a page that load something; what is inside of its scripts only looks like tags."""
    return LOADED.findall(re.sub(r"(<script[^>]*>).*?</script>", r"\1", page, flags=re.DOTALL))


def test_every_plot_can_be_drawn(root: Path) -> None:
    assert list(faults(root, root / ".dvc")) == []
    assert {file for plot in plots(root).values() for file in plot["y"]} == set(COLUMNS)


def test_the_page_loads_nothing(root: Path) -> None:
    page = (root / ".dvc/plots/page.html").read_text(encoding="utf-8")
    assert "{plot_divs}" in page
    assert "{scripts}" not in page  # where DVC would put links to a CDN
    assert loaded_by(page) == []
    assert "window.vegaEmbed=" in page


def test_dvc_uses_the_page(root: Path) -> None:
    config = (root / ".dvc/config").read_text(encoding="utf-8")
    assert "html_template = plots/page.html" in config


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("metrics/history.csv: [train_loss,", "metrics/history.csv: [trian_loss,", "Loss by epoch"),
        ("metrics/age_scatter.csv: pred", "metrics/age_scater.csv: pred", "Age, measured part"),
        ("template: confusion", "template: confused", "Gender, measured part"),
    ],
)
def test_seen_to_fail(
    root: Path, copy: Path, broken: Break, old: str, new: str, fault: str
) -> None:
    broken("dvc.yaml", old, new)
    assert [found.split(":")[0] for found in faults(copy, root / ".dvc")] == [fault]


def test_a_page_that_loads_is_seen_to_fail() -> None:
    assert loaded_by('<p><script src="https://cdn.jsdelivr.net/npm/vega"></script></p>')
    assert loaded_by('<script>"<img src=";</script>') == []
