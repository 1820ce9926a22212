"""The page of a run: its sections in reading order."""

from visage.files.faces import FaceStore
from visage.reporting.ages import ages
from visage.reporting.blocks import Page, Section
from visage.reporting.dataset import dataset
from visage.reporting.formats import count
from visage.reporting.genders import genders
from visage.reporting.images import images
from visage.reporting.inputs import Inputs
from visage.reporting.limits import limits
from visage.reporting.looks import looks
from visage.reporting.provenance import run
from visage.reporting.render import render
from visage.reporting.slices import slices
from visage.reporting.summary import summary
from visage.reporting.training import training
from visage.reporting.unfamiliar import unfamiliar
from visage.reporting.worst import worst_errors


def sections(inputs: Inputs, *, faces: FaceStore, worst: int) -> tuple[Section, ...]:
    """Returns what is on the page; `worst` is the number of faces on its last sheet."""
    candidates: tuple[Section | None, ...] = (
        summary(inputs),
        run(inputs),
        dataset(inputs),
        images(inputs, faces=faces),
        training(inputs),
        *(() if inputs.unmeasured else _measured(inputs, faces=faces, worst=worst)),
        limits(inputs),
    )
    return tuple(section for section in candidates if section is not None)


def page(inputs: Inputs, shown: tuple[Section, ...]) -> str:
    """Returns the whole page as HTML, with these sections."""
    backbone, tasks = inputs.model.get("backbone", "model"), " and ".join(inputs.tasks)
    return render(
        Page(
            title=f"{tasks.capitalize()} from faces",
            subtitle=f"{backbone}, {inputs.unmeasured or _measured_faces(inputs)}",
            description=f"Results of {backbone}: {tasks} estimated from photos of faces.",
            sections=shown,
        )
    )


def _measured(inputs: Inputs, *, faces: FaceStore, worst: int) -> tuple[Section | None, ...]:
    return (
        ages(inputs),
        genders(inputs),
        slices(inputs),
        unfamiliar(inputs),
        worst_errors(inputs, faces=faces, n=worst),
        looks(inputs.explanations),
    )


def _measured_faces(inputs: Inputs) -> str:
    return f"{count(inputs.scores.get('n'))} {inputs.part} faces"
