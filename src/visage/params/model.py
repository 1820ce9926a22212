"""`model`: what is built on the backbone, and the size of the images that it sees."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from visage.params.section import PositiveInt, Section

Rate = Annotated[float, Field(ge=0, lt=1)]


class Model(Section):
    """Backbone -> pool -> shared MLP -> heads; `pool`, `age_head`: files of models/pools, heads."""

    key: ClassVar[str] = "model"
    image_size: Annotated[int, Field(ge=16)]
    pool: str
    age_head: str
    mlp: tuple[PositiveInt, ...]
    dropout: Rate
    drop_path_rate: Rate
    normalise: Literal["weights", "imagenet"]
