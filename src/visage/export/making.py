"""From a trained folder to a file that was held against PyTorch before it got its name."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any, Final

from visage.codes import Part
from visage.export.accuracy import Accuracy, accuracy
from visage.export.artefact import Artefact, ExportError, Run, read_artefact
from visage.export.checking import Checked, check
from visage.export.faces import MEASURED, read_labelled
from visage.files.atomic import atomic_file
from visage.files.jsons import write_json
from visage.files.places import refuse_file
from visage.inference.face_model import load_face_model
from visage.inference.torch_model import TorchModel
from visage.registry import members, no_such

FORMATS: Final = "visage.export.formats"
NO_INT8: Final = "leave --int8 out, whose ranges and cost are measured on them"
RANGE_FACES: Final = 256  # of the train part
# A file of eight bits that loses more is of no use.
MOST_YEARS_LOST: Final = 0.3
MOST_ACCURACY_LOST: Final = 0.02


@dataclass(frozen=True)
class Asked:
    """What is to be written.

    Attributes:
        models: the folder of the trained model.
        format: a file of export/formats.
        views: files of inference/views, averaged inside; None: those of the decision.
        int8: whether layers are quantised to eight bits.
        n_check: faces that the file is compared on; 0: it isn't.
    """

    models: Path
    format: str
    views: tuple[str, ...] | None
    int8: bool
    n_check: int


@dataclass(frozen=True)
class Cost:
    """What eight bits cost, on labelled faces."""

    before: Accuracy
    after: Accuracy


@dataclass(frozen=True)
class Made:
    """What was measured: how far the file is from PyTorch (None: not checked), and eight bits."""

    checked: Checked | None
    cost: Cost | None


def make(asked: Asked, output: Path, *, project: Path) -> Made:
    """Writes the file, whole or not at all, and beside it a .json with all that is known of it.

    project: whose ingested faces are looked at.

    Raises:
        ExportError: there is no such format, or what was written is not what was trained.
        PlaceError: no file can be made there.
    """
    form = _format(asked)
    refuse_file(output, option="--output")
    artefact = read_artefact(asked.models, view_names=asked.views)
    if asked.int8 and artefact.whole.face_size != artefact.whole.network.spec.image_size:
        raise ExportError(
            "--int8 is for views of the model's own size, and one of these sees faces finer; name "
            "views as --views identity,hflip does"
        )
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"full{form.SUFFIX}"
        form.write(artefact, file)
        checked = _check(form.run(file), asked, project) if asked.n_check else None
        cost = None
        if asked.int8:
            full, file = file, Path(folder) / f"int8{form.SUFFIX}"
            cost = _quantise(full, file, run=form.run, of=artefact, project=project)
        made = Made(checked, cost)
        with atomic_file(output) as temporary:
            copyfile(file, temporary)
    write_json(beside(output), {**artefact.metadata, "int8": asked.int8, "measured": asdict(made)})
    return made


def beside(output: Path) -> Path:
    """Returns where the JSON stands."""
    return output.with_name(f"{output.name}.json")


def suffix(format_: str) -> str:
    """Returns the suffix of files of this format.

    Raises:
        ExportError: there is no such format.
    """
    known = members(FORMATS)
    if format_ not in known:
        raise ExportError(f"--format: {no_such(format_, known)}")
    return str(import_module(f"{FORMATS}.{format_}").SUFFIX)


def _format(asked: Asked) -> Any:
    suffix(asked.format)
    if asked.int8 and asked.format != "onnx":
        raise ExportError(f"--int8 is for --format onnx, not {asked.format}")
    return import_module(f"{FORMATS}.{asked.format}")


def _check(run: Run, asked: Asked, project: Path) -> Checked:
    reference = load_face_model(asked.models, views=asked.views)
    assert isinstance(reference, TorchModel)
    return check(run, reference, read_labelled(project, MEASURED, most=asked.n_check))


def _quantise(
    full: Path, small: Path, *, run: Callable[[Path], Run], of: Artefact, project: Path
) -> Cost:
    """Writes the file of eight bits, and returns what it costs."""
    from visage.export.quantising import quantise  # here: only this needs onnx

    size = of.whole.network.spec.image_size
    seen = read_labelled(project, [Part.TRAIN], most=RANGE_FACES, else_=NO_INT8)
    quantise(full, small, faces=seen.at(size), metadata={**of.metadata, "int8": True})
    faces = read_labelled(project, MEASURED, else_=NO_INT8)
    before, after = (accuracy(run(file), faces, size=size) for file in (full, small))
    cost = Cost(before, after)
    faults = list(_losses(cost))
    if faults:
        raise ExportError(
            f"eight bits cost too much of this model: {'; '.join(faults)}; leave --int8 out"
        )
    return cost


def _losses(cost: Cost) -> Iterator[str]:
    before, after = cost.before, cost.after
    if before.mae is not None and after.mae is not None:
        lost = after.mae - before.mae
        if not lost <= MOST_YEARS_LOST:
            yield f"MAE {before.mae:.2f} -> {after.mae:.2f} years (limit {MOST_YEARS_LOST} more)"
    if before.gender_accuracy is not None and after.gender_accuracy is not None:
        lost = before.gender_accuracy - after.gender_accuracy
        if not lost <= MOST_ACCURACY_LOST:
            yield (
                f"gender accuracy {before.gender_accuracy:.3f} -> {after.gender_accuracy:.3f} "
                f"(limit {MOST_ACCURACY_LOST} less)"
            )
