"""A multipart form as every reader reads it, or not at all.

Servers disagree about forms that are nearly right: a preamble, a second file name, a folded header, a
boundary inside a part. What could be read in two ways is read here in none, and is not sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

#: More parts than any request of ours has.
MOST_PARTS: Final = 64

_TYPE: Final = re.compile(r"multipart/form-data; ?boundary=([A-Za-z0-9'()+_,./:=?-]{1,70})")
_HEAD: Final = re.compile(
    rb'Content-Disposition: form-data; name="([A-Za-z0-9_.\[\]-]{1,64})"'
    rb'(?:; filename="([ !#-\[\]-~]{1,128})")?'
    rb"(?:\r\nContent-Type: ([a-z]+/[a-z0-9.+-]{1,64}))?"
)


class FormPart(NamedTuple):
    """One part.

    Attributes:
        start, end: the slice of the body that is its content.
        file: the file name, or "" for a field.
    """

    name: str
    file: str
    media_type: str
    start: int
    end: int


def is_form(content_type: str) -> bool:
    """Whether it says that it is a multipart body, however it says so."""
    return content_type.strip().lower().startswith("multipart/")


def form_parts(body: bytes, content_type: str) -> tuple[FormPart, ...] | None:
    """The parts in order; None for a body that could be read in another way too."""
    said = _TYPE.fullmatch(content_type)
    if said is None:
        return None
    edge = b"--" + said[1].encode()
    if not body.startswith(edge + b"\r\n"):
        return None
    parts: list[FormPart] = []
    at = len(edge) + 2
    while True:
        # The first part's edge has no line before it; every other one does.
        end = body.find(b"\r\n" + edge, at)
        blank = body.find(b"\r\n\r\n", at)
        if end < 0 or blank < 0 or blank > end or len(parts) == MOST_PARTS:
            return None
        head = _HEAD.fullmatch(body, at, blank)
        if head is None:
            return None
        name, file, kind = (piece.decode() if piece else "" for piece in head.groups())
        parts.append(FormPart(name, file, kind, blank + 4, end))
        after = end + 2 + len(edge)
        rest = body[after : after + 4]
        if rest[:2] == b"--":
            return tuple(parts) if body[after + 2 :] in (b"", b"\r\n") else None
        if rest[:2] != b"\r\n":
            return None
        at = after + 2


def form_fields(body: bytes, content_type: str) -> Mapping[str, object] | None:
    """The fields of a form by name, for `Case.body`: texts, and the file names of what is no text.

    None where the form could be read in another way, holds a field twice, or one that is no text.
    """
    parts = form_parts(body, content_type)
    if parts is None:
        return None
    fields: dict[str, object] = {}
    for part in parts:
        if part.file:
            known = fields.setdefault(part.name, [])
            if not isinstance(known, list):
                return None
            known.append(part.file)
            continue
        if part.name in fields:
            return None
        try:
            fields[part.name] = body[part.start : part.end].decode()
        except UnicodeDecodeError:
            return None
    return fields
