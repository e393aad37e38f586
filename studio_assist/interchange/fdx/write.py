"""A script as a Final Draft file; what it was imported from comes back where it did not change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from studio_assist.domain.screenplay import BOLD, ITALIC, UNDERLINE, ElementType
from studio_assist.domain.temp import TempSpan
from studio_assist.interchange.fdx.blank import blank_document
from studio_assist.interchange.fdx.document import (
    AMBER,
    HEADLINE,
    SECTION_NOTE,
    STYLES,
    SYNOPSIS_NOTE,
    WRITTEN,
    FdxDocument,
    caps_types,
)
from studio_assist.interchange.fdx.groups import Group, document_groups, groups_of, reusable
from studio_assist.interchange.fdx.keeping import (
    is_amber,
    is_marked,
    known_notes,
    loose_between,
    set_summary,
)
from studio_assist.interchange.fdx.marks import (
    mark_header,
    mark_title,
    marking_lines,
    passage_note,
    without_header_mark,
)
from studio_assist.interchange.fdx.rows import unit_length, utf16
from studio_assist.interchange.fdx.title import write_title
from studio_assist.interchange.fountain import Script
from studio_assist.interchange.screenplay_parts import NOTE, TEMP, Part, Run, parts_of, tidy

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'
#: Characters that no XML file can hold.
_BAD: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLED: Final = ((BOLD, "Bold"), (ITALIC, "Italic"), (UNDERLINE, "Underline"))


@dataclass(frozen=True)
class FdxResult:
    """A finished file.

    Attributes:
        expected: the elements that a reader has to find in it.
        passages: notes of temp passages in it.
        warnings: what of the script a Final Draft file cannot hold.
    """

    data: bytes
    expected: tuple[Part, ...]
    passages: int
    warnings: tuple[str, ...]


def write_fdx(
    script: Script, spans: Sequence[TempSpan], title: str, template: FdxDocument | None = None
) -> FdxResult:
    """Write the whole script, with its temp passages marked.

    Args:
        spans: where they stand in `script.text`; lost ones are named in the first paragraph.
        title: the project's, for a title page where the script has none and temp material is marked.
        template: the file that the script was imported from; what of it is unchanged comes back as it was.
    """
    return _Writer(script, spans, title, template).write()


class _Writer:
    """One file being written."""

    def __init__(
        self, script: Script, spans: Sequence[TempSpan], title: str, template: FdxDocument | None
    ) -> None:
        self._script = script
        self._spans = sorted(spans, key=lambda span: (span.start, span.entry))
        self._title = title
        self._template = template
        self._root = deepcopy(template.root) if template else blank_document()
        self._caps = caps_types(self._root)
        self._lost = 0
        anchored = [(span.start, span.end) for span in self._spans if span.state == "anchored"]
        self._parts = [self._cleaned(part) for part in parts_of(script, anchored)]
        self._outlines = template is not None and any(
            unit.element.get("Type", "").startswith("Outline") for unit in template.units
        )
        self._content = Element("Content")
        self._notes = Element("ScriptNotes")
        #: What an imported file says of a note besides its words: who wrote it, when, its colour.
        self._known = known_notes(template) if template else {}
        self._offset = 0
        #: Of each element that was written: its lines in the script, and its range in the file.
        self._placed: list[tuple[Part, int, int]] = []

    # methods

    def write(self) -> FdxResult:
        groups, behind = groups_of(self._parts, outlines=self._outlines)
        if self._spans:
            self._mark_line(marking_lines(self._spans, self._script.text)[0])
        self._write_groups(groups)
        if not len(self._content):
            self._append(Element("Paragraph", {"Type": "Action"}), 0)
        for part in behind:
            self._note_part(part, max(self._offset - 1, 0))
        if self._spans:
            self._mark_line(marking_lines(self._spans, self._script.text)[1])
            self._mark_passages()
        self._put("Content", self._content)
        if len(self._notes) or self._root.find("ScriptNotes") is not None:
            self._put("ScriptNotes", self._notes)
        self._put_title()
        without_header_mark(self._root)
        if self._spans:
            mark_header(self._root)
        ElementTree.indent(self._root, "  ")
        text = _HEAD + ElementTree.tostring(self._root, encoding="unicode") + "\n"
        return FdxResult(
            text.encode("utf-8"),
            tuple(self._expected(groups, behind)),
            len(self._spans),
            tuple(self._warnings()),
        )

    # internals

    def _cleaned(self, part: Part) -> Part:
        """A part without what no XML file holds, and without styles that its whole type has."""
        inherited = sum(STYLES[name] for name in self._caps.get(self._type(part), ()) if name in STYLES)
        rows = part.rows
        if inherited and any(run.flags & inherited for row in rows for run in row):
            rows = tuple(
                tidy(part.kind, tuple(Run(run.text, run.flags & ~inherited) for run in row)) for row in rows
            )
        if any(_BAD.search(run.text) for row in rows for run in row):
            self._lost += sum(len(_BAD.findall(run.text)) for row in rows for run in row)
            rows = tuple(
                tidy(part.kind, tuple(Run(_BAD.sub("", run.text), run.flags) for run in row)) for row in rows
            )
        return part if rows is part.rows else replace(part, rows=rows)

    def _type(self, part: Part) -> str:
        if part.kind is ElementType.SECTION:
            return f"Outline {part.level}"
        return "Outline Body" if part.kind is ElementType.SYNOPSIS else WRITTEN.get(part.kind, "Action")

    def _write_groups(self, groups: list[Group]) -> None:
        known: list[Group] = []
        kept: dict[int, tuple[int, int]] = {}
        rest: dict[Element, list[Element]] = {}
        if self._template:
            known, _ = document_groups(self._template)
            kept = reusable(groups, known)
            rest = loose_between(self._template, known)
        index = 0
        last_kept = -1
        while index < len(groups):
            stop, source = kept.get(index, (index + 1, -1))
            marked = any(is_marked(part) for one in groups[index:stop] for part in one.parts)
            coloured = source >= 0 and any(is_amber(unit.element) for unit in known[source].units)
            if source < 0 or marked or coloured:
                for one in groups[index:stop]:
                    self._write_group(one)
                last_kept = -1
            else:
                units = known[source].units
                if source == last_kept + 1:
                    # Empty paragraphs, and what is not known here, stay between what stands as it stood.
                    for element in rest.get(units[0].element, ()):
                        self._append(deepcopy(element), 0)
                self._keep(groups[index:stop], [unit.element for unit in units])
                last_kept = source
            index = stop
        if known and last_kept == len(known) - 1:
            for element in rest.get(self._root, ()):
                self._append(deepcopy(element), 0)

    def _keep(self, groups: Sequence[Group], elements: Sequence[Element]) -> None:
        """Put a document's own paragraphs back, their notes and summaries as the script has them now."""
        start = self._offset
        for group in groups:
            for part in group.before:
                self._note_part(part, start)
        for element in elements:
            copy = deepcopy(element)
            for parent in list(copy.iter()):
                for note in parent.findall("ScriptNote"):
                    parent.remove(note)
            if groups[0].parts[-1].kind is ElementType.SCENE_HEADING:
                set_summary(copy, [part.text for part in groups[0].summary])
            self._append(copy, unit_length(copy))
        at = start
        for group in groups:
            for part in group.parts:
                at = self._place(part, start if group.dual else at, self._offset - 1 if group.dual else None)

    def _write_group(self, group: Group) -> None:
        start = self._offset
        for part in group.before:
            self._note_part(part, start)
        printed = [part for part in group.parts if part.kind is not ElementType.NOTE]
        if group.dual:
            outer = Element("Paragraph")
            inner = SubElement(outer, "DualDialogue")
            for part in printed:
                inner.append(self._paragraph(part))
            if group.new_page:
                outer.set("StartsNewPage", "Yes")
            self._append(outer, 2)
            for part in group.parts:
                self._place(part, start, self._offset - 1)
            return
        for index, part in enumerate(group.parts):
            if part.kind is ElementType.NOTE:
                self._note_part(part, self._offset)
                continue
            paragraph = self._paragraph(part)
            if index == 0 and group.new_page:
                paragraph.set("StartsNewPage", "Yes")
            if part.kind is ElementType.SCENE_HEADING:
                set_summary(paragraph, [one.text for one in group.summary])
            at = self._offset
            self._append(paragraph, unit_length(paragraph))
            self._place(part, at, None)

    def _paragraph(self, part: Part) -> Element:
        type_ = self._type(part)
        paragraph = Element("Paragraph", {"Type": type_})
        if part.kind is ElementType.CENTERED:
            paragraph.set("Alignment", "Center")
        if part.number:
            paragraph.set("Number", part.number)
        text = part.text
        styled = self._caps.get(type_, frozenset())
        # A type that is shown in capitals would raise what was not written so.
        own = "AllCaps" in styled and text != text.upper()
        runs: list[Run] = []
        for index, row in enumerate(part.rows):
            shown_runs = [run for run in row if not run.flags & NOTE]
            runs += [Run("\n", runs[-1].flags if runs else 0)] if index else []
            runs += shown_runs
        for run in _joined(runs):
            element = SubElement(paragraph, "Text")
            names = [name for flag, name in _STYLED if run.flags & flag]
            if names or own:
                element.set("Style", "+".join(names))
            if run.flags & TEMP:
                element.set("Background", AMBER)
            element.text = run.text
        if not runs:
            SubElement(paragraph, "Text")
        return paragraph

    def _append(self, element: Element, length: int) -> None:
        self._content.append(element)
        self._offset += (length or (unit_length(element) if element.tag == "Paragraph" else 0)) + 1

    def _place(self, part: Part, at: int, end: int | None) -> int:
        """Remember where an element stands, and put the notes in its lines there. Gives where the next does.

        `end`: of what it stands in, where its own words are not counted.
        """
        if part.kind is ElementType.NOTE:
            self._note_part(part, at)
            return at
        start = at
        low = high = -1
        for row in part.rows:
            for run in row:
                if run.flags & NOTE:
                    self._note(run.text, at if end is None else start)
                    continue
                length = utf16(run.text)
                if run.flags & TEMP:
                    low, high = (at if low < 0 else low), at + length
                at += length
            at += 1
        self._placed.append(
            (part, start if low < 0 or end is not None else low, end or (at - 1 if low < 0 else high))
        )
        return at

    # notes

    def _note_part(self, part: Part, at: int) -> None:
        name = ""
        if part.kind is ElementType.SECTION:
            name = f"{SECTION_NOTE} {min(part.level, 99)}"
        elif part.kind is ElementType.SYNOPSIS:
            name = SYNOPSIS_NOTE
        if part.kind is ElementType.NOTE or part.text:
            self._note(part.text if part.rows else "", at, name)
        if part.kind is not ElementType.NOTE:
            return
        for row in part.rows:
            for run in row:
                if run.flags & NOTE:
                    self._note(run.text, at)

    def _note(self, text: str, at: int, name: str = "") -> None:
        words = "\n".join(line.strip() for line in text.split("\n")).strip()
        if not words:
            return
        fields = {"ID": str(len(self._notes) + 1), "Name": name, "Range": f"{at},{at}"}
        note = SubElement(self._notes, "ScriptNote", self._known.get(words, {}) | fields)
        for line in words.split("\n"):
            SubElement(SubElement(note, "Paragraph"), "Text").text = line

    # marks of temp material

    def _mark_line(self, text: str) -> None:
        paragraph = Element("Paragraph", {"Type": "Action", "Alignment": "Center"})
        SubElement(paragraph, "Text", {"Background": AMBER, "Style": "Bold"}).text = text
        self._append(paragraph, 0)

    def _mark_passages(self) -> None:
        for span in self._spans:
            first = self._script.line_at(span.start)
            last = self._script.line_at(max(span.start, span.end - 1))
            touched = [one for one in self._placed if one[0].first <= last and one[0].last > first]
            if span.state != "anchored":
                touched = []
            start = min((low for _, low, _ in touched), default=0)
            end = max((high for _, _, high in touched), default=0)
            self._notes.append(passage_note(span, len(self._notes) + 1, (start, end), bool(touched)))

    # the rest of the file

    def _put(self, tag: str, new: Element) -> None:
        """Put an element in the place of the one that was there, or at the end."""
        for index, child in enumerate(self._root):
            if child.tag == tag:
                self._root[index] = new
                return
        self._root.append(new)

    def _put_title(self) -> None:
        values = self._script.title_page
        page = self._root.find("TitlePage")
        before = {key.lower(): value for key, value in self._template.title.items()} if self._template else {}
        if page is None or before != values:
            values = values or ({"title": self._title} if self._spans else {})
            values = {_BAD.sub("", key): _BAD.sub("", value) for key, value in values.items()}
            if values or page is not None:
                self._put("TitlePage", write_title(values))
        mark_title(self._root.find("TitlePage"), self._spans, self._script.text)

    def _expected(self, groups: Iterable[Group], behind: Iterable[Part]) -> Iterable[Part]:
        for group in groups:
            yield from group.before
            if group.new_page:
                yield Part(ElementType.PAGE_BREAK, ())
            for part in group.parts:
                if HEADLINE in part.text and part.kind in (ElementType.ACTION, ElementType.CENTERED):
                    part = replace(part, kind=ElementType.NOTE)
                yield part
            yield from group.summary
        yield from behind

    def _warnings(self) -> Iterable[str]:
        cut = sum(element.type is ElementType.BONEYARD for element in self._script.elements)
        inline = sum(
            self._script.line_text(line).startswith("/*", low)
            for line in self._script.lines_with_hidden()
            for low, _ in self._script.hidden_ranges(line)
        )
        if cut or inline:
            yield "What stands between /* and */ is cut from the script; it is not in the file."
        if self._lost:
            yield f"{self._lost:,} control characters that no XML file can hold were left out."
        breaks = sum(part.kind is ElementType.PAGE_BREAK for part in self._parts)
        if breaks and self._parts[-1].kind is ElementType.PAGE_BREAK:
            yield "The page break behind the last element was left out."


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].flags == run.flags:
            joined[-1] = Run(joined[-1].text + run.text, run.flags)
        elif run.text:
            joined.append(run)
    return joined
