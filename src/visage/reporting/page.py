"""The page: its sections in reading order, laid out by one template.

Ids come from users' tables, so everything is escaped; and the page's own policy forbids scripts and
requests of any kind, so that even a fault in it could fetch nothing.
"""

from jinja2 import Environment, PackageLoader, StrictUndefined

from visage.files.faces import FaceStore
from visage.reporting.ages import ages
from visage.reporting.blocks import Page, Section
from visage.reporting.dataset import dataset
from visage.reporting.formats import count
from visage.reporting.genders import genders
from visage.reporting.images import images
from visage.reporting.inputs import Inputs
from visage.reporting.limits import limits
from visage.reporting.provenance import run
from visage.reporting.slices import slices
from visage.reporting.summary import summary
from visage.reporting.training import training
from visage.reporting.worst import worst_errors


def page(inputs: Inputs, *, faces: FaceStore, worst: int) -> str:
    """Returns the whole page as HTML; `worst` is the number of faces on its last sheet."""
    candidates: tuple[Section | None, ...] = (
        summary(inputs),
        run(inputs),
        dataset(inputs),
        images(inputs, faces=faces),
        training(inputs),
        *(() if inputs.unmeasured else _measured(inputs, faces=faces, worst=worst)),
        limits(inputs),
    )
    backbone, tasks = inputs.model.get("backbone", "model"), " and ".join(inputs.tasks)
    return render(
        Page(
            title=f"{tasks.capitalize()} from faces",
            subtitle=f"{backbone}, {inputs.unmeasured or _measured_faces(inputs)}",
            description=f"Results of {backbone}: {tasks} estimated from photos of faces.",
            sections=tuple(section for section in candidates if section is not None),
        )
    )


def _measured(inputs: Inputs, *, faces: FaceStore, worst: int) -> tuple[Section | None, ...]:
    return (
        ages(inputs),
        genders(inputs),
        slices(inputs),
        worst_errors(inputs, faces=faces, n=worst),
    )


def _measured_faces(inputs: Inputs) -> str:
    return f"{count(inputs.scores.get('n'))} {inputs.part} faces"


def render(content: Page) -> str:
    """Returns the page as HTML."""
    environment = Environment(
        loader=PackageLoader("visage.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.html").render(page=content)
