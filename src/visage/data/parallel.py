"""A parallel map in order, with bounded memory.

Threads, not processes: decoding, hashing and encoding release the interpreter's lock; on two cores
both took the same time (4.6 s for 4,000 faces, 9 s on one), and threads need no pickling.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

WAITING_PER_WORKER = 8


def ordered_map(
    function: Callable[[T], R], items: Iterable[T], *, workers: int | None = None
) -> Iterator[R]:
    """Yields function(item) in the order of `items`, on all cores unless `workers` says else.

    No more than eight items a worker are taken before their results are.
    """
    workers = workers or os.cpu_count() or 1
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) >= workers * WAITING_PER_WORKER:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
