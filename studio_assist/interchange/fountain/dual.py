"""Dual dialogue: which two speeches stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from studio_assist.domain.screenplay import SPEECH, ElementType, Range

#: What may stand between the two speeches of a dual dialogue, and they themselves.
_EXCHANGE: Final = SPEECH | {ElementType.BLANK, ElementType.NOTE}


def reach(kinds: Sequence[ElementType], is_dual: Callable[[int], bool], low: int, high: int) -> Range:
    """The lines whose column can depend on a range of lines: whole exchanges of marked speeches."""
    while low > 0 and kinds[low - 1] in _EXCHANGE:
        low -= 1
        if kinds[low] is ElementType.CHARACTER and not is_dual(low):
            break
    size = len(kinds)
    while high < size and kinds[high] in _EXCHANGE:
        if kinds[high] is ElementType.CHARACTER and not is_dual(high):
            break
        high += 1
    return low, high


def columns_of(
    kinds: Sequence[ElementType], is_dual: Callable[[int], bool], low: int, high: int
) -> list[int]:
    """The column of each line of a range that `reach` gave: 1 left, 2 right, 0 for a speech of its own.

    A marked cue speaks beside the speech before it, unless that one already stands on the right.
    """
    columns = [0] * (high - low)
    speech: list[int] = []
    column = 0
    open_speech = False
    for line in range(low, high):
        kind = kinds[line]
        if kind is ElementType.CHARACTER:
            beside = bool(speech) and column != 2 and is_dual(line)
            if beside:
                for other in speech:
                    columns[other - low] = 1
            speech, column, open_speech = [line], 2 if beside else 0, True
        elif kind in SPEECH and open_speech:
            speech.append(line)
        elif kind is ElementType.BLANK or kind is ElementType.NOTE:
            open_speech = open_speech and kind is ElementType.NOTE
            continue
        else:
            speech, column, open_speech = [], 0, False
        columns[line - low] = column
    return columns
