"""Words: what changed between two texts, and how much of one stands in the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from rapidfuzz.distance import Levenshtein

_TOKEN: Final = re.compile(r"[\w’'‘-]+|\s+|[^\w\s]", re.UNICODE)
_WORD: Final = re.compile(r"[\w’'‘-]*\w[\w’'‘-]*", re.UNICODE)


class Op(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """A stretch of a word diff."""

    op: Op
    text: str


def words(text: str) -> list[str]:
    """The words of a text, without punctuation and case."""
    return [word.casefold() for word in _WORD.findall(text)]


def kept_share(offered: str, result: str) -> float:
    """How much of what a model offered stands in the result, 0 to 1.

    One minus the word-level Levenshtein distance over the longer text, so "edited 38 %" means that
    8 of 21 words had to change. Two empty texts are the same text.
    """
    before, after = words(offered), words(result)
    longer = max(len(before), len(after))
    if not longer:
        return 1.0
    return 1.0 - Levenshtein.distance(before, after) / longer


def edited_percent(offered: str, result: str) -> int:
    """The share that a person changed, in whole per cent; never 0 where anything was changed."""
    if offered == result:
        return 0
    return max(1, round(100 * (1.0 - kept_share(offered, result))))


def word_diff(before: str, after: str) -> list[Piece]:
    """What turns `before` into `after`, in words, punctuation and spaces.

    The `SAME` and `ADDED` pieces put together are `after`; `SAME` and `REMOVED` are `before`. Spaces
    between two changed words count as changed, so that a rewritten phrase reads as one phrase.
    """
    old: Sequence[str] = _TOKEN.findall(before)
    new: Sequence[str] = _TOKEN.findall(after)
    pieces: list[Piece] = []
    for code in Levenshtein.opcodes(old, new):
        gone, come = (
            "".join(old[code.src_start : code.src_end]),
            "".join(new[code.dest_start : code.dest_end]),
        )
        if code.tag == "equal":
            pieces.append(Piece(Op.SAME, come))
        else:
            pieces += [Piece(Op.REMOVED, gone)] * bool(gone) + [Piece(Op.ADDED, come)] * bool(come)
    return _joined(pieces)


def words_changed(pieces: Sequence[Piece]) -> int:
    """How many words a diff replaces: the larger of those added and those removed."""
    added = sum(len(words(piece.text)) for piece in pieces if piece.op is Op.ADDED)
    removed = sum(len(words(piece.text)) for piece in pieces if piece.op is Op.REMOVED)
    return max(added, removed)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Fold lone spaces between changes into them, then put removals before additions."""
    out: list[Piece] = []
    gone = come = ""

    def flush() -> None:
        nonlocal gone, come
        if gone:
            out.append(Piece(Op.REMOVED, gone))
        if come:
            out.append(Piece(Op.ADDED, come))
        gone = come = ""

    for place, piece in enumerate(pieces):
        between = (
            piece.op is Op.SAME
            and piece.text.isspace()
            and bool(gone or come)
            and place + 1 < len(pieces)
            and pieces[place + 1].op is not Op.SAME
        )
        if between:
            gone, come = gone + piece.text, come + piece.text
        elif piece.op is Op.SAME:
            flush()
            out.append(piece)
        elif piece.op is Op.REMOVED:
            gone += piece.text
        else:
            come += piece.text
    flush()
    return out
