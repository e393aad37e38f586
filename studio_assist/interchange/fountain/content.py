"""What a line says and what of it is only markup."""

from __future__ import annotations

from typing import Final

from studio_assist.domain.screenplay import ElementType, Range, Style
from studio_assist.interchange.fountain.emphasis import emphasis, has_emphasis
from studio_assist.interchange.fountain.rules import cue_of, heading_of

#: One force mark at the start of a line of this kind.
_FORCE: Final = {
    ElementType.ACTION: "!",
    ElementType.SCENE_HEADING: ".",
    ElementType.CHARACTER: "@",
    ElementType.TRANSITION: ">",
    ElementType.CENTERED: ">",
    ElementType.LYRICS: "~",
    ElementType.SYNOPSIS: "=",
}
_NO_MARKUP: Final = frozenset(
    {ElementType.BLANK, ElementType.TITLE_PAGE, ElementType.NOTE, ElementType.BONEYARD}
)
#: Emphasis keeps its marks where nothing is printed.
_NO_EMPHASIS: Final = frozenset({ElementType.SECTION, ElementType.SYNOPSIS, ElementType.PAGE_BREAK})


def content(kind: ElementType, line: str) -> str:
    """A line's own text, notes already removed: without force marks, brackets and number, emphasis kept."""
    if kind is ElementType.DIALOGUE:
        return line.strip()
    if kind is ElementType.ACTION:
        text = line.rstrip()
        bare = text.lstrip()
        return text[: len(text) - len(bare)] + bare[1:] if bare.startswith("!") else text
    text = line.strip()
    match kind:
        case ElementType.CHARACTER:
            return cue_of(text).name
        case ElementType.SCENE_HEADING:
            return heading_of(text)[0]
        case ElementType.PARENTHETICAL:
            return text[1:-1].strip()
        case ElementType.CENTERED:
            return text[1:-1].strip()
        case ElementType.TRANSITION | ElementType.LYRICS | ElementType.SYNOPSIS:
            return text.removeprefix(_FORCE[kind]).lstrip()
        case ElementType.SECTION:
            return text.lstrip("#").strip()
        case ElementType.PAGE_BREAK | ElementType.BLANK:
            return ""
        case _:
            return line.rstrip()


def markup(kind: ElementType, line: str, hidden: tuple[Range, ...]) -> tuple[Range, ...]:
    """Ranges of a line that are not printed: its marks, notes, and the indentation of all but action."""
    if not line:
        return hidden
    plain = not hidden
    if kind is ElementType.ACTION or kind is ElementType.DIALOGUE:
        first = line[0]
        if plain and first != "!" and not first.isspace() and not has_emphasis(line):
            return hidden
    if kind in _NO_MARKUP:
        return hidden
    ranges = list(hidden)
    start, end = _edges(line, ranges)
    if start >= end:
        return hidden
    if kind is not ElementType.ACTION and start:
        ranges += _gaps(hidden, 0, start)
    body = start
    if kind is ElementType.SECTION:
        while body < end and line[body] in "# ":
            body += 1
    elif line[start] == _FORCE.get(kind):
        body = start + 1
        while kind is not ElementType.ACTION and body < end and line[body].isspace():
            body += 1
    if body > start:
        ranges += _gaps(hidden, start, body)
    if kind is ElementType.CENTERED or (kind is ElementType.CHARACTER and line[end - 1] == "^"):
        ranges += _trimmed(line, body, end - 1, end)
    elif kind is ElementType.SCENE_HEADING and line[end - 1] == "#":
        text, number = heading_of(line[start:end])
        if number is not None and text:
            ranges += _trimmed(line, body, line.rfind("#", 0, end - 1), end)
    if kind not in _NO_EMPHASIS and has_emphasis(line):
        ranges += emphasis(line if plain else _masked(line, hidden), body)[0]
    return _joined(ranges)


def styles(kind: ElementType, line: str, hidden: tuple[Range, ...]) -> tuple[Style, ...]:
    """The emphasised ranges of a line."""
    if not has_emphasis(line) or kind in _NO_MARKUP or kind in _NO_EMPHASIS:
        return ()
    body = len(line) - len(line.lstrip())
    if line[body : body + 1] == _FORCE.get(kind):
        body += 1
    return tuple(emphasis(_masked(line, hidden) if hidden else line, body)[1])


def _edges(line: str, hidden: list[Range]) -> Range:
    """First and last visible character that is no space; an empty range if there is none."""
    start, end = 0, len(line)
    spans = iter(hidden)
    span = next(spans, None)
    while start < end:
        if span is not None and start >= span[0]:
            start = max(start, span[1])
            span = next(spans, None)
        elif line[start].isspace():
            start += 1
        else:
            break
    backwards = reversed(hidden)
    span = next(backwards, None)
    while end > start:
        if span is not None and end <= span[1]:
            end = min(end, span[0])
            span = next(backwards, None)
        elif line[end - 1].isspace():
            end -= 1
        else:
            break
    return start, end


def _gaps(hidden: tuple[Range, ...], start: int, end: int) -> list[Range]:
    """A range without the hidden ones in it."""
    gaps: list[Range] = []
    for first, last in hidden:
        if first >= end:
            break
        if last > start:
            if first > start:
                gaps.append((start, first))
            start = last
    if start < end:
        gaps.append((start, end))
    return gaps


def _trimmed(line: str, low: int, start: int, end: int) -> list[Range]:
    """A closing mark with the spaces before it."""
    while start > low and line[start - 1].isspace():
        start -= 1
    return [(start, end)] if start < end else []


def _masked(line: str, hidden: tuple[Range, ...]) -> str:
    """A line of the same length in which hidden parts hold no mark of emphasis and no space."""
    parts: list[str] = []
    at = 0
    for start, end in hidden:
        parts += (line[at:start], "\0" * (end - start))
        at = end
    parts.append(line[at:])
    return "".join(parts)


def _joined(ranges: list[Range]) -> tuple[Range, ...]:
    """Ranges in order, those that touch or overlap made one."""
    if len(ranges) < 2:
        return tuple(ranges)
    ranges.sort()
    joined = [ranges[0]]
    for start, end in ranges[1:]:
        last = joined[-1]
        if start <= last[1]:
            if end > last[1]:
                joined[-1] = (last[0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
