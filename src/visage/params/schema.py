"""The JSON schema of the whole of params.yaml, for editors; `visage schema` writes it.

params.yaml names it in its first line, which the YAML plugins of the common editors read.
"""

from pathlib import Path
from typing import Any, Final

from pydantic import ConfigDict, create_model

from visage.params.all import SECTIONS

SCHEMA_FILE: Final = Path("params.schema.json")


def params_schema() -> dict[str, Any]:
    """Returns the schema: every section required, unknown keys forbidden."""
    fields: Any = {section.key: (section, ...) for section in SECTIONS}
    whole = create_model("Params", __config__=ConfigDict(extra="forbid"), **fields)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole.model_json_schema()}
