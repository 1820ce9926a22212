"""The folder of an ensemble: what the stages would leave of a model, and its page.

It appears whole or not at all. It holds no time and no host, so that the same members give the
same bytes.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from visage import schema
from visage.ensemble.making import Ensemble
from visage.ensemble.member import Member
from visage.ensemble.page import ensemble_page
from visage.errors import VisageError
from visage.files.atomic import atomic_folder
from visage.files.hashes import sha256_file
from visage.files.jsons import write_json
from visage.files.tables import write_table
from visage.files.texts import write_text

CARD: Final = "ensemble.json"
PAGE: Final = "ensemble.md"
_HASHES: Final = ("fingerprint", "params_sha256", "data_sha256", "model_sha256")


class FolderError(VisageError):
    """A folder that is to be replaced is none of an ensemble."""


def write_ensemble(folder: Path, made: Ensemble) -> None:
    """Writes an ensemble into `folder`; an ensemble that is there is replaced.

    Raises:
        FolderError: something else is there.
    """
    if folder.exists() and not (folder / CARD).is_file():
        raise FolderError(f"{folder} is there and is no ensemble; give another --name")
    with atomic_folder(folder) as to:
        for part, predictions in made.tables.items():
            write_table(to / f"predictions/{part}.parquet", predictions, schema.PREDICTIONS)
        write_json(to / "decision.json", made.decision.to_json())
        write_json(to / "evaluate.json", made.results.figures)
        write_json(to / "details.json", made.results.details)
        _write_submission(to, made)
        write_json(to / CARD, _card(to, made, name=folder.name))
        write_text(to / PAGE, page_of(made, name=folder.name))


def page_of(made: Ensemble, *, name: str) -> str:
    """Returns the ensemble's page."""
    return ensemble_page(made, name=name, command=command(made, name=name))


def command(made: Ensemble, *, name: str) -> str:
    """Returns the command that makes the ensemble again, from any branch."""
    names = " ".join(member.reference.commit or member.name for member in made.members)
    weights = ",".join(f"{weight:.15g}" for weight in made.weights)
    equal = len(set(made.weights)) == 1
    return f"visage ensemble {names} --name {name}{'' if equal else f' --weights {weights}'}"


def _write_submission(to: Path, made: Ensemble) -> None:
    file = to / "submission.csv"
    write_table(file, made.submission.table, made.submission.schema)
    hashes = {
        "sha256": sha256_file(file),
        "decision_sha256": sha256_file(to / "decision.json"),
        "members": _members(made.members, made.shares),
    }
    write_json(to / "submission.json", {**made.submission.summary(), **hashes})


def _card(to: Path, made: Ensemble, *, name: str) -> dict[str, Any]:
    written = sorted(path for path in to.rglob("*") if path.is_file())
    return {
        "name": name,
        "command": command(made, name=name),
        "members": _members(made.members, made.shares),
        "evaluate": made.evaluate.model_dump(),
        "chosen_on": made.chosen_on,
        "best_member": made.best.name,
        "differences": {
            name: {**asdict(of), "difference": of.value} for name, of in made.differences.items()
        },
        "sha256": {path.relative_to(to).as_posix(): sha256_file(path) for path in written},
    }


def _members(members: Sequence[Member], shares: Sequence[float]) -> list[dict[str, Any]]:
    return [
        {
            "name": member.name,
            "commit": member.reference.commit,
            "weight": share,
            **{name: member.origin.get(name) for name in _HASHES},
        }
        for member, share in zip(members, shares, strict=True)
    ]
