"""`visage submission verify`: does a submission come out the same from what is kept?"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from visage.cli.studies import say
from visage.errors import VisageError
from visage.files.paths import SUBMISSION
from visage.submission.difference import (
    TOLERANCE_YEARS,
    TOLERATED_FLIPS,
    Difference,
    Verdict,
    compare,
)
from visage.submission.kind import other_versions, told_machine
from visage.submission.lock import ALL, route
from visage.submission.origin import Origin, find_origin
from visage.submission.rebuild import rebuild
from visage.submission.snapshot import bring_pinned, refuse_other_code, snapshot
from visage.sweep.experiment_files import fetch_files


class NotReproducedError(VisageError):
    """The submission is not what comes out."""


def verify(
    file: Annotated[
        Path, typer.Argument(help="A submission that visage made.", exists=True, dir_okay=False)
    ],
    start: Annotated[
        str,
        typer.Option(
            "--from", help="The first stage to run again; train: the model, too; all: everything."
        ),
    ] = "infer",
    rev: Annotated[
        str | None, typer.Option(help="The commit that made it; else it is searched for.")
    ] = None,
    years: Annotated[
        float, typer.Option(min=0, help="Of each age, on another kind of machine.")
    ] = TOLERANCE_YEARS,
    flips: Annotated[
        int, typer.Option(min=0, help="Rows of another gender that are tolerated there.")
    ] = TOLERATED_FLIPS,
) -> None:
    """Rebuild a submission from the commit or experiment that made it, elsewhere, and compare.

    The stages run in a temporary folder, the workspace stays as it is. From `infer` on it takes a
    forward pass of the pinned model over the images; `--from train` takes the whole training, and
    `--from all` needs the data alone, no output of any stage.
    """
    root = Path.cwd()
    origin = find_origin(file, root, commit=rev)
    stages = route(origin.stages, start=start)
    say(f"{file}: made by {_told(origin)}")
    if origin.is_edited:
        raise NotReproducedError(_edited(file, origin, root))
    kept = {} if origin.kept is None else origin.kept.files
    with snapshot(root, origin.commit, kept=kept) as folder:
        pins = bring_pinned(folder, stages, advice=_advice(origin))
        refuse_other_code(folder, stages, commit=origin.commit)
        say(f"Rebuilt there from: {', '.join(pins)}")
        changed = rebuild(folder, stages, say=say)
        again = (folder / SUBMISSION).read_bytes()
        versions = other_versions((folder / "constraints.txt").read_text(encoding="utf-8"))
    found = compare(file.read_bytes(), again, years=years, flips=flips)
    _report(found, file, changed=changed, versions=versions, tolerance=(years, flips))


def _report(
    found: Difference,
    file: Path,
    *,
    changed: Sequence[str],
    versions: Sequence[str],
    tolerance: tuple[float, int],
) -> None:
    libraries = f"not those of the commit: {', '.join(versions)}" if versions else "the commit's"
    here = f"This machine: {told_machine()}; libraries: {libraries}"
    if found.verdict is Verdict.EQUAL:
        typer.echo(f"{file}: {found}.\n{here}")
        return
    what = f"{file}: not the same bytes; {found}\nThe first output that differs: {changed[0]}"
    stated = f"the tolerance of {tolerance[0]:g} years and {tolerance[1]} of another gender"
    kind = f"{here}. Another kind of machine or libraries: docs/decisions/0006-determinism.md"
    if found.verdict is Verdict.WITHIN:
        typer.echo(f"{what}\nWITHIN {stated}.\n{kind}")
        return
    raise NotReproducedError(f"{what}\nBEYOND {stated}.\n{kind}")


def _told(origin: Origin) -> str:
    others = f" ({origin.others} more made the same)" if origin.others else ""
    if origin.kept is not None:
        return f"the state kept in {origin.kept.lock}, with the code of commit {origin.commit}"
    kind = f"experiment {origin.experiment}, " if origin.experiment else ""
    return f"{kind}commit {origin.commit}{others}"


def _advice(origin: Origin) -> str:
    anew = f"; `--from {ALL}` makes everything anew, from the data"
    if origin.kept is not None:
        return f"the clone that trained it has it{anew}"
    if origin.experiment:
        return f"`dvc exp pull origin {origin.experiment}` gets it from the remote{anew}"
    at = origin.commit[:10]
    return f"`git checkout {at} && dvc pull`, in a clone, gets it from the remote{anew}"


def _edited(file: Path, origin: Origin, root: Path) -> str:
    """Says how a table differs from the one that its submission.json belongs to."""
    with TemporaryDirectory() as temporary:
        fetch_files(origin.commit, root, files=[SUBMISSION], to=Path(temporary))
        made = (Path(temporary) / SUBMISSION).read_bytes()
    told = compare(file.read_bytes(), made)
    return f"{file} was changed since it was made: {told}\n(left: the file, right: as it was made)"
