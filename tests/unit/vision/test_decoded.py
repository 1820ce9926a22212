import pickle
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from visage.files.faces import FaceStore
from visage.vision.dataset import faces
from visage.vision.decoded import DecodedFaces
from visage.vision.loader import batches, in_order

EACH = 40 * 40 * 3


class CountingStore:
    """A store that counts what it decodes."""

    def __init__(self, store: FaceStore) -> None:
        self.store = store
        self.decoded: Counter[str] = Counter()

    def image(self, id_: str) -> NDArray[np.uint8]:
        self.decoded[id_] += 1
        return self.store.image(id_)


@pytest.fixture
def counting(store: FaceStore) -> CountingStore:
    return CountingStore(store)


def test_an_image_is_decoded_once(counting: CountingStore, store: FaceStore) -> None:
    kept = DecodedFaces(counting, store.ids, room=100 * EACH)
    counting.decoded.clear()  # of the look at the first one's size
    for _ in range(3):
        images = [kept.image(name) for name in store.ids]
    assert set(counting.decoded.values()) == {1}
    assert len(counting.decoded) == 24
    for name, image in zip(store.ids, images, strict=True):
        assert np.array_equal(image, store.image(name))


def test_no_more_is_kept_than_there_is_room_for(counting: CountingStore, store: FaceStore) -> None:
    kept = DecodedFaces(counting, store.ids, room=5 * EACH + EACH // 2)
    counting.decoded.clear()
    for _ in range(3):
        for name in store.ids:
            kept.image(name)
    assert [counting.decoded[name] for name in store.ids] == [1] * 5 + [3] * 19


@pytest.fixture
def read(counting: CountingStore, store: FaceStore, labels: object) -> DecodedFaces:
    """All images, decoded by two workers and not by this process."""
    kept = DecodedFaces(counting, store.ids, room=100 * EACH)
    data = faces(kept, labels, image_size=32)
    assert len(list(batches(data, in_order(data), batch_size=5, workers=2))) == 5
    counting.decoded.clear()
    return kept


def test_workers_decode_for_the_epochs_behind_them(
    read: DecodedFaces, counting: CountingStore, store: FaceStore
) -> None:
    read.refresh()
    for name in store.ids:
        read.image(name)
    assert not counting.decoded


def test_what_another_process_decodes_is_not_trusted_before_a_refresh(
    read: DecodedFaces, counting: CountingStore
) -> None:
    read.image("3")
    assert counting.decoded["3"] == 1


def test_a_kept_image_cannot_be_written_to(store: FaceStore) -> None:
    kept = DecodedFaces(store, store.ids, room=100 * EACH)
    with pytest.raises(ValueError, match="read-only"):
        kept.image("0")[0, 0] = 1


def test_pickled_it_is_the_store_alone(store: FaceStore) -> None:
    kept = DecodedFaces(store, store.ids, room=100 * EACH)
    found = pickle.loads(pickle.dumps(kept))
    assert isinstance(found, FaceStore)
    assert np.array_equal(found.image("3"), kept.image("3"))
