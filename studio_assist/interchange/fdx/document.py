"""A Final Draft document as it was read: its elements, and the XML that they came from.

Source: what Final Draft 8 to 12 write; the format has no published schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from studio_assist.domain.incoming import ReportLine
from studio_assist.domain.screenplay import BOLD, ITALIC, UNDERLINE, ElementType
from studio_assist.interchange.screenplay_parts import Part

#: The words that mark temp material; `marks.text` has the same, and a test holds them equal.
HEADLINE: Final = "TEMP AI MATERIAL · NOT FOR DELIVERY"
PASSAGE: Final = "TEMP AI · not for delivery · ledger entry "
#: Colours are written with four digits for each of red, green and blue.
AMBER: Final = "#FDFDF3F3D1D1"
AMBER_NOTE: Final = "#F2F2B7B70505"

#: Types of paragraphs, as Final Draft names them.
TYPES: Final[Mapping[str, ElementType]] = {
    "Scene Heading": ElementType.SCENE_HEADING,
    "Action": ElementType.ACTION,
    "General": ElementType.ACTION,
    "Character": ElementType.CHARACTER,
    "Parenthetical": ElementType.PARENTHETICAL,
    "Dialogue": ElementType.DIALOGUE,
    "Dialog": ElementType.DIALOGUE,
    "Transition": ElementType.TRANSITION,
    "Lyrics": ElementType.LYRICS,
    "Singing": ElementType.LYRICS,
    "Outline 1": ElementType.SECTION,
    "Outline 2": ElementType.SECTION,
    "Outline 3": ElementType.SECTION,
    "Outline 4": ElementType.SECTION,
    "Outline Body": ElementType.SYNOPSIS,
    "Shot": ElementType.ACTION,
    "Cast List": ElementType.ACTION,
    "New Act": ElementType.CENTERED,
    "End of Act": ElementType.CENTERED,
    "Show/Ep. Title": ElementType.CENTERED,
}
#: Types that Fountain has no element for, and what they are called to people.
OTHERS: Final[Mapping[str, str]] = {
    "Shot": "shot",
    "Cast List": "cast list",
    "New Act": "act heading",
    "End of Act": "act ending",
    "Show/Ep. Title": "episode title",
}
#: The type that an element is written as.
WRITTEN: Final[Mapping[ElementType, str]] = {
    ElementType.SCENE_HEADING: "Scene Heading",
    ElementType.ACTION: "Action",
    ElementType.CENTERED: "Action",
    ElementType.CHARACTER: "Character",
    ElementType.PARENTHETICAL: "Parenthetical",
    ElementType.DIALOGUE: "Dialogue",
    ElementType.LYRICS: "Lyrics",
    ElementType.TRANSITION: "Transition",
}
STYLES: Final[Mapping[str, int]] = {"Bold": BOLD, "Italic": ITALIC, "Underline": UNDERLINE}
#: Names of notes that are a section or a synopsis of ours.
SECTION_NOTE: Final = "Section"
SYNOPSIS_NOTE: Final = "Synopsis"


@dataclass(frozen=True)
class Unit:
    """A child of the document's content.

    Attributes:
        element: its XML, which nobody changes.
        start, stop: its parts among the document's.
        line: in the file, from 1.
    """

    element: Element
    start: int
    stop: int
    line: int


@dataclass(frozen=True)
class FdxDocument:
    """A script of Final Draft.

    Attributes:
        root: the whole XML.
        units: what stands in its content, in order.
        parts: the elements; `Part.first` says nothing here.
        lines: of each part, its line in the file, from 1.
        title: title-page values by their keys as Fountain shows them ("Draft date").
        marked: the file carries marks of temp material, of an export of ours.
        told: what is in the file and not in `parts`, or otherwise.
    """

    name: str
    root: Element
    units: tuple[Unit, ...]
    parts: tuple[Part, ...]
    lines: tuple[int, ...]
    title: Mapping[str, str]
    marked: bool
    told: tuple[ReportLine, ...] = field(default=())


def text_of(element: Element) -> str:
    """The words of an element's own Text children."""
    return "".join(child.text or "" for child in element.iter("Text"))


def caps_types(root: Element) -> dict[str, frozenset[str]]:
    """The styles that whole types of paragraphs have, by the type."""
    found: dict[str, frozenset[str]] = {}
    for settings in root.findall("ElementSettings"):
        font = settings.find("FontSpec")
        style = font.get("Style", "") if font is not None else ""
        found[settings.get("Type", "")] = frozenset(filter(None, style.split("+")))
    return found
