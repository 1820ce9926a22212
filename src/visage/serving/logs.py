"""The log: one JSON object a line on standard output, for machines to read.

Written are our own fields and what libraries tell of errors; no photo, file name or address of a
client ever reaches a logger.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

FIELDS: Final = ("id", "method", "route", "status", "seconds", "bytes", "faces")


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON; a field that a record lacks is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in line.items() if value is not None})


def log_to_stdout() -> None:
    """Sends every logger's lines there, and keeps back what repeats our own."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn.access", "python_multipart"):
        logging.getLogger(name).setLevel(logging.ERROR)
