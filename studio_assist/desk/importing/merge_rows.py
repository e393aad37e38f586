"""The rows of a merge as they are shown: what changed, with a little of what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from studio_assist.domain.pagination import wrap
from studio_assist.domain.script_merge import Choice, MergePiece, ScriptMerge

#: Lines that stay shown beside a change.
_AROUND: Final = 2
#: Beyond this many lines of one piece the rest is folded: it is read in the script, not here.
_MOST: Final = 400

#: What a row shows: lines that are the same, taken out, put in; of a conflict, either side; and what is
#: said between them.
Kind = Literal["same", "removed", "added", "kept", "ours", "theirs", "head", "fold"]


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A row.

    Attributes:
        ours, theirs: number of its line in either text, from 1; 0 where it has none or goes on.
        piece: of the merge. conflict: which one it belongs to, or -1.
        temp: it is part of what holds temp text of ours.
    """

    kind: Kind
    text: str
    piece: int
    ours: int = 0
    theirs: int = 0
    conflict: int = -1
    temp: bool = False


def rows_of(merge: ScriptMerge, columns: int) -> list[MergeRow]:
    """All rows, broken to so many characters."""
    rows: list[MergeRow] = []
    ours = 1
    conflict = -1
    last = len(merge.pieces) - 1
    for index, piece in enumerate(merge.pieces):
        conflict += piece.state == "conflict"
        if piece.state == "same":
            rows += _same(
                _lines(piece.ours), index, ours, piece.line, columns, first=index == 0, last=index == last
            )
        else:
            rows += _changed(piece, index, ours, conflict, columns)
        ours += len(_lines(piece.ours))
    return rows


def said_of(choice: Choice) -> str:
    """What a conflict's head says of it."""
    return {"ours": "Ours is kept", "theirs": "Theirs is taken", "both": "Both are kept"}[choice]


def _changed(piece: MergePiece, index: int, ours: int, conflict: int, columns: int) -> Iterator[MergeRow]:
    match piece.state:
        case "conflict":
            words = (
                "Holds temp text, and changed in the new file"
                if piece.temp
                else "Changed here and in the new file"
            )
            yield MergeRow("head", words, index, conflict=conflict, temp=piece.temp)
            yield from _rows(
                "ours", piece.ours, index, columns, ours=ours, conflict=conflict, temp=piece.temp
            )
            if not piece.ours:
                yield MergeRow("fold", "Taken out here", index, conflict=conflict)
            yield from _rows("theirs", piece.theirs, index, columns, theirs=piece.line, conflict=conflict)
            if not piece.theirs:
                yield MergeRow("fold", "Taken out in the new file", index, conflict=conflict)
        case "theirs":
            yield from _rows("removed", piece.ours or piece.base, index, columns, ours=ours)
            yield from _rows("added", piece.theirs, index, columns, theirs=piece.line)
        case _:
            if piece.ours:
                yield from _rows("kept", piece.ours, index, columns, ours=ours, temp=piece.temp)
            else:
                yield MergeRow("fold", "Taken out here; it stays out", index)


def _same(
    lines: Sequence[str], index: int, ours: int, theirs: int, columns: int, *, first: bool, last: bool
) -> Iterator[MergeRow]:
    head = 0 if first else _AROUND
    tail = 0 if last else _AROUND
    if len(lines) <= head + tail + 1 and not (first and last):
        head, tail = len(lines), 0
    yield from _numbered("same", lines[:head], index, columns, ours, theirs)
    folded = len(lines) - head - tail
    if folded > 0:
        count = "1 line is" if folded == 1 else f"{folded:,} lines are"
        yield MergeRow("fold", f"{count} the same", index)
    if tail:
        at = len(lines) - tail
        yield from _numbered("same", lines[at:], index, columns, ours + at, theirs + at)


def _rows(
    kind: Kind,
    text: str,
    index: int,
    columns: int,
    *,
    ours: int = 0,
    theirs: int = 0,
    conflict: int = -1,
    temp: bool = False,
) -> Iterator[MergeRow]:
    lines = _lines(text)
    while lines and not lines[-1].strip():
        lines.pop()
    yield from _numbered(kind, lines[:_MOST], index, columns, ours, theirs, conflict, temp)
    if len(lines) > _MOST:
        yield MergeRow("fold", f"and {len(lines) - _MOST:,} more lines", index, conflict=conflict, temp=temp)


def _numbered(
    kind: Kind,
    lines: Sequence[str],
    index: int,
    columns: int,
    ours: int,
    theirs: int,
    conflict: int = -1,
    temp: bool = False,
) -> Iterator[MergeRow]:
    for offset, line in enumerate(lines):
        shown = line.expandtabs(4)
        for row, (start, end) in enumerate(wrap(shown, max(10, columns))):
            yield MergeRow(
                kind,
                shown[start:end].rstrip(),
                index,
                ours + offset if ours and row == 0 else 0,
                theirs + offset if theirs and row == 0 else 0,
                conflict,
                temp,
            )


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines
