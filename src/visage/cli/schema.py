"""`visage schema`: writes params.schema.json, by which editors check and complete params.yaml."""

import typer

from visage.files.jsons import write_json
from visage.params.schema import SCHEMA_FILE, params_schema


def schema() -> None:
    """Write the JSON schema of params.yaml, for editors."""
    write_json(SCHEMA_FILE, params_schema())
    typer.echo(f"{SCHEMA_FILE} written.")
