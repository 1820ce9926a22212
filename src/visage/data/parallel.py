"""A parallel map in order, with bounded memory: processes for many items, threads for few.

Decoding and encoding release the interpreter's lock, the steps between them don't, so threads wait
for each other. Processes don't, but each first imports what it needs, which a small data set would
pay for longer than it takes. They start clean (never by a fork, which copies locks that other
threads hold) and end with the program that started them, however that one ends.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sized
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import TypeVar

from visage.chunks import chunks
from visage.cores import own_cores
from visage.errors import VisageError

T = TypeVar("T")
R = TypeVar("R")

CHUNK = 16  # items that a thread takes at once
PROCESS_CHUNK = 64  # handing over one alone costs as much as a tenth of a small image
WAITING_PER_WORKER = 4  # chunks
PROCESSES_FROM = 4000  # items; about 2 s of faces


class EndedProcessError(VisageError):
    """Something from outside ended a process that shared the work."""


def ordered_map(
    function: Callable[[T], R],
    items: Iterable[T],
    *,
    prepare: Callable[[], None],
    n: int | None = None,
    workers: int | None = None,
    processes_from: int = PROCESSES_FROM,
) -> Iterator[R]:
    """Yields function(item) in the order of `items`, on all its cores unless `workers` says else.

    From so many items on in processes, which `function`, items and results must be able to reach
    (pickle), anew for each chunk: it should be small. `prepare` is called once in each process.
    `n`: how many items there are, where they have no length. No more than four chunks of 16 items
    (64 in processes) a worker are taken before their results are.
    """
    workers = workers or own_cores()
    prepare()
    many = (len(items) if isinstance(items, Sized) else n or 0) >= processes_from
    own_file = _is_of_main(function) or _is_of_main(prepare)
    context = SpawnContext() if own_file else _Context()
    pool = _processes(workers, prepare, context) if many else ThreadPoolExecutor(workers)
    size = PROCESS_CHUNK if many else CHUNK
    groups, most = chunks(items, size), workers * WAITING_PER_WORKER
    found = _in_order(pool, partial(_each, function), groups, most=most)
    with closing(found):
        for results in found:
            yield from results


def overlapped(function: Callable[[T], R], items: Iterable[T], *, at_once: int) -> Generator[R]:
    """Yields function(item) in the order of `items`, ahead of who takes the results.

    `at_once` threads work on an item each, and no more than one result waits beside them.
    """
    return _in_order(ThreadPoolExecutor(at_once), function, items, most=at_once + 1)


def _in_order(
    pool: Executor, function: Callable[[T], R], items: Iterable[T], *, most: int
) -> Generator[R]:
    """Yields the results; `most` items are taken before the first of theirs is. Ends the pool.

    Raises:
        EndedProcessError: a process was killed.
    """
    waiting: deque[Future[R]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise EndedProcessError(
            "a process that shared the work was ended; if nobody did that, memory ran out: free "
            "some and start again"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _each(function: Callable[[T], R], chunk: list[T]) -> list[R]:
    return [function(item) for item in chunk]


class _Worker(SpawnProcess):
    """A process that imports what it is asked to do, and not the program's main module beside it.

    A stage's main module imports much that no worker needs, and a script that has no guard against
    being imported would start processes of its own.
    """

    def start(self) -> None:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main


class _Context(SpawnContext):
    Process = _Worker


def _is_of_main(function: Callable[..., object]) -> bool:
    """Whether a process finds the function only in the program's main module."""
    while isinstance(function, partial):
        function = function.func
    return getattr(function, "__module__", None) == "__main__"


def _processes(workers: int, prepare: Callable[[], None], context: SpawnContext) -> Executor:
    return ProcessPoolExecutor(workers, context, initializer=_start, initargs=(prepare,))


def _start(prepare: Callable[[], None]) -> None:
    """Leaves interrupts to the parent and ends this process when the parent has ended.

    A pool's process waits for work on a pipe that it keeps open itself: if the parent is killed it
    would wait for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
