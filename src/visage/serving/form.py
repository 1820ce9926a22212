"""The photo in a multipart form (RFC 7578), found in memory.

Starlette's own form parser writes files over 1 MB to the disk for a while. Here nothing that was
uploaded ever reaches one. The parser limits a part's headers; the number of parts is limited here.
"""

from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from visage.errors import VisageError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FIELD: Final = "photo"
MAX_PARTS: Final = 8


class FormError(VisageError):
    """The form is broken, or holds no photo."""


def photo_in_form(body: bytes, content_type: str) -> bytes:
    """Returns the bytes of the first field named `photo`.

    Raises:
        FormError: there is none, or the form breaks off.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise FormError("the form's Content-Type has no boundary; let the client set that header")
    # The parser stops at each, also at those that end no part, of which a body may hold millions.
    if body.count(b"\r\n--" + boundary) > MAX_PARTS + 1:
        raise FormError(f"the form is broken: more than {MAX_PARTS} fields")
    found = _Found()
    try:
        parser = MultipartParser(boundary, found.callbacks())
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise FormError(f"the form is broken: {error}"[:200]) from None
    if found.photo is None or not found.is_whole:
        raise FormError(f"the form has no whole field {FIELD!r}; send the photo under that name")
    return bytes(found.photo)


class _Found:
    """Listens to the parser, and keeps the field's bytes."""

    def __init__(self) -> None:
        self._parts = 0
        self._name = self._value = b""
        self._is_photo = False
        self.photo: bytearray | None = None
        self.is_whole = False

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_begin": self._header_begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise FormParserError(f"more than {MAX_PARTS} fields")
        self._is_photo = False

    def _header_begin(self) -> None:
        self._name = self._value = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition" and self.photo is None:
            name = parse_options_header(self._value)[1].get(b"name")
            self._is_photo = name == FIELD.encode()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_photo:
            self.photo = self.photo or bytearray()
            self.photo += data[start:end]

    def _end(self) -> None:
        self.is_whole = self.is_whole or self._is_photo
