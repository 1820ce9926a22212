"""The parallel map: order kept, memory bounded, errors passed on; in threads and in processes."""

import gc
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from visage.data.parallel import (
    CHUNK,
    PROCESSES_FROM,
    WAITING_PER_WORKER,
    EndedProcessError,
    ordered_map,
    overlapped,
)

nothing = gc.enable  # processes must be able to import it, and can't import tests
PROCESS = "__import__('os').getpid()"


def printed(script: Path) -> str:
    command = [sys.executable, str(script)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_results_come_in_the_order_of_the_items() -> None:
    def slow_when_even(item: int) -> int:
        time.sleep(0.002 * (item % 2 == 0))
        return item * 10

    found = ordered_map(slow_when_even, range(100), prepare=nothing, workers=4)
    assert list(found) == list(range(0, 1000, 10))


def test_processes_give_what_threads_give() -> None:
    items = range(-50, 50)
    threads = list(ordered_map(abs, items, prepare=nothing, workers=2))
    assert list(ordered_map(abs, items, prepare=nothing, workers=2, processes_from=1)) == threads


def test_many_items_are_worked_on_elsewhere_and_few_are_not() -> None:
    few = ordered_map(eval, [PROCESS] * 10, prepare=nothing)
    many = ordered_map(eval, [PROCESS] * 10, prepare=nothing, processes_from=10)
    assert set(few) == {os.getpid()}
    assert os.getpid() not in set(many)


def test_a_process_does_not_run_the_program_s_own_file_again(tmp_path: Path) -> None:
    script = tmp_path / "no_guard.py"
    script.write_text(
        "import gc\n"
        "from visage.data.parallel import ordered_map\n"
        "print(list(ordered_map(abs, [-1, 2], prepare=gc.enable, processes_from=1)))\n",
        encoding="utf-8",
    )
    assert printed(script) == "[1, 2]\n"


def test_a_function_of_the_program_s_own_file_is_found(tmp_path: Path) -> None:
    script = tmp_path / "guarded.py"
    script.write_text(
        "import gc\n"
        "from functools import partial\n"
        "from visage.data.parallel import ordered_map\n"
        "def times(item, factor): return item * factor\n"
        "if __name__ == '__main__':\n"
        "    work = partial(times, factor=3)\n"
        "    print(list(ordered_map(work, [-1, 2], prepare=gc.enable, processes_from=1)))\n",
        encoding="utf-8",
    )
    assert printed(script) == "[-3, 6]\n"


def test_items_are_taken_only_as_results_are() -> None:
    class Items:
        taken = 0

        def __len__(self) -> int:
            return PROCESSES_FROM - 1

        def __iter__(self) -> Iterator[int]:
            for item in range(len(self)):
                self.taken += 1
                yield item

    items = Items()
    results = ordered_map(abs, items, prepare=nothing, workers=2)
    next(results)
    found = items.taken
    results.close()
    assert found <= 2 * WAITING_PER_WORKER * CHUNK


def test_work_goes_on_while_a_result_is_looked_at() -> None:
    done = threading.Event()
    results = overlapped(lambda item: done.set() if item else None, range(3), at_once=1)
    next(results)
    assert done.wait(timeout=10)
    results.close()


def test_overlapped_results_are_in_order_and_few_wait() -> None:
    started: list[int] = []

    def later_is_faster(item: int) -> int:
        started.append(item)
        time.sleep(0.002 * (10 - item))
        return item

    results = overlapped(later_is_faster, range(10), at_once=2)
    assert next(results) == 0
    assert len(started) <= 3
    assert list(results) == list(range(1, 10))


def test_an_error_in_overlapped_work_reaches_who_takes_the_results() -> None:
    results = overlapped(lambda item: 1 / item, [1, 0, 2], at_once=2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_nothing_gives_nothing() -> None:
    assert list(ordered_map(abs, [], prepare=nothing)) == []


@pytest.mark.parametrize("processes_from", [1, 2])
def test_error_of_a_worker_is_raised(processes_from: int) -> None:
    with pytest.raises(ValueError, match="domain"):
        list(ordered_map(math.sqrt, [-1], prepare=nothing, processes_from=processes_from))


def test_a_process_that_is_killed_is_told_with_the_likely_cause() -> None:
    with pytest.raises(EndedProcessError, match="memory ran out"):
        list(ordered_map(os._exit, [1], prepare=nothing, workers=1, processes_from=1))
