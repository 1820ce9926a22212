"""What a training is made of, as hashes: equal fingerprints mean equal inputs.

It joins a trained model to its MLflow run, and names the state from which a training can go on.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from visage.files.hashes import sha256_json, sha256_path


def fingerprint(
    *, params: Mapping[str, Any], data: Sequence[Path], init: Sequence[Path], code: Sequence[Path]
) -> dict[str, Any]:
    """Returns `{"fingerprint": sha256, "inputs": {params, data, init, code: sha256}}`.

    params: the declared sections as JSON values. data, init, code: files or folders, relative to
    the project's root; their names and contents count.
    """
    inputs = {
        "params": sha256_json(dict(params)),
        **{name: _of(paths) for name, paths in (("data", data), ("init", init), ("code", code))},
    }
    return {"fingerprint": sha256_json(inputs), "inputs": inputs}


def _of(paths: Sequence[Path]) -> str:
    return sha256_json([[path.as_posix(), sha256_path(path)] for path in sorted(paths)])
