"""Gradual unfreezing: the heads first, then one stage after the other (Howard & Ruder 2018, 3.3).

All is thawed when half of the epochs are done.
"""


def first_trained(groups: int, *, epoch: int, epochs: int) -> int:
    """Returns `groups` in the first epoch, 0 in the second half."""
    half = max(1, epochs // 2)
    return max(0, groups - groups * (epoch - 1) // half)
