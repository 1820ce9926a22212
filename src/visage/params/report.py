"""`report`: the page."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from visage.params.section import Count, Nested, Section

Figure = Literal["rmse", "mae", "gender_accuracy", "gender_f1", "harmonic"]


class Published(Nested):
    """A model that others have measured; years, and scores of 0 to 1."""

    name: str
    figures: dict[Figure, Annotated[float, Field(ge=0)]]
    note: str


class Report(Section):
    """How many of the worst errors are shown, and what ours is held against.

    `visage run` gives the published figures of its recipe.
    """

    key: ClassVar[str] = "report"
    worst: Count
    published: tuple[Published, ...]
