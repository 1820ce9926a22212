"""What `mlflow models serve` and `mlflow models predict` load: our model behind MLflow's interface.

A column `image` goes in: base64 text of an image's file, its bytes, or an array (H, W, 3) of 0 to
255, RGB, also as nested lists. A table comes out with the rows of `visage predict`, but `image`,
the input's row, in place of the path: a row a face, or one with the error. Text is
never taken for an address or a path: a server that fetches what its clients name can be made to
read what they must not see.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE

from visage.data.decoding import quiet_decoders
from visage.files.jpeg import Image
from visage.inference.face_model import FaceModel, load_face_model
from visage.photos.crops import Crop, CropError
from visage.photos.faces import FaceReader
from visage.photos.reading import PhotoError, read_photo
from visage.photos.rows import COLUMNS, PhotoFaces, rows
from visage.tracking.packing import default_crop

COLUMN: Final = "image"
BATCH: Final = 16  # photos decoded at once


class Scorer:
    """A model with the method that MLflow calls."""

    def __init__(self, model: FaceModel) -> None:
        self.model = model

    def predict(self, table: pd.DataFrame, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Returns a row a face, in the order of the images.

        Args:
            table: with the column `image`.
            params: `crop` is `face`, `center` or `none`, as in `visage predict`; `margin` is what
                training had around a face, negative: the model knows it.

        Raises:
            MlflowException: the crop or the margin does not fit the model; of other errors
                MLflow's server tells no word.
        """
        reader = _reader(self.model, params or {})
        photos = [photo for at in range(0, len(table), BATCH) for photo in _read(reader, table, at)]
        return _table(photos)


def _reader(model: FaceModel, given: Mapping[str, Any]) -> FaceReader:
    margin = given.get("margin", -1.0)
    crop = given.get("crop", default_crop(model.facts.margin))
    try:
        return FaceReader(model, crop=crop, margin=None if margin < 0 else margin)
    except (CropError, ValueError) as error:
        raise MlflowException(
            f"{error}; the parameter crop is {', '.join(Crop)}, and margin that of training",
            error_code=INVALID_PARAMETER_VALUE,
        ) from None


def _load_pyfunc(path: str) -> Scorer:
    """Returns the model in a folder; MLflow calls it by this name."""
    quiet_decoders()
    return Scorer(load_face_model(Path(path)))


def _read(reader: FaceReader, table: pd.DataFrame, first: int) -> Iterator[PhotoFaces]:
    """Yields what is in a batch of images; their paths are the numbers of their rows."""
    images = [_image(value) for value in table[COLUMN].iloc[first : first + BATCH]]
    found = iter(reader([image for image in images if not isinstance(image, str)]))
    for number, image in enumerate(images, start=first):
        path = Path(str(number))
        if isinstance(image, str):
            yield PhotoFaces(path, unreadable=image)
        else:
            yield PhotoFaces(path, next(found))


def _table(photos: Sequence[PhotoFaces]) -> pd.DataFrame:
    """Returns the rows with None, not NaN, for what is not there: JSON knows no NaN."""
    numbered = [{**row, COLUMN: int(row["path"])} for row in rows(photos)]
    names = [COLUMN, *(name for name in COLUMNS if name != "path")]
    found = pd.DataFrame(numbered, columns=names, dtype=object)
    return found.where(found.notna(), None)


def _image(value: object) -> Image | str:
    """Returns the image, or why it can't be read."""
    try:
        return _pixels(value) if isinstance(value, np.ndarray | list) else read_photo(_bytes(value))
    except PhotoError as error:
        return str(error)


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise PhotoError(f"{type(value).__name__} is no image; send base64, bytes or an array")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise PhotoError("the text is no base64 of an image's file") from None


def _pixels(value: Any) -> Image:
    try:
        pixels = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise PhotoError("the lists are no array of numbers") from None
    is_image = pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.size > 0
    if not is_image or not ((pixels >= 0) & (pixels <= 255)).all():
        raise PhotoError(f"an array must be (H, W, 3) of 0 to 255, not {pixels.shape}")
    return pixels.round().astype(np.uint8)
