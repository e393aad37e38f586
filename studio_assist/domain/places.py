"""Places in a script as people say them: "scene 14, page 27, line 3 of MAYA's speech"."""

from __future__ import annotations

import re
from typing import Final, Protocol

from studio_assist.domain.pagination import Pagination
from studio_assist.domain.screenplay import SPEECH, ElementType, Scene

#: What stands behind a name in a cue: "(V.O.)", "(CONT'D)", and the mark of dual dialogue.
_EXTENSION: Final = re.compile(r"(\s*\([^()]*\)|\s*\^)+\s*$")

_NAMES: Final = {
    ElementType.SCENE_HEADING: "the scene heading",
    ElementType.ACTION: "action",
    ElementType.TRANSITION: "a transition",
    ElementType.CENTERED: "a centred line",
    ElementType.PAGE_BREAK: "a page break",
    ElementType.SECTION: "a section heading",
    ElementType.SYNOPSIS: "a synopsis",
    ElementType.NOTE: "a note",
    ElementType.BONEYARD: "text that was cut",
    ElementType.BLANK: "an empty line",
}


class ReadScript(Protocol):
    """What of a read script a place is told from."""

    def line_at(self, offset: int, /) -> int: ...
    def line_text(self, line: int, /) -> str: ...
    def kind(self, line: int, /) -> ElementType: ...
    def start(self, line: int, /) -> int: ...
    def printed(self, line: int, /) -> str: ...
    def scene_at(self, line: int, /) -> Scene | None: ...


def place_words(script: ReadScript, pagination: Pagination, offset: int) -> str:
    """Where a code point stands, in words. Pages are the estimated ones, lines those of the printed page."""
    line = script.line_at(offset)
    kind = script.kind(line)
    if kind is ElementType.TITLE_PAGE:
        key = _title_key(script, line)
        return f"the title page, {key}" if key else "the title page"
    column = offset - script.start(line)
    rows = pagination.rows(line)
    row = next((index for index, (_, end) in enumerate(rows) if column < end), max(0, len(rows) - 1))
    page, _ = pagination.place(line, row)
    scene = script.scene_at(line)
    before = f"scene {scene.number}" if scene else "before the first scene"
    return f"{before}, page {page + 1}, {_within(script, pagination, line, row)}"


def _within(script: ReadScript, pagination: Pagination, line: int, row: int) -> str:
    kind = script.kind(line)
    if kind not in SPEECH:
        return _NAMES.get(kind, "action")
    first = line
    while first > 0 and script.kind(first) is not ElementType.CHARACTER and script.kind(first - 1) in SPEECH:
        first -= 1
    if script.kind(first) is not ElementType.CHARACTER:
        return "a speech"
    name = _EXTENSION.sub("", script.printed(first)).strip()
    if first == line:
        return f"the name above {name}'s speech"
    number = row + 1 + sum(pagination.printed_rows(each) for each in range(first + 1, line))
    return f"line {number} of {name}'s speech"


def _title_key(script: ReadScript, line: int) -> str:
    while line >= 0 and script.kind(line) is ElementType.TITLE_PAGE:
        text = script.line_text(line)
        if text[:1].strip():
            return text.partition(":")[0].lstrip("\ufeff").strip()
        line -= 1
    return ""
