import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn

import numpy as np
import pytest

from visage.files.jpeg import Image
from visage.photos.faces import Face
from visage.serving.desk import Desk, Find, QueueFullError, Read
from visage.serving.limits import Limits

LIMITS = Limits(queue=50, batch=4, max_pixels=1000)
SECONDS = 20


def read(content: bytes) -> Image:
    if content == b"bad":
        raise ValueError("bad")
    return np.zeros((10, 10, 3), np.uint8)


class Gate:
    """A reader that waits at a gate, and remembers how many photos came at once."""

    def __init__(self) -> None:
        self.open, self.entered = threading.Event(), threading.Event()
        self.sizes: list[int] = []

    def __call__(self, photos: Sequence[Image]) -> list[list[Face]]:
        self.sizes.append(len(photos))
        self.entered.set()
        assert self.open.wait(SECONDS)
        return [[] for _ in photos]


@contextmanager
def desk(find: Find, *, read: Read = read, limits: Limits = LIMITS) -> Iterator[Desk]:
    opened = Desk(find, read=read, limits=limits, on_batch=lambda _: None)
    try:
        yield opened
    finally:
        opened.close(seconds=SECONDS)


def test_what_has_gathered_is_one_batch() -> None:
    gate = Gate()
    with desk(gate) as opened:
        results = [opened.submit(b"first")]
        assert gate.entered.wait(SECONDS)
        results += [opened.submit(b"next") for _ in range(6)]
        gate.open.set()
        assert [result.result(SECONDS).width for result in results] == [10] * 7
    assert gate.sizes == [1, 4, 2]


def test_batch_ends_when_its_pixels_are_as_many_as_one_photos_may_be() -> None:
    gate = Gate()
    with desk(gate, limits=replace(LIMITS, max_pixels=150)) as opened:
        results = [opened.submit(b"first")]
        assert gate.entered.wait(SECONDS)
        results += [opened.submit(b"next") for _ in range(4)]
        gate.open.set()
        for result in results:
            result.result(SECONDS)
    assert gate.sizes == [1, 2, 2]


def test_photo_that_was_given_up_is_not_computed() -> None:
    gate = Gate()
    with desk(gate) as opened:
        first = opened.submit(b"first")
        assert gate.entered.wait(SECONDS)
        given_up, last = opened.submit(b"given up"), opened.submit(b"last")
        assert given_up.cancel()
        gate.open.set()
        first.result(SECONDS)
        last.result(SECONDS)
    assert gate.sizes == [1, 1]


def test_photo_that_was_given_up_leaves_its_place_to_another() -> None:
    gate = Gate()
    with desk(gate, limits=replace(LIMITS, queue=1)) as opened:
        opened.submit(b"first")
        assert gate.entered.wait(SECONDS)
        assert opened.submit(b"given up").cancel()
        assert opened.waiting == 0
        next_ = opened.submit(b"next")
        gate.open.set()
        next_.result(SECONDS)


class Photo(np.ndarray[tuple[int, ...], np.dtype[np.uint8]]):
    """An array that can be watched."""


class Content(bytearray):
    """Bytes that can be watched."""


def refuse(_: object) -> NoReturn:
    raise ValueError("bad")


@pytest.fixture
def no_collector() -> Iterator[None]:
    """What lives in a circle stays."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("find", [lambda photos: [[] for _ in photos], refuse])
def test_idle_desk_keeps_no_photo(find: Find) -> None:
    watched: list[weakref.ref[Photo]] = []

    def seen(content: bytes) -> Image:
        photo = read(content).view(Photo)
        watched.append(weakref.ref(photo))
        return photo

    with desk(find, read=seen) as opened:
        wait([opened.submit(b"photo")], SECONDS)
        assert is_soon(lambda: watched[0]() is None)


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("read_", [read, refuse])
def test_idle_desk_keeps_no_bytes(read_: Read) -> None:
    contents = [Content(b"photo")]
    watched = weakref.ref(contents[0])
    with desk(lambda photos: [[] for _ in photos], read=read_) as opened:
        result = opened.submit(contents.pop())
        wait([result], SECONDS)
        assert is_soon(lambda: watched() is None)


def is_soon(happened: Callable[[], bool]) -> bool:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and not happened():
        time.sleep(0.001)
    return happened()


def test_desk_whose_batch_takes_too_long_is_stuck_until_it_is_done() -> None:
    gate = Gate()
    with desk(gate, limits=replace(LIMITS, step_seconds=0.01)) as opened:
        assert not opened.is_stuck
        result = opened.submit(b"first")
        assert is_soon(lambda: opened.is_stuck)
        gate.open.set()
        result.result(SECONDS)
        assert is_soon(lambda: not opened.is_stuck)


def test_closing_does_not_wait_for_a_batch_that_never_ends() -> None:
    gate = Gate()
    with desk(gate) as opened:
        opened.submit(b"first")
        assert gate.entered.wait(SECONDS)
        assert not opened.close(seconds=0.01)
        gate.open.set()
        assert opened.close(seconds=SECONDS)


def test_broken_photo_costs_the_others_nothing() -> None:
    gate = Gate()
    gate.open.set()
    with desk(gate) as opened:
        bad, good = opened.submit(b"bad"), opened.submit(b"good")
        with pytest.raises(ValueError, match="bad"):
            bad.result(SECONDS)
        assert good.result(SECONDS).faces == []


def test_photo_that_the_reader_cannot_bear_costs_the_others_nothing() -> None:
    entered, go_on = threading.Event(), threading.Event()

    def find(photos: Sequence[Image]) -> list[list[Face]]:
        entered.set()
        assert go_on.wait(SECONDS)
        if any(photo.shape[0] == 13 for photo in photos):
            raise RuntimeError("unlucky")
        return [[] for _ in photos]

    def sized(content: bytes) -> Image:
        return np.zeros((len(content), 5, 3), np.uint8)

    with desk(find, read=sized) as opened:
        opened.submit(b"first")
        assert entered.wait(SECONDS)
        results = [opened.submit(bytes(size)) for size in (12, 13, 14)]
        go_on.set()
        assert results[0].result(SECONDS).height == 12
        with pytest.raises(RuntimeError):
            results[1].result(SECONDS)
        assert results[2].result(SECONDS).height == 14


def test_closing_answers_what_was_taken_and_refuses_the_next() -> None:
    gate = Gate()
    with desk(gate) as opened:
        results = [opened.submit(b"first")]
        assert gate.entered.wait(SECONDS)
        results += [opened.submit(b"next") for _ in range(9)]
        closing = threading.Thread(target=opened.close, kwargs={"seconds": SECONDS})
        closing.start()
        while opened.is_open:
            pass
        with pytest.raises(QueueFullError):
            opened.submit(b"late")
        gate.open.set()
        closing.join(SECONDS)
        assert all(result.done() for result in results)
        assert not opened.is_alive
