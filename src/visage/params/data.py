"""`data`: where the faces are and how their labels are read."""

from typing import ClassVar, Literal

from pydantic import model_validator

from visage.params.section import Nested, Section


class Columns(Nested):
    """The table's own names for the four columns."""

    id: str
    path: str
    age: str
    gender: str


class KaggleTable(Nested):
    """A labelled table, an unlabelled one, and how the first codes gender."""

    table: str
    test_table: str | None
    columns: Columns
    female: str
    male: str

    @model_validator(mode="after")
    def _codes_differ(self) -> "KaggleTable":
        if self.female == self.male:
            raise ValueError("female and male must be two different codes")
        return self


class Data(Section):
    """One data set; `source` is a module of visage.data.sources."""

    key: ClassVar[str] = "data"
    source: str
    root: str
    over_max: Literal["reject", "clip"]
    kaggle: KaggleTable
