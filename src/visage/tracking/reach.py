"""A look at a store before MLflow does, because MLflow tries a dead database for 100 seconds.

HTTP servers need no look: there a short timeout and no repetition are MLflow's own settings.
"""

import socket
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

from visage.tracking.address import SQLITE

PORTS = {"postgresql": 5432, "mysql": 3306, "mssql": 1433}
SECONDS = 2.0


def look(uri: str) -> None:
    """Returns if the database of a store can be opened, or if there is none to look at.

    Raises:
        OSError: nothing answers at the database's host and port.
        sqlite3.Error: the file can't be opened or is no SQLite database.
    """
    if uri.startswith(SQLITE):
        _open_file(uri.removeprefix(SQLITE))
    parts = urlsplit(uri)
    port = PORTS.get(parts.scheme.partition("+")[0])
    if port is not None and parts.hostname:
        socket.create_connection((parts.hostname, parts.port or port), timeout=SECONDS).close()


def _open_file(path: str) -> None:
    with closing(sqlite3.connect(path, timeout=SECONDS)) as database:
        database.execute("PRAGMA schema_version")
