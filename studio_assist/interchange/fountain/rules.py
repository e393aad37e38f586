"""What a single line can be, by its own characters: the marks and patterns of Fountain 1.1.

A line's kind also depends on its neighbours; that is `classify`'s part. No pattern here can backtrack
over a long line: each is anchored, or repeats one character class without overlap.

Source: the Fountain syntax, fountain.io/syntax, version 1.1.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

#: Every character that `str.isspace` calls a space; a line may hold any of them but CR and LF.
SPACES: Final = frozenset(
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)

#: A scene heading's opening, followed by a dot or a space. "INT./EXT" begins with "INT.", so it needs no
#: entry of its own.
HEADING: Final = re.compile(r"(?:int|ext|est|int/ext|i/e)[. ]", re.IGNORECASE)

#: `#1A#` at a heading's end: letters, digits, dashes and dots between hashes.
NUMBER: Final = re.compile(r"#([\w.\-]+)#\s*\Z")

#: The fades stand for transitions by custom (the reference implementation knows them too); the rule of
#: the syntax itself is only "ends in TO:".
FADE: Final = re.compile(r"(?:FADE (?:IN|OUT|UP|TO BLACK|TO WHITE)|CUT TO BLACK)[.:]\Z")
TO: Final = re.compile(r"(?:\A|\W)TO:\Z")

EXTENSION: Final = re.compile(r"\(([^()]*)\)")
#: What may follow a character's name: extensions in brackets, then perhaps the mark of dual dialogue.
_TAIL: Final = re.compile(r"(?:\([^()]*\)\s*)*\^?\Z")

#: Within a speech a hash or an equals sign ends it only when set off by a space; "#1 fan" stays speech.
_STRUCTURE: Final = re.compile(r"#+\s|={3,}\s*\Z|=\s")


def is_empty(line: str) -> bool:
    """Whether a line ends a paragraph: nothing on it, and not the two spaces that hold one together."""
    return not line or (line.isspace() and line[:2] != "  ")


def is_transition(text: str) -> bool:
    """Whether a stripped line reads as a transition without being forced."""
    return text.isupper() and (TO.search(text[-4:]) is not None or FADE.match(text) is not None)


def is_heading(text: str) -> bool:
    """Whether a stripped line opens like a scene heading."""
    return HEADING.match(text) is not None


def is_cue(text: str) -> bool:
    """Whether a stripped line reads as a name: upper case, a letter in it, any extensions behind."""
    if "(" not in text and "^" not in text:
        return text.isupper()
    name = text.partition("(")[0]
    tail = text[len(name) :]
    if not tail:
        name = name.removesuffix("^")
    if "^" not in name and name.isupper() and _TAIL.match(tail):
        return True
    return "^" not in text[:-1] and text[0] != "(" and text.isupper()


def ends_speech(text: str) -> bool:
    """Whether a stripped line leaves a speech without a blank line between."""
    first = text[0]
    return first in "!>" or (first in "#=" and _STRUCTURE.match(text) is not None)


class Cue(NamedTuple):
    """The parts of a character cue, with where the name stands in the line.

    Attributes:
        extension: what is in the brackets; several are joined by a comma. None without brackets.
    """

    name: str
    extension: str | None
    dual: bool


def cue_of(line: str) -> Cue:
    """Take a character cue's line apart, its notes already removed."""
    text = line.strip()
    if "(" not in text and "^" not in text and "@" not in text:
        return Cue(text, None, False)
    text = text[1:].lstrip() if text.startswith("@") else text
    dual = text.endswith("^")
    if dual:
        text = text[:-1].rstrip()
    name, bracket, tail = text.partition("(")
    if not bracket or not name.strip() or not _TAIL.match(bracket + tail):
        return Cue(text, None, dual)
    extensions = [part.strip() for part in EXTENSION.findall(bracket + tail)]
    return Cue(name.rstrip(), ", ".join(extensions), dual)


def heading_of(line: str) -> tuple[str, str | None]:
    """A scene heading's text and its written number, its notes already removed."""
    text = line.strip()
    if text.startswith("."):
        text = text[1:].lstrip()
    # The pattern is tried on the end only: a search over a line of many hashes would be quadratic.
    if text.endswith("#") and (open_hash := text.rfind("#", 0, -1)) >= 0:
        found = NUMBER.match(text, open_hash)
        if found:
            return text[:open_hash].rstrip(), found[1]
    return text, None
