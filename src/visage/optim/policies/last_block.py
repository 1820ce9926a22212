"""The backbone's last stage learns, with all behind it."""


def first_trained(groups: int, *, epoch: int, epochs: int) -> int:
    """Returns the last group."""
    del epoch, epochs
    return groups - 1
