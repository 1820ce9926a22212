"""`ingest`: how images are checked and kept."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from visage.params.section import PositiveInt, Section, Share


class Ingest(Section):
    """Size and form of the stored images, and how many rows may be set aside."""

    key: ClassVar[str] = "ingest"
    store_size: Annotated[int, Field(ge=16, le=2048)]
    resize: Literal["letterbox", "stretch"]
    jpeg_quality: Annotated[int, Field(ge=1, le=100)]
    shard_rows: PositiveInt
    max_rejected: Share
    near_duplicate_bits: Annotated[int, Field(ge=0, le=64)]
    contradicting: Literal["keep", "reject"]
    contradicting_years: Annotated[float, Field(ge=0)]
