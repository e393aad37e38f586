"""What a line can be completed to, from the script itself: names, slug lines, times of day, transitions."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fountain import Script

_OPENINGS: Final = ("INT. ", "EXT. ", "INT./EXT. ", "I/E ", "EST. ")
_TIMES: Final = ("DAY", "NIGHT", "DAWN", "DUSK", "MORNING", "EVENING", "LATER", "CONTINUOUS", "MOMENTS LATER")
_TRANSITIONS: Final = (
    "CUT TO:",
    "DISSOLVE TO:",
    "SMASH CUT TO:",
    "MATCH CUT TO:",
    "FADE OUT.",
    "FADE TO BLACK.",
)
_EXTENSIONS: Final = ("(V.O.)", "(O.S.)", "(O.C.)", "(CONT'D)")
_OPENING: Final = re.compile(r"(?:INT\.?/EXT\.?|EXT\.?/INT\.?|I\.?/E\.?|INT|EXT|EST)[. ]\s*", re.IGNORECASE)
_MOST: Final = 8


class Offer(NamedTuple):
    """Words to choose from; the chosen one takes the place of the columns `start` to `end` of the line."""

    start: int
    end: int
    words: tuple[str, ...]


class Words:
    """What a script knows, gathered once for as long as the caret stays in a line."""

    def __init__(self, script: Script, line: int) -> None:
        self._script = script
        self._line = line
        self._names: list[str] | None = None
        self._places: tuple[list[str], list[str]] | None = None

    def names(self) -> list[str]:
        """Names that speak, those of this scene first; who spoke last comes behind who spoke before."""
        if self._names is None:
            script = self._script
            scene = script.scene_at(self._line)
            recent: list[str] = []
            if scene is not None:
                for line in range(self._line - 1, scene.first_line, -1):
                    if script.kinds[line] is ElementType.CHARACTER:
                        recent.append(self._name(line))
            recent = list(dict.fromkeys(recent))
            if len(recent) > 1:
                recent[0], recent[1] = recent[1], recent[0]
            here = self._own_cue()
            self._names = [
                name
                for name in dict.fromkeys([*recent, *sorted(name.upper() for name in script.characters)])
                if name and name != here
            ]
        return self._names

    def places(self) -> list[str]:
        """Places of the script's slug lines, without their openings."""
        if self._places is None:
            here = self._script.printed(self._line).strip().upper()
            places = [
                _OPENING.sub("", place, count=1).strip()
                for place in self._script.locations
                if place.upper() != here
            ]
            self._places = (sorted(dict.fromkeys(filter(None, places))), self._script.times)
        return self._places[0]

    def times(self) -> list[str]:
        """Times of day, the script's own first."""
        self.places()
        own = self._places[1] if self._places is not None else []
        return list(dict.fromkeys([*own, *_TIMES]))

    def transitions(self) -> list[str]:
        return list(dict.fromkeys([*(word.upper() for word in self._script.transitions), *_TRANSITIONS]))

    def _own_cue(self) -> str:
        """The name on this very line, which is being typed, unless it is spoken elsewhere too."""
        script = self._script
        if script.kinds[self._line] is not ElementType.CHARACTER:
            return ""
        own = self._name(self._line)
        names = [self._name(line) for line in script.lines_of(ElementType.CHARACTER)]
        return own if names.count(own) == 1 else ""

    def _name(self, line: int) -> str:
        return self._script.printed(line).partition("(")[0].strip().upper()


def offer(text: str, column: int, kind: ElementType, words: Words) -> Offer | None:
    """What can be offered at a column of a line; None if nothing fits or all is written already."""
    typed = text[:column]
    if text[column:].strip():
        return None
    match kind:
        case ElementType.CHARACTER:
            return _cue(typed, words)
        case ElementType.SCENE_HEADING:
            return _slug(typed, words)
        case ElementType.TRANSITION:
            start = 1 + len(typed) - len(typed[1:].lstrip()) - 1 if typed.startswith(">") else 0
            return _matching(typed, start, words.transitions())
        case ElementType.ACTION:
            # A slug line in the making; ordinary sentences do not begin in capitals like these.
            return (
                _matching(typed, 0, list(_OPENINGS))
                if typed in ("INT", "EXT", "INT.", "EXT.", "I/E")
                else None
            )
        case _:
            return None


def _cue(typed: str, words: Words) -> Offer | None:
    lead = len(typed) - len(typed.lstrip())
    if typed[lead:].startswith("@"):
        lead += 1
    name, bracket, _rest = typed[lead:].partition("(")
    if bracket:
        return _matching(typed, lead + len(name), list(_EXTENSIONS))
    if not typed[lead:].strip():
        return None
    return _matching(typed, lead, words.names())


def _slug(typed: str, words: Words) -> Offer | None:
    start = 1 if typed.startswith(".") else 0
    opening = _OPENING.match(typed, start)
    if opening is None:
        return _matching(typed, start, list(_OPENINGS))
    dash = typed.rfind(" - ")
    if dash >= 0:
        return _matching(typed, dash + 3, words.times(), empty=True)
    return _matching(typed, opening.end(), words.places(), empty=True)


def _matching(typed: str, start: int, words: list[str], *, empty: bool = False) -> Offer | None:
    prefix = typed[start:].upper()
    if not prefix and not empty:
        return None
    found = [word for word in words if word.upper().startswith(prefix)][:_MOST]
    if not found or (any(word.upper() == prefix for word in found[:1]) and len(found) == 1):
        return None
    return Offer(start, len(typed), tuple(found))
