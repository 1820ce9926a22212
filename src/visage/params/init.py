"""`init`: where the backbone's initial weights come from."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from visage.params.section import Section


class Init(Section):
    """`source` is a module of visage.models.sources; `kwargs` go to timm.create_model.

    `min_matched` is the share of the backbone's tensors that a file must hold.
    """

    key: ClassVar[str] = "init"
    source: str
    tag: str | None
    path: str | None
    min_matched: Annotated[float, Field(gt=0, le=1)]
    kwargs: dict[str, JsonValue]
