"""What single data sources ask for, one class each; part of the section `data`."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from visage.params.section import Nested


class Columns(Nested):
    """The table's own names for its columns; null: it has none such.

    Of `age` and `gender` a table needs one. Rows of one `identity` stay in one part of the split.
    """

    id: str
    path: str
    age: str | None
    gender: str | None
    identity: str | None

    @model_validator(mode="after")
    def _has_labels(self) -> "Columns":
        if self.age is None and self.gender is None:
            raise ValueError("age and gender are both null; a table needs one of them")
        return self


class Kaggle(Nested):
    """A labelled table, an unlabelled one, and how the first codes gender."""

    table: str
    test_table: str | None
    columns: Columns
    female: str
    male: str

    @model_validator(mode="after")
    def _codes_differ(self) -> "Kaggle":
        if self.female == self.male:
            raise ValueError("female and male must be two different codes")
        return self


class ImdbWiki(Nested):
    """The filters of yu4u/age-gender-estimation, as face detection scores; null: no filter."""

    min_face_score: float | None
    max_second_face_score: float | None


class Fairface(Nested):
    """The end of the open range "more than 70", years."""

    oldest: Annotated[int, Field(ge=70)]


class AppaReal(Nested):
    """Which age is the label, and whether the cropped faces or the whole photos are read."""

    age: Literal["real", "apparent"]
    images: Literal["face", "photo"]


class Joined(Nested):
    """One of several data sets that make one; `root` is a folder below `data.root`."""

    source: str
    root: str
