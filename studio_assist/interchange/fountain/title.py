"""The title page: `Key: value` lines at the very start, values also indented on lines of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fountain.hidden import BONEYARD_LINE, NOTE_LINE
from studio_assist.interchange.fountain.rules import is_heading, is_transition

#: A key begins the line, is no sentence, and cannot begin like another element.
_KEY: Final = re.compile(r"([^\s:!@>.~#=\[/(][^:.?!,;\"]{0,40}):")
_KNOWN: Final = frozenset(
    {
        "title",
        "credit",
        "author",
        "authors",
        "source",
        "notes",
        "draft date",
        "date",
        "contact",
        "copyright",
        "revision",
        "format",
        "font",
    }
)


def title_kinds(lines: Sequence[str]) -> list[ElementType]:
    """Kinds of the title page's lines; empty if the script has no title page.

    A transition or scene heading with a colon is no key ("FADE IN:" opens many scripts). Where no key is
    one of the usual ones, a line that is neither key nor value shows that there was no title page, and so
    does the lack of any value ("He reads:").

    Args:
        lines: the visible lines up to the first empty one at least, a byte-order mark removed.
    """
    first = _key_of(lines[0]) if lines else None
    if first is None:
        return []
    sure = first in _KNOWN
    has_value = not lines[0].rstrip().endswith(":")
    kinds = [ElementType.TITLE_PAGE]
    for line in lines[1:]:
        if line is NOTE_LINE or line is BONEYARD_LINE:
            kinds.append(ElementType.NOTE if line is NOTE_LINE else ElementType.BONEYARD)
            continue
        if not line or line.isspace():
            break
        if not line[0].isspace():
            key = _key_of(line)
            if key is None:
                if not sure:
                    return []
                break
            sure = sure or key in _KNOWN
        has_value = has_value or not line.rstrip().endswith(":")
        kinds.append(ElementType.TITLE_PAGE)
    return kinds if sure or has_value else []


def title_values(lines: Sequence[str]) -> dict[str, str]:
    """Lower-case keys to values, from the visible title lines; a value's lines are joined by a newline."""
    values: dict[str, list[str]] = {}
    value: list[str] = []
    for line in lines:
        if not line[:1].isspace():
            key, _, rest = line.partition(":")
            value = values.setdefault(key.strip().lower(), [])
            line = rest
        if text := line.strip():
            value.append(text)
    return {key: "\n".join(value) for key, value in values.items()}


def _key_of(line: str) -> str | None:
    found = _KEY.match(line)
    if not found or is_heading(line) or is_transition(line.strip()):
        return None
    key = found[1].strip().lower()
    return key if key.count(" ") < 4 else None
