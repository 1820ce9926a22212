"""Where photos wait for the one thread that has the model, which takes what has gathered.

While a batch is computed the next one gathers, so that batches grow with the load and nobody waits
for company. One thread, because the model's own threads share the cores already. Photos are
decoded there, one batch at a time: a queue of decoded photos could fill the memory. Nothing keeps a
photo that is answered, not even the traceback of an error.
"""

import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Final

from visage.errors import VisageError
from visage.files.jpeg import Image
from visage.photos.faces import Face
from visage.serving.limits import Limits

Find = Callable[[Sequence[Image]], list[list[Face]]]  # a FaceReader
Read = Callable[[bytes], Image]
STOP_SECONDS: Final = 5.0  # for the last step; whoever waited for an answer has left by then


class QueueFullError(VisageError):
    """As many photos wait as may, or the desk is closed: the sender should come again."""


@dataclass(frozen=True)
class Seen:
    """A photo's size in pixels, upright, and the faces in it."""

    width: int
    height: int
    faces: list[Face]


@dataclass(frozen=True, eq=False)
class _Job:
    content: bytes
    result: Future[Seen] = field(default_factory=Future)


_Decoded = tuple[Future[Seen], Image]


class Desk:
    """Answers photos in batches, on a thread of its own, from construction until `close`."""

    def __init__(
        self,
        find: Find,
        *,
        read: Read,
        limits: Limits,
        on_batch: Callable[[int], object],
    ) -> None:
        self._find, self._read, self._limits, self._on_batch = find, read, limits, on_batch
        self._waiting: deque[_Job] = deque()
        self._changed = Condition()
        self._closed = False
        self._step_began: float | None = None
        self._thread = Thread(target=self._work, name="model", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Number of photos that the model has not taken yet."""
        return len(self._waiting)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def is_stuck(self) -> bool:
        """Whether one step, a photo's decoding or a batch's faces, takes longer than any should."""
        began = self._step_began
        return began is not None and time.monotonic() - began > self._limits.step_seconds

    @property
    def is_open(self) -> bool:
        """Whether a photo would be taken now."""
        return self.is_alive and not self._closed and self.waiting < self._limits.queue

    def submit(self, content: bytes) -> Future[Seen]:
        """Returns what will hold the faces, or the reader's error; cancelled, it leaves the queue.

        Raises:
            QueueFullError: the photo is not taken.
        """
        job = _Job(content)
        with self._changed:
            if not self.is_open:
                raise QueueFullError("the server has as many photos as it can take; come again")
            self._waiting.append(job)
            self._changed.notify()
        job.result.add_done_callback(self._forget)
        return job.result

    def close(self, *, seconds: float = STOP_SECONDS) -> bool:
        """Takes no more photos, and waits until those that were taken are answered.

        Returns whether they are within this time; the thread does not keep the process from ending.
        """
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(seconds)
        return not self.is_alive

    def _forget(self, result: Future[Seen]) -> None:
        if result.cancelled():
            with self._changed:
                self._waiting = deque(job for job in self._waiting if job.result is not result)

    def _work(self) -> None:
        while self._is_wanted():
            self._take_batch()
            self._step_began = None

    def _is_wanted(self) -> bool:
        """Waits for a photo; False: the desk is closed, and nothing waits."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            return bool(self._waiting)

    def _take_batch(self) -> None:
        batch = self._gathered()
        if batch:
            self._on_batch(len(batch))
            self._answer(batch)

    def _gathered(self) -> list[_Decoded]:
        """Takes what waits, as much as is one batch."""
        batch: list[_Decoded] = []
        pixels = 0
        while len(batch) < self._limits.batch and pixels < self._limits.max_pixels:
            job = self._next()
            if job is None:
                break
            image = self._decoded(job)
            if image is not None:
                batch.append((job.result, image))
                pixels += image.shape[0] * image.shape[1]
        return batch

    def _next(self) -> _Job | None:
        with self._changed:
            return self._waiting.popleft() if self._waiting else None

    def _decoded(self, job: _Job) -> Image | None:
        if not job.result.set_running_or_notify_cancel():
            return None
        self._step_began = time.monotonic()
        try:
            return self._read(job.content)
        except Exception as error:  # whatever a decoder raises is this photo's, not the thread's
            job.result.set_exception(_without_photos(error))
            return None

    def _answer(self, batch: list[_Decoded]) -> None:
        self._step_began = time.monotonic()
        try:
            found = self._find([image for _, image in batch])
        except Exception as error:
            self._answer_singly(batch, _without_photos(error))
            return
        for (result, image), faces in zip(batch, found, strict=True):
            result.set_result(Seen(image.shape[1], image.shape[0], faces))

    def _answer_singly(self, batch: list[_Decoded], error: Exception) -> None:
        """One photo that the reader can't bear must not cost the others their answer."""
        if len(batch) == 1:
            batch[0][0].set_exception(error)
            return
        for pair in batch:
            self._answer([pair])


def _without_photos(error: Exception) -> Exception:
    """Returns the error, its traceback in words: its frames would hold what they worked on."""
    error.add_note("".join(traceback.format_exception(error)))
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
