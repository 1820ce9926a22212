"""`data`: where the faces are and how their labels are read."""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, model_validator

from visage.params.section import Count, PositiveInt, Section
from visage.params.sources import AppaReal, Fairface, ImdbWiki, Joined, Kaggle

# Of `crop_margin` and of --margin.
LEAST_MARGIN: Final = -0.25
MOST_MARGIN: Final = 2


class Data(Section):
    """One data set; `source` is a module of visage.data.sources, `align` of finding.finders.

    The keys named like a source are read by that source only, `sources` by `joined`.
    """

    key: ClassVar[str] = "data"
    source: str
    root: str
    over_max: Literal["reject", "clip"]
    missing_label: Literal["reject", "keep"]
    align: str | None
    crop_margin: Annotated[float, Field(ge=LEAST_MARGIN, le=MOST_MARGIN)] | None
    subset: PositiveInt | None
    subset_seed: Count
    sources: tuple[Joined, ...]
    kaggle: Kaggle
    imdb_wiki: ImdbWiki
    fairface: Fairface
    appa_real: AppaReal

    @model_validator(mode="after")
    def _has_margin(self) -> "Data":
        if self.align is not None and self.crop_margin is None:
            raise ValueError("align cuts faces out and needs a crop_margin, such as 0.2")
        return self
