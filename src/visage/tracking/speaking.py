"""Everything that MLflow, its database or its network raises becomes one named error."""

from collections.abc import Iterator
from contextlib import contextmanager

from visage.errors import VisageError
from visage.tracking.address import Address, without_password


class TrackingError(VisageError):
    """The store can't be reached, or refuses."""


@contextmanager
def speaking(address: Address) -> Iterator[None]:
    """Turns whatever goes wrong between us and the store into a TrackingError."""
    try:
        yield
    except VisageError:
        raise
    except Exception as error:  # MlflowException, SQLAlchemyError, OSError, a missing driver, ...
        raise TrackingError(f"MLflow at {address.shown}: {_cause(error)}") from error


def _cause(error: BaseException) -> str:
    """Returns the network's or the disk's own words if they are at the root, else the error's."""
    root = error
    while (deeper := root.__cause__ or root.__context__) is not None:
        root = deeper
    words = str(root if isinstance(root, OSError) else error)
    return without_password(" ".join(words.split()))[:300] or type(error).__name__
