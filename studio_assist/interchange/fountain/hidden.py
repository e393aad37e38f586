"""Notes and boneyards: the parts of lines that are in the file but not in the script.

A boneyard `/* ... */` runs over anything up to its end; without an end it is ordinary text. A note
`[[ ... ]]` may run over lines, and over a blank line that holds two spaces; an empty line before its end
means that it was no note.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from studio_assist.domain.screenplay import Range
from studio_assist.interchange.fountain.rules import is_empty

#: Where a line begins: in the script, inside a boneyard, or inside a note.
PLAIN, IN_BONEYARD, IN_NOTE = 0, 1, 2

#: What stands in for a line of which nothing is left, told apart by identity. Their first characters
#: take them out of the classifier's fast path.
NOTE_LINE: Final = "".join(("[[", "note", "]]"))
BONEYARD_LINE: Final = "".join(("/*", "boneyard", "*/"))


def has_marks(line: str) -> bool:
    """Whether a line could open a note or a boneyard."""
    return "[[" in line or "/*" in line


class HiddenScanner:
    """Finds the hidden ranges of lines, asked for in rising order.

    What lies ahead is remembered, so that a text full of marks that never close is still read in linear
    time.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._boneyard_end = -1
        self._note_end = -1
        self._empty = -1

    def scan(self, index: int, state: int) -> tuple[tuple[Range, ...], int]:
        """The hidden ranges of a line that begins in `state`, and the state of the next line."""
        line = self._lines[index]
        length = len(line)
        ranges: list[Range] = []
        at = 0
        if state != PLAIN:
            end = line.find("*/" if state == IN_BONEYARD else "]]")
            if end < 0:
                return ((0, length),), state
            at = end + 2
            ranges.append((0, at))
        # The next of each mark; past the end when there is none left.
        note = _find(line, "[[", at)
        boneyard = _find(line, "/*", at)
        while note < length or boneyard < length:
            opened = min(note, boneyard)
            is_note = note < boneyard
            end = line.find("]]" if is_note else "*/", opened + 2)
            if end >= 0:
                at = end + 2
                ranges.append((opened, at))
                note = note if note >= at else _find(line, "[[", at)
                boneyard = boneyard if boneyard >= at else _find(line, "/*", at)
            elif self._closes_later(index, is_note):
                ranges.append((opened, length))
                return tuple(ranges), IN_NOTE if is_note else IN_BONEYARD
            elif is_note:
                # No later note on this line can close either.
                note = length
            else:
                boneyard = length
        return tuple(ranges), PLAIN

    def _closes_later(self, index: int, is_note: bool) -> bool:
        lines = self._lines
        count = len(lines)
        if not is_note:
            if self._boneyard_end <= index:
                self._boneyard_end = next((i for i in range(index + 1, count) if "*/" in lines[i]), count)
            return self._boneyard_end < count
        if self._note_end <= index:
            self._note_end = next((i for i in range(index + 1, count) if "]]" in lines[i]), count)
        if self._note_end == count:
            return False
        if self._empty <= index:
            self._empty = next((i for i in range(index + 1, count) if is_empty(lines[i])), count)
        return self._note_end < self._empty


def _find(line: str, mark: str, at: int) -> int:
    found = line.find(mark, at)
    return found if found >= 0 else len(line)


def visible(line: str, ranges: tuple[Range, ...]) -> str:
    """A line without its hidden ranges."""
    parts: list[str] = []
    at = 0
    for start, end in ranges:
        parts.append(line[at:start])
        at = end
    parts.append(line[at:])
    return "".join(parts)


def stand_in(line: str, ranges: tuple[Range, ...], state: int) -> str:
    """What the classifier reads in a line's place: its visible part, or the mark of a wholly hidden line."""
    rest = visible(line, ranges)
    if rest and not rest.isspace():
        return rest
    in_note = state == IN_NOTE or (state == PLAIN and line.startswith("[[", ranges[0][0]))
    return NOTE_LINE if in_note else BONEYARD_LINE
