"""A Final Draft document as Fountain text, and what of it Fountain cannot hold."""

from __future__ import annotations

from studio_assist.domain.incoming import ReportLine
from studio_assist.interchange.fdx.document import FdxDocument
from studio_assist.interchange.screenplay_parts import Part, flowing
from studio_assist.interchange.screenplay_text import fountain_text


def to_fountain(document: FdxDocument) -> tuple[str, tuple[ReportLine, ...]]:
    """The script's text, which reads as the document's elements, and a report by the file's lines."""
    parts = flowing(document.parts)
    written = fountain_text(parts, document.title)
    lines = _lines(document, parts)
    report = list(document.told)
    if document.marked:
        report.insert(
            0,
            ReportLine(
                where="line 1",
                what="This file is an export with temp AI material in it. Its passages stay marked by notes.",
                remedy="Replace what the notes name before anything final is made of it.",
            ),
        )
    report += [ReportLine(where=f"line {lines[index]}", what=what) for index, what in written.told]
    return written.text, tuple(report)


def _lines(document: FdxDocument, parts: list[Part]) -> list[int]:
    """The file's line of each part that the text was written from."""
    lines: list[int] = []
    index = 0
    for part in parts:
        lines.append(document.lines[index])
        rows = len(document.parts[index].rows)
        index += 1
        while rows < len(part.rows):
            rows += len(document.parts[index].rows)
            index += 1
    return lines
