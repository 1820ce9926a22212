"""The one base of all errors that a user can cause, so that the command line can tell them apart.

The concrete classes live beside their owners; their message says what was found, where, and what
to do about it.
"""


class VisageError(Exception):
    """Something that the user can mend; printed without a traceback, exit code 1."""
