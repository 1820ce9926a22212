"""From paths to faces with estimates, in order, whatever the number of photos.

Photos are read, searched and cut in threads or processes that run ahead of the model by a bounded
number, and the model runs ahead of who takes its results, so that it never waits for a decoder or
a writer and memory does not grow. A broken photo is a result like any other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from visage.data.decoding import quiet_decoders
from visage.data.parallel import ordered_map, overlapped
from visage.photos.crops import Cut, Cutter
from visage.photos.faces import FaceReader
from visage.photos.reading import PhotoError, decode_photo
from visage.photos.rows import PhotoFaces


@dataclass(frozen=True, eq=False, slots=True)
class CutPhoto:
    """A photo's faces before the model; `unreadable` says why there are none."""

    path: Path
    cuts: Sequence[Cut] = ()
    unreadable: str | None = None


def read_faces(
    paths: Sequence[Path], reader: FaceReader, *, workers: int | None = None
) -> Iterator[list[PhotoFaces]]:
    """Returns the faces of the photos, in the order of `paths`, a batch of the model at a time.

    workers: how many photos are decoded at once; None: as many as the machine has cores.
    """
    work = partial(cut_photo, cutter=reader.cutter)
    cut = ordered_map(work, paths, prepare=quiet_decoders, workers=workers)
    groups = _groups(cut, n_faces=reader.batch_size)
    return overlapped(partial(_estimated, reader=reader), groups, at_once=reader.model.at_once)


def cut_photo(path: Path, *, cutter: Cutter) -> CutPhoto:
    """Returns the faces of a photo as the model sees them, their boxes in the photo's pixels."""
    try:
        decoded = decode_photo(path, side=cutter.least_side)
    except PhotoError as error:
        return CutPhoto(path, unreadable=str(error))
    height, width = decoded.image.shape[:2]  # a JPEG may have come reduced, each side rounded up
    across, down = decoded.width / width, decoded.height / height
    cuts = cutter(decoded.image)
    return CutPhoto(path, [replace(cut, box=cut.box.times(across, down)) for cut in cuts])


def _estimated(group: Sequence[CutPhoto], *, reader: FaceReader) -> list[PhotoFaces]:
    faces = iter(reader.estimate([one for photo in group for one in photo.cuts]))
    return [
        PhotoFaces(photo.path, [next(faces) for _ in photo.cuts], photo.unreadable)
        for photo in group
    ]


def _groups(photos: Iterable[CutPhoto], *, n_faces: int) -> Iterator[list[CutPhoto]]:
    """Yields photos in groups that fill a batch of the model; at most as many photos as faces."""
    group: list[CutPhoto] = []
    for photo in photos:
        group.append(photo)
        if len(group) >= n_faces or sum(len(one.cuts) for one in group) >= n_faces:
            yield group
            group = []
    if group:
        yield group
