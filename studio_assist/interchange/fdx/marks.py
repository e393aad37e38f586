"""Marks of temp material in a Final Draft file: what they say, where they stand, whether they are whole.

A line in the header of every page, one on the title page, the first and the last paragraph; and for each
passage amber words, with a note that names its entry in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from studio_assist.domain.screenplay import ElementType
from studio_assist.domain.temp import TempSpan, debt_of
from studio_assist.interchange.fdx.blank import header_and_footer, header_line
from studio_assist.interchange.fdx.document import AMBER, AMBER_NOTE, HEADLINE, PASSAGE, FdxDocument, text_of
from studio_assist.interchange.screenplay_parts import Part, compared

_NAME: Final = "TEMP"


def marking_lines(spans: Sequence[TempSpan], text: str) -> tuple[str, str]:
    """What the first and the last paragraph say."""
    words = [HEADLINE, _count(spans, text), f"ledger {_entries(spans)}"]
    if lost := [span for span in spans if span.state == "lost"]:
        words.append(f"text not found: {_entries(lost)}")
    return " · ".join(words), f"{HEADLINE} · end of this copy"


def passage_note(span: TempSpan, number: int, range_: tuple[int, int], found: bool) -> Element:
    """The note of one passage."""
    start, end = range_
    fields = {"Color": AMBER_NOTE, "ID": str(number), "Name": _NAME, "Range": f"{start},{end}"}
    note = Element("ScriptNote", fields)
    words = f"{PASSAGE}{span.entry:,} · {span.model}"
    if not found:
        words += " · its text is not printed here" if span.state == "anchored" else " · text not found"
    SubElement(SubElement(note, "Paragraph"), "Text").text = words
    return note


def mark_header(root: Element) -> None:
    """Put the line into the header, and show it on every page."""
    whole = root.find("HeaderAndFooter")
    if whole is None:
        whole = header_and_footer()
        root.append(whole)
    whole.set("HeaderVisible", "Yes")
    whole.set("HeaderFirstPage", "Yes")
    header = whole.find("Header")
    if header is None:
        header = SubElement(whole, "Header")
    header.insert(0, header_line(HEADLINE, AMBER))


def without_header_mark(root: Element) -> None:
    """Take the line of an earlier export out of the header, in place."""
    for parent in root.findall("HeaderAndFooter/Header"):
        for line in parent.findall("Paragraph"):
            if HEADLINE in text_of(line):
                parent.remove(line)


def mark_title(page: Element | None, spans: Sequence[TempSpan], text: str) -> None:
    """Put the line on the title page, where there is one, and take an earlier one off."""
    content = page.find("Content") if page is not None else None
    if content is None:
        return
    for line in content.findall("Paragraph"):
        if _is_mark(line):
            content.remove(line)
    if spans:
        fields = {"Type": "General", "Alignment": "Center", "SpaceBefore": "24", "StartsNewPage": "No"}
        line = SubElement(content, "Paragraph", fields)
        words = SubElement(line, "Text", {"Background": AMBER, "Style": "Bold"})
        words.text = f"{HEADLINE} · {_count(spans, text)}"


def wrong_marks(document: FdxDocument, spans: Sequence[TempSpan]) -> str | None:
    """What is missing of the marks in a file that was read back, or None."""
    header = document.root.find("HeaderAndFooter/Header")
    if header is None or HEADLINE not in text_of(header):
        return "its header lacks the mark of temp material"
    if not document.units:
        return "it holds no paragraph"
    for unit, where in ((document.units[0], "first"), (document.units[-1], "last")):
        if HEADLINE not in text_of(unit.element):
            return f"its {where} paragraph lacks the mark of temp material"
    page = document.root.find("TitlePage")
    if page is not None and HEADLINE not in text_of(page):
        return "its title page lacks the mark of temp material"
    notes = [text_of(note) for note in document.root.iterfind("ScriptNotes/ScriptNote")]
    for span in spans:
        begins = f"{PASSAGE}{span.entry:,} "
        if not any(note.startswith(begins) for note in notes):
            return f"the note of entry {span.entry:,} is missing"
    amber = any(text.get("Background") == AMBER for text in document.root.iterfind("Content//Text"))
    return None if amber else "no words in it are marked as temp"


def wrong_words(document: FdxDocument, expected: Iterable[Part]) -> str | None:
    """How the elements of a file that was read back differ from those that it was to hold, or None."""
    wanted, notes = compared(expected)
    found, found_notes = compared(
        part for part in document.parts if not (part.kind is ElementType.NOTE and HEADLINE in part.text)
    )
    if wanted != found:
        at = next(
            (index for index, (one, other) in enumerate(zip(wanted, found, strict=False)) if one != other),
            min(len(wanted), len(found)),
        )
        return f"its element {at + 1:,} is not the script's"
    if _script_notes(notes) != _script_notes(found_notes):
        return "its notes are not the script's"
    return None


def _script_notes(notes: Iterable[str]) -> list[str]:
    return sorted(note for note in notes if note and not note.startswith((HEADLINE, PASSAGE)))


def _is_mark(line: Element) -> bool:
    return HEADLINE in text_of(line) and any(text.get("Background") == AMBER for text in line.iter("Text"))


def _count(spans: Sequence[TempSpan], text: str) -> str:
    lines = debt_of(spans, text).lines
    return f"this copy holds {lines:,} temp {'line' if lines == 1 else 'lines'}"


def _entries(spans: Iterable[TempSpan]) -> str:
    numbers = [f"{entry:,}" for entry in sorted({span.entry for span in spans})]
    return f"{'entry' if len(numbers) == 1 else 'entries'} {', '.join(numbers)}"
