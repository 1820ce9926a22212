"""Whole numbers from the environment; no torch, so that all read it.

Who asks names its own error: what a wrong value stops differs.
"""

import os

from visage.errors import VisageError


def whole_number(variable: str, *, default: int, error: type[VisageError], least: int = 0) -> int:
    """Returns the variable's value; `default` where it is unset or empty.

    Raises:
        VisageError: of the type `error`: it is no whole number, or less than `least`.
    """
    text = os.environ.get(variable, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < least:
        raise error(f"{variable}={text}: must be a whole number from {least}")
    return int(text)
