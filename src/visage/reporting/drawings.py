"""The page's drawings as files of their own, for viewers that show pictures, such as MLflow's.

On the page a drawing takes colours and font from the page's style. Alone it brings the light ones
of the same style along, so that both say the same in the same colours.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Final

from visage.files.atomic import atomic_folder
from visage.files.texts import write_text
from visage.reporting.blocks import Figure, Section

SCALE: Final = 2  # pixels a point, where a viewer shows a picture in its own size
_VARIABLES: Final = re.compile(r"--(?:figure-\w+|font|panel): [^;]+;")
_RULES: Final = "svg { background: var(--panel); } .spots rect { fill: transparent; }"


def write_drawings(folder: Path, shown: Sequence[Section]) -> None:
    """Writes each drawing of these sections to `folder`, as section-title.svg."""
    style = _style()
    with atomic_folder(folder) as temporary:
        for key, figure in _figures(shown):
            name = re.sub(r"[^a-z0-9]+", "-", f"{key} {figure.title}".lower()).strip("-")
            write_text(temporary / f"{name}.svg", alone(figure, style=style))


def alone(figure: Figure, *, style: str) -> str:
    """Returns a drawing as a document: its size, what it shows in words, and its style."""
    width, height = re.findall(r"[\d.]+", figure.svg.partition(">")[0])[2:4]
    size = f'width="{float(width) * SCALE:g}" height="{float(height) * SCALE:g}"'
    words = f"<title>{escape(figure.title)}</title><desc>{escape(figure.alt)}</desc>"
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
    tag, bracket, rest = figure.svg.removeprefix("<svg").partition(">")
    return f"{opening}{tag}{bracket}{words}<style>{style}</style>{rest}\n"


def _figures(shown: Sequence[Section]) -> Iterator[tuple[str, Figure]]:
    for section in shown:
        for block in section.blocks:
            if isinstance(block, Figure):
                yield section.key, block


def _style() -> str:
    """Returns the light colours and the font of the page's style, and the drawings' own rules."""
    page = files("visage.reporting").joinpath("templates/report.css").read_text(encoding="utf-8")
    light = page[: page.index("}")]
    return f"svg {{ {' '.join(_VARIABLES.findall(light))} }} {_RULES}"
