"""Photos with what was found in them, for a person to look at."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from visage.codes import FEMALE, MALE
from visage.files.atomic import atomic_file
from visage.files.jpeg import Image, encode
from visage.files.places import PlaceError, refuse_folder
from visage.photos.faces import Face
from visage.photos.folders import identity
from visage.photos.reading import PhotoError, read_photo
from visage.photos.rows import PhotoFaces

COLOUR: Final = (255, 214, 10)  # RGB; readable on skin and on black
DARK: Final = (0, 0, 0)
LETTERS: Final = {FEMALE: "F", MALE: "M"}
FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
LINES_PER_SIDE: Final = 640  # a line is this part of the photo's longer side
TEXT_WIDTHS: Final = 1.4  # of the box, so that neighbours' words stay apart
MIN_SCALE: Final = 0.35  # of the font; smaller can't be read
JPEG_QUALITY: Final = 92
JPEG_SIDE: Final = 65_500  # pixels; libjpeg's limit


class Artist:
    """Writes annotated copies of photos into a folder; photos without a face are left out."""

    def __init__(self, folder: Path, photos: Sequence[Path]) -> None:
        """Takes the folder, and all photos: equal names from two folders must not meet.

        Raises:
            PlaceError: the folder can't be written, or a copy would replace one of the photos.
        """
        refuse_folder(folder, option="--draw")
        self.folder = folder
        self.n_gone = 0
        self._names = _names(photos)
        self._refuse_originals()

    def draw(self, photos: Iterable[PhotoFaces]) -> None:
        """Writes the photos that have faces, as JPEG; counts those that are gone meanwhile."""
        for photo in photos:
            if photo.faces:
                try:
                    image = read_photo(photo.path)
                except PhotoError:
                    self.n_gone += 1
                else:
                    self._write(photo, image)

    def _write(self, photo: PhotoFaces, image: Image) -> None:
        content = encode(annotated(*_fitting(image, photo.faces)), jpeg_quality=JPEG_QUALITY)
        with atomic_file(self.folder / self._names[photo.path]) as temporary:
            temporary.write_bytes(content)

    def _refuse_originals(self) -> None:
        copies = {identity(self.folder / name) for name in self._names.values()} - {None}
        photos = self._names if copies else ()
        original = next((path for path in photos if identity(path) in copies), None)
        if original is not None:
            raise PlaceError(f"--draw {self.folder} would replace {original}; name another folder")


def annotated(image: Image, faces: Sequence[Face]) -> Image:
    """Returns a copy of an RGB photo with each face's box, number, age and gender."""
    drawn = image.copy()
    line = max(1, round(max(image.shape[:2]) / LINES_PER_SIDE))
    for number, face in enumerate(faces):
        box = face.box
        corners = (round(box.x0), round(box.y0)), (round(box.x1), round(box.y1))
        cv2.rectangle(drawn, *corners, COLOUR, line)
        _write(drawn, caption(number, face), at=corners[0], width=TEXT_WIDTHS * box.width)
    return drawn


def caption(number: int, face: Face) -> str:
    """Returns what is written beside a face, such as `0: 34 (28-40) F 97%`.

    A "?" at its end says that the training had no faces like it.
    """
    words = [f"{number}:"]
    if face.age is not None:
        words.append(f"{face.age:.0f}")
    if face.age_low is not None and face.age_high is not None:
        words.append(f"({face.age_low:.0f}-{face.age_high:.0f})")
    if face.gender is not None:
        words.append(LETTERS[face.gender])
    if face.gender is not None and face.gender_probability is not None:
        male = face.gender_probability
        words.append(f"{male if face.gender == MALE else 1 - male:.0%}")
    if face.unfamiliar:
        words.append("?")
    return " ".join(words)


def _write(drawn: Image, text: str, *, at: tuple[int, int], width: float) -> None:
    """Writes dark on the colour, above a point, or below it where there is no room."""
    across, height = cv2.getTextSize(text, FONT, 1.0, 1)[0]
    # Never higher than the photo: OpenCV crashes on huge letters.
    scale = max(MIN_SCALE, min(width / across, drawn.shape[0] / height))
    line = max(1, round(scale))
    (across, height), below = cv2.getTextSize(text, FONT, scale, line)
    y = at[1] - below - line if at[1] > height + below + line else at[1] + height + line
    x = max(0, min(at[0], drawn.shape[1] - across))
    cv2.rectangle(drawn, (x, y - height - line), (x + across, y + below), COLOUR, cv2.FILLED)
    cv2.putText(drawn, text, (x, y), FONT, scale, DARK, line, cv2.LINE_AA)


def _fitting(image: Image, faces: Sequence[Face]) -> tuple[Image, Sequence[Face]]:
    """Returns photo and faces, made smaller where no JPEG holds such sides."""
    height, width = image.shape[:2]
    share = JPEG_SIDE / max(height, width)
    if share >= 1:
        return image, faces
    size = max(1, round(width * share)), max(1, round(height * share))
    smaller = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    across, down = size[0] / width, size[1] / height
    return smaller, [replace(face, box=face.box.times(across, down)) for face in faces]


def _names(photos: Sequence[Path]) -> dict[Path, str]:
    """Returns a file name for each photo: its own, numbered where another has the same.

    Names that differ in case alone are the same: some disks don't tell them apart.
    """
    given: set[str] = set()
    numbers: Counter[str] = Counter()
    names = {}
    for path in photos:
        key = path.name.casefold()
        while _numbered(key, numbers[key]) in given:
            numbers[key] += 1
        given.add(_numbered(key, numbers[key]))
        names[path] = _numbered(path.name, numbers[key])
    return names


def _numbered(name: str, number: int) -> str:
    return f"{name}{f'.{number}' if number else ''}.jpg"
