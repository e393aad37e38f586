"""What a screenplay is: its element types, elements and scenes, apart from any file format.

Offsets are code points in the decoded text. Line numbers count from 0; a line ends only at CR LF, LF or
CR, so a form feed or U+2028 inside a line is an ordinary character.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class ElementType(StrEnum):
    """The kinds of element, by the names of the command line's contract."""

    TITLE_PAGE = "title_page"
    SCENE_HEADING = "scene_heading"
    ACTION = "action"
    CHARACTER = "character"
    PARENTHETICAL = "parenthetical"
    DIALOGUE = "dialogue"
    LYRICS = "lyrics"
    TRANSITION = "transition"
    CENTERED = "centered"
    PAGE_BREAK = "page_break"
    SECTION = "section"
    SYNOPSIS = "synopsis"
    NOTE = "note"
    BONEYARD = "boneyard"
    BLANK = "blank"


#: Lines of these kinds are in the file but not on the printed page.
UNPRINTED = frozenset(
    {
        ElementType.TITLE_PAGE,
        ElementType.PAGE_BREAK,
        ElementType.SECTION,
        ElementType.SYNOPSIS,
        ElementType.NOTE,
        ElementType.BONEYARD,
    }
)

#: What a speech is made of.
SPEECH = frozenset(
    {ElementType.CHARACTER, ElementType.PARENTHETICAL, ElementType.DIALOGUE, ElementType.LYRICS}
)

#: A range of code points within a line: first, and one past the last.
Range = tuple[int, int]

BOLD, ITALIC, UNDERLINE = 1, 2, 4


class Style(NamedTuple):
    """An emphasised range of a line; `flags` is a sum of BOLD, ITALIC and UNDERLINE."""

    start: int
    end: int
    flags: int


class Line(NamedTuple):
    """One line of a script.

    Attributes:
        start: code points from the start of the text.
        end: one past the line's last code point, its line ending included.
        markup: ranges within the line that are syntax and are not printed, in order, disjoint.
        column: 0 for one column; 1 and 2 for the left and right speech of a dual dialogue.
    """

    kind: ElementType
    start: int
    end: int
    markup: tuple[Range, ...]
    column: int


@dataclass(slots=True)
class Element:
    """A run of lines that belong together; `text[start:end]` of all elements is the whole text.

    Attributes:
        text: the content without the element's own markup; its lines joined by a newline, emphasis kept.
        scene: index of the scene it is in, None before the first scene heading.
        number: a scene heading's written number, None if it has none.
        dual: a character cue that speaks beside the one before it.
        extension: what stands in brackets after a character's name ("V.O."), None if nothing does.
        level: a section's depth from 1.
    """

    type: ElementType
    text: str
    start: int
    end: int
    scene: int | None = None
    number: str | None = None
    dual: bool = False
    extension: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene heading and all that follows it up to the next.

    Attributes:
        number: as written, or the running count from "1".
        heading: the slug line without force mark and number.
        start, end: code points in the text.
        first_line, last_line: the heading's line, and the last line of the scene.
        eighths: length in eighths of a page; None until a pagination has measured it.
    """

    index: int
    number: str
    heading: str
    start: int
    end: int
    first_line: int
    last_line: int
    eighths: int | None = None


@dataclass(slots=True)
class Screenplay:
    """A whole script, read.

    Attributes:
        title_page: lower-case keys to values; the lines of a value joined by a newline.
        characters: names in order of first appearance, extensions stripped.
    """

    text: str
    title_page: dict[str, str] = field(default_factory=dict[str, str])
    elements: list[Element] = field(default_factory=list[Element])
    scenes: list[Scene] = field(default_factory=list[Scene])
    characters: list[str] = field(default_factory=list[str])


class Change(NamedTuple):
    """Which lines an edit touched: `old_count` lines from `first` became `new_count` lines.

    Lines outside this range kept their text, kind, markup and column; those behind it only moved.
    """

    first: int
    old_count: int
    new_count: int
