"""Temp spans in the document: which characters were accepted from a model and are still to be replaced.

Membership is a property of the character format, so that undo, redo, cut and drag carry it without help. It
is a property of our own and draws nothing: the layout paints the marks.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCharFormat, QTextFormat

#: Character format property: id of the temp span that the character belongs to.
SPAN_ID: Final = int(QTextFormat.Property.UserProperty) + 1
#: Block format property: what ends this source line, where it is not the document's usual ending.
LINE_END: Final = int(QTextFormat.Property.UserProperty) + 2


#: Line endings as the block format keeps them; an empty string there would be no property at all.
_ENDINGS: Final = {"\r\n": "crlf", "\n": "lf", "\r": "cr", "": "none"}
_ENDINGS_BACK: Final = {name: ending for ending, name in _ENDINGS.items()}


class SpanRange(NamedTuple):
    """Where a temp span stands: code points into the script, `end` exclusive, and the words there."""

    id: str
    start: int
    end: int
    text: str


class Run(NamedTuple):
    """A part of one line that belongs to a span: UTF-16 units within the block, `end` exclusive."""

    id: str
    start: int
    end: int


def span_of(fmt: QTextCharFormat) -> str | None:
    """The span that text of this format belongs to."""
    value = fmt.property(SPAN_ID)
    return value if isinstance(value, str) and value else None


def span_format(span_id: str | None) -> QTextCharFormat:
    """The format of a span's characters; of nobody's, for None."""
    fmt = QTextCharFormat()
    if span_id:
        fmt.setProperty(SPAN_ID, span_id)
    return fmt


def line_format(ending: str | None) -> QTextBlockFormat:
    """The format of a line that ends in `ending`; None for the document's usual ending."""
    fmt = QTextBlockFormat()
    if ending is not None:
        fmt.setProperty(LINE_END, _ENDINGS[ending])
    return fmt


def ending_of(block: QTextBlock) -> str | None:
    """What ends a line; None for the document's usual ending. An empty string ends a piece of a long line."""
    return _ENDINGS_BACK.get(str(block.blockFormat().property(LINE_END)))


def runs_of(block: QTextBlock) -> tuple[Run, ...]:
    """The parts of a line that belong to spans, in order; neighbours of one span are one part."""
    runs: list[Run] = []
    for piece in block.textFormats():
        span_id = span_of(piece.format) if piece.length else None
        if span_id is None:
            continue
        if runs and runs[-1].id == span_id and runs[-1].end == piece.start:
            runs[-1] = Run(span_id, runs[-1].start, piece.start + piece.length)
        else:
            runs.append(Run(span_id, piece.start, piece.start + piece.length))
    return tuple(runs)


def break_before(block: QTextBlock) -> str | None:
    """The span that the line break before this line belongs to.

    Qt keeps a block's character format on the separator in front of it.
    """
    return span_of(block.charFormat())
