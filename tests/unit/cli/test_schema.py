import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from visage.params.schema import params_schema


def test_the_schema_is_written(visage: Callable[..., Result], project: Path) -> None:
    assert visage("schema").exit_code == 0
    assert json.loads((project / "params.schema.json").read_text()) == params_schema()
