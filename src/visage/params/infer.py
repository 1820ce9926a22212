"""`infer`: the views of test-time augmentation."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from visage.params.section import PositiveInt, Section


class Infer(Section):
    """`views` are modules of visage.inference.views; their average is the prediction."""

    key: ClassVar[str] = "infer"
    views: Annotated[tuple[str, ...], Field(min_length=1)]
    batch_size: PositiveInt

    @model_validator(mode="after")
    def _starts_with_identity(self) -> "Infer":
        if self.views[0] != "identity" or len(set(self.views)) != len(self.views):
            raise ValueError("views must start with identity and name each view once")
        return self
