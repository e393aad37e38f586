"""Final Draft files, read: every element in order, and what of them no script here can hold."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import ReportLine
from studio_assist.domain.screenplay import SPEECH, ElementType
from studio_assist.interchange.fdx.document import (
    AMBER,
    HEADLINE,
    OTHERS,
    PASSAGE,
    STYLES,
    TYPES,
    FdxDocument,
    Unit,
    caps_types,
    text_of,
)
from studio_assist.interchange.fdx.parsing import parse_xml
from studio_assist.interchange.fdx.rows import (
    LINE_END,
    groups_in,
    note_of,
    styles_of,
    tidied,
    unit_length,
    utf16,
    with_note,
)
from studio_assist.interchange.fdx.title import read_title
from studio_assist.interchange.screenplay_parts import NOTE, Part, Row, Run, shown, tidy

_PLAIN_COLOURS: Final = frozenset({"", "#000000000000", "#FFFFFFFFFFFF"})
#: Paragraphs' children that hold no words of the script.
_KNOWN: Final = frozenset(
    {"Text", "SceneProperties", "DualDialogue", "ScriptNote", "Alts", "DynamicLabel", "Tags"}
)
_ALIGNED: Final = {"Center": ElementType.CENTERED}


def read_fdx(data: bytes, name: str) -> FdxDocument:
    """Read a file.

    Args:
        name: the file's, for messages.

    Raises:
        BadInput: it is no Final Draft script; the place names the line.
    """
    root, lines = parse_xml(data, name)
    if root.tag != "FinalDraft":
        raise BadInput(
            f"This XML file is no Final Draft script: it begins with <{root.tag[:60]}>.",
            remedy="Choose the .fdx file that Final Draft saved.",
            place=f"{name}, line {lines[root]}",
        )
    content = root.find("Content")
    kind = root.get("DocumentType", "Script")
    if content is None or kind != "Script":
        raise BadInput(
            "This Final Draft file holds no script."
            if content is None
            else f"This Final Draft file is no script but a {kind.lower()[:60]}.",
            remedy="Choose the .fdx file of the script itself.",
            place=name,
        )
    return _Reader(name, root, content, lines).read()


class _Reader:
    """One document being read."""

    def __init__(self, name: str, root: Element, content: Element, lines: dict[Element, int]) -> None:
        self._name = name
        self._root = root
        self._content = content
        self._lines = lines
        self._caps = caps_types(root)
        self._was_temp = False
        self._parts: list[Part] = []
        self._at: list[int] = []
        #: What was seen how often, with the first line of each.
        self._seen: defaultdict[str, list[int]] = defaultdict(list)

    # methods

    def read(self) -> FdxDocument:
        units: list[Unit] = []
        for element in self._content:
            start = len(self._parts)
            if element.tag == "Paragraph":
                self._paragraph(element, 0)
            else:
                self._seen[f"<{element.tag}> is not known here; its words are not read."].append(
                    self._lines[element]
                )
            units.append(Unit(element, start, len(self._parts), self._lines[element]))
        units = self._with_range_notes(units)
        self._parts = [tidied(part) for part in self._parts]
        marked = any(HEADLINE in text_of(unit.element) for unit in (*units[:1], *units[-1:])) or any(
            HEADLINE in text_of(found) for found in self._root.findall("HeaderAndFooter")
        )
        title = read_title(self._root.find("TitlePage"))
        return FdxDocument(
            self._name,
            self._root,
            tuple(units),
            tuple(self._parts),
            tuple(self._at),
            title,
            marked,
            tuple(self._told()),
        )

    # internals

    def _add(self, part: Part, line: int) -> None:
        self._parts.append(part)
        self._at.append(line)

    def _paragraph(self, element: Element, column: int) -> None:
        line = self._lines[element]
        if element.get("StartsNewPage") == "Yes":
            self._add(Part(ElementType.PAGE_BREAK, ()), line)
        dual = element.find("DualDialogue")
        if dual is not None:
            self._dual(dual)
        type_ = element.get("Type", "Action")
        kind = TYPES.get(type_)
        rows, alone = self._rows(element, type_, kind or ElementType.ACTION)
        for note in alone:
            self._add(note, line)
        is_temp = HEADLINE not in text_of(element) and any(
            text.get("Background") == AMBER for text in element.iterfind("Text")
        )
        if is_temp and self._was_temp:
            # The note of a passage stands at its first paragraph alone.
            words = (Run(f"{PASSAGE}as above"),)
            self._add(Part(ElementType.NOTE, (words,), column=column), line)
        if type_ not in ("Character", "Parenthetical"):
            self._was_temp = is_temp
        if any(shown(row).strip() for row in rows):
            self._words(element, type_, kind, rows, column)
        elif dual is None and kind in (ElementType.CHARACTER, ElementType.SCENE_HEADING):
            self._seen[f"An empty {type_.lower()} paragraph was left out."].append(line)
        if len(element) != 1 or element[0].tag != "Text":
            self._children(element)

    def _words(
        self, element: Element, type_: str, kind: ElementType | None, rows: list[Row], column: int
    ) -> None:
        """A paragraph that has words."""
        line = self._lines[element]
        if kind is None:
            self._seen[f"The type {type_!r} is not known here; it is action."].append(line)
            kind = ElementType.ACTION
        elif type_ in OTHERS:
            self._seen[f"Fountain has no {OTHERS[type_]}; it is {kind.value}."].append(line)
        if kind is ElementType.ACTION:
            kind = _ALIGNED.get(element.get("Alignment", ""), kind)
        if column and kind not in SPEECH:
            self._seen["Side by side only speeches can stand; it follows them as action."].append(line)
            column = 0
        if kind in (ElementType.DIALOGUE, ElementType.PARENTHETICAL) and not self._speaks(column):
            self._seen[f"No name stands above this {kind.value}; it is action."].append(line)
            kind = ElementType.ACTION
        if any(HEADLINE in run.text for run in rows[0]) and kind in (
            ElementType.CENTERED,
            ElementType.ACTION,
        ):
            self._add(Part(ElementType.NOTE, tuple(rows)), line)
            return
        number = element.get("Number", "").strip() if kind is ElementType.SCENE_HEADING else ""
        level = int(type_[-1]) if kind is ElementType.SECTION else 0
        for group in groups_in(kind, rows):
            self._add(Part(kind, tuple(group), number, level, column), line)
            number = ""

    def _speaks(self, column: int) -> bool:
        for part in reversed(self._parts):
            if part.kind is not ElementType.NOTE:
                return part.kind in SPEECH and part.column == column
        return False

    def _dual(self, dual: Element) -> None:
        """The speeches of a dual dialogue: the second name begins the right column."""
        cues = 0
        for child in dual:
            if child.tag != "Paragraph":
                continue
            if child.get("Type") == "Character":
                cues += 1
                if cues == 3:
                    self._seen["More than two speeches stand side by side; Fountain has two."].append(
                        self._lines[child]
                    )
            # One speech alone stands beside nothing.
            both = len([one for one in dual if one.get("Type") == "Character" and text_of(one).strip()]) > 1
            self._paragraph(child, min(max(cues, 1), 2) if both and cues < 3 else 0)

    def _rows(self, element: Element, type_: str, kind: ElementType) -> tuple[list[Row], list[Part]]:
        """A paragraph's words by its lines, and the notes that stand before them."""
        styled = self._caps.get(type_, frozenset())
        if len(element) == 1 and "AllCaps" not in styled:
            # Most paragraphs are one plain run.
            only = element[0]
            text = only.text or ""
            if only.tag == "Text" and not only.attrib and "\n" not in text and "\r" not in text:
                return [(Run(text),) if text else ()], []
        rows: list[list[Run]] = [[]]
        alone: list[Part] = []
        inside = kind in (ElementType.ACTION, ElementType.DIALOGUE)
        for child in element:
            if child.tag == "Text":
                flags = self._flags(child, styled)
                text = child.text or ""
                if "AllCaps" in styles_of(child, styled):
                    text = text.upper()
                first, *more = LINE_END.split(text)
                rows[-1].append(Run(first, flags))
                rows += [[Run(each, flags)] for each in more]
            elif child.tag == "ScriptNote":
                note = note_of(child)
                if inside and note.kind is ElementType.NOTE and any(run.text for row in rows for run in row):
                    rows[-1].append(Run(note.text, NOTE))
                else:
                    alone.append(note)
        if inside:
            # Their spaces count for the places of notes; they are made tidy when those are in.
            return [tuple(run for run in row if run.text) for row in rows], alone
        return [tidy(kind, tuple(row)) for row in rows], alone

    def _flags(self, text: Element, styled: frozenset[str]) -> int:
        if not text.attrib:
            return 0
        line = self._lines[text]
        style = styles_of(text, styled)
        flags = 0
        for name in style - styled:
            if name in STYLES:
                flags |= STYLES[name]
            elif name != "AllCaps":
                self._seen[f"The style {name!r} has no sign in Fountain; its words are plain."].append(line)
        if text.get("RevisionID", "0") not in ("", "0"):
            self._seen["Words marked as revised; Fountain has no revision marks."].append(line)
        if text.get("Color", "") not in _PLAIN_COLOURS or text.get("Background", "") not in _PLAIN_COLOURS:
            self._seen["Coloured words; Fountain has no colours."].append(line)
        return flags

    def _children(self, element: Element) -> None:
        """What else a paragraph holds: a scene's summary, alternative lines, pictures, things unknown."""
        for child in element:
            line = self._lines[child]
            if child.tag == "SceneProperties":
                for row in (text_of(one).strip() for one in child.iterfind("Summary/Paragraph")):
                    if row:
                        row = " ".join(line.strip() for line in LINE_END.split(row))
                        self._add(Part(ElementType.SYNOPSIS, ((Run(row),),)), line)
            elif child.tag == "Alts":
                self._seen["Alternative lines of a speech; the script has the one that is shown."].append(
                    line
                )
            elif child.tag == "OmittedScene":
                self._seen["An omitted scene; its words are kept in the file alone."].append(line)
            elif child.tag not in _KNOWN:
                self._seen[f"<{child.tag}> is not known here; it is kept in the file alone."].append(line)

    def _with_range_notes(self, units: list[Unit]) -> list[Unit]:
        """Put the notes that stand apart, with a range in the script, where they belong."""
        block = self._root.find("ScriptNotes")
        if block is None:
            return units
        starts = [0]
        for unit in units:
            starts.append(starts[-1] + unit_length(unit.element) + 1)
        added: list[tuple[int, Part]] = []
        for found in block.findall("ScriptNote"):
            note = note_of(found)
            first = re.match(r"\s*(\d{1,9})\s*,", found.get("Range", ""))
            at = int(first[1]) if first else 0
            index = max(0, min(bisect.bisect_right(starts, at) - 1, len(units) - 1))
            if not units:
                added.append((0, note))
                continue
            unit = units[index]
            place = self._inside(unit, at - starts[index]) if note.kind is ElementType.NOTE else None
            if place is None:
                added.append((unit.start if at - starts[index] <= 0 else unit.stop, note))
            else:
                index, row, column = place
                part = self._parts[index]
                rows = list(part.rows)
                rows[row] = with_note(rows[row], column, note.text)
                self._parts[index] = replace(part, rows=tuple(rows))
        return self._with_added(units, added)

    def _inside(self, unit: Unit, offset: int) -> tuple[int, int, int] | None:
        """The part, row and column of a place in a paragraph, where a note can stand there."""
        if offset <= 0 or unit.stop - unit.start != 1:
            return None
        part = self._parts[unit.start]
        if part.kind not in (ElementType.ACTION, ElementType.DIALOGUE):
            return None
        for index, row in enumerate(part.rows):
            length = utf16(shown(row))
            if offset <= length:
                return unit.start, index, offset
            offset -= length + 1
        return unit.start, len(part.rows) - 1, 10**9

    def _with_added(self, units: list[Unit], added: list[tuple[int, Part]]) -> list[Unit]:
        if not added:
            return units
        added.sort(key=lambda one: one[0])
        parts, at = self._parts, self._at
        self._parts, self._at = [], []
        moved: list[Unit] = []
        next_ = 0
        for unit in units:
            start = len(self._parts)
            for index in range(unit.start, unit.stop + 1):
                while next_ < len(added) and added[next_][0] <= index:
                    self._add(added[next_][1], unit.line)
                    next_ += 1
                if index < unit.stop:
                    self._add(parts[index], at[index])
            moved.append(replace(unit, start=start, stop=len(self._parts)))
        for _, part in added[next_:]:
            self._add(part, at[-1] if at else 1)
        return moved

    def _told(self) -> Iterator[ReportLine]:
        alts = self._root.find("AltCollection")
        for what, lines in sorted(self._seen.items(), key=lambda one: one[1][0]):
            more = f" So are {len(lines) - 1:,} more places." if len(lines) > 1 else ""
            yield ReportLine(where=f"line {lines[0]}", what=what + more)
        if alts is not None and len(alts):
            yield ReportLine(
                where=f"line {self._lines[alts]}",
                what="The collection of alternative lines stays with the file and comes back on export.",
            )
        images = self._root.find("Images")
        if images is not None and len(images):
            yield ReportLine(
                where=f"line {self._lines[images]}", what="Pictures in the file; a script holds none."
            )
