"""From a file's bytes to a script's text."""

from __future__ import annotations

from typing import Final

from studio_assist.domain.errors import BadInput

_UTF16: Final = {b"\xff\xfe": "UTF-16 little-endian", b"\xfe\xff": "UTF-16 big-endian"}
#: How files begin that a writer may pick by mistake.
_MAGIC: Final = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive (a Word, Fade In or Highland document is one)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"{\\rtf": "a rich-text document",
    b"\x1f\x8b": "a compressed file",
    b"SQLite format 3": "a database",
}
_REMEDY: Final = "Save or export it as plain text in UTF-8 (Fountain) and open that file."


def read_script_bytes(data: bytes, place: str) -> str:
    """Decode a script. A byte-order mark stays in the text, so that it goes back to the same bytes.

    An empty file is an empty script.

    Args:
        place: the file's path or name, for the message.

    Raises:
        BadInput: not UTF-8, UTF-16, or no text at all; the place says at which line and byte.
    """
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise BadInput(f"This is {what}, not a plain-text script.", remedy=_REMEDY, place=place)
    for mark, name in _UTF16.items():
        if data.startswith(mark):
            raise BadInput(f"The script is encoded in {name}.", remedy=_REMEDY, place=place)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = f"{place}, {_line_of(data, error.start)}, byte {error.start + 1}"
        raise BadInput("The script is not encoded in UTF-8.", remedy=_REMEDY, place=where) from error
    if (nul := data.find(b"\0")) >= 0:
        where = f"{place}, {_line_of(data, nul)}, byte {nul + 1}"
        raise BadInput(
            "The file holds a zero byte, which no text does: it is binary or damaged.",
            remedy=_REMEDY,
            place=where,
        )
    return text


def _line_of(data: bytes, position: int) -> str:
    before = data[:position]
    lines = before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
    return f"line {lines + 1}"
