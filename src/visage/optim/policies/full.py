"""All layers learn, from the first step on."""


def first_trained(groups: int, *, epoch: int, epochs: int) -> int:
    """Returns 0."""
    del groups, epoch, epochs
    return 0
