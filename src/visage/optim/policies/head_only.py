"""The backbone stays as it is: only the shared layers and the heads learn (feature extraction)."""


def first_trained(groups: int, *, epoch: int, epochs: int) -> int:
    """Returns the number of groups."""
    del epoch, epochs
    return groups
