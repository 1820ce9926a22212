import os

from visage.tracking.processes import is_dead, own_process


def test_this_process_is_alive() -> None:
    assert not is_dead(own_process())


def test_process_that_ended_is_dead(dead_process: str) -> None:
    assert is_dead(dead_process)


def test_number_given_again_is_dead() -> None:
    host, number, started = own_process().rsplit(":", 2)

    assert is_dead(f"{host}:{number}:{int(started) - 100}")


def test_nothing_is_said_of_another_host() -> None:
    assert not is_dead(f"elsewhere:{os.getpid()}:1")


def test_nothing_is_said_of_a_run_without_process() -> None:
    assert not is_dead("")
