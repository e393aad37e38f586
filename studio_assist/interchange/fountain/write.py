"""A line turned into another kind of element, with the least markup that makes it one."""

from __future__ import annotations

from typing import Final

from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fountain.rules import cue_of, heading_of
from studio_assist.interchange.fountain.script import Script

#: What Enter begins below an element, as in Final Draft and Beat.
_AFTER_ENTER: Final = {
    ElementType.SCENE_HEADING: ElementType.ACTION,
    ElementType.CHARACTER: ElementType.DIALOGUE,
    ElementType.PARENTHETICAL: ElementType.DIALOGUE,
    ElementType.DIALOGUE: ElementType.ACTION,
    ElementType.LYRICS: ElementType.LYRICS,
    ElementType.TRANSITION: ElementType.SCENE_HEADING,
}
#: What Tab makes of the element that the cursor is in.
_AFTER_TAB: Final = {
    ElementType.ACTION: ElementType.CHARACTER,
    ElementType.BLANK: ElementType.CHARACTER,
    ElementType.CHARACTER: ElementType.TRANSITION,
    ElementType.TRANSITION: ElementType.SCENE_HEADING,
    ElementType.SCENE_HEADING: ElementType.ACTION,
    ElementType.DIALOGUE: ElementType.PARENTHETICAL,
    ElementType.PARENTHETICAL: ElementType.DIALOGUE,
    ElementType.LYRICS: ElementType.DIALOGUE,
}
_ALONE: Final = frozenset({ElementType.SCENE_HEADING, ElementType.TRANSITION})
_MARKS: Final = {
    ElementType.LYRICS: "~",
    ElementType.SYNOPSIS: "= ",
    ElementType.SECTION: "# ",
}


def after_enter(kind: ElementType) -> ElementType:
    """The kind that a new line has below an element of this kind."""
    return _AFTER_ENTER.get(kind, ElementType.ACTION)


def after_tab(kind: ElementType) -> ElementType:
    """The kind that Tab turns an element of this kind into; four or fewer lead back to it."""
    return _AFTER_TAB.get(kind, ElementType.ACTION)


def blank_lines_needed(kind: ElementType) -> tuple[bool, bool]:
    """Whether an element of this kind needs a blank line before it, and one behind it."""
    if kind in _ALONE:
        return True, True
    return kind is ElementType.CHARACTER, False


def as_element(line: str, kind: ElementType, before: str = "", after: str = "") -> str:
    """Turn a line into an element of a kind, with the least markup that makes it one.

    Case is raised where the kind is written in capitals; a name that mixes cases on purpose ("McAvoy") is
    forced instead. A kind that needs a blank line around it gets it from the caller
    (`blank_lines_needed`); the result is what the line must be once it stands there.

    Args:
        line: the line as it is, markup of its present kind included.
        kind: the kind wanted.
        before: the line above, which decides what needs forcing; empty at a paragraph's start.
        after: the line below.
    """
    bare = plain_text(line)
    match kind:
        case ElementType.SCENE_HEADING:
            text, number = heading_of(bare)
            text = text.upper()
            text = text if _reads_as(kind, text, "") else "." + text.lstrip(". ")
            return f"{text} #{number}#" if number and text != "." else text
        case ElementType.CHARACTER:
            return _as_cue(bare)
        case ElementType.PARENTHETICAL:
            return f"({bare})"
        case ElementType.TRANSITION:
            text = bare.upper()
            return text if _reads_as(kind, text, "") else f"> {text}".rstrip()
        case ElementType.CENTERED:
            return f"> {bare} <"
        case ElementType.NOTE:
            return f"[[{bare}]]"
        case ElementType.BONEYARD:
            return f"/* {bare} */"
        case ElementType.PAGE_BREAK:
            return "==="
        case ElementType.LYRICS | ElementType.SYNOPSIS | ElementType.SECTION:
            return _MARKS[kind] + bare
        case ElementType.ACTION:
            return _as_action(bare, before, after)
        case ElementType.DIALOGUE:
            # "(softly)" below a cue would be a parenthetical; nothing in the syntax can prevent that.
            return bare
        case ElementType.TITLE_PAGE | ElementType.BLANK:
            return bare


def plain_text(line: str) -> str:
    """A line without the force marks, brackets and dual mark of whatever kind it has by itself."""
    text = line.strip()
    if text.startswith("[[") and text.endswith("]]"):
        return text[2:-2].strip()
    if text.startswith("/*") and text.endswith("*/"):
        return text[2:-2].strip()
    if text.startswith(">") and text.endswith("<") and len(text) > 1:
        return text[1:-1].strip()
    if text.startswith("(") and text.endswith(")") and len(text) > 1:
        return text[1:-1].strip()
    if text.startswith("#"):
        return text.lstrip("#").strip()
    if text.startswith(".") and not text.startswith(".."):
        return text[1:].lstrip()
    if text[:1] in ("!", "@", ">", "~", "="):
        return text.lstrip("=").strip() if text.startswith("=") else text[1:].strip()
    return text


def _as_cue(bare: str) -> str:
    cue = cue_of(bare)
    if not cue.name:
        return "@" if not bare else f"@{bare}"
    mixed = cue.name != cue.name.lower() and cue.name != cue.name.upper() and not _is_title_case(cue.name)
    raised = cue.name.upper()
    if mixed:
        return "@" + bare
    rest = bare[len(cue.name) :]
    return raised + rest if _reads_as(ElementType.CHARACTER, raised + rest, "x") else "@" + bare


def _is_title_case(name: str) -> bool:
    """Whether a name is written as a name is in running text ("Maya", "Old man", "the Wolf")."""
    return all(word == word.lower() or word[:1] + word[1:].lower() == word for word in name.split())


def _as_action(bare: str, before: str, after: str) -> str:
    plain = not bare or (_reads_as(ElementType.ACTION, bare, after, before) and not bare.startswith("!"))
    return bare if plain else "!" + bare


def _reads_as(kind: ElementType, line: str, below: str, above: str = "") -> bool:
    """Whether a line between two others is of a kind by itself."""
    return Script("\n".join(("x", "", above, line, below, "", ""))).kind(3) is kind
