"""`backbone`: the name of a timm model, at the root because every study varies it."""

from typing import ClassVar

from visage.params.section import Scalar


class Backbone(Scalar[str]):
    """The timm model whose pooled features feed the heads."""

    key: ClassVar[str] = "backbone"
