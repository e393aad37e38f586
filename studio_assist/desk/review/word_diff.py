"""Words in the script's font beside a bar: what a model offered, or whose each word of a decision is.

Unlike the cards' diff, which is there to be decided on, these words are past and can be selected and copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QTextEdit, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import Run

_FONT_PX: Final = 13
_ROW_PX: Final = 20
_BAR_PX: Final = 3
_INDENT_PX: Final = 12
_UNDERLINE_PX: Final = 2
_SPOKEN: Final = {"kept": "", "human": "written by a person: ", "removed": "removed: "}


def spoken(runs: Sequence[Run]) -> str:
    """The words as a screen reader tells them: a person's and removed ones are named."""
    parts: list[str] = []
    for kind, text in runs:
        said = " ".join(text.split())
        if said:
            parts.append(f"{_SPOKEN[kind]}{said}{';' if kind != 'kept' else ''}")
    return " ".join(parts)


class WordsView(QWidget):
    """Words beside a bar: amber where any of them are a model's, green where all are a person's."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._bar = "amber"
        self.text: Final = _Text(theme, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_INDENT_PX, 0, 0, 0)
        row.addWidget(self.text)
        theme.changed.connect(self.update)

    # methods

    def set_runs(self, name: str, runs: Sequence[Run], *, coloured: bool) -> None:
        """Show these. `coloured`: kept words are amber, as in a decision; else plain, as in a quote."""
        self._bar = "amber" if any(kind != "human" for kind, _text in runs) else "green"
        self.text.set_runs(_spaced(runs), coloured=coloured)
        self.text.setAccessibleName(name)
        self.text.setAccessibleDescription(spoken(runs))
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        bar = QRectF(0, 0, _BAR_PX, self.height())
        QPainter(self).fillRect(bar, self._theme.colour(self._bar))


class _Text(QTextEdit):
    """As high as its words. Ctrl C copies what is selected; nothing can be typed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._coloured = False
        self._runs: Sequence[tuple[str, str]] = ()
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        theme.changed.connect(self._write)

    # methods

    def set_runs(self, runs: Sequence[tuple[str, str]], *, coloured: bool) -> None:
        """Show these words, by kind."""
        if (runs, coloured) != (self._runs, self._coloured):
            self._runs, self._coloured = runs, coloured
            self._write()

    # events

    def sizeHint(self) -> QSize:
        return QSize(200, round(self.document().size().height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _ROW_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        for kind, start, end in self._marked():
            if kind == "human":
                self._underline(painter, start, end)
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, QRectF(self.viewport().rect()), 2)

    # internals

    def _write(self) -> None:
        self.setFont(self._theme.script_font(_FONT_PX))
        self.clear()
        cursor = QTextCursor(self.document())
        rows = QTextBlockFormat()
        rows.setLineHeight(_ROW_PX, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.setBlockFormat(rows)
        for kind, text in self._runs:
            words = QTextCharFormat()
            words.setForeground(self._theme.colour(self._token(kind)))
            words.setFontStrikeOut(kind == "removed")
            cursor.insertText(text, words)
        self._fit()

    def _token(self, kind: str) -> str:
        if kind == "kept":
            return "amberText" if self._coloured else "text"
        return "greenText" if kind == "human" else "text3"

    def _fit(self) -> None:
        height = round(self.document().size().height()) + 2
        if height != self.height():
            self.setFixedHeight(height)

    def _marked(self) -> list[tuple[str, int, int]]:
        """Where each run stands in the document, in UTF-16 units as Qt counts."""
        at, found = 0, list[tuple[str, int, int]]()
        for kind, text in self._runs:
            length = len(text.encode("utf-16-le", "surrogatepass")) // 2
            found.append((kind, at, at + length))
            at += length
        return found

    def _underline(self, painter: QPainter, start: int, end: int) -> None:
        colour = self._theme.colour("green")
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            layout, text, first = block.layout(), block.text(), block.position()
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                left = max(start - first, line.textStart())
                right = min(end - first, line.textStart() + line.textLength())
                # Spaces at a run's ends carry no line; the text is counted in UTF-16 units here.
                units = text.encode("utf-16-le", "surrogatepass")
                words = units[2 * left : 2 * right].decode("utf-16-le", "replace")
                left += _units(words) - _units(words.lstrip())
                right = left + _units(words.strip())
                if right > left:
                    x, y = layout.position().x(), layout.position().y() + line.y() + line.ascent() + 4
                    wide = _x(line, right) - _x(line, left)
                    under = QRectF(x + _x(line, left), round(y), wide, _UNDERLINE_PX)
                    painter.fillRect(under, colour)
            block = block.next()


def _spaced(runs: Sequence[Run]) -> list[tuple[str, str]]:
    """The runs as they are shown: a "gap" between struck words and those put in their place."""
    out: list[tuple[str, str]] = []
    for kind, run in runs:
        # No line through the space behind a word.
        text = run.rstrip(" ") if kind == "removed" and run.strip() else run
        before = out[-1] if out else None
        touches = before is not None and before[0] != kind and "removed" in (before[0], kind)
        if before is not None and touches and not before[1][-1:].isspace() and text[:1].isalnum():
            out.append(("gap", " "))
        out.append((kind, text))
        if len(text) < len(run):
            out.append(("gap", run[len(text) :]))
    return out


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _x(line: QTextLine, position: int) -> float:
    """Where a position stands on a line, px. PySide answers with the position too."""
    found: object = line.cursorToX(position)
    if isinstance(found, tuple):
        found = found[0]  # pyright: ignore[reportUnknownVariableType]
    return float(found)  # pyright: ignore[reportArgumentType]
