"""A script that comes in again, put together with the one that was worked on here meanwhile.

Three texts: the one that was taken in last (base), the project's now (ours), the writer's new one (theirs).
What only one side changed is taken; where both did, a person chooses. Temp spans are never dropped: a piece
that holds one is ours until a person says otherwise, and what is taken out of the text all the same is shown
as lost, as everywhere.

The smallest thing that is taken or left is a paragraph with the blank lines behind it, so a cue always
keeps its speech.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from .matching import matches
from .screenplay import Range
from .values import Value

Choice = Literal["ours", "theirs", "both"]

_BOM: Final = "\ufeff"
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class MergePiece(Value):
    """A run of lines, line ends and all.

    Attributes:
        state: `same` on both sides; changed by `ours` or `theirs` alone; a `conflict`.
        base, ours, theirs: the lines in each text; of `same` pieces `ours` alone is filled.
        line: where it begins in the writer's new file, from 1.
        temp: it holds temp text of ours.
    """

    state: Literal["same", "ours", "theirs", "conflict"]
    base: str = ""
    ours: str = ""
    theirs: str = ""
    line: int = 1
    temp: bool = False


class ScriptMerge(Value):
    """The pieces, in order. `has_base`: False where nothing is known of an earlier import."""

    pieces: tuple[MergePiece, ...]
    has_base: bool


def nearest(text: str, others: Sequence[str]) -> str | None:
    """The one of these texts that has the most lines in common with a text; the first of several alike."""
    lines = _counted(text)
    best: tuple[float, str] | None = None
    for other in others:
        theirs = _counted(other)
        share = 2 * (lines & theirs).total() / max(1, lines.total() + theirs.total())
        if best is None or share > best[0]:
            best = (share, other)
    return best[1] if best is not None else None


def _counted(text: str) -> Counter[str]:
    return Counter(line for line in map(str.strip, text.splitlines()) if line)


def merge(base: str | None, ours: str, theirs: str, temp: Sequence[Range] = ()) -> ScriptMerge:
    """Put the texts side by side, paragraph by paragraph.

    Args:
        base: None where no earlier import is known: what stands in one of the two texts alone is then kept,
            and where they differ a person chooses.
        temp: ranges of `ours`, code points, that hold temp text.
    """
    if base is None or ours != base:
        # Where something was done here, the file keeps its own line ends and byte-order mark.
        theirs, base = _as_in(ours, theirs), _as_in(ours, base) if base is not None else None
    sides = _Sides(
        _paragraphs(base) if base is not None else None, _paragraphs(ours), _paragraphs(theirs), temp
    )
    found: list[MergePiece] = []
    for piece in sides.pieces():
        last = found[-1] if found else None
        if last and last.state == piece.state == "same":
            found[-1] = last.model_copy(
                update={"ours": last.ours + piece.ours, "temp": last.temp or piece.temp}
            )
        else:
            found.append(piece)
    return ScriptMerge(pieces=tuple(found), has_base=base is not None)


def merged_text(merge: ScriptMerge, choices: Sequence[Choice] = ()) -> str:
    """The text that the choices make.

    Args:
        choices: one for each conflict, in order; those that are missing are "both": ours, then theirs.
    """
    newline = next((found[0] for piece in merge.pieces if (found := _LINE_END.search(piece.ours))), "\n")
    parts: list[str] = []
    ends_open = False
    conflict = 0
    for piece in merge.pieces:
        match piece.state:
            case "theirs":
                texts = [piece.theirs]
            case "conflict":
                choice = choices[conflict] if conflict < len(choices) else "both"
                conflict += 1
                texts = [piece.ours, piece.theirs] if choice == "both" else [getattr(piece, choice)]
            case _:
                texts = [piece.ours]
        for text in filter(None, texts):
            if ends_open:
                # A text's last paragraph may have no blank line behind it, and now something follows.
                parts.append(newline if parts[-1].endswith(("\r", "\n")) else newline * 2)
            parts.append(text)
            ends_open = not _ends_blank(text)
    return "".join(parts)


class _Chunk(NamedTuple):
    """Ranges of paragraphs in base, ours and theirs that stand for each other."""

    base: Range
    ours: Range
    theirs: Range


class _Sides:
    """The three texts as paragraphs."""

    def __init__(
        self, base: list[str] | None, ours: list[str], theirs: list[str], temp: Sequence[Range]
    ) -> None:
        self._base = base
        self._ours = ours
        self._theirs = theirs
        self._temp = sorted(one for one in temp if one[0] < one[1])
        self._ends = [end for _, end in self._temp]
        self._starts = _starts(ours)
        self._lines = _line_numbers(theirs)

    # methods

    def pieces(self) -> list[MergePiece]:
        chunks = self._two() if self._base is None else self._three(self._base)
        return [piece for chunk in chunks for piece in self._piece(chunk)]

    # internals

    def _two(self) -> list[_Chunk]:
        chunks: list[_Chunk] = []
        ours = theirs = 0
        for at, at2, length in matches(self._ours, self._theirs):
            chunks.append(_Chunk((0, 0), (ours, at), (theirs, at2)))
            chunks.append(_Chunk((0, 0), (at, at + length), (at2, at2 + length)))
            ours, theirs = at + length, at2 + length
        return [*chunks, _Chunk((0, 0), (ours, len(self._ours)), (theirs, len(self._theirs)))]

    def _three(self, base: list[str]) -> list[_Chunk]:
        in_ours, in_theirs = _places(base, self._ours), _places(base, self._theirs)
        both = [
            (at, in_ours[at], in_theirs[at]) for at in range(len(base)) if at in in_ours and at in in_theirs
        ]
        ends = [(-1, -1, -1), *both, (len(base), len(self._ours), len(self._theirs))]
        chunks: list[_Chunk] = []
        for before, here in pairwise(ends):
            low, high = [one + 1 for one in before], here
            chunks += self._refined(base, _Chunk(*zip(low, high, strict=True)))
            if here != ends[-1]:
                chunks.append(_Chunk(*((one, one + 1) for one in here)))
        return chunks

    def _refined(self, base: list[str], chunk: _Chunk) -> list[_Chunk]:
        """A stretch in which as many paragraphs stand on all sides is taken one by one."""
        sizes = {high - low for low, high in chunk}
        if len(sizes) != 1 or sizes == {1}:
            return [chunk]
        (size,) = sizes
        cut = [_Chunk(*((low + at, low + at + 1) for low, _ in chunk)) for at in range(size)]
        untouched = [
            base[one.base[0]] in (self._ours[one.ours[0]], self._theirs[one.theirs[0]]) for one in cut
        ]
        # One by one only where each pair of neighbours is one that somebody left alone.
        return cut if any(untouched) else [chunk]

    def _piece(self, chunk: _Chunk) -> list[MergePiece]:
        base = "".join(self._base[slice(*chunk.base)]) if self._base is not None else None
        ours, theirs = self._ours[slice(*chunk.ours)], self._theirs[slice(*chunk.theirs)]
        if not ours and not theirs:
            return []
        our_text, their_text = "".join(ours), "".join(theirs)
        temp = self._has_temp(chunk.ours)
        line = self._lines[chunk.theirs[0]]
        if our_text == their_text:
            return [MergePiece(state="same", ours=our_text, line=line, temp=temp)]
        state: Literal["ours", "theirs", "conflict"] = "conflict"
        if base is None:
            if not ours or not theirs:
                state = "theirs" if theirs else "ours"
        elif their_text == base:
            state = "ours"
        elif our_text == base and not temp:
            state = "theirs"
        if state == "conflict" and (cut := self._common_ends(chunk)):
            return [piece for part in cut for piece in self._piece(part)]
        return [
            MergePiece(state=state, base=base or "", ours=our_text, theirs=their_text, line=line, temp=temp)
        ]

    def _common_ends(self, chunk: _Chunk) -> list[_Chunk]:
        """A conflict without what both sides say alike at its beginning and end; empty where nothing is."""
        (low, high), (low2, high2) = chunk.ours, chunk.theirs
        start = 0
        while (
            low + start < high
            and low2 + start < high2
            and self._ours[low + start] == self._theirs[low2 + start]
        ):
            start += 1
        end = 0
        while (
            low + start < high - end
            and low2 + start < high2 - end
            and self._ours[high - end - 1] == self._theirs[high2 - end - 1]
        ):
            end += 1
        if not start and not end:
            return []
        base, last = chunk.base, (chunk.base[1], chunk.base[1])
        return [
            _Chunk((base[0], base[0]), (low, low + start), (low2, low2 + start)),
            _Chunk(base, (low + start, high - end), (low2 + start, high2 - end)),
            _Chunk(last, (high - end, high), (high2 - end, high2)),
        ]

    def _has_temp(self, paragraphs: Range) -> bool:
        start, end = self._starts[paragraphs[0]], self._starts[paragraphs[1]]
        first = bisect_right(self._ends, start)
        return start < end and first < len(self._temp) and self._temp[first][0] < end


def _paragraphs(text: str) -> list[str]:
    """A text as paragraphs with the blank lines behind each; put together they are the text.

    A line of two spaces is none: it goes on with a speech.
    """
    found: list[str] = []
    start = at = 0
    after_blank = False
    for line in _LINE.finditer(text):
        words = line[0].rstrip("\r\n")
        blank = not words or (words.isspace() and words[:2] != "  ")
        if after_blank and not blank:
            found.append(text[start:at])
            start = at
        after_blank, at = blank, line.end()
    if start < len(text):
        found.append(text[start:])
    return found


def _ends_blank(text: str) -> bool:
    """Whether a blank line ends a text, so that what follows begins a paragraph."""
    lines = _LINE_END.split(text[-400:])
    return (
        len(lines) > 1
        and not lines[-1]
        and (not lines[-2] or (lines[-2].isspace() and lines[-2][:2] != "  "))
    )


def _as_in(ours: str, text: str) -> str:
    """A text with the line ends and the byte-order mark of ours."""
    text = text.removeprefix(_BOM)
    ends = [ours.count("\r\n"), 0, 0]
    ends[1], ends[2] = ours.count("\n") - ends[0], ours.count("\r") - ends[0]
    if any(ends):
        text = _LINE_END.sub(("\r\n", "\n", "\r")[ends.index(max(ends))], text)
    return _BOM + text if ours.startswith(_BOM) else text


def _places(base: list[str], other: list[str]) -> dict[int, int]:
    return {at + offset: at2 + offset for at, at2, length in matches(base, other) for offset in range(length)}


def _starts(paragraphs: list[str]) -> list[int]:
    starts = [0]
    for paragraph in paragraphs:
        starts.append(starts[-1] + len(paragraph))
    return starts


def _line_numbers(paragraphs: list[str]) -> list[int]:
    """The line on which each paragraph begins, from 1, and the one behind the last."""
    lines = [1]
    for paragraph in paragraphs:
        lines.append(lines[-1] + len(_LINE_END.findall(paragraph)))
    return lines
