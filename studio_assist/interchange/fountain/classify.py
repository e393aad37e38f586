"""From lines to kinds: what each line of a script is, given its neighbours.

The loop is written for speed, because it runs over a whole feature in a few milliseconds: a line whose
first character has no meaning is decided in it, all others in `_marked`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fountain.hidden import BONEYARD_LINE, NOTE_LINE
from studio_assist.interchange.fountain.rules import (
    HEADING,
    SPACES,
    ends_speech,
    is_cue,
    is_heading,
    is_transition,
)

#: First characters that give a line a meaning of its own, or hide its first visible one.
_MARKED: Final = SPACES | frozenset("!@>.~#=[/(")
_MARKED_IN_SPEECH: Final = SPACES | frozenset("!>~#=[/(")

_ACTION: Final = ElementType.ACTION
_BLANK: Final = ElementType.BLANK
_CHARACTER: Final = ElementType.CHARACTER
_DIALOGUE: Final = ElementType.DIALOGUE
_HEADING: Final = ElementType.SCENE_HEADING


def classify(lines: Sequence[str], start: int = 0) -> list[ElementType]:
    """The kind of every line from `start` on.

    Args:
        lines: visible lines (hidden parts taken out, wholly hidden lines replaced by `NOTE_LINE` or
            `BONEYARD_LINE`). They begin behind an empty line or at the start of the script, and end at an
            empty line or the end of the script.
        start: how many lines the title page takes.
    """
    kinds: list[ElementType] = []
    add = kinds.append
    after_blank = True
    in_speech = False
    for index in range(start, len(lines)):
        line = lines[index]
        if not line:
            add(_BLANK)
            after_blank = True
            in_speech = False
            continue
        first = line[0]
        if in_speech:
            if first not in _MARKED_IN_SPEECH:
                add(_DIALOGUE)
                continue
        elif first not in _MARKED:
            if not after_blank:
                add(_ACTION)
                continue
            after_blank = False
            if first in "iIeE" and HEADING.match(line) and (line.isupper() or _blank_next(lines, index)):
                add(_HEADING)
            elif line.isupper() or "(" in line:
                kind = _capitals(lines, index, line.strip())
                in_speech = kind is _CHARACTER
                add(kind)
            else:
                add(_ACTION)
            continue
        kind, after_blank, in_speech = _marked(lines, index, after_blank, in_speech)
        add(kind)
    return kinds


def _marked(
    lines: Sequence[str], index: int, after_blank: bool, in_speech: bool
) -> tuple[ElementType, bool, bool]:
    """Kind of a line whose first character may mean something, and the two states behind it."""
    line = lines[index]
    if line is NOTE_LINE:
        # A note of its own is not there for its neighbours: speech goes on around it.
        return ElementType.NOTE, after_blank, in_speech
    if line is BONEYARD_LINE:
        # Cut text leaves the end of its line behind, which is a blank line.
        return ElementType.BONEYARD, True, False
    text = line.strip()
    if not text:
        if in_speech and line[:2] == "  ":
            return _DIALOGUE, False, True
        return _BLANK, True, False
    if in_speech:
        if text[0] == "~":
            return ElementType.LYRICS, False, True
        if text[0] == "(" and text[-1] == ")":
            return ElementType.PARENTHETICAL, False, True
        if not ends_speech(text):
            return _DIALOGUE, False, True
    return _standing(lines, index, text, after_blank and not in_speech)


def _standing(
    lines: Sequence[str], index: int, text: str, after_blank: bool
) -> tuple[ElementType, bool, bool]:
    """Kind of a line outside a speech, and the two states behind it."""
    kind = _ACTION
    match text[0]:
        case "!":
            pass
        case ">":
            centered = len(text) > 1 and text[-1] == "<"
            kind = ElementType.CENTERED if centered else ElementType.TRANSITION
        case "~":
            kind = ElementType.LYRICS
        case "#":
            return ElementType.SECTION, True, False
        case "=" if not text.strip("="):
            if len(text) != 2:
                kind = ElementType.PAGE_BREAK if len(text) > 2 else ElementType.SYNOPSIS
                return kind, True, False
        case "=" if text[1] != "=":
            return ElementType.SYNOPSIS, True, False
        case "." if after_blank and len(text) > 1 and text[1].isalnum():
            kind = _HEADING
        case "@" if after_blank and len(text) > 1:
            return _CHARACTER, False, True
        case "." | "@" | "=":
            pass
        case _ if after_blank:
            if is_heading(text) and (text.isupper() or _blank_next(lines, index)):
                kind = _HEADING
            else:
                kind = _capitals(lines, index, text)
        case _:
            pass
    return kind, False, kind is _CHARACTER


def _capitals(lines: Sequence[str], index: int, text: str) -> ElementType:
    """Cue, transition or action: a stripped line behind a blank one that may be in capitals."""
    if is_transition(text):
        # A space behind the colon is the writer's way to say that it is not a transition.
        forced_off = lines[index][-1] in SPACES
        return ElementType.TRANSITION if not forced_off and _blank_next(lines, index) else _ACTION
    return _CHARACTER if is_cue(text) and _speech_next(lines, index) else _ACTION


def _blank_next(lines: Sequence[str], index: int) -> bool:
    """Whether nothing of the printed script touches a line from below."""
    if index + 1 >= len(lines):
        return True
    line = lines[index + 1]
    if not line or line is NOTE_LINE or line is BONEYARD_LINE:
        return True
    text = line.strip()
    return not text or text[0] in "#="


def _speech_next(lines: Sequence[str], index: int) -> bool:
    """Whether the line below, notes of their own passed over, can be the first of a speech."""
    for below in range(index + 1, len(lines)):
        line = lines[below]
        if line is NOTE_LINE:
            continue
        if not line or line is BONEYARD_LINE:
            return False
        text = line.strip()
        return bool(text) and not ends_speech(text)
    return False
