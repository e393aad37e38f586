"""What a body holds: its fields in order with their places, whatever it is written in.

JSON is read with every repeated key, forms and multipart with names, file names and part headers, event
streams and JSON lines line by line. What is not what it says it is, is read as plain text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

#: Nothing that we build nests deeper.
_DEEPEST: Final = 200
_INDEX: Final = re.compile(r"\[\d+\]")


class Field(NamedTuple):
    """One string of a body.

    Attributes:
        where: as a person reads it: "messages[0].content".
        group: the same for all items of one list: "messages[].content".
        is_key: it is the name of a field, not its value.
    """

    where: str
    group: str
    content: str | bytes
    is_key: bool = False


def fields_of(body: bytes, content_type: str, where: str = "body") -> list[Field]:
    """The fields of a body.

    Args:
        content_type: the header as it would be sent.
        where: stands before the place of what has no name of its own.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("multipart/"):
        return list(_multipart(body, content_type, where))
    text = _decoded(body)
    if text is None:
        return [Field(where, where, body)]
    if kind == "application/x-www-form-urlencoded":
        return list(_form(text))
    if kind.endswith("json") or text.lstrip()[:1] in ("{", "["):
        return list(_json(text, where))
    return [Field(where, where, text)]


def _decoded(body: bytes) -> str | None:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8")):
        if body.startswith(mark):
            try:
                text = body.decode(encoding, "surrogatepass")
            except UnicodeError:
                return None
            return None if "\0" in text else text
    return None


def _json(text: str, where: str) -> Iterator[Field]:
    decoder = json.JSONDecoder(object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str)
    rest, documents = text.lstrip("\ufeff \t\r\n"), 0
    try:
        while rest:
            document, end = decoder.raw_decode(rest)
            rest = rest[end:].lstrip(" \t\r\n,")
            yield from _values(document, "" if not documents and not rest else f"{where}[{documents}]", 0)
            documents += 1
    except (ValueError, RecursionError):
        yield Field(where, where, rest)


class _Pairs(list[tuple[str, object]]):
    """An object as its pairs: a key may come twice, and a reader may take either."""


def _values(value: object, where: str, depth: int) -> Iterator[Field]:
    if depth > _DEEPEST:
        yield Field(where, where, str(value))
    elif isinstance(value, _Pairs):
        for key, inner in value:
            place = f"{where}.{key}" if where else key
            yield Field(f"{place} (key)", "(key)", key, is_key=True)
            yield from _values(inner, place, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _values(inner, f"{where}[{index}]", depth + 1)
    elif isinstance(value, str) and value:
        yield Field(where or "body", _INDEX.sub("[]", where), value)


def _form(text: str) -> Iterator[Field]:
    for pair in text.split("&"):
        key, _, value = pair.partition("=")
        name = unquote_plus(key)
        yield Field(f"{name} (key)", "(key)", name, is_key=True)
        yield Field(name, name, unquote_plus(value))


def _multipart(body: bytes, content_type: str, where: str) -> Iterator[Field]:
    message: Message = BytesParser(policy=policy.HTTP).parsebytes(
        b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body
    )
    if not message.is_multipart():
        yield Field(where, where, body)
        return
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            for extra in (part.preamble, part.epilogue):
                if extra:
                    yield Field(where, where, str(extra))
            continue
        name = part.get_param("name", header="content-disposition")
        place = f"{name}" if isinstance(name, str) else f"part {number}"
        for header, value in part.items():
            yield Field(f"{place}, header {header}", "(header)", f"{value}", is_key=True)
        if file := part.get_filename():
            yield Field(f"{place}, file name", "(file name)", file, is_key=True)
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            text = _decoded(data)
            if text is not None and part.get_content_type().endswith("json"):
                yield from _json(text, place)
            else:
                yield Field(place, place, data if text is None else text)
