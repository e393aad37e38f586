"""The title page of a screenplay PDF: title and names in the middle, contact at left, dates at right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from studio_assist.domain.pagination import wrap
from studio_assist.interchange.fountain.emphasis import emphasis
from studio_assist.interchange.pdf_type import CELL, Run

#: Points from the bottom of US Letter.
_TITLE_BASELINE: Final = 520.0
_LOWEST: Final = 110.0
_HIGHEST: Final = 700.0
_ROW: Final = 12.0
#: Columns of a tenth of an inch.
_LEFT: Final = 15
_RIGHT: Final = 75
_MIDDLE: Final = 45.0
_WIDE: Final = 56
_LEFT_WIDE: Final = 36
_RIGHT_WIDE: Final = 22

_CENTRED: Final = ("title", "credit", "author", "authors", "source")
#: Rows that the middle, and each of the columns below it, can hold.
_MOST_MIDDLE: Final = 34
_MOST_BELOW: Final = 14

_RIGHT_HAND: Final = ("draft date", "date", "revision")
#: Values whose key says nothing that the value does not say.
_BARE: Final = ("contact", "copyright", *_CENTRED, *_RIGHT_HAND)


class TitleRow(NamedTuple):
    """A row of the title page; `x` and `y` in points from the lower left."""

    x: float
    y: float
    runs: tuple[Run, ...]


def title_rows(values: Mapping[str, str]) -> tuple[list[TitleRow], bool]:
    """Every value of a title page, placed, and whether something was too long to print whole.

    Values of unusual keys are printed with their key. What is cut ends in "…".
    """
    middle: list[tuple[Run, ...]] = []
    left: list[tuple[Run, ...]] = []
    right: list[tuple[Run, ...]] = []
    for key in _CENTRED:
        if value := values.get(key):
            middle += [*_rows(value, _WIDE), (), *([()] if key == "title" else [])]
    for key, value in values.items():
        if key not in _CENTRED and value:
            shown = value if key in _BARE else f"{key.capitalize()}: {value}"
            at_right = key in _RIGHT_HAND
            (right if at_right else left).extend(_rows(shown, _RIGHT_WIDE if at_right else _LEFT_WIDE))
    cut = len(middle) - 1 > _MOST_MIDDLE or max(len(left), len(right)) > _MOST_BELOW
    rows: list[TitleRow] = []
    # A long title moves up rather than into the contact.
    top = min(_HIGHEST, max(_TITLE_BASELINE, _LOWEST + (_MOST_BELOW + len(middle)) * _ROW))
    for index, runs in enumerate(_capped(middle, _MOST_MIDDLE)):
        rows.append(TitleRow((_MIDDLE - _length(runs) / 2) * CELL, top - index * _ROW, runs))
    for column, at_right in ((left, False), (right, True)):
        shown = _capped(column, _MOST_BELOW)
        for index, runs in enumerate(shown):
            x = (_RIGHT - _length(runs)) if at_right else _LEFT
            rows.append(TitleRow(x * CELL, _LOWEST + (len(shown) - 1 - index) * _ROW, runs))
    return rows, cut


def _capped(rows: list[tuple[Run, ...]], most: int) -> list[tuple[Run, ...]]:
    while rows and not rows[-1]:
        rows = rows[:-1]
    return rows if len(rows) <= most else [*rows[: most - 1], (("…", 0),)]


def _rows(value: str, width: int) -> list[tuple[Run, ...]]:
    """A value's lines, wrapped, as runs with their emphasis."""
    rows: list[tuple[Run, ...]] = []
    for line in value.split("\n"):
        marks, styles = emphasis(line)
        hidden = {offset for start, end in marks for offset in range(start, end)}
        cells: list[Run] = []
        for offset, character in enumerate(line):
            if offset not in hidden:
                flags = sum({style.flags for style in styles if style.start <= offset < style.end})
                cells.append((character, flags))
        text = "".join(character for character, _ in cells)
        rows.extend(_joined(cells[start:end]) for start, end in wrap(text, width))
    return rows


def _joined(cells: list[Run]) -> tuple[Run, ...]:
    while cells and cells[-1][0].isspace():
        cells = cells[:-1]
    runs: list[Run] = []
    for character, flags in cells:
        if runs and runs[-1][1] == flags:
            runs[-1] = (runs[-1][0] + character, flags)
        else:
            runs.append((character, flags))
    return tuple(runs)


def _length(runs: tuple[Run, ...]) -> int:
    return sum(len(text) for text, _ in runs)
