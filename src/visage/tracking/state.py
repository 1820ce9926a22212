"""The identity of a pipeline's state: the content of dvc.lock.

dvc.lock names the hash of every input, parameter and output, so two equal locks are one result.
The `track` stage's own entry is left out: while the stage runs, it still tells of the run before.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from visage.errors import VisageError
from visage.files.hashes import sha256_json
from visage.files.md5 import md5_file, md5_folder
from visage.params.load import PARAMS_FILE, read_params

LOCK_FILE = Path("dvc.lock")
OWN_STAGE = "track"


class StateError(VisageError):
    """The folder holds no finished state of the pipeline."""


def read_stages(root: Path) -> dict[str, Any]:
    """Returns the stages of dvc.lock in `root`, without `track`.

    Raises:
        StateError: dvc.lock is missing or can't be read.
    """
    try:
        text = (root / LOCK_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StateError(f"{root / LOCK_FILE} is missing; run `dvc repro`") from None
    return stages_of(text)


def stages_of(text: str) -> dict[str, Any]:
    """Returns the stages in the text of a dvc.lock, without `track`.

    Raises:
        StateError: the text is no dvc.lock.
    """
    try:
        stages: dict[str, Any] = dict(YAML(typ="safe").load(text)["stages"])
    except (YAMLError, TypeError, KeyError, ValueError) as error:
        raise StateError(f"{LOCK_FILE} can't be read ({error}); run `dvc repro`") from None
    stages.pop(OWN_STAGE, None)
    return stages


def state_key(stages: dict[str, Any]) -> str:
    """Returns the hash that identifies a state."""
    return sha256_json(stages)


def refuse_unfinished(stages: dict[str, Any], root: Path, paths: Iterable[Path]) -> None:
    """Makes sure that params.yaml and the files `paths` in `root` are those of dvc.lock.

    Raises:
        StateError: naming each that was changed since the pipeline ran.
    """
    recorded = {out["path"]: out.get("md5") for stage in stages.values() for out in _outs(stage)}
    changed = [
        path.as_posix()
        for path in paths
        if path.as_posix() in recorded and _md5(root / path) != recorded[path.as_posix()]
    ]
    params = read_params(root / PARAMS_FILE)
    changed += [
        f"{PARAMS_FILE}: {key}"
        for stage in stages.values()
        for key, value in stage.get("params", {}).get(str(PARAMS_FILE), {}).items()
        if params.get(key) != value
    ]
    if changed:
        what = ", ".join(dict.fromkeys(changed))
        raise StateError(f"{what}: not what {LOCK_FILE} records; run `dvc repro` first")


def _outs(stage: dict[str, Any]) -> list[dict[str, Any]]:
    return list(stage.get("outs", []))


def _md5(path: Path) -> str | None:
    """Returns what dvc.lock records of a file or a folder; None where it is not there."""
    if path.is_dir():
        files = (file for file in path.rglob("*") if file.is_file())
        return md5_folder({file.relative_to(path).as_posix(): md5_file(file) for file in files})
    return md5_file(path) if path.is_file() else None
