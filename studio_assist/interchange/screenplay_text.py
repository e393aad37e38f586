"""Screenplay elements written as Fountain with the least markup, so that a reader finds the same elements.

What a line would be read as depends on its neighbours, so the text is read again after it was written, and
a part that came out as another is written with more force: its force mark, then without emphasis, then held
by an invisible character, and at last as action, which anything can be. What could not be kept is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from studio_assist.domain.screenplay import BOLD, ITALIC, SPEECH, UNDERLINE, ElementType
from studio_assist.interchange.fountain import parse
from studio_assist.interchange.fountain.emphasis import emphasis, has_emphasis
from studio_assist.interchange.fountain.rules import HEADING, is_cue, is_transition
from studio_assist.interchange.screenplay_parts import NOTE, Part, Row, Run, parts_of, shown, tidy

#: Breaks no line and takes no room: what stands behind it no longer begins the line.
JOINER: Final = "\u2060"
_FORCED, _PLAIN, _HELD, _ACTION = 1, 2, 3, 4

_NUMBER: Final = re.compile(r"[\w.\-]+\Z")
_ESCAPED: Final = re.compile(r"[*_\\]")
#: First characters of an action line that would make it something else.
_MARKED: Final = tuple("!@>.~#=[/(")
_MARKS: Final = {BOLD: "**", ITALIC: "*", UNDERLINE: "_"}
_VERBATIM: Final = frozenset({ElementType.SECTION, ElementType.SYNOPSIS, ElementType.NOTE})


@dataclass(frozen=True)
class Written:
    """A Fountain text.

    Attributes:
        told: what could not be written as it was: index of the part, and a sentence.
    """

    text: str
    told: tuple[tuple[int, str], ...]


def fountain_text(parts: Sequence[Part], title: Mapping[str, str] | None = None) -> Written:
    """Write a script.

    Args:
        title: title-page keys as they are to be shown ("Draft date"), values with their lines.
    """
    told: dict[tuple[int, str], None] = {}
    cleared = [_cleared(part, index, told) for index, part in enumerate(parts)]
    head = _title_lines(title or {})
    levels = [0] * len(cleared)
    text = ""
    for _ in range(_ACTION + 1):
        lines, firsts = _lines(cleared, levels, head)
        text = "\n".join(lines)
        wrong = _wrong(text, cleared, firsts, levels)
        if not wrong:
            break
        for index in wrong:
            levels[index] += 1
    for index, level in enumerate(levels):
        if said := _said(cleared[index], level):
            told[index, said] = None
    return Written(text, tuple(told))


def _said(part: Part, level: int) -> str:
    styled = any(run.flags & (BOLD | ITALIC | UNDERLINE) for row in part.rows for run in row)
    match level:
        case 2 if styled:
            return "Its bold, italic or underlined words cannot be marked there and are plain."
        case 3:
            return "It begins or ends like another element; an invisible character holds it as it is."
        case 4:
            return (
                f"It cannot stand as {part.kind.value.replace('_', ' ')} in a Fountain script; it is action."
            )
        case _:
            return ""


# Lines --------------------------------------------------------------------------------------------------


def _lines(parts: Sequence[Part], levels: Sequence[int], head: list[str]) -> tuple[list[str], list[int]]:
    """All lines, and on which one each part begins."""
    lines = list(head)
    firsts: list[int] = []
    in_speech = False
    for index, part in enumerate(parts):
        speaks_next = _speaks_next(parts, index)
        joined = in_speech and (
            (part.kind in SPEECH and part.kind is not ElementType.CHARACTER and _touches(parts, index))
            or (part.kind is ElementType.NOTE and speaks_next)
        )
        if lines and not joined:
            lines.append("")
        firsts.append(len(lines))
        for line in _shapes(part, levels[index], speaks_next):
            lines += line.split("\n")
        if part.kind is not ElementType.NOTE or not joined:
            in_speech = part.kind is ElementType.CHARACTER or (joined and part.kind in SPEECH)
    lines.append("")
    if not head and lines and ":" in lines[0]:
        # A first line with a colon in it could be a title page.
        return ["", *lines], [first + 1 for first in firsts]
    return lines, firsts


def _touches(parts: Sequence[Part], index: int) -> bool:
    """Whether no empty line stood above a part where it comes from."""
    above = parts[index - 1]
    return parts[index].first < 0 or above.last < 0 or above.last == parts[index].first


def _speaks_next(parts: Sequence[Part], index: int) -> bool:
    for part in parts[index + 1 : index + 8]:
        if part.kind is not ElementType.NOTE:
            return part.kind in SPEECH and part.kind is not ElementType.CHARACTER
    return False


def _shapes(part: Part, level: int, speaks_next: bool) -> list[str]:
    """The lines of a part, with as much force as its level asks for."""
    if level >= _ACTION and part.kind is not ElementType.NOTE:
        return ["!" + _styled(row, plain=True) for row in part.rows]
    rows = [_styled(row, plain=level >= _PLAIN or part.kind in _VERBATIM) for row in part.rows] or [""]
    if level == _HELD:
        rows = [f"{JOINER}{row}{JOINER}" for row in rows]
    text = rows[0]
    match part.kind:
        case ElementType.SCENE_HEADING:
            if level == _HELD:
                text = text.removeprefix(JOINER)
            natural = level == 0 and HEADING.match(text)
            return [f"{'' if natural else '.'}{text}{f' #{part.number}#' if part.number else ''}"]
        case ElementType.CHARACTER:
            natural = level == 0 and speaks_next and text[:1] not in _MARKED and is_cue(text)
            return [f"{'' if natural else '@'}{text}{' ^' if part.column == 2 else ''}"]
        case ElementType.PARENTHETICAL:
            return [text if text.startswith("(") and text.endswith(")") else f"({text})"]
        case ElementType.DIALOGUE:
            return [row or "  " for row in rows]
        case ElementType.LYRICS:
            return [f"~{row}" for row in rows]
        case ElementType.TRANSITION:
            return [text if level == 0 and is_transition(text) else f"> {text}"]
        case ElementType.CENTERED:
            return [f"> {text} <"]
        case ElementType.PAGE_BREAK:
            return ["==="]
        case ElementType.SECTION:
            return [f"{'#' * max(1, part.level)} {text}"]
        case ElementType.SYNOPSIS:
            return [f"= {text}"]
        case ElementType.NOTE:
            return [f"[[{_note(part.text)}]]"]
        case _:
            forced = level > 0 or rows[0].lstrip().startswith(_MARKED)
            return [f"!{row}" for row in rows] if forced else rows


def _styled(row: Row, *, plain: bool) -> str:
    """A row with its marks of emphasis and its notes."""
    if len(row) == 1 and not row[0].flags:
        text = row[0].text
        return text if plain or not has_emphasis(text) or not emphasis(text)[0] else _escaped(text)
    styled = not plain and any(run.flags & (BOLD | ITALIC | UNDERLINE) for run in row)
    escapes = not plain and (styled or bool(emphasis(shown(row))[0]))
    out: list[str] = []
    opened: list[int] = []
    for index, run in enumerate(row):
        if run.flags & NOTE:
            out.append(f"[[{_note(run.text)}]]")
            continue
        wanted = run.flags if styled else 0
        while any(not wanted & style for style in opened):
            out.append(_MARKS[opened.pop()])
        # What lasts longest opens first.
        new = [style for style in _MARKS if wanted & style and style not in opened]
        for style in sorted(new, key=lambda one: -_lasts(row, index, one)):
            opened.append(style)
            out.append(_MARKS[style])
        out.append(_escaped(run.text) if escapes else run.text)
    out += [_MARKS[style] for style in reversed(opened)]
    return "".join(out)


def _lasts(row: Row, index: int, style: int) -> int:
    last = index
    while last < len(row) and row[last].flags & (style | NOTE):
        last += 1
    return last


def _escaped(text: str) -> str:
    return _ESCAPED.sub(r"\\\g<0>", text)


def _note(text: str) -> str:
    """A note's text as it can stand between its brackets: no brackets that close it, no empty line."""
    return "\n".join(line or "  " for line in text.replace("]]", "] ]").split("\n"))


# What would open or close something else -----------------------------------------------------------------


def _cleared(part: Part, index: int, told: dict[tuple[int, str], None]) -> Part:
    """A part whose words open no note and no boneyard, and whose number can be written."""
    number = part.number
    if number and not _NUMBER.match(number):
        number = re.sub(r"[^\w.\-]+", "-", number).strip("-")
        told[index, f"The scene number {part.number!r} is written as {number!r}."] = None
    rows = part.rows
    if any(("[[" in run.text or "/*" in run.text) and not run.flags & NOTE for row in rows for run in row):
        text = part.text
        if "[[" in text and "]]" in text[text.index("[[") :]:
            told[index, "Double brackets would make a note of its words; a space stands between them."] = None
            rows = tuple(_replaced(row, "[[", "[ [") for row in rows)
        if "/*" in text:
            told[index, "The signs /* would cut what follows; a space stands between them."] = None
            rows = tuple(_replaced(row, "/*", "/ *") for row in rows)
    if part.kind is ElementType.NOTE or (number == part.number and rows is part.rows):
        return part
    return replace(part, number=number, rows=rows)


def _replaced(row: Row, old: str, new: str) -> Row:
    return tuple(run if run.flags & NOTE else Run(run.text.replace(old, new), run.flags) for run in row)


def _title_lines(title: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for key, value in title.items():
        # A page-wide note or boneyard must not begin on the title page.
        rows = [row.strip().replace("[[", "[ [").replace("/*", "/ *") for row in value.split("\n")]
        rows = [row for row in rows if row]
        if len(rows) == 1:
            lines.append(f"{key}: {rows[0]}")
        elif rows:
            lines += [f"{key}:", *(f"    {row}" for row in rows)]
    return lines


# Reading it again ----------------------------------------------------------------------------------------


def _wrong(text: str, parts: Sequence[Part], firsts: Sequence[int], levels: Sequence[int]) -> list[int]:
    """The parts that would be read as something else, and could be written with more force."""
    read = {part.first: part for part in parts_of(parse(text))}
    wrong: list[int] = []
    for index, (part, first) in enumerate(zip(parts, firsts, strict=True)):
        if levels[index] >= _ACTION or part.kind in (ElementType.NOTE, ElementType.PAGE_BREAK):
            continue
        found = read.get(first)
        if found is None or not _same(part, found, levels[index]):
            wrong.append(index)
    return wrong


def _same(part: Part, found: Part, level: int) -> bool:
    if found.kind is not part.kind or found.number != part.number or found.level != part.level:
        return False
    if level >= _HELD:
        return found.text.replace(JOINER, "") == part.text
    if level >= _PLAIN or part.kind in _VERBATIM:
        return found.text == part.text
    return _flat(found) == _flat(part)


def _flat(part: Part) -> list[Row]:
    rows: list[Row] = []
    for row in part.rows:
        if any(run.flags for run in row):
            seen = tuple(Run(run.text, run.flags & 7) for run in row if not run.flags & NOTE)
            row = tidy(part.kind, seen)
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows
