"""Where photos wait for the one thread that has the model, which takes what has gathered.

While a batch is computed the next one gathers, so that batches grow with the load and nobody waits
for company. One thread, because the model's own threads share the cores already. Photos are
decoded there, one batch at a time: a queue of decoded photos could fill the memory.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread

from visage.errors import VisageError
from visage.files.jpeg import Image
from visage.photos.faces import Face
from visage.serving.limits import Limits

Find = Callable[[Sequence[Image]], list[list[Face]]]  # a FaceReader
Read = Callable[[bytes], Image]


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
    def is_open(self) -> bool:
        """Whether a photo would be taken now."""
        return self.is_alive and not self._closed and self.waiting < self._limits.queue

    def submit(self, content: bytes) -> Future[Seen]:
        """Returns what will hold the faces, or the reader's error; cancelled, it costs nothing.

        Raises:
            QueueFullError: the photo is not taken.
        """
        job = _Job(content)
        with self._changed:
            if not self.is_open:
                raise QueueFullError("the server has as many photos as it can take; come again")
            self._waiting.append(job)
            self._changed.notify()
        return job.result

    def close(self) -> None:
        """Takes no more photos, and returns when those that were taken are answered."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while batch := self._gathered():
            self._on_batch(len(batch))
            self._answer(batch)

    def _gathered(self) -> list[tuple[_Job, Image]]:
        """Waits for a photo and takes those behind it; empty: the desk is closed."""
        batch: list[tuple[_Job, Image]] = []
        pixels = 0
        while len(batch) < self._limits.batch and pixels < self._limits.max_pixels:
            job = self._next(patient=not batch)
            if job is None:
                break
            image = self._decoded(job)
            if image is not None:
                batch.append((job, image))
                pixels += image.shape[0] * image.shape[1]
        return batch

    def _next(self, *, patient: bool) -> _Job | None:
        with self._changed:
            while patient and not self._waiting and not self._closed:
                self._changed.wait()
            return self._waiting.popleft() if self._waiting else None

    def _decoded(self, job: _Job) -> Image | None:
        if not job.result.set_running_or_notify_cancel():
            return None
        try:
            return self._read(job.content)
        except Exception as error:  # whatever a decoder raises is this photo's, not the thread's
            job.result.set_exception(error)
            return None

    def _answer(self, batch: list[tuple[_Job, Image]]) -> None:
        try:
            found = self._find([image for _, image in batch])
        except Exception as error:
            self._answer_singly(batch, error)
            return
        for (job, image), faces in zip(batch, found, strict=True):
            job.result.set_result(Seen(image.shape[1], image.shape[0], faces))

    def _answer_singly(self, batch: list[tuple[_Job, Image]], error: Exception) -> None:
        """One photo that the reader can't bear must not cost the others their answer."""
        if len(batch) == 1:
            batch[0][0].result.set_exception(error)
            return
        for pair in batch:
            self._answer([pair])
