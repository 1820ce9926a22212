"""`data`: where the faces are and how their labels are read."""

from typing import ClassVar, Literal

from visage.params.section import Count, PositiveInt, Section
from visage.params.sources import AppaReal, Fairface, ImdbWiki, Joined, Kaggle


class Data(Section):
    """One data set; `source` is a module of visage.data.sources.

    The keys named like a source are read by that source only, `sources` by `joined`.
    """

    key: ClassVar[str] = "data"
    source: str
    root: str
    over_max: Literal["reject", "clip"]
    missing_label: Literal["reject", "keep"]
    subset: PositiveInt | None
    subset_seed: Count
    sources: tuple[Joined, ...]
    kaggle: Kaggle
    imdb_wiki: ImdbWiki
    fairface: Fairface
    appa_real: AppaReal
