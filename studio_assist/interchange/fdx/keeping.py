"""What a document that a script was imported from gives back: what stands loose in it, what may not stay."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from studio_assist.interchange.fdx.document import AMBER, FdxDocument, text_of
from studio_assist.interchange.fdx.groups import Group, document_groups
from studio_assist.interchange.screenplay_parts import TEMP, Part


def loose_between(document: FdxDocument, known: Sequence[Group]) -> dict[Element, list[Element]]:
    """What stands before each group of a document and is in none; under the root, what is behind the last."""
    _, rest = document_groups(document)
    loose = {unit.element for unit in rest}
    firsts = {group.units[0].element for group in known}
    found: dict[Element, list[Element]] = {}
    waiting: list[Element] = []
    for unit in document.units:
        if unit.element in loose:
            waiting.append(unit.element)
        elif unit.element in firsts:
            found[unit.element], waiting = waiting, []
    found[document.root] = waiting
    return found


def is_marked(part: Part) -> bool:
    return any(run.flags & TEMP for row in part.rows for run in row)


def is_amber(element: Element) -> bool:
    return any(text.get("Background") == AMBER for text in element.iter("Text"))


def set_summary(heading: Element, lines: Sequence[str]) -> None:
    """Make a scene's summary say these lines; nothing is touched where it does already."""
    properties = heading.find("SceneProperties")
    summary = properties.find("Summary") if properties is not None else None
    said = [text_of(one).strip() for one in summary.findall("Paragraph")] if summary is not None else []
    if [" ".join(one.split("\n")) for one in said if one] == [line for line in lines if line]:
        return
    if properties is None:
        properties = Element("SceneProperties", {"Title": ""})
        heading.insert(0, properties)
    if summary is not None:
        properties.remove(summary)
    summary = Element("Summary")
    properties.insert(0, summary)
    for line in lines:
        SubElement(SubElement(summary, "Paragraph"), "Text").text = line


def known_notes(document: FdxDocument) -> dict[str, dict[str, str]]:
    """What a document says of its notes besides their words and places, by the words."""
    found: dict[str, dict[str, str]] = {}
    for note in document.root.iterfind("ScriptNotes/ScriptNote"):
        words = "\n".join(text_of(one).strip() for one in note.findall("Paragraph")).strip()
        found[words] = {
            key: value for key, value in note.attrib.items() if key not in ("ID", "Name", "Range")
        }
    return found
