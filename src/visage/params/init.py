"""`init`: where the backbone's initial weights come from."""

from typing import ClassVar

from pydantic import JsonValue

from visage.params.section import Section


class Init(Section):
    """`source` is a module of visage.models.sources; `kwargs` go to timm.create_model."""

    key: ClassVar[str] = "init"
    source: str
    tag: str | None
    path: str | None
    kwargs: dict[str, JsonValue]
