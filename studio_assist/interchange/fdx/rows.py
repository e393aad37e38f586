"""The words of single Final Draft paragraphs and notes: their lines, styles and lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fdx.document import SECTION_NOTE, SYNOPSIS_NOTE, text_of
from studio_assist.interchange.screenplay_parts import NOTE, Part, Row, Run, shown, tidy

LINE_END: Final = re.compile(r"\r\n|\r|\n")


def unit_length(element: Element) -> int:
    """How long a paragraph is as notes' ranges count: UTF-16 units of its words; a block in it counts two."""
    length = 0
    for child in element:
        if child.tag == "Text":
            length += utf16(child.text or "")
        elif child.tag in ("DualDialogue", "OmittedScene"):
            length += 2
    return length


def utf16(text: str) -> int:
    """Length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def groups_in(kind: ElementType, rows: list[Row]) -> Iterator[list[Row]]:
    """A paragraph's lines as elements: action is one up to an empty line, speech keeps those."""
    if kind in (ElementType.DIALOGUE, ElementType.LYRICS):
        yield rows
        return
    if kind is ElementType.ACTION:
        group: list[Row] = []
        for row in rows:
            if shown(row).strip():
                group.append(row)
            elif group:
                yield group
                group = []
        if group:
            yield group
        return
    if kind is ElementType.CENTERED:
        yield from ([row] for row in rows if shown(row).strip())
        return
    joined: list[Run] = []
    for row in filter(None, rows):
        joined += (Run(" "), *row) if joined else row
    yield [tidy(kind, tuple(joined))]


def tidied(part: Part) -> Part:
    rows = tuple(tidy(part.kind, row) for row in part.rows)
    return part if rows == part.rows else replace(part, rows=rows)


def styles_of(text: Element, styled: frozenset[str]) -> frozenset[str]:
    """A run's styles: its own where it names any, else those of its paragraph's type."""
    style = text.get("Style")
    return styled if style is None else frozenset(filter(None, style.split("+")))


def note_of(element: Element) -> Part:
    """A note; one that a section or synopsis was written as is that again."""
    lines = [text_of(paragraph) for paragraph in element.findall("Paragraph")] or [text_of(element)]
    text = "\n".join(LINE_END.split("\n".join(lines))).strip()
    name = element.get("Name", "")
    if found := re.fullmatch(rf"{SECTION_NOTE} ([1-9]\d?)", name):
        words = " ".join(line.strip() for line in text.split("\n"))
        return Part(ElementType.SECTION, ((Run(words),),), level=int(found[1]))
    kind = ElementType.SYNOPSIS if name == SYNOPSIS_NOTE else ElementType.NOTE
    return Part(kind, tuple((Run(line.strip()),) for line in text.split("\n")))


def with_note(row: Row, column: int, note: str) -> Row:
    """A row with a note before the character at a place."""
    runs: list[Run] = []
    placed = False
    for run in row:
        length = 0 if run.flags & NOTE else utf16(run.text)
        if not placed and not run.flags & NOTE and column <= length:
            cut = _cut(run.text, column)
            runs += [Run(run.text[:cut], run.flags), Run(note, NOTE), Run(run.text[cut:], run.flags)]
            placed = True
        else:
            runs.append(run)
        column -= length
    if not placed:
        runs.append(Run(note, NOTE))
    return tuple(run for run in runs if run.text or run.flags & NOTE)


def _cut(text: str, units: int) -> int:
    """The code point that so many UTF-16 units into a text."""
    if text.isascii():
        return units
    for at, character in enumerate(text):
        if units <= 0:
            return at
        units -= 2 if character > "\uffff" else 1
    return len(text)
