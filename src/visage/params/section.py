"""The base of all parameter sections: strict, frozen, complete.

There are no defaults in the classes: params.yaml is the only place where a number that changes a
result lives, and a key that is missing there is an error, not a surprise.
"""

from typing import Annotated, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

T = TypeVar("T")

STRICT = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

Share = Annotated[float, Field(ge=0, le=1)]
PositiveInt = Annotated[int, Field(gt=0)]
PositiveFloat = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]


class Section(BaseModel):
    """A mapping at the root of params.yaml; `key` is its name there."""

    model_config = STRICT
    key: ClassVar[str]


class Nested(BaseModel):
    """A mapping inside a section."""

    model_config = STRICT


class Scalar(RootModel[T], Generic[T]):
    """A single value, or a list, at the root of params.yaml."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)
    key: ClassVar[str]
