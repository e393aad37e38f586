"""The free lines of a title page as keys and values: by where they stand, and how they read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

_BY: Final = re.compile(r"(?:.{0,40}\s)?by\s*:?\Z", re.IGNORECASE)
_SOURCE: Final = re.compile(r"(?:based|from|adapted|inspired)\b", re.IGNORECASE)
_DATE: Final = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b(?:19|20)\d\d\b|\bdraft\b|\brevis"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b",
    re.IGNORECASE,
)
_KEYED: Final = re.compile(r"([A-Z][A-Za-z ]{1,24}): (\S.*)\Z", re.DOTALL)


#: Title, credit, authors and source; what stands apart below them belongs to the last.
_MIDDLE: Final = 4


class TitleLine(NamedTuple):
    """A line of a title page; `apart`: there is room above it."""

    text: str
    at: Literal["Center", "Left", "Right"]
    apart: bool


def title_of(lines: Iterable[TitleLine]) -> dict[str, str]:
    """Values by their keys as Fountain shows them ("Draft date").

    What stands in the middle is title, credit, authors and source, in this order, each apart from the one
    above. Of the others one that names its key ("Copyright: …") is that, one at the right that reads as a
    date is the draft date, and the rest is the contact.
    """
    middle: list[list[str]] = []
    values: dict[str, list[str]] = {}
    sides = {"Left": "Contact", "Right": "Draft date"}
    for text, at, apart in lines:
        keyed = _KEYED.match(text)
        if at == "Center":
            if not middle or (apart and len(middle) < _MIDDLE) or _BY.match(text):
                middle.append([])
            middle[-1].append(text)
            continue
        if keyed:
            sides[at] = keyed[1].capitalize()
        elif apart:
            sides[at] = "Draft date" if at == "Right" and is_date(text) else "Contact"
        values.setdefault(sides[at], []).append(keyed[2] if keyed else text)
    found: dict[str, list[str]] = {}
    keys = _keys_of(middle)
    for index, words in enumerate(middle):
        found.setdefault(keys[min(index, len(keys) - 1)], []).extend(words)
    return {key: "\n".join(words) for key, words in (found | values).items()}


def _keys_of(middle: list[list[str]]) -> list[str]:
    """What the groups in the middle are; of few, it is the credit and the source that are missing."""
    rest = middle[1:]
    if rest and _BY.match(rest[0][0]) and len(rest[0]) > 1:
        # The name stands right below "written by".
        middle[1:2] = [rest[0][:1], rest[0][1:]]
        rest = middle[1:]
    has_credit = bool(rest) and (
        _BY.match(rest[0][0]) is not None or (len(rest) > 1 and not _SOURCE.match(rest[1][0]))
    )
    keys = ["Title", *(["Credit"] if has_credit else []), "Author", "Source"]
    if len(rest) == 1 and _SOURCE.match(rest[0][0]):
        return ["Title", "Source"]
    return keys


def is_date(text: str) -> bool:
    """Whether a line reads as a draft's date."""
    return _DATE.search(text) is not None
