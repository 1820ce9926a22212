"""`demo`: the generated data set."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from visage.params.section import Count, Section


class Demo(Section):
    """How many faces are drawn, in which form, at which size, from which seed."""

    key: ClassVar[str] = "demo"
    layout: Literal["kaggle", "celeba"]
    n_labelled: Annotated[int, Field(ge=1)]
    n_unlabelled: Count
    image_size: Annotated[int, Field(ge=32, le=1024)]
    seed: Count
